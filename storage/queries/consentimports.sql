-- name: InsertConsentImport :exec
INSERT INTO consent_imports (id, tenant_id, name, mapping, state, wrapped_key, created_by, created_at) VALUES ($1, $2, $3, $4, 'waiting', $5, $6, $7);

-- name: ConsentImport :one
SELECT id, name, mapping, state, parts, bytes, sha256, wrapped_key, skip_faulty, problem, created_by, created_at, checked_at, started_at, stopped_at, ended_at
FROM consent_imports WHERE tenant_id = $1 AND id = $2;

-- name: LockConsentImport :one
SELECT id, name, mapping, state, parts, bytes, sha256, wrapped_key, skip_faulty, problem, created_by, created_at, checked_at, started_at, stopped_at, ended_at
FROM consent_imports WHERE tenant_id = $1 AND id = $2 FOR NO KEY UPDATE;

-- name: ConsentImports :many
SELECT id, name, mapping, state, parts, bytes, sha256, wrapped_key, skip_faulty, problem, created_by, created_at, checked_at, started_at, stopped_at, ended_at
FROM consent_imports WHERE tenant_id = $1 ORDER BY created_at DESC, id DESC LIMIT sqlc.arg(most);

-- name: ConsentImportsAtWork :many
-- Those that a workflow should be at.
SELECT id, state FROM consent_imports WHERE tenant_id = $1 AND state IN ('checking', 'running');

-- name: ConsentImportsBefore :many
-- Those that wait, and were begun or stopped before a moment.
SELECT id FROM consent_imports WHERE tenant_id = $1 AND state IN ('waiting', 'checked', 'stopped') AND COALESCE(stopped_at, created_at) < sqlc.arg(at)::timestamptz ORDER BY created_at LIMIT 100;

-- name: ImportedBefore :one
-- Whether the same file was written to the ledger already, or some of it before it was stopped or given up.
SELECT EXISTS (
    SELECT FROM consent_imports i WHERE i.tenant_id = $1 AND i.sha256 = sqlc.arg(sum)::bytea AND i.id <> sqlc.arg(beside)::uuid AND (i.state IN ('running', 'done') OR EXISTS (
        SELECT FROM consent_import_chunks c WHERE c.tenant_id = $1 AND c.import_id = i.id AND c.step = 'run' AND c.written > 0))
)::boolean AS imported;

-- name: CheckConsentImport :execrows
UPDATE consent_imports SET state = 'checking', parts = sqlc.arg(parts)::integer, bytes = sqlc.arg(bytes)::bigint, sha256 = sqlc.arg(sum)::bytea
WHERE tenant_id = sqlc.arg(tenant_id)::uuid AND id = sqlc.arg(id)::uuid AND state = 'waiting';

-- name: ConsentImportChecked :execrows
UPDATE consent_imports SET state = 'checked', checked_at = sqlc.arg(at)::timestamptz WHERE tenant_id = sqlc.arg(tenant_id)::uuid AND id = sqlc.arg(id)::uuid AND state = 'checking';

-- name: RunConsentImport :execrows
-- From the beginning, or on from where it was stopped.
UPDATE consent_imports SET state = 'running', skip_faulty = skip_faulty OR sqlc.arg(skip)::boolean, started_at = COALESCE(started_at, sqlc.arg(at)::timestamptz), stopped_at = NULL
WHERE tenant_id = sqlc.arg(tenant_id)::uuid AND id = sqlc.arg(id)::uuid AND state IN ('checked', 'stopped');

-- name: StopConsentImport :execrows
UPDATE consent_imports SET state = 'stopped', stopped_at = sqlc.arg(at)::timestamptz WHERE tenant_id = sqlc.arg(tenant_id)::uuid AND id = sqlc.arg(id)::uuid AND state = 'running';

-- name: HoldConsentImport :one
-- How an import stands, which nobody changes until the transaction ends.
SELECT state FROM consent_imports WHERE tenant_id = $1 AND id = $2 FOR SHARE;

-- name: EndConsentImport :execrows
UPDATE consent_imports SET state = CASE WHEN sqlc.narg(problem)::text IS NULL THEN 'done' ELSE 'failed' END, problem = sqlc.narg(problem)::text,
    ended_at = sqlc.arg(at)::timestamptz, wrapped_key = NULL
WHERE tenant_id = sqlc.arg(tenant_id)::uuid AND id = sqlc.arg(id)::uuid AND state NOT IN ('done', 'failed');

-- name: InsertConsentImportChunk :execrows
INSERT INTO consent_import_chunks (tenant_id, import_id, step, number, lines, written, faulty) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING;

-- name: ConsentImportChunks :many
SELECT number FROM consent_import_chunks WHERE tenant_id = $1 AND import_id = $2 AND step = $3;

-- name: ConsentImportCounts :many
SELECT import_id, step, sum(lines)::bigint AS lines, sum(written)::bigint AS written, sum(faulty)::bigint AS faulty
FROM consent_import_chunks WHERE tenant_id = $1 AND import_id = ANY(sqlc.arg(imports)::uuid[]) GROUP BY import_id, step;

-- name: InsertConsentImportFaults :exec
INSERT INTO consent_import_faults (tenant_id, import_id, line, field, problem)
SELECT sqlc.arg(tenant_id)::uuid, sqlc.arg(import_id)::uuid, line, field, problem
FROM (SELECT unnest(sqlc.arg(lines)::integer[]) AS line, unnest(sqlc.arg(fields)::text[]) AS field, unnest(sqlc.arg(problems)::text[]) AS problem) AS new
ON CONFLICT DO NOTHING;

-- name: ConsentImportFaults :many
SELECT line, field, problem FROM consent_import_faults WHERE tenant_id = $1 AND import_id = $2 ORDER BY line LIMIT sqlc.arg(most);
