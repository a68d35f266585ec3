-- name: InsertRun :exec
INSERT INTO collection_runs (id, tenant_id, case_id, round, system_id, state, key_wrapped)
VALUES ($1, $2, $3, $4, $5, 'pending', $6)
ON CONFLICT (tenant_id, case_id, round, system_id) DO NOTHING;

-- name: Runs :many
SELECT r.id, r.case_id, r.round, r.system_id, s.key AS system_key, s.name AS system_name, r.state, r.rows, r.rows_total,
    r.key_wrapped, r.error, r.started_at, r.ended_at
FROM collection_runs r JOIN systems s ON s.tenant_id = r.tenant_id AND s.id = r.system_id
WHERE r.tenant_id = $1 AND r.case_id = $2 AND r.round = $3 ORDER BY s.key;

-- name: LatestRound :one
SELECT coalesce(max(round), 0)::integer AS round FROM collection_runs WHERE tenant_id = $1 AND case_id = $2;

-- name: Run :one
SELECT id, case_id, round, system_id, state, rows, rows_total, key_wrapped, error, started_at, ended_at
FROM collection_runs WHERE tenant_id = $1 AND case_id = $2 AND round = $3 AND system_id = $4;

-- name: StartRun :exec
UPDATE collection_runs SET state = 'running', error = NULL, ended_at = NULL, started_at = coalesce(started_at, sqlc.arg(at)::timestamptz)
WHERE tenant_id = $1 AND id = $2 AND state IN ('pending', 'failed', 'running');

-- name: RunTotal :exec
UPDATE collection_runs SET rows_total = $3 WHERE tenant_id = $1 AND id = $2;

-- name: FinishRun :exec
UPDATE collection_runs SET state = 'done', error = NULL, rows = $3, ended_at = $4 WHERE tenant_id = $1 AND id = $2;

-- name: FailRun :exec
UPDATE collection_runs SET state = 'failed', error = $3, ended_at = $4 WHERE tenant_id = $1 AND id = $2;

-- name: ExcludeRun :exec
UPDATE collection_runs SET state = 'excluded', error = NULL, ended_at = $3 WHERE tenant_id = $1 AND id = $2;

-- name: InsertPart :execrows
INSERT INTO parts (id, tenant_id, run_id, dataset, collection, seq, object_key, rows, bytes, sha256, cursor_sealed, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
ON CONFLICT (tenant_id, run_id, dataset, collection, seq) DO NOTHING;

-- name: AddRunRows :exec
UPDATE collection_runs SET rows = rows + $3 WHERE tenant_id = $1 AND id = $2;

-- name: LastPart :one
SELECT seq, cursor_sealed FROM parts
WHERE tenant_id = $1 AND run_id = $2 AND dataset = $3 AND collection = $4 ORDER BY seq DESC LIMIT 1;

-- name: Parts :many
SELECT id, dataset, collection, seq, object_key, rows, bytes, sha256 FROM parts
WHERE tenant_id = $1 AND run_id = $2 ORDER BY dataset, collection, seq;

-- name: DeleteRunParts :exec
DELETE FROM parts p WHERE p.tenant_id = $1 AND p.run_id IN (SELECT r.id FROM collection_runs r WHERE r.tenant_id = $1 AND r.case_id = $2);

-- name: ForgetRunKeys :exec
UPDATE collection_runs SET key_wrapped = NULL WHERE tenant_id = $1 AND case_id = $2;

-- name: InsertCollected :exec
INSERT INTO collected (tenant_id, run_id, dataset, collection, rows, at) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT DO NOTHING;

-- name: Collected :many
SELECT dataset, collection, rows, at FROM collected WHERE tenant_id = $1 AND run_id = $2 ORDER BY dataset, collection;

-- name: InsertRedaction :exec
INSERT INTO redactions (id, tenant_id, case_id, system_key, dataset, collection, field, key_field, row_key_sealed, ground,
    citation, note_sealed, created_by, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14);

-- name: RemoveRedaction :execrows
UPDATE redactions SET removed_at = $4 WHERE tenant_id = $1 AND case_id = $2 AND id = $3 AND removed_at IS NULL;

-- name: Redactions :many
SELECT id, system_key, dataset, collection, field, key_field, row_key_sealed, ground, citation, note_sealed, created_by, created_at
FROM redactions WHERE tenant_id = $1 AND case_id = $2 AND removed_at IS NULL ORDER BY created_at, id;
