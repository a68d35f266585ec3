-- name: InsertEntry :exec
INSERT INTO conversation (id, tenant_id, case_id, sender, author, kind, body_sealed, at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: Conversation :many
SELECT id, sender, author, kind, body_sealed, at, read_at
FROM conversation WHERE tenant_id = $1 AND case_id = $2 ORDER BY at, id;

-- name: EntriesSince :one
SELECT count(*) FROM conversation
WHERE tenant_id = $1 AND case_id = $2 AND sender = $3 AND at > sqlc.arg(since)::timestamptz;

-- name: UnreadEntries :one
SELECT count(*) FROM conversation WHERE tenant_id = $1 AND case_id = $2 AND sender = $3 AND read_at IS NULL;

-- name: ReadEntries :execrows
UPDATE conversation SET read_at = sqlc.arg(at)::timestamptz
WHERE tenant_id = $1 AND case_id = $2 AND sender = $3 AND read_at IS NULL;
