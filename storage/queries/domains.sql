-- name: InsertSendingDomain :exec
INSERT INTO sending_domains (id, tenant_id, domain, token, added_at) VALUES ($1, $2, $3, $4, $5);

-- name: SendingDomains :many
SELECT id, domain, token, added_at, checked_at, verified_at, seen_at, missing_since
FROM sending_domains WHERE tenant_id = $1 ORDER BY domain;

-- name: SendingDomain :one
SELECT id, domain, token, added_at, checked_at, verified_at, seen_at, missing_since
FROM sending_domains WHERE tenant_id = $1 AND id = $2;

-- name: SawSendingDomain :execrows
UPDATE sending_domains SET checked_at = sqlc.arg(at)::timestamptz, seen_at = sqlc.arg(at)::timestamptz,
    verified_at = coalesce(verified_at, sqlc.arg(at)::timestamptz), missing_since = NULL
WHERE tenant_id = $1 AND id = $2;

-- name: MissedSendingDomain :execrows
-- A domain that was never verified is not missed.
UPDATE sending_domains SET checked_at = sqlc.arg(at)::timestamptz,
    missing_since = CASE WHEN verified_at IS NULL THEN NULL ELSE coalesce(missing_since, sqlc.arg(at)::timestamptz) END
WHERE tenant_id = $1 AND id = $2;

-- name: DeleteSendingDomain :execrows
DELETE FROM sending_domains WHERE tenant_id = $1 AND id = $2;
