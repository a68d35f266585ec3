-- name: InsertAuditEvents :exec
-- An event that belongs to no case has the empty id; an actor and an object that the log is not searched by are empty.
INSERT INTO audit_events (id, tenant_id, case_id, action, at, body, actor_id, object_id, outcome)
SELECT e.id, $1, nullif(e.case_id, '00000000-0000-0000-0000-000000000000'), e.action, e.at, e.body, nullif(e.actor_id, ''), nullif(e.object_id, ''), e.outcome
FROM (SELECT unnest(sqlc.arg(ids)::uuid[]) AS id, unnest(sqlc.arg(case_ids)::uuid[]) AS case_id,
    unnest(sqlc.arg(actions)::text[]) AS action, unnest(sqlc.arg(ats)::timestamptz[]) AS at,
    unnest(sqlc.arg(bodies)::bytea[]) AS body, unnest(sqlc.arg(actor_ids)::text[]) AS actor_id,
    unnest(sqlc.arg(object_ids)::text[]) AS object_id, unnest(sqlc.arg(outcomes)::text[]) AS outcome) e;

-- name: LockAuditHead :one
INSERT INTO audit_heads (tenant_id, size, root, updated_at) VALUES ($1, 0, sqlc.arg(empty_root), sqlc.arg(at))
ON CONFLICT (tenant_id) DO UPDATE SET tenant_id = excluded.tenant_id
RETURNING size, root;

-- name: UnplacedEvents :many
SELECT id, body FROM audit_events
WHERE tenant_id = $1 AND leaf_index IS NULL AND (sqlc.narg(before)::timestamptz IS NULL OR at <= sqlc.narg(before)::timestamptz)
ORDER BY at, id LIMIT sqlc.arg(wanted);

-- name: PlaceEvents :exec
UPDATE audit_events e SET leaf_index = p.position
FROM (SELECT unnest(sqlc.arg(ids)::uuid[]) AS id, unnest(sqlc.arg(positions)::bigint[]) AS position) p
WHERE e.tenant_id = $1 AND e.id = p.id;

-- name: AuditHashes :many
SELECT position, hash FROM audit_hashes WHERE tenant_id = $1 AND position = ANY(sqlc.arg(positions)::bigint[]);

-- name: InsertAuditHashes :exec
INSERT INTO audit_hashes (tenant_id, position, hash)
SELECT $1, unnest(sqlc.arg(positions)::bigint[]), unnest(sqlc.arg(hashes)::bytea[]);

-- name: SetAuditHead :exec
UPDATE audit_heads SET size = $2, root = $3, updated_at = $4 WHERE tenant_id = $1;

-- name: AuditHead :one
SELECT size, root FROM audit_heads WHERE tenant_id = $1;

