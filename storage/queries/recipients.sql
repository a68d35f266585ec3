-- name: InsertRecipientNotice :exec
INSERT INTO recipient_notices (id, tenant_id, case_id, plan_id, recipient, role, system_key, categories, turn, through_id, state, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'to_tell', $11);

-- name: RecipientNotices :many
SELECT n.id, n.case_id, n.plan_id, n.turn, n.recipient, n.role, n.system_key, n.categories, n.state, n.reason, n.created_at, n.moved_by, n.moved_at, n.through_id, s.name AS through_name
FROM recipient_notices n LEFT JOIN systems s ON s.tenant_id = n.tenant_id AND s.id = n.through_id
WHERE n.tenant_id = $1 AND n.case_id = $2 ORDER BY n.recipient, n.system_key, n.created_at;

-- name: MoveRecipientNotice :execrows
UPDATE recipient_notices SET state = sqlc.arg(to_state)::text, reason = sqlc.narg(reason)::text, moved_by = sqlc.arg(by)::text, moved_at = sqlc.arg(at)::timestamptz
WHERE tenant_id = $1 AND id = $2 AND state = sqlc.arg(from_state)::text;
