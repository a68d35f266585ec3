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

-- name: LockInquiryFileKeys :many
SELECT id, wrapped_key FROM inquiry_files
WHERE tenant_id = $1 AND id > $2 AND wrapped_key IS NOT NULL ORDER BY id LIMIT sqlc.arg(wanted) FOR NO KEY UPDATE;

-- name: SetInquiryFileKey :execrows
UPDATE inquiry_files SET wrapped_key = $3 WHERE tenant_id = $1 AND id = $2 AND wrapped_key IS NOT NULL;

-- name: LockSentDocumentKeys :many
SELECT id, wrapped_key FROM sent_documents
WHERE tenant_id = $1 AND id > $2 AND wrapped_key IS NOT NULL ORDER BY id LIMIT sqlc.arg(wanted) FOR NO KEY UPDATE;

-- name: SetSentDocumentKey :execrows
UPDATE sent_documents SET wrapped_key = $3 WHERE tenant_id = $1 AND id = $2 AND wrapped_key IS NOT NULL;

-- name: LockConsentPersonKeys :many
SELECT id, wrapped_key FROM consent_people
WHERE tenant_id = $1 AND id > $2 AND wrapped_key IS NOT NULL ORDER BY id LIMIT sqlc.arg(wanted) FOR NO KEY UPDATE;

-- name: SetConsentPersonKey :execrows
UPDATE consent_people SET wrapped_key = $3 WHERE tenant_id = $1 AND id = $2 AND wrapped_key IS NOT NULL;

-- name: LockConsentImportKeys :many
SELECT id, wrapped_key FROM consent_imports
WHERE tenant_id = $1 AND id > $2 AND wrapped_key IS NOT NULL ORDER BY id LIMIT sqlc.arg(wanted) FOR NO KEY UPDATE;

-- name: SetConsentImportKey :execrows
UPDATE consent_imports SET wrapped_key = $3 WHERE tenant_id = $1 AND id = $2 AND wrapped_key IS NOT NULL;

-- name: InstallationKeys :many
SELECT name FROM installation_keys ORDER BY name;

-- name: LockInstallationKey :one
SELECT wrapped FROM installation_keys WHERE name = $1 FOR UPDATE;

-- name: UpdateInstallationKey :execrows
UPDATE installation_keys SET wrapped = $2, rotated_at = $3 WHERE name = $1;

-- name: BeginRotation :execrows
-- One that is under way goes on; a new one begins when it has ended.
INSERT INTO key_rotations (tenant_id, started_at, started_by) VALUES ($1, $2, $3)
ON CONFLICT (tenant_id) DO UPDATE SET started_at = excluded.started_at, started_by = excluded.started_by, key_made_at = NULL,
    rewrap_after = '', rewrapped = 0, ended_at = NULL
WHERE key_rotations.ended_at IS NOT NULL;

-- name: Rotation :one
SELECT started_at, started_by, key_made_at, rewrap_after, rewrapped, ended_at FROM key_rotations WHERE tenant_id = $1;

-- name: MoveRotation :execrows
UPDATE key_rotations SET key_made_at = coalesce(key_made_at, sqlc.arg(at)::timestamptz), rewrap_after = sqlc.arg(rewrap_after)::text,
    rewrapped = rewrapped + sqlc.arg(more)::bigint, ended_at = CASE WHEN sqlc.arg(done)::boolean THEN sqlc.arg(at)::timestamptz END
WHERE tenant_id = $1 AND ended_at IS NULL;

-- name: TenantsRotating :many
SELECT docket_tenants_rotating()::uuid AS id;

-- name: InstallationKeyDates :many
SELECT name, created_at, rotated_at FROM installation_keys ORDER BY name;