-- name: InsertCheckpoint :exec
INSERT INTO audit_checkpoints (tenant_id, size, note, signed_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING;

-- name: LatestCheckpoint :one
SELECT size, note, signed_at, exported_at FROM audit_checkpoints WHERE tenant_id = $1 ORDER BY size DESC LIMIT 1;

-- name: CheckpointsExported :exec
UPDATE audit_checkpoints SET exported_at = $3 WHERE tenant_id = $1 AND size <= $2 AND exported_at IS NULL;

-- name: LastExport :one
SELECT coalesce(max(size), 0)::bigint AS size FROM audit_checkpoints WHERE tenant_id = $1 AND exported_at IS NOT NULL;

-- name: TenantsToArchive :many
SELECT docket_tenants_to_archive()::uuid AS id;

-- name: AuditEntries :many
SELECT leaf_index, body FROM audit_events
WHERE tenant_id = $1 AND leaf_index >= sqlc.arg(from_index)::bigint AND leaf_index < sqlc.arg(to_index)::bigint
ORDER BY leaf_index;

-- name: CaseAuditEvents :many
SELECT id, at, body, leaf_index FROM audit_events WHERE tenant_id = $1 AND case_id = $2 ORDER BY at, id;

-- The log is searched by a statement for each of its indexes, as the list of cases is (cases.sql). What has no place in the log yet is in none of
-- them: of that there are a few seconds' worth.

-- name: AuditEventsPage :many
(SELECT p.id, p.at, p.body, p.leaf_index FROM audit_events p
WHERE p.tenant_id = $1 AND p.leaf_index IS NOT NULL
  AND p.at >= sqlc.arg(since)::timestamptz AND (p.at, p.id) < (sqlc.arg(before_at)::timestamptz, sqlc.arg(before_id)::uuid)
ORDER BY p.at DESC, p.id DESC LIMIT sqlc.arg(wanted))
UNION ALL
(SELECT w.id, w.at, w.body, w.leaf_index FROM audit_events w
WHERE w.tenant_id = $1 AND w.leaf_index IS NULL
  AND w.at >= sqlc.arg(since)::timestamptz AND (w.at, w.id) < (sqlc.arg(before_at)::timestamptz, sqlc.arg(before_id)::uuid)
ORDER BY w.at DESC, w.id DESC LIMIT sqlc.arg(wanted))
ORDER BY at DESC, id DESC LIMIT sqlc.arg(wanted);

-- name: AuditEventsOfCase :many
SELECT id, at, body, leaf_index FROM audit_events
WHERE tenant_id = $1 AND case_id = sqlc.arg(case_id)
  AND CASE WHEN (sqlc.narg(actor_id)::text IS NULL OR actor_id = sqlc.narg(actor_id))
      AND (sqlc.narg(outcome)::text IS NULL OR outcome = sqlc.narg(outcome))
      AND (sqlc.narg(action)::text IS NULL OR action = sqlc.narg(action)) THEN true ELSE false END
  AND at >= sqlc.arg(since)::timestamptz AND (at, id) < (sqlc.arg(before_at)::timestamptz, sqlc.arg(before_id)::uuid)
ORDER BY at DESC, id DESC LIMIT sqlc.arg(wanted);

-- name: AuditEventsOfObject :many
(SELECT p.id, p.at, p.body, p.leaf_index FROM audit_events p
WHERE p.tenant_id = $1 AND p.leaf_index IS NOT NULL AND p.object_id = sqlc.arg(object_id)
  AND CASE WHEN (sqlc.narg(actor_id)::text IS NULL OR p.actor_id = sqlc.narg(actor_id))
      AND (sqlc.narg(outcome)::text IS NULL OR p.outcome = sqlc.narg(outcome))
      AND (sqlc.narg(action)::text IS NULL OR p.action = sqlc.narg(action)) THEN true ELSE false END
  AND p.at >= sqlc.arg(since)::timestamptz AND (p.at, p.id) < (sqlc.arg(before_at)::timestamptz, sqlc.arg(before_id)::uuid)
ORDER BY p.at DESC, p.id DESC LIMIT sqlc.arg(wanted))
UNION ALL
(SELECT w.id, w.at, w.body, w.leaf_index FROM audit_events w
WHERE w.tenant_id = $1 AND w.leaf_index IS NULL AND w.object_id = sqlc.arg(object_id)
  AND CASE WHEN (sqlc.narg(actor_id)::text IS NULL OR w.actor_id = sqlc.narg(actor_id))
      AND (sqlc.narg(outcome)::text IS NULL OR w.outcome = sqlc.narg(outcome))
      AND (sqlc.narg(action)::text IS NULL OR w.action = sqlc.narg(action)) THEN true ELSE false END
  AND w.at >= sqlc.arg(since)::timestamptz AND (w.at, w.id) < (sqlc.arg(before_at)::timestamptz, sqlc.arg(before_id)::uuid)
ORDER BY w.at DESC, w.id DESC LIMIT sqlc.arg(wanted))
ORDER BY at DESC, id DESC LIMIT sqlc.arg(wanted);

-- name: AuditEventsByActor :many
(SELECT p.id, p.at, p.body, p.leaf_index FROM audit_events p
WHERE p.tenant_id = $1 AND p.leaf_index IS NOT NULL AND p.actor_id = sqlc.arg(actor_id)
  AND CASE WHEN (sqlc.narg(outcome)::text IS NULL OR p.outcome = sqlc.narg(outcome))
      AND (sqlc.narg(action)::text IS NULL OR p.action = sqlc.narg(action)) THEN true ELSE false END
  AND p.at >= sqlc.arg(since)::timestamptz AND (p.at, p.id) < (sqlc.arg(before_at)::timestamptz, sqlc.arg(before_id)::uuid)
ORDER BY p.at DESC, p.id DESC LIMIT sqlc.arg(wanted))
UNION ALL
(SELECT w.id, w.at, w.body, w.leaf_index FROM audit_events w
WHERE w.tenant_id = $1 AND w.leaf_index IS NULL AND w.actor_id = sqlc.arg(actor_id)
  AND CASE WHEN (sqlc.narg(outcome)::text IS NULL OR w.outcome = sqlc.narg(outcome))
      AND (sqlc.narg(action)::text IS NULL OR w.action = sqlc.narg(action)) THEN true ELSE false END
  AND w.at >= sqlc.arg(since)::timestamptz AND (w.at, w.id) < (sqlc.arg(before_at)::timestamptz, sqlc.arg(before_id)::uuid)
ORDER BY w.at DESC, w.id DESC LIMIT sqlc.arg(wanted))
ORDER BY at DESC, id DESC LIMIT sqlc.arg(wanted);

-- name: AuditEventsByOutcome :many
(SELECT p.id, p.at, p.body, p.leaf_index FROM audit_events p
WHERE p.tenant_id = $1 AND p.leaf_index IS NOT NULL AND p.outcome = sqlc.arg(outcome) AND p.outcome <> 'done'
  AND CASE WHEN (sqlc.narg(action)::text IS NULL OR p.action = sqlc.narg(action)) THEN true ELSE false END
  AND p.at >= sqlc.arg(since)::timestamptz AND (p.at, p.id) < (sqlc.arg(before_at)::timestamptz, sqlc.arg(before_id)::uuid)
ORDER BY p.at DESC, p.id DESC LIMIT sqlc.arg(wanted))
UNION ALL
(SELECT w.id, w.at, w.body, w.leaf_index FROM audit_events w
WHERE w.tenant_id = $1 AND w.leaf_index IS NULL AND w.outcome = sqlc.arg(outcome) AND w.outcome <> 'done'
  AND CASE WHEN (sqlc.narg(action)::text IS NULL OR w.action = sqlc.narg(action)) THEN true ELSE false END
  AND w.at >= sqlc.arg(since)::timestamptz AND (w.at, w.id) < (sqlc.arg(before_at)::timestamptz, sqlc.arg(before_id)::uuid)
ORDER BY w.at DESC, w.id DESC LIMIT sqlc.arg(wanted))
ORDER BY at DESC, id DESC LIMIT sqlc.arg(wanted);

-- name: AuditEventsByAction :many
(SELECT p.id, p.at, p.body, p.leaf_index FROM audit_events p
WHERE p.tenant_id = $1 AND p.leaf_index IS NOT NULL AND p.action = sqlc.arg(action)
  AND p.at >= sqlc.arg(since)::timestamptz AND (p.at, p.id) < (sqlc.arg(before_at)::timestamptz, sqlc.arg(before_id)::uuid)
ORDER BY p.at DESC, p.id DESC LIMIT sqlc.arg(wanted))
UNION ALL
(SELECT w.id, w.at, w.body, w.leaf_index FROM audit_events w
WHERE w.tenant_id = $1 AND w.leaf_index IS NULL AND w.action = sqlc.arg(action)
  AND w.at >= sqlc.arg(since)::timestamptz AND (w.at, w.id) < (sqlc.arg(before_at)::timestamptz, sqlc.arg(before_id)::uuid)
ORDER BY w.at DESC, w.id DESC LIMIT sqlc.arg(wanted))
ORDER BY at DESC, id DESC LIMIT sqlc.arg(wanted);

-- name: AuditEventIDs :many
SELECT id FROM audit_events WHERE tenant_id = $1 AND id > sqlc.arg(behind)::uuid ORDER BY id LIMIT sqlc.arg(wanted);

-- name: AuditEventsByID :many
SELECT id, at, body, leaf_index FROM audit_events WHERE tenant_id = $1 AND id = ANY(sqlc.arg(ids)::uuid[]) ORDER BY id;

-- name: TenantsWithAudit :many
SELECT docket_tenants_with_audit()::uuid AS id;
