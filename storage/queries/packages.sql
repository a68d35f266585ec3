-- name: InsertPackage :execrows
INSERT INTO packages (id, tenant_id, case_id, round, state, object_key, wrapped_key, created_at)
VALUES ($1, $2, $3, $4, 'building', $5, $6, $7)
ON CONFLICT (tenant_id, case_id, round) DO NOTHING;

-- name: PackageByRound :one
SELECT id, case_id, round, state, object_key, wrapped_key, sha256, bytes, files, rows, manifest_sha256, created_at, ready_at, expires_at, destroyed_at
FROM packages WHERE tenant_id = $1 AND case_id = $2 AND round = $3;

-- name: PackageByID :one
SELECT id, case_id, round, state, object_key, wrapped_key, sha256, bytes, files, rows, manifest_sha256, created_at, ready_at, expires_at, destroyed_at
FROM packages WHERE tenant_id = $1 AND id = $2;

-- name: Packages :many
SELECT id, case_id, round, state, object_key, wrapped_key, sha256, bytes, files, rows, manifest_sha256, created_at, ready_at, expires_at, destroyed_at
FROM packages WHERE tenant_id = $1 AND case_id = $2 ORDER BY round;

-- name: PackageReady :execrows
UPDATE packages SET state = 'ready', sha256 = $3, bytes = $4, files = $5, rows = $6, manifest_sha256 = $7, ready_at = $8, expires_at = $9
WHERE tenant_id = $1 AND id = $2 AND state = 'building';

-- name: DestroyPackage :execrows
UPDATE packages SET state = 'destroyed', wrapped_key = NULL, destroyed_at = $3 WHERE tenant_id = $1 AND id = $2 AND state <> 'destroyed';

-- name: EndLinks :exec
UPDATE download_links SET ended_at = $3 WHERE tenant_id = $1 AND package_id = $2 AND ended_at IS NULL;

-- name: InsertLink :exec
INSERT INTO download_links (id, tenant_id, package_id, token_hash, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6);

-- name: LinkByToken :one
SELECT l.id, l.package_id, p.case_id, l.created_at, l.expires_at, l.used_at, l.ended_at
FROM download_links l JOIN packages p ON p.tenant_id = l.tenant_id AND p.id = l.package_id
WHERE l.tenant_id = $1 AND l.token_hash = $2;

-- name: UseLink :execrows
UPDATE download_links SET used_at = sqlc.arg(at)::timestamptz, ended_at = sqlc.arg(at)::timestamptz WHERE tenant_id = $1 AND id = $2 AND ended_at IS NULL;

-- name: InsertReceipt :exec
INSERT INTO receipts (id, tenant_id, package_id, link_id, started_at) VALUES ($1, $2, $3, $4, $5);

-- name: FinishReceipt :exec
UPDATE receipts SET ended_at = $3, bytes = $4, complete = $5 WHERE tenant_id = $1 AND id = $2;

-- name: Receipts :many
SELECT r.id, r.package_id, r.started_at, r.ended_at, r.bytes, r.complete
FROM receipts r JOIN packages p ON p.tenant_id = r.tenant_id AND p.id = r.package_id
WHERE r.tenant_id = $1 AND p.case_id = $2 ORDER BY r.started_at, r.id;

-- name: RestoreLink :execrows
UPDATE download_links SET used_at = NULL, ended_at = NULL
WHERE download_links.tenant_id = $1 AND download_links.id = $2 AND used_at IS NOT NULL AND NOT EXISTS (
    SELECT FROM download_links n WHERE n.tenant_id = $1 AND n.package_id = download_links.package_id AND n.created_at > download_links.created_at);

-- name: PackagesPast :many
SELECT p.tenant_id::uuid AS tenant_id, p.case_id::uuid AS case_id, p.id::uuid AS id, p.expires_at::timestamptz AS expires_at
FROM docket_packages_past(sqlc.arg(at)::timestamptz, sqlc.arg(wanted)::integer) p;

-- name: OpenDownloads :many
SELECT r.id, r.link_id, r.package_id, p.case_id
FROM receipts r JOIN packages p ON p.tenant_id = r.tenant_id AND p.id = r.package_id
WHERE r.tenant_id = $1 AND r.ended_at IS NULL AND r.started_at < sqlc.arg(before)::timestamptz ORDER BY r.started_at, r.id LIMIT sqlc.arg(wanted);
