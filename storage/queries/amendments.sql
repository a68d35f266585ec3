-- name: InsertAmendment :exec
INSERT INTO amendments (id, tenant_id, case_id, system_id, round, purpose, state, orders_sealed, created_at)
VALUES ($1, $2, $3, $4, $5, $6, 'pending', $7, $8);

-- name: Amendments :many
SELECT a.id, a.case_id, a.system_id, s.key AS system_key, s.name AS system_name, a.round, a.purpose, a.state, a.orders_sealed, a.changed, a.rows_found, a.error,
    a.created_at, a.started_at, a.ended_at
FROM amendments a JOIN systems s ON s.tenant_id = a.tenant_id AND s.id = a.system_id
WHERE a.tenant_id = $1 AND a.case_id = $2 ORDER BY a.round, s.key;

-- name: SetAmendment :execrows
UPDATE amendments SET state = sqlc.arg(state)::text, error = sqlc.narg(error)::text, started_at = coalesce(started_at, sqlc.arg(at)::timestamptz),
    ended_at = CASE WHEN sqlc.arg(state)::text IN ('done', 'by_hand') THEN sqlc.arg(at)::timestamptz END
WHERE tenant_id = $1 AND id = $2 AND state NOT IN ('done', 'by_hand');

-- name: CountAmended :execrows
UPDATE amendments SET changed = changed + sqlc.arg(changed)::bigint, rows_found = sqlc.arg(rows_found)::bigint WHERE tenant_id = $1 AND id = $2;

-- name: KeepAmendmentOrders :execrows
UPDATE amendments SET orders_sealed = sqlc.arg(orders)::bytea WHERE tenant_id = $1 AND id = $2 AND state NOT IN ('done', 'by_hand');

-- name: RestartWorkflow :exec
-- Has the workflow of a case run once more, whether or not it has ended.
INSERT INTO workflow_starts (id, tenant_id, case_id, run, created_at, next_attempt_at) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (tenant_id, case_id, run) DO UPDATE SET started_at = NULL, next_attempt_at = excluded.next_attempt_at;
