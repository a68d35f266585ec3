-- name: InsertRecipientNotice :exec
INSERT INTO recipient_notices (id, tenant_id, case_id, plan_id, recipient, role, system_key, categories, turn, state, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'to_tell', $10);

-- name: RecipientNotices :many
SELECT id, case_id, plan_id, recipient, role, system_key, categories, state, reason, created_at, moved_by, moved_at
FROM recipient_notices WHERE tenant_id = $1 AND case_id = $2 ORDER BY recipient, system_key, created_at;

-- name: MoveRecipientNotice :execrows
UPDATE recipient_notices SET state = sqlc.arg(to_state)::text, reason = sqlc.narg(reason)::text, moved_by = sqlc.arg(by)::text, moved_at = sqlc.arg(at)::timestamptz
WHERE tenant_id = $1 AND id = $2 AND state = sqlc.arg(from_state)::text;
