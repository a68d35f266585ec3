-- name: InsertObligations :exec
INSERT INTO obligations (id, tenant_id, case_id, kind, citation, state, due, earliest_safe, explanation, date_cause, dated_at, ladder,
    created_at, updated_at)
SELECT o.id, $1, $2, o.kind, o.citation, o.state, o.due, o.earliest_safe, o.explanation, 'intake', sqlc.arg(at), sqlc.arg(ladder)::jsonb,
    sqlc.arg(at), sqlc.arg(at)
FROM (SELECT unnest(sqlc.arg(ids)::uuid[]) AS id, unnest(sqlc.arg(kinds)::text[]) AS kind, unnest(sqlc.arg(citations)::text[]) AS citation,
    unnest(sqlc.arg(states)::text[]) AS state, unnest(sqlc.arg(dues)::timestamptz[]) AS due,
    unnest(sqlc.arg(earliest_safes)::timestamptz[]) AS earliest_safe, unnest(sqlc.arg(explanations)::jsonb[]) AS explanation) o;

-- name: ObligationDates :many
-- The date in force, which nothing has superseded, and those before it.
SELECT o.id AS obligation_id, o.date_seq AS seq, o.due, o.earliest_safe, o.date_cause AS cause, o.explanation, o.dated_at AS set_at,
    NULL::timestamptz AS superseded_at
FROM obligations o WHERE o.tenant_id = $1 AND o.case_id = $2
UNION ALL
SELECT d.obligation_id, d.seq, d.due, d.earliest_safe, d.cause, d.explanation, d.set_at, d.superseded_at
FROM superseded_dates d JOIN obligations o ON o.tenant_id = d.tenant_id AND o.id = d.obligation_id
WHERE d.tenant_id = $1 AND o.case_id = $2
ORDER BY obligation_id, seq;

-- name: Obligations :many
SELECT id, tenant_id, case_id, kind, citation, state, due, earliest_safe, explanation, date_seq, date_cause, dated_at, ladder,
    met_at, waived_reason, acknowledged_at, acknowledged_by, created_at, updated_at, regime, request_right, assignee_id, amber_at
FROM obligations WHERE tenant_id = $1 AND case_id = $2 ORDER BY due, kind;

-- name: LockObligation :one
SELECT id, tenant_id, case_id, kind, citation, state, due, earliest_safe, explanation, date_seq, date_cause, dated_at, ladder,
    met_at, waived_reason, acknowledged_at, acknowledged_by, created_at, updated_at, regime, request_right, assignee_id, amber_at
FROM obligations WHERE tenant_id = $1 AND id = $2 FOR UPDATE;

-- name: MoveObligation :execrows
UPDATE obligations SET state = sqlc.arg(to_state), met_at = sqlc.narg(met_at),
    waived_reason = sqlc.narg(waived_reason), updated_at = sqlc.arg(at),
    acknowledged_at = CASE WHEN sqlc.arg(to_state) = 'open' THEN NULL ELSE acknowledged_at END,
    acknowledged_by = CASE WHEN sqlc.arg(to_state) = 'open' THEN NULL ELSE acknowledged_by END
WHERE tenant_id = $1 AND id = $2 AND state = sqlc.arg(from_state);

-- name: SetObligationDues :many
UPDATE obligations o SET due = d.due, earliest_safe = d.earliest_safe, explanation = d.explanation, state = d.to_state,
    date_cause = sqlc.arg(cause), dated_at = sqlc.arg(at),
    met_at = NULL, waived_reason = NULL, acknowledged_at = NULL, acknowledged_by = NULL, updated_at = sqlc.arg(at)
FROM (SELECT unnest(sqlc.arg(obligation_ids)::uuid[]) AS id, unnest(sqlc.arg(dues)::timestamptz[]) AS due,
    unnest(sqlc.arg(earliest_safes)::timestamptz[]) AS earliest_safe, unnest(sqlc.arg(explanations)::jsonb[]) AS explanation,
    unnest(sqlc.arg(from_states)::text[]) AS from_state, unnest(sqlc.arg(to_states)::text[]) AS to_state) d
WHERE o.tenant_id = $1 AND o.id = d.id AND o.state = d.from_state
RETURNING o.*;

