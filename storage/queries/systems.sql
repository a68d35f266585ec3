-- name: InsertSystem :exec
INSERT INTO systems (id, tenant_id, key, name, kind, wrapped_key, target_sealed, change_sealed, declaration, service, state, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, sqlc.narg(change_sealed), $8, sqlc.arg(service), 'active', $9, $9);

-- name: UpdateSystem :execrows
UPDATE systems SET name = $3, target_sealed = $4, declaration = $5, state = $6, updated_at = $7, change_sealed = sqlc.narg(change_sealed), service = sqlc.arg(service)
WHERE tenant_id = $1 AND id = $2;

-- name: Systems :many
SELECT id, tenant_id, key, name, kind, wrapped_key, target_sealed, declaration, state, created_at, updated_at,
    stopped_at, stopped_by, stop_reason, change_sealed, service
FROM systems WHERE tenant_id = $1 ORDER BY key;

-- name: SystemByKey :one
SELECT id, tenant_id, key, name, kind, wrapped_key, target_sealed, declaration, state, created_at, updated_at,
    stopped_at, stopped_by, stop_reason, change_sealed, service
FROM systems WHERE tenant_id = $1 AND key = $2;

-- name: SystemByID :one
SELECT id, tenant_id, key, name, kind, wrapped_key, target_sealed, declaration, state, created_at, updated_at,
    stopped_at, stopped_by, stop_reason, change_sealed, service
FROM systems WHERE tenant_id = $1 AND id = $2;

-- name: UpsertDataset :exec
INSERT INTO datasets (id, tenant_id, system_id, fides_key, annotation, sha256, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $7)
ON CONFLICT (tenant_id, fides_key) DO UPDATE
SET annotation = excluded.annotation, sha256 = excluded.sha256, updated_at = excluded.updated_at, system_id = excluded.system_id;

-- name: Datasets :many
SELECT d.id, d.tenant_id, d.system_id, s.key AS system_key, d.fides_key, d.annotation, d.sha256, d.created_at, d.updated_at
FROM datasets d JOIN systems s ON s.tenant_id = d.tenant_id AND s.id = d.system_id
WHERE d.tenant_id = $1 ORDER BY s.key, d.fides_key;

-- name: Dataset :one
SELECT d.id, d.tenant_id, d.system_id, s.key AS system_key, d.fides_key, d.annotation, d.sha256, d.created_at, d.updated_at
FROM datasets d JOIN systems s ON s.tenant_id = d.tenant_id AND s.id = d.system_id
WHERE d.tenant_id = $1 AND d.fides_key = $2;

-- name: StopSystem :execrows
UPDATE systems SET stopped_at = sqlc.arg(at)::timestamptz, stopped_by = sqlc.arg(by)::text, stop_reason = sqlc.arg(reason)::text
WHERE tenant_id = $1 AND id = $2 AND stopped_at IS NULL;

-- name: ResumeSystem :execrows
UPDATE systems SET stopped_at = NULL, stopped_by = NULL, stop_reason = NULL
WHERE tenant_id = $1 AND id = $2 AND stopped_at IS NOT NULL;

-- name: SystemStopped :one
SELECT (stopped_at IS NOT NULL)::boolean AS stopped FROM systems WHERE tenant_id = $1 AND id = $2;
