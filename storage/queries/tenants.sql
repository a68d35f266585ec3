-- name: SetTenant :exec
SELECT set_config('docket.tenant', sqlc.arg(tenant_id)::text, true);

-- name: KeepPlans :exec
SELECT set_config('plan_cache_mode', 'force_generic_plan', true), set_config('max_parallel_workers_per_gather', '0', true);

-- name: TenantBySlug :one
SELECT docket_tenant_by_slug(sqlc.arg(slug)::text)::uuid AS id;

-- name: FindAPIKey :one
SELECT k.id, k.tenant_id, k.name, k.role, k.staff_id, k.expires_at, k.last_used_at, k.revoked_at, k.scopes
FROM docket_api_key(sqlc.arg(hash)::bytea) k;

-- name: ConfirmAPIKey :exec
SELECT id FROM api_keys
WHERE tenant_id = $1 AND id = $2 AND secret_hash = sqlc.arg(hash)::bytea AND revoked_at IS NULL
  AND (expires_at IS NULL OR expires_at > sqlc.arg(at)::timestamptz);

-- name: TenantIDs :many
SELECT docket_tenant_ids()::uuid AS id;

-- name: InsertTenant :exec
INSERT INTO tenants (id, slug, name, country, calendar, zone, language, regime, profile, settings,
    wrapped_key, record_key, created_at, operates)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14);

-- name: TenantByID :one
SELECT id, slug, name, country, calendar, zone, language, regime, profile, settings, wrapped_key, record_key, created_at, operates
FROM tenants WHERE id = $1;

-- name: UpdateTenant :execrows
UPDATE tenants SET name = $2, country = $3, calendar = $4, zone = $5, language = $6, regime = $7, profile = $8, settings = $9
WHERE id = $1;

-- name: InstallationKey :one
SELECT name, wrapped, created_at, rotated_at FROM installation_keys WHERE name = $1;

-- name: InsertInstallationKey :exec
INSERT INTO installation_keys (name, wrapped, created_at) VALUES ($1, $2, $3) ON CONFLICT (name) DO NOTHING;

-- name: InsertStaff :exec
INSERT INTO staff (id, tenant_id, role, name_sealed, email_sealed, email_index, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: ListStaff :many
SELECT id, tenant_id, role, name_sealed, email_sealed, email_index, active, created_at, account_id, last_signed_in_at, slack_user, digest
FROM staff WHERE tenant_id = $1 ORDER BY created_at, id;

-- name: InsertAPIKey :exec
INSERT INTO api_keys (id, tenant_id, name, role, staff_id, secret_hash, created_at, expires_at, scopes, made_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- name: KeyMakers :many
-- Who made keys, of those whose maker is known.
SELECT DISTINCT made_by::text AS made_by FROM api_keys
WHERE tenant_id = $1 AND id::text = ANY(sqlc.arg(ids)::text[]) AND made_by IS NOT NULL ORDER BY made_by;

-- name: APIKeys :many
SELECT id, tenant_id, name, role, staff_id, created_at, expires_at, last_used_at, revoked_at, scopes, made_by
FROM api_keys WHERE tenant_id = $1 ORDER BY created_at, id;

-- name: TouchAPIKey :exec
UPDATE api_keys SET last_used_at = $3
WHERE tenant_id = $1 AND id = $2 AND (last_used_at IS NULL OR last_used_at < sqlc.arg(stale)::timestamptz);

-- name: RevokeAPIKey :execrows
UPDATE api_keys SET revoked_at = $3 WHERE tenant_id = $1 AND id = $2 AND revoked_at IS NULL;

-- name: RevokeAPIKeysOf :many
UPDATE api_keys SET revoked_at = sqlc.arg(at)::timestamptz WHERE tenant_id = $1 AND staff_id = $2 AND revoked_at IS NULL RETURNING id;
