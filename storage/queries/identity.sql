-- name: EndLiveCode :exec
UPDATE identity_codes SET ended_at = $4 WHERE tenant_id = $1 AND case_id = $2 AND purpose = $3 AND ended_at IS NULL;

-- name: InsertCode :exec
INSERT INTO identity_codes (id, tenant_id, case_id, purpose, code_hash, tries_left, created_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: CodesSince :one
SELECT count(*) FROM identity_codes
WHERE tenant_id = $1 AND case_id = $2 AND purpose = $3 AND created_at > $4 AND created_at <= sqlc.arg(at)::timestamptz;

-- name: LockLiveCode :one
SELECT id, code_hash, tries_left, created_at, expires_at FROM identity_codes
WHERE tenant_id = $1 AND case_id = $2 AND purpose = $3 AND ended_at IS NULL FOR UPDATE;

-- name: SpendTry :exec
UPDATE identity_codes SET tries_left = tries_left - 1,
    ended_at = CASE WHEN tries_left = 1 THEN sqlc.arg(at)::timestamptz ELSE ended_at END
WHERE tenant_id = $1 AND id = $2;

-- name: UseCode :exec
UPDATE identity_codes SET used_at = sqlc.arg(at)::timestamptz, ended_at = sqlc.arg(at)::timestamptz WHERE tenant_id = $1 AND id = $2;

-- name: InsertStatusLink :exec
INSERT INTO status_links (id, tenant_id, case_id, token_hash, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6);

-- name: StatusLink :one
SELECT case_id, expires_at FROM status_links WHERE tenant_id = $1 AND token_hash = $2;

-- name: InsertDocument :exec
INSERT INTO identity_documents (id, tenant_id, case_id, object_key, wrapped_key, sha256, bytes, media_type, created_at, kind)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- name: Document :one
SELECT id, case_id, object_key, wrapped_key, sha256, bytes, media_type, created_at, decision, decided_by, decided_at, destroyed_at, kind
FROM identity_documents WHERE tenant_id = $1 AND id = $2;

-- name: Documents :many
SELECT id, case_id, object_key, wrapped_key, sha256, bytes, media_type, created_at, decision, decided_by, decided_at, destroyed_at, kind
FROM identity_documents WHERE tenant_id = $1 AND case_id = $2 ORDER BY created_at, id;

-- name: DecideDocuments :execrows
UPDATE identity_documents SET decision = sqlc.arg(decision), decided_by = sqlc.arg(by), decided_at = sqlc.arg(at)::timestamptz,
    wrapped_key = NULL, destroyed_at = sqlc.arg(at)::timestamptz
WHERE tenant_id = $1 AND case_id = $2 AND decision IS NULL;

-- name: UseAssertion :execrows
INSERT INTO used_assertions (tenant_id, assertion, expires_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING;

-- name: ForgetAssertions :exec
DELETE FROM used_assertions WHERE tenant_id = $1 AND expires_at < $2;

-- name: InsertRepresentative :exec
INSERT INTO representatives (tenant_id, case_id, details_sealed) VALUES ($1, $2, $3);

-- name: Representative :one
SELECT details_sealed FROM representatives WHERE tenant_id = $1 AND case_id = $2;