-- name: AcknowledgeObligation :execrows
-- Only what has come to something under its present date can be taken over.
UPDATE obligations o SET acknowledged_at = $3, acknowledged_by = $4, updated_at = $3 WHERE o.tenant_id = $1 AND o.id = $2
  AND EXISTS (SELECT FROM obligation_milestones m WHERE m.tenant_id = $1 AND m.obligation_id = o.id
      AND m.kind IN ('due', 'escalation', 'repeat') AND m.recorded_at >= o.dated_at);

-- name: InsertMilestone :execrows
INSERT INTO obligation_milestones (id, tenant_id, obligation_id, key, kind, at, recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (tenant_id, obligation_id, key) DO NOTHING;

-- name: Milestones :many
SELECT m.obligation_id, m.kind, m.at, m.recorded_at
FROM obligation_milestones m JOIN obligations o ON o.tenant_id = m.tenant_id AND o.id = m.obligation_id
WHERE m.tenant_id = $1 AND o.case_id = $2 ORDER BY m.recorded_at, m.id;

-- The board is a statement for each way to narrow it that has an index of its own, as the list of cases is. What it is narrowed by
-- besides is looked at row by row, out of the planner's sight.

-- name: Board :many
SELECT o.id, o.case_id, c.reference, c.request_right, c.regime, c.state AS case_state, c.assignee_id, o.kind, o.citation,
    o.state, o.due, o.earliest_safe, o.amber_at
FROM obligations o JOIN cases c ON c.tenant_id = o.tenant_id AND c.id = o.case_id
WHERE o.tenant_id = $1 AND o.state IN ('open', 'paused', 'overdue')
  AND CASE WHEN (sqlc.narg(system_id)::uuid IS NULL OR EXISTS (
          SELECT FROM collection_runs r WHERE r.tenant_id = $1 AND r.system_id = sqlc.narg(system_id) AND r.case_id = o.case_id)) THEN true ELSE false END
  AND o.due < sqlc.arg(due_before)::timestamptz
  AND (o.due, o.id) > (sqlc.arg(after_due)::timestamptz, sqlc.arg(after_id)::uuid)
ORDER BY o.due, o.id
LIMIT sqlc.arg(wanted);

-- name: BoardInState :many
SELECT o.id, o.case_id, c.reference, c.request_right, c.regime, c.state AS case_state, c.assignee_id, o.kind, o.citation,
    o.state, o.due, o.earliest_safe, o.amber_at
FROM obligations o JOIN cases c ON c.tenant_id = o.tenant_id AND c.id = o.case_id
WHERE o.tenant_id = $1 AND o.state IN ('open', 'paused', 'overdue') AND o.state = sqlc.arg(state)
  AND CASE WHEN (sqlc.narg(request_right)::text IS NULL OR o.request_right = sqlc.narg(request_right))
      AND (sqlc.narg(regime)::text IS NULL OR o.regime = sqlc.narg(regime))
      AND (sqlc.narg(kind)::text IS NULL OR o.kind = sqlc.narg(kind))
      AND (sqlc.narg(system_id)::uuid IS NULL OR EXISTS (
          SELECT FROM collection_runs r WHERE r.tenant_id = $1 AND r.system_id = sqlc.narg(system_id) AND r.case_id = o.case_id)) THEN true ELSE false END
  AND o.due < sqlc.arg(due_before)::timestamptz
  AND (o.due, o.id) > (sqlc.arg(after_due)::timestamptz, sqlc.arg(after_id)::uuid)
ORDER BY o.due, o.id
LIMIT sqlc.arg(wanted);

-- name: BoardOfKind :many
SELECT o.id, o.case_id, c.reference, c.request_right, c.regime, c.state AS case_state, c.assignee_id, o.kind, o.citation,
    o.state, o.due, o.earliest_safe, o.amber_at
FROM obligations o JOIN cases c ON c.tenant_id = o.tenant_id AND c.id = o.case_id
WHERE o.tenant_id = $1 AND o.state IN ('open', 'paused', 'overdue') AND o.kind = sqlc.arg(kind)
  AND CASE WHEN (sqlc.narg(system_id)::uuid IS NULL OR EXISTS (
          SELECT FROM collection_runs r WHERE r.tenant_id = $1 AND r.system_id = sqlc.narg(system_id) AND r.case_id = o.case_id)) THEN true ELSE false END
  AND o.due < sqlc.arg(due_before)::timestamptz
  AND (o.due, o.id) > (sqlc.arg(after_due)::timestamptz, sqlc.arg(after_id)::uuid)
ORDER BY o.due, o.id
LIMIT sqlc.arg(wanted);

-- name: BoardOfAssignee :many
SELECT o.id, o.case_id, c.reference, c.request_right, c.regime, c.state AS case_state, c.assignee_id, o.kind, o.citation,
    o.state, o.due, o.earliest_safe, o.amber_at
FROM obligations o JOIN cases c ON c.tenant_id = o.tenant_id AND c.id = o.case_id
WHERE o.tenant_id = $1 AND o.state IN ('open', 'paused', 'overdue') AND o.assignee_id = sqlc.arg(assignee_id)::uuid
  AND CASE WHEN (sqlc.narg(state)::text IS NULL OR o.state = sqlc.narg(state))
      AND (sqlc.narg(request_right)::text IS NULL OR o.request_right = sqlc.narg(request_right))
      AND (sqlc.narg(regime)::text IS NULL OR o.regime = sqlc.narg(regime))
      AND (sqlc.narg(kind)::text IS NULL OR o.kind = sqlc.narg(kind))
      AND (sqlc.narg(system_id)::uuid IS NULL OR EXISTS (
          SELECT FROM collection_runs r WHERE r.tenant_id = $1 AND r.system_id = sqlc.narg(system_id) AND r.case_id = o.case_id)) THEN true ELSE false END
  AND o.due < sqlc.arg(due_before)::timestamptz
  AND (o.due, o.id) > (sqlc.arg(after_due)::timestamptz, sqlc.arg(after_id)::uuid)
ORDER BY o.due, o.id
LIMIT sqlc.arg(wanted);

-- name: BoardOfNobody :many
SELECT o.id, o.case_id, c.reference, c.request_right, c.regime, c.state AS case_state, c.assignee_id, o.kind, o.citation,
    o.state, o.due, o.earliest_safe, o.amber_at
FROM obligations o JOIN cases c ON c.tenant_id = o.tenant_id AND c.id = o.case_id
WHERE o.tenant_id = $1 AND o.state IN ('open', 'paused', 'overdue') AND o.assignee_id IS NULL
  AND CASE WHEN (sqlc.narg(state)::text IS NULL OR o.state = sqlc.narg(state))
      AND (sqlc.narg(request_right)::text IS NULL OR o.request_right = sqlc.narg(request_right))
      AND (sqlc.narg(regime)::text IS NULL OR o.regime = sqlc.narg(regime))
      AND (sqlc.narg(kind)::text IS NULL OR o.kind = sqlc.narg(kind))
      AND (sqlc.narg(system_id)::uuid IS NULL OR EXISTS (
          SELECT FROM collection_runs r WHERE r.tenant_id = $1 AND r.system_id = sqlc.narg(system_id) AND r.case_id = o.case_id)) THEN true ELSE false END
  AND o.due < sqlc.arg(due_before)::timestamptz
  AND (o.due, o.id) > (sqlc.arg(after_due)::timestamptz, sqlc.arg(after_id)::uuid)
ORDER BY o.due, o.id
LIMIT sqlc.arg(wanted);

-- name: BoardUnderRegime :many
SELECT o.id, o.case_id, c.reference, c.request_right, c.regime, c.state AS case_state, c.assignee_id, o.kind, o.citation,
    o.state, o.due, o.earliest_safe, o.amber_at
FROM obligations o JOIN cases c ON c.tenant_id = o.tenant_id AND c.id = o.case_id
WHERE o.tenant_id = $1 AND o.state IN ('open', 'paused', 'overdue') AND o.regime = sqlc.arg(regime)::text
  AND CASE WHEN (sqlc.narg(kind)::text IS NULL OR o.kind = sqlc.narg(kind))
      AND (sqlc.narg(system_id)::uuid IS NULL OR EXISTS (
          SELECT FROM collection_runs r WHERE r.tenant_id = $1 AND r.system_id = sqlc.narg(system_id) AND r.case_id = o.case_id)) THEN true ELSE false END
  AND o.due < sqlc.arg(due_before)::timestamptz
  AND (o.due, o.id) > (sqlc.arg(after_due)::timestamptz, sqlc.arg(after_id)::uuid)
ORDER BY o.due, o.id
LIMIT sqlc.arg(wanted);

-- name: BoardOfRight :many
SELECT o.id, o.case_id, c.reference, c.request_right, c.regime, c.state AS case_state, c.assignee_id, o.kind, o.citation,
    o.state, o.due, o.earliest_safe, o.amber_at
FROM obligations o JOIN cases c ON c.tenant_id = o.tenant_id AND c.id = o.case_id
WHERE o.tenant_id = $1 AND o.state IN ('open', 'paused', 'overdue') AND o.request_right = sqlc.arg(request_right)::text
  AND CASE WHEN (sqlc.narg(regime)::text IS NULL OR o.regime = sqlc.narg(regime))
      AND (sqlc.narg(kind)::text IS NULL OR o.kind = sqlc.narg(kind))
      AND (sqlc.narg(system_id)::uuid IS NULL OR EXISTS (
          SELECT FROM collection_runs r WHERE r.tenant_id = $1 AND r.system_id = sqlc.narg(system_id) AND r.case_id = o.case_id)) THEN true ELSE false END
  AND o.due < sqlc.arg(due_before)::timestamptz
  AND (o.due, o.id) > (sqlc.arg(after_due)::timestamptz, sqlc.arg(after_id)::uuid)
ORDER BY o.due, o.id
LIMIT sqlc.arg(wanted);

-- name: OpenPausesOf :many
SELECT case_id, kind, from_at FROM pauses
WHERE tenant_id = $1 AND case_id = ANY(sqlc.arg(case_ids)::uuid[]) AND until_at IS NULL
ORDER BY from_at, id;

-- name: Horizon :many
-- What falls due between the first and the last of the days' beginnings, counted by day; day 0 is what is due before.
SELECT width_bucket(o.due, sqlc.arg(days)::timestamptz[])::int AS day,
    count(*) FILTER (WHERE o.state = 'overdue' OR (o.state = 'open' AND o.due < sqlc.arg(at)::timestamptz)) AS overdue,
    count(*) FILTER (WHERE o.state = 'open' AND o.due >= sqlc.arg(at)::timestamptz AND o.amber_at <= sqlc.arg(at)::timestamptz) AS amber,
    count(*) FILTER (WHERE o.state = 'open' AND o.due >= sqlc.arg(at)::timestamptz AND o.amber_at > sqlc.arg(at)::timestamptz) AS neutral,
    count(*) FILTER (WHERE o.state = 'paused') AS paused
FROM obligations o
WHERE o.tenant_id = $1 AND o.state IN ('open', 'paused', 'overdue') AND o.due < sqlc.arg(due_before)::timestamptz
GROUP BY 1 ORDER BY 1;

-- name: InsertPause :execrows
INSERT INTO pauses (id, tenant_id, case_id, kind, from_at, opened_by) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (tenant_id, case_id, kind) WHERE until_at IS NULL DO NOTHING;

-- name: ClosePause :execrows
UPDATE pauses SET until_at = $4, closed_by = $5
WHERE tenant_id = $1 AND case_id = $2 AND kind = $3 AND until_at IS NULL;

-- name: Pauses :many
SELECT id, kind, from_at, until_at, opened_by, closed_by FROM pauses
WHERE tenant_id = $1 AND case_id = $2 ORDER BY from_at, id;

-- name: InsertExtension :execrows
INSERT INTO extensions (id, tenant_id, case_id, reason_code, granted_by, granted_at) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (tenant_id, case_id) DO NOTHING;

-- name: Extensions :many
SELECT id, reason_code, granted_by, granted_at FROM extensions WHERE tenant_id = $1 AND case_id = $2;

-- name: InsertTask :execrows
INSERT INTO tasks (id, tenant_id, case_id, key, kind, state, role, system_id, inquiry_id, created_at)
VALUES ($1, $2, $3, $4, $5, 'open', $6, $7, $8, $9)
ON CONFLICT (tenant_id, case_id, key) DO NOTHING;

-- name: EndTask :execrows
UPDATE tasks SET state = $3, ended_at = $4, ended_by = $5, result = $6
WHERE tenant_id = $1 AND id = $2 AND state = 'open';

-- name: EndCaseTasks :execrows
-- Those about an inquiry end with it, and not with everything else.
UPDATE tasks SET state = sqlc.arg(state), ended_at = sqlc.arg(at), ended_by = sqlc.arg(by), result = sqlc.arg(result)
WHERE tenant_id = $1 AND case_id = $2 AND state = 'open'
  AND (sqlc.narg(kind)::text IS NULL AND kind <> 'inquiry' OR kind = sqlc.narg(kind));

-- name: CaseTasks :many
SELECT t.id, t.case_id, t.key, t.kind, t.state, t.role, t.system_id, t.inquiry_id, t.created_at, t.ended_at, t.ended_by, t.result, t.claimed_by, t.claimed_at, i.addressee
FROM tasks t LEFT JOIN inquiries i ON i.tenant_id = t.tenant_id AND i.id = t.inquiry_id
WHERE t.tenant_id = $1 AND t.case_id = $2 ORDER BY t.created_at, t.id;

-- name: Task :one
SELECT t.id, t.case_id, t.key, t.kind, t.state, t.role, t.system_id, t.inquiry_id, t.created_at, t.ended_at, t.ended_by, t.result, t.claimed_by, t.claimed_at, i.addressee
FROM tasks t LEFT JOIN inquiries i ON i.tenant_id = t.tenant_id AND i.id = t.inquiry_id
WHERE t.tenant_id = $1 AND t.id = $2;

-- name: LockTask :one
SELECT t.id, t.case_id, t.key, t.kind, t.state, t.role, t.system_id, t.inquiry_id, t.created_at, t.ended_at, t.ended_by, t.result, t.claimed_by, t.claimed_at, i.addressee
FROM tasks t LEFT JOIN inquiries i ON i.tenant_id = t.tenant_id AND i.id = t.inquiry_id
WHERE t.tenant_id = $1 AND t.id = $2 FOR UPDATE OF t;

-- name: ClaimTask :execrows
UPDATE tasks SET claimed_by = sqlc.narg(claimed_by), claimed_at = sqlc.narg(claimed_at) WHERE tenant_id = $1 AND id = $2 AND state = 'open';

-- name: OpenTasks :many
SELECT t.id, t.case_id, c.reference, t.kind, t.role, t.system_id, t.inquiry_id, i.addressee, c.assignee_id, t.created_at, c.next_due, t.claimed_by, t.claimed_at
FROM tasks t JOIN cases c ON c.tenant_id = t.tenant_id AND c.id = t.case_id
LEFT JOIN inquiries i ON i.tenant_id = t.tenant_id AND i.id = t.inquiry_id
WHERE t.tenant_id = $1 AND t.state = 'open'
  AND (sqlc.narg(kind)::text IS NULL OR t.kind = sqlc.narg(kind))
  AND (sqlc.narg(role)::text IS NULL OR t.role = sqlc.narg(role))
  AND (sqlc.narg(claimed_by)::text IS NULL OR t.claimed_by = sqlc.narg(claimed_by))
  AND (sqlc.narg(unclaimed)::boolean IS NULL OR (t.claimed_by IS NULL) = sqlc.narg(unclaimed))
  AND (sqlc.narg(after_at)::timestamptz IS NULL
       OR (t.created_at, t.id) > (sqlc.narg(after_at)::timestamptz, sqlc.narg(after_id)::uuid))
ORDER BY t.created_at, t.id
LIMIT sqlc.arg(wanted);

-- name: OpenTasksByDue :many
-- It sorts all tasks that are open: what a person must do is never so much that this counts.
SELECT t.id, t.case_id, c.reference, t.kind, t.role, t.system_id, t.inquiry_id, i.addressee, c.assignee_id, t.created_at, c.next_due, t.claimed_by, t.claimed_at
FROM tasks t JOIN cases c ON c.tenant_id = t.tenant_id AND c.id = t.case_id
LEFT JOIN inquiries i ON i.tenant_id = t.tenant_id AND i.id = t.inquiry_id
WHERE t.tenant_id = $1 AND t.state = 'open'
  AND (sqlc.narg(kind)::text IS NULL OR t.kind = sqlc.narg(kind))
  AND (sqlc.narg(role)::text IS NULL OR t.role = sqlc.narg(role))
  AND (sqlc.narg(claimed_by)::text IS NULL OR t.claimed_by = sqlc.narg(claimed_by))
  AND (sqlc.narg(unclaimed)::boolean IS NULL OR (t.claimed_by IS NULL) = sqlc.narg(unclaimed))
  AND (coalesce(c.next_due, sqlc.arg(never)::timestamptz), t.id) > (sqlc.arg(after_due)::timestamptz, sqlc.arg(after_id)::uuid)
ORDER BY coalesce(c.next_due, sqlc.arg(never)::timestamptz), t.id
LIMIT sqlc.arg(wanted);
