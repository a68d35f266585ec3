-- name: InsertSentDocument :exec
INSERT INTO sent_documents (id, tenant_id, case_id, name_sealed, object_key, wrapped_key, sha256, bytes, media_type, created_by, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11);

-- name: SentDocuments :many
SELECT id, case_id, name_sealed, object_key, wrapped_key, sha256, bytes, media_type, created_by, created_at, seen_at, destroyed_at
FROM sent_documents WHERE tenant_id = $1 AND case_id = $2 ORDER BY created_at, id;

-- name: SeeSentDocument :exec
UPDATE sent_documents SET seen_at = sqlc.arg(at)::timestamptz WHERE tenant_id = $1 AND id = $2 AND seen_at IS NULL;
