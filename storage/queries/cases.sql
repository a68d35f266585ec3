-- name: InsertCase :exec
INSERT INTO cases (id, tenant_id, subject_id, reference, kind, request_right, regime, regime_version, calendar, zone,
    language, channel, state, identity, identity_method, duplicate_of, received_at, recorded_at, backdate_reason,
    next_due, details_sealed, facts, updated_at)
VALUES ($1, $2, $3, $4, 'request', $5, $6, $7, $8, $9, $10, $11, 'received', $12, $13, $14, $15, $16, $17, $18, $19,
    $20, $16);

-- name: CaseByID :one
SELECT id, tenant_id, subject_id, reference, kind, request_right, regime, regime_version, calendar, zone, language,
    channel, state, state_before, outcome, reason_code, identity, identity_method, assignee_id, duplicate_of, run,
    received_at, recorded_at, backdate_reason, closed_at, next_due, details_sealed, facts, updated_at
FROM cases WHERE tenant_id = $1 AND id = $2;

-- name: LockCase :one
SELECT id, tenant_id, subject_id, reference, kind, request_right, regime, regime_version, calendar, zone, language,
    channel, state, state_before, outcome, reason_code, identity, identity_method, assignee_id, duplicate_of, run,
    received_at, recorded_at, backdate_reason, closed_at, next_due, details_sealed, facts, updated_at
FROM cases WHERE tenant_id = $1 AND id = $2 FOR UPDATE;

-- name: CaseByReference :one
SELECT id FROM cases WHERE tenant_id = $1 AND reference = $2;

-- name: MoveCase :execrows
UPDATE cases SET state = sqlc.arg(to_state), state_before = state, outcome = sqlc.narg(outcome),
    reason_code = coalesce(sqlc.narg(reason_code), reason_code), closed_at = sqlc.narg(closed_at),
    run = sqlc.arg(run), updated_at = sqlc.arg(at)
WHERE tenant_id = $1 AND id = $2 AND state = sqlc.arg(from_state);

-- name: SetCaseIdentity :execrows
UPDATE cases SET identity = $3, identity_method = $4, updated_at = $5 WHERE tenant_id = $1 AND id = $2;

-- name: SetCaseNextDue :exec
UPDATE cases SET next_due = (
        SELECT min(o.due) FROM obligations o
        WHERE o.tenant_id = $1 AND o.case_id = $2 AND o.state IN ('open', 'paused', 'overdue')),
    updated_at = $3
WHERE tenant_id = $1 AND id = $2;

-- name: SetCaseFacts :execrows
UPDATE cases SET facts = $3, updated_at = $4 WHERE tenant_id = $1 AND id = $2;

-- name: AssignCase :execrows
UPDATE cases SET assignee_id = $3, updated_at = $4 WHERE tenant_id = $1 AND id = $2;

-- name: SetCaseSubject :execrows
UPDATE cases SET subject_id = $3, updated_at = $4 WHERE tenant_id = $1 AND id = $2;

-- name: OpenCaseByIdentity :one
-- The people first, then their cases: in one piece the planner may go through the tenant's cases in the order that is asked for.
WITH people AS MATERIALIZED (
    SELECT DISTINCT i.subject_id FROM subject_identities i
    WHERE i.tenant_id = $1 AND i.kind = sqlc.arg(kind) AND i.blind_index = sqlc.arg(blind_index) LIMIT sqlc.arg(most)),
theirs AS MATERIALIZED (
    SELECT c.id, c.reference, c.received_at FROM people JOIN cases c ON c.tenant_id = $1 AND c.subject_id = people.subject_id
    WHERE c.request_right = sqlc.arg(request_right) AND c.regime = sqlc.arg(regime) AND c.state <> 'closed')
SELECT id, reference FROM theirs ORDER BY received_at, id LIMIT 1;

-- name: ListCases :many
SELECT id, reference, request_right, regime, channel, state, outcome, identity, assignee_id, duplicate_of, received_at,
    closed_at, next_due, language
FROM cases
WHERE tenant_id = $1
  AND (sqlc.narg(state)::text IS NULL OR state = sqlc.narg(state))
  AND (sqlc.narg(request_right)::text IS NULL OR request_right = sqlc.narg(request_right))
  AND (sqlc.narg(regime)::text IS NULL OR regime = sqlc.narg(regime))
  AND (sqlc.narg(assignee_id)::uuid IS NULL OR assignee_id = sqlc.narg(assignee_id))
  AND (sqlc.narg(subject_ids)::uuid[] IS NULL OR subject_id = ANY(sqlc.narg(subject_ids)::uuid[]))
  AND (sqlc.narg(before_at)::timestamptz IS NULL
       OR (received_at, id) < (sqlc.narg(before_at)::timestamptz, sqlc.narg(before_id)::uuid))
ORDER BY received_at DESC, id DESC
LIMIT sqlc.arg(wanted);

-- name: Duplicates :many
SELECT id, reference FROM cases WHERE tenant_id = $1 AND duplicate_of = $2 ORDER BY received_at, id;

-- name: InsertTransition :execrows
INSERT INTO case_transitions (id, tenant_id, case_id, key, event, from_state, to_state, reason_code, actor_kind, actor_id, at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
ON CONFLICT (tenant_id, case_id, key) DO NOTHING;

-- name: TransitionByKey :one
SELECT event, to_state FROM case_transitions WHERE tenant_id = $1 AND case_id = $2 AND key = $3;

-- name: Transitions :many
SELECT id, event, from_state, to_state, reason_code, actor_kind, actor_id, at
FROM case_transitions WHERE tenant_id = $1 AND case_id = $2 ORDER BY at, id;

-- name: InsertNote :exec
INSERT INTO notes (id, tenant_id, case_id, kind, author, body_sealed, at) VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: Notes :many
SELECT id, kind, author, body_sealed, at FROM notes WHERE tenant_id = $1 AND case_id = $2 ORDER BY at, id;

-- name: Note :one
SELECT id, kind, author, body_sealed, at FROM notes WHERE tenant_id = $1 AND case_id = $2 AND id = $3;
