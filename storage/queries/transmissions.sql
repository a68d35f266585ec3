-- name: InsertTransmission :exec
INSERT INTO transmissions (id, tenant_id, case_id, package_id, state, body_sealed, asked_kind, asked_by, asked_at) VALUES ($1, $2, $3, $4, 'open', $5, $6, $7, $8);

-- name: Transmissions :many
SELECT id, case_id, package_id, state, body_sealed, asked_kind, asked_by, asked_at, reason, status, bytes, sha256, ended_at, sending_since, unconfirmed_at, refused_at
FROM transmissions WHERE tenant_id = $1 AND case_id = $2 ORDER BY asked_at DESC, id DESC;

-- name: EndTransmission :execrows
UPDATE transmissions SET state = sqlc.arg(state)::text, reason = sqlc.narg(reason)::text, status = sqlc.narg(status)::integer, bytes = sqlc.narg(bytes)::bigint,
    sha256 = sqlc.narg(sha256)::bytea, body_sealed = sqlc.arg(body)::bytea, ended_at = sqlc.arg(at)::timestamptz,
    unconfirmed_at = CASE WHEN sqlc.arg(state)::text = 'sent' THEN unconfirmed_at ELSE coalesce(unconfirmed_at, sending_since) END, sending_since = NULL
WHERE tenant_id = $1 AND id = $2 AND state = 'open';

-- name: BeginSending :execrows
UPDATE transmissions SET unconfirmed_at = coalesce(unconfirmed_at, sending_since), sending_since = sqlc.arg(at)::timestamptz
WHERE tenant_id = $1 AND id = $2 AND state = 'open';

-- name: EndSending :execrows
UPDATE transmissions SET unconfirmed_at = CASE WHEN sqlc.arg(unconfirmed)::boolean THEN coalesce(unconfirmed_at, sending_since) ELSE unconfirmed_at END, sending_since = NULL
WHERE tenant_id = $1 AND id = $2 AND state = 'open' AND sending_since IS NOT NULL;

-- name: RefuseAfterTry :execrows
UPDATE transmissions SET refused_at = sqlc.arg(at)::timestamptz, body_sealed = sqlc.arg(body)::bytea
WHERE tenant_id = $1 AND id = $2 AND state = 'open' AND refused_at IS NULL;

-- name: OpenTransmissions :many
SELECT id, case_id, asked_at FROM transmissions
WHERE tenant_id = $1 AND state = 'open' AND asked_at < sqlc.arg(before)::timestamptz ORDER BY asked_at, id LIMIT sqlc.arg(wanted);
