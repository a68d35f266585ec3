-- name: InsertAttachment :exec
INSERT INTO task_attachments (id, tenant_id, case_id, task_id, object_key, wrapped_key, sha256, bytes, media_type, created_by, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11);

-- name: Attachments :many
SELECT id, case_id, task_id, object_key, wrapped_key, sha256, bytes, media_type, created_by, created_at, destroyed_at
FROM task_attachments WHERE tenant_id = $1 AND task_id = $2 ORDER BY created_at, id;

-- name: CaseAttachments :many
SELECT id, case_id, task_id, object_key, wrapped_key, sha256, bytes, media_type, created_by, created_at, destroyed_at
FROM task_attachments WHERE tenant_id = $1 AND case_id = $2 ORDER BY created_at, id;

-- name: DestroyAttachments :execrows
UPDATE task_attachments a SET wrapped_key = NULL, destroyed_at = sqlc.arg(at)::timestamptz
FROM tasks t
WHERE a.tenant_id = $1 AND a.case_id = $2 AND a.destroyed_at IS NULL
  AND t.tenant_id = a.tenant_id AND t.id = a.task_id AND t.kind = sqlc.arg(kind);
