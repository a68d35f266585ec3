-- Rows are locked FOR NO KEY UPDATE: their keys change, while rows that refer to them can still be added.

-- name: LockTenantKeys :one
SELECT wrapped_key FROM tenants WHERE id = $1 FOR NO KEY UPDATE;

-- name: SetTenantKeys :execrows
UPDATE tenants SET wrapped_key = $2 WHERE id = $1;

-- name: LockRecordKey :many
SELECT id, record_key FROM tenants WHERE id = $1 AND id > $2 LIMIT sqlc.arg(wanted) FOR NO KEY UPDATE;

-- name: SetRecordKey :execrows
UPDATE tenants SET record_key = $2 WHERE id = $1;

-- name: LockSubjectKeys :many
SELECT id, wrapped_key FROM subjects
WHERE tenant_id = $1 AND id > $2 AND wrapped_key IS NOT NULL ORDER BY id LIMIT sqlc.arg(wanted) FOR NO KEY UPDATE;

-- name: SetSubjectKey :execrows
UPDATE subjects SET wrapped_key = $3 WHERE tenant_id = $1 AND id = $2 AND wrapped_key IS NOT NULL;

-- name: LockSystemKeys :many
SELECT id, wrapped_key FROM systems
WHERE tenant_id = $1 AND id > $2 ORDER BY id LIMIT sqlc.arg(wanted) FOR NO KEY UPDATE;

-- name: SetSystemKey :execrows
UPDATE systems SET wrapped_key = $3 WHERE tenant_id = $1 AND id = $2;

-- name: LockRunKeys :many
SELECT id, case_id, round, system_id, key_wrapped FROM collection_runs
WHERE tenant_id = $1 AND id > $2 AND key_wrapped IS NOT NULL ORDER BY id LIMIT sqlc.arg(wanted) FOR NO KEY UPDATE;

-- name: SetRunKey :execrows
UPDATE collection_runs SET key_wrapped = $3 WHERE tenant_id = $1 AND id = $2 AND key_wrapped IS NOT NULL;

-- name: LockPackageKeys :many
SELECT id, case_id, round, wrapped_key FROM packages
WHERE tenant_id = $1 AND id > $2 AND wrapped_key IS NOT NULL ORDER BY id LIMIT sqlc.arg(wanted) FOR NO KEY UPDATE;

-- name: SetPackageKey :execrows
UPDATE packages SET wrapped_key = $3 WHERE tenant_id = $1 AND id = $2 AND wrapped_key IS NOT NULL;

-- name: LockDocumentKeys :many
SELECT id, wrapped_key FROM identity_documents
WHERE tenant_id = $1 AND id > $2 AND wrapped_key IS NOT NULL ORDER BY id LIMIT sqlc.arg(wanted) FOR NO KEY UPDATE;

-- name: SetDocumentKey :execrows
UPDATE identity_documents SET wrapped_key = $3 WHERE tenant_id = $1 AND id = $2 AND wrapped_key IS NOT NULL;

-- name: LockAttachmentKeys :many
SELECT id, wrapped_key FROM task_attachments
WHERE tenant_id = $1 AND id > $2 AND wrapped_key IS NOT NULL ORDER BY id LIMIT sqlc.arg(wanted) FOR NO KEY UPDATE;

-- name: SetAttachmentKey :execrows
UPDATE task_attachments SET wrapped_key = $3 WHERE tenant_id = $1 AND id = $2 AND wrapped_key IS NOT NULL;

-- name: InstallationKeys :many
SELECT name FROM installation_keys ORDER BY name;

-- name: LockInstallationKey :one
SELECT wrapped FROM installation_keys WHERE name = $1 FOR UPDATE;

-- name: UpdateInstallationKey :execrows
UPDATE installation_keys SET wrapped = $2, rotated_at = $3 WHERE name = $1;
