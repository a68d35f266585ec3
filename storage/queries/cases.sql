-- name: InsertCase :exec
INSERT INTO cases (id, tenant_id, subject_id, reference, kind, request_right, regime, regime_version, calendar, zone,
    language, channel, state, identity, identity_method, duplicate_of, received_at, recorded_at, backdate_reason,
    next_due, details_sealed, facts, updated_at, submission, also_proven, proven_by)
VALUES ($1, $2, $3, $4, 'request', $5, $6, $7, $8, $9, $10, $11, 'received', $12, $13, $14, $15, $16, $17, $18, $19,
    $20, $16, $21, sqlc.narg(also_proven), sqlc.narg(proven_by));

-- name: Submitted :many
-- What came in with a case, in the order it was filed.
SELECT id, reference, request_right, state, outcome, identity FROM cases WHERE tenant_id = $1 AND submission = $2 AND id <> $3 ORDER BY id;

-- name: CaseByID :one
SELECT id, tenant_id, subject_id, reference, kind, request_right, regime, regime_version, calendar, zone, language,
    channel, state, outcome, reason_code, identity, identity_method, assignee_id, duplicate_of, run,
    received_at, recorded_at, backdate_reason, closed_at, next_due, details_sealed, facts, updated_at, answered_at, on_time, also_proven, proven_by, forgotten_at, look_again, submission
FROM cases WHERE tenant_id = $1 AND id = $2;

-- name: LockCase :one
SELECT id, tenant_id, subject_id, reference, kind, request_right, regime, regime_version, calendar, zone, language,
    channel, state, outcome, reason_code, identity, identity_method, assignee_id, duplicate_of, run,
    received_at, recorded_at, backdate_reason, closed_at, next_due, details_sealed, facts, updated_at, answered_at, on_time, also_proven, proven_by, forgotten_at, look_again, submission
FROM cases WHERE tenant_id = $1 AND id = $2 FOR UPDATE;

-- name: CaseByReference :one
SELECT id, tenant_id, subject_id, reference, kind, request_right, regime, regime_version, calendar, zone, language,
    channel, state, outcome, reason_code, identity, identity_method, assignee_id, duplicate_of, run,
    received_at, recorded_at, backdate_reason, closed_at, next_due, details_sealed, facts, updated_at, answered_at, on_time, also_proven, proven_by, forgotten_at, look_again, submission
FROM cases WHERE tenant_id = $1 AND reference = $2;

-- name: CaseReferences :many
SELECT id, reference FROM cases WHERE tenant_id = $1 AND id = ANY(sqlc.arg(ids)::uuid[]);

-- name: MoveCase :execrows
UPDATE cases SET state = sqlc.arg(to_state), outcome = sqlc.narg(outcome),
    reason_code = coalesce(sqlc.narg(reason_code), reason_code), closed_at = sqlc.narg(closed_at),
    run = sqlc.arg(run), updated_at = sqlc.arg(at)
WHERE tenant_id = $1 AND id = $2 AND state = sqlc.arg(from_state);

-- name: SetCaseIdentity :execrows
UPDATE cases SET identity = $3, identity_method = $4, updated_at = $5, also_proven = sqlc.narg(also_proven), proven_by = sqlc.narg(proven_by) WHERE tenant_id = $1 AND id = $2;

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

-- name: OpenCaseByIdentity :one
-- The people first, then their cases: in one piece the planner may go through the tenant's cases in the order that is asked for.
WITH people AS MATERIALIZED (
    SELECT DISTINCT i.subject_id FROM subject_identities i
    WHERE i.tenant_id = $1 AND i.kind = sqlc.arg(kind) AND i.blind_index = sqlc.arg(blind_index) LIMIT sqlc.arg(most)),
theirs AS MATERIALIZED (
    SELECT c.id, c.reference, c.received_at FROM people JOIN cases c ON c.tenant_id = $1 AND c.subject_id = people.subject_id
    WHERE c.request_right = sqlc.arg(request_right) AND c.regime = sqlc.arg(regime) AND c.state <> 'closed')
SELECT id, reference FROM theirs ORDER BY received_at, id LIMIT 1;

-- The list of cases is a statement for each way to narrow it that has an index of its own, so that each has the plan of that index: a
-- statement with every filter or none would be planned anew with each call. What it is narrowed by besides is looked at row by
-- row, inside one CASE: the planner cannot see into it. Told of ten more conditions it would expect next to no rows, and sort them.

-- name: ListCases :many
SELECT c.id, c.reference, c.request_right, c.regime, c.channel, c.state, c.outcome, c.identity, c.assignee_id, c.duplicate_of, c.received_at,
    c.closed_at, c.next_due, c.language, c.on_time
FROM cases c
WHERE c.tenant_id = $1
  AND CASE WHEN (sqlc.narg(reason_code)::text IS NULL OR c.reason_code = sqlc.narg(reason_code))
      AND (sqlc.narg(duplicate)::boolean IS NULL OR (c.duplicate_of IS NOT NULL) = sqlc.narg(duplicate))
      AND (sqlc.narg(open)::boolean IS NULL OR (c.state <> 'closed') = sqlc.narg(open))
      AND (sqlc.narg(overdue_at)::timestamptz IS NULL OR (c.answered_at IS NULL AND c.next_due < sqlc.narg(overdue_at)))
      AND (sqlc.narg(extended)::boolean IS NULL OR EXISTS (SELECT FROM extensions e WHERE e.tenant_id = $1 AND e.case_id = c.id) = sqlc.narg(extended))
      AND (sqlc.narg(closed_from)::timestamptz IS NULL OR c.closed_at >= sqlc.narg(closed_from))
      AND (sqlc.narg(closed_before)::timestamptz IS NULL OR c.closed_at < sqlc.narg(closed_before)) THEN true ELSE false END
  AND c.received_at >= sqlc.arg(received_from)::timestamptz
  AND (c.received_at, c.id) < (sqlc.arg(before_at)::timestamptz, sqlc.arg(before_id)::uuid)
ORDER BY c.received_at DESC, c.id DESC
LIMIT sqlc.arg(wanted);

-- name: ListCasesUnderRegime :many
SELECT c.id, c.reference, c.request_right, c.regime, c.channel, c.state, c.outcome, c.identity, c.assignee_id, c.duplicate_of, c.received_at,
    c.closed_at, c.next_due, c.language, c.on_time
FROM cases c
WHERE c.tenant_id = $1 AND c.regime = sqlc.arg(regime)
  AND CASE WHEN (sqlc.narg(reason_code)::text IS NULL OR c.reason_code = sqlc.narg(reason_code))
      AND (sqlc.narg(duplicate)::boolean IS NULL OR (c.duplicate_of IS NOT NULL) = sqlc.narg(duplicate))
      AND (sqlc.narg(open)::boolean IS NULL OR (c.state <> 'closed') = sqlc.narg(open))
      AND (sqlc.narg(overdue_at)::timestamptz IS NULL OR (c.answered_at IS NULL AND c.next_due < sqlc.narg(overdue_at)))
      AND (sqlc.narg(extended)::boolean IS NULL OR EXISTS (SELECT FROM extensions e WHERE e.tenant_id = $1 AND e.case_id = c.id) = sqlc.narg(extended))
      AND (sqlc.narg(closed_from)::timestamptz IS NULL OR c.closed_at >= sqlc.narg(closed_from))
      AND (sqlc.narg(closed_before)::timestamptz IS NULL OR c.closed_at < sqlc.narg(closed_before)) THEN true ELSE false END
  AND c.received_at >= sqlc.arg(received_from)::timestamptz
  AND (c.received_at, c.id) < (sqlc.arg(before_at)::timestamptz, sqlc.arg(before_id)::uuid)
ORDER BY c.received_at DESC, c.id DESC
LIMIT sqlc.arg(wanted);

-- name: ListCasesOfRight :many
SELECT c.id, c.reference, c.request_right, c.regime, c.channel, c.state, c.outcome, c.identity, c.assignee_id, c.duplicate_of, c.received_at,
    c.closed_at, c.next_due, c.language, c.on_time
FROM cases c
WHERE c.tenant_id = $1 AND c.request_right = sqlc.arg(request_right)
  AND CASE WHEN (sqlc.narg(regime)::text IS NULL OR c.regime = sqlc.narg(regime))
      AND (sqlc.narg(reason_code)::text IS NULL OR c.reason_code = sqlc.narg(reason_code))
      AND (sqlc.narg(duplicate)::boolean IS NULL OR (c.duplicate_of IS NOT NULL) = sqlc.narg(duplicate))
      AND (sqlc.narg(open)::boolean IS NULL OR (c.state <> 'closed') = sqlc.narg(open))
      AND (sqlc.narg(overdue_at)::timestamptz IS NULL OR (c.answered_at IS NULL AND c.next_due < sqlc.narg(overdue_at)))
      AND (sqlc.narg(extended)::boolean IS NULL OR EXISTS (SELECT FROM extensions e WHERE e.tenant_id = $1 AND e.case_id = c.id) = sqlc.narg(extended))
      AND (sqlc.narg(closed_from)::timestamptz IS NULL OR c.closed_at >= sqlc.narg(closed_from))
      AND (sqlc.narg(closed_before)::timestamptz IS NULL OR c.closed_at < sqlc.narg(closed_before)) THEN true ELSE false END
  AND c.received_at >= sqlc.arg(received_from)::timestamptz
  AND (c.received_at, c.id) < (sqlc.arg(before_at)::timestamptz, sqlc.arg(before_id)::uuid)
ORDER BY c.received_at DESC, c.id DESC
LIMIT sqlc.arg(wanted);

-- name: ListCasesByTimeliness :many
SELECT c.id, c.reference, c.request_right, c.regime, c.channel, c.state, c.outcome, c.identity, c.assignee_id, c.duplicate_of, c.received_at,
    c.closed_at, c.next_due, c.language, c.on_time
FROM cases c
WHERE c.tenant_id = $1 AND c.on_time = sqlc.arg(on_time)::boolean
  AND CASE WHEN (sqlc.narg(request_right)::text IS NULL OR c.request_right = sqlc.narg(request_right))
      AND (sqlc.narg(regime)::text IS NULL OR c.regime = sqlc.narg(regime))
      AND (sqlc.narg(reason_code)::text IS NULL OR c.reason_code = sqlc.narg(reason_code))
      AND (sqlc.narg(duplicate)::boolean IS NULL OR (c.duplicate_of IS NOT NULL) = sqlc.narg(duplicate))
      AND (sqlc.narg(open)::boolean IS NULL OR (c.state <> 'closed') = sqlc.narg(open))
      AND (sqlc.narg(overdue_at)::timestamptz IS NULL OR (c.answered_at IS NULL AND c.next_due < sqlc.narg(overdue_at)))
      AND (sqlc.narg(extended)::boolean IS NULL OR EXISTS (SELECT FROM extensions e WHERE e.tenant_id = $1 AND e.case_id = c.id) = sqlc.narg(extended))
      AND (sqlc.narg(closed_from)::timestamptz IS NULL OR c.closed_at >= sqlc.narg(closed_from))
      AND (sqlc.narg(closed_before)::timestamptz IS NULL OR c.closed_at < sqlc.narg(closed_before)) THEN true ELSE false END
  AND c.received_at >= sqlc.arg(received_from)::timestamptz
  AND (c.received_at, c.id) < (sqlc.arg(before_at)::timestamptz, sqlc.arg(before_id)::uuid)
ORDER BY c.received_at DESC, c.id DESC
LIMIT sqlc.arg(wanted);

-- name: ListCasesByOutcome :many
SELECT c.id, c.reference, c.request_right, c.regime, c.channel, c.state, c.outcome, c.identity, c.assignee_id, c.duplicate_of, c.received_at,
    c.closed_at, c.next_due, c.language, c.on_time
FROM cases c
WHERE c.tenant_id = $1 AND c.outcome = sqlc.arg(outcome)::text
  AND CASE WHEN (sqlc.narg(request_right)::text IS NULL OR c.request_right = sqlc.narg(request_right))
      AND (sqlc.narg(regime)::text IS NULL OR c.regime = sqlc.narg(regime))
      AND (sqlc.narg(on_time)::boolean IS NULL OR c.on_time = sqlc.narg(on_time))
      AND (sqlc.narg(reason_code)::text IS NULL OR c.reason_code = sqlc.narg(reason_code))
      AND (sqlc.narg(duplicate)::boolean IS NULL OR (c.duplicate_of IS NOT NULL) = sqlc.narg(duplicate))
      AND (sqlc.narg(open)::boolean IS NULL OR (c.state <> 'closed') = sqlc.narg(open))
      AND (sqlc.narg(overdue_at)::timestamptz IS NULL OR (c.answered_at IS NULL AND c.next_due < sqlc.narg(overdue_at)))
      AND (sqlc.narg(extended)::boolean IS NULL OR EXISTS (SELECT FROM extensions e WHERE e.tenant_id = $1 AND e.case_id = c.id) = sqlc.narg(extended))
      AND (sqlc.narg(closed_from)::timestamptz IS NULL OR c.closed_at >= sqlc.narg(closed_from))
      AND (sqlc.narg(closed_before)::timestamptz IS NULL OR c.closed_at < sqlc.narg(closed_before)) THEN true ELSE false END
  AND c.received_at >= sqlc.arg(received_from)::timestamptz
  AND (c.received_at, c.id) < (sqlc.arg(before_at)::timestamptz, sqlc.arg(before_id)::uuid)
ORDER BY c.received_at DESC, c.id DESC
LIMIT sqlc.arg(wanted);

-- name: ListCasesInState :many
SELECT c.id, c.reference, c.request_right, c.regime, c.channel, c.state, c.outcome, c.identity, c.assignee_id, c.duplicate_of, c.received_at,
    c.closed_at, c.next_due, c.language, c.on_time
FROM cases c
WHERE c.tenant_id = $1 AND c.state = sqlc.arg(state)
  AND CASE WHEN (sqlc.narg(request_right)::text IS NULL OR c.request_right = sqlc.narg(request_right))
      AND (sqlc.narg(regime)::text IS NULL OR c.regime = sqlc.narg(regime))
      AND (sqlc.narg(outcome)::text IS NULL OR c.outcome = sqlc.narg(outcome))
      AND (sqlc.narg(on_time)::boolean IS NULL OR c.on_time = sqlc.narg(on_time))
      AND (sqlc.narg(reason_code)::text IS NULL OR c.reason_code = sqlc.narg(reason_code))
      AND (sqlc.narg(duplicate)::boolean IS NULL OR (c.duplicate_of IS NOT NULL) = sqlc.narg(duplicate))
      AND (sqlc.narg(overdue_at)::timestamptz IS NULL OR (c.answered_at IS NULL AND c.next_due < sqlc.narg(overdue_at)))
      AND (sqlc.narg(extended)::boolean IS NULL OR EXISTS (SELECT FROM extensions e WHERE e.tenant_id = $1 AND e.case_id = c.id) = sqlc.narg(extended))
      AND (sqlc.narg(closed_from)::timestamptz IS NULL OR c.closed_at >= sqlc.narg(closed_from))
      AND (sqlc.narg(closed_before)::timestamptz IS NULL OR c.closed_at < sqlc.narg(closed_before)) THEN true ELSE false END
  AND c.received_at >= sqlc.arg(received_from)::timestamptz
  AND (c.received_at, c.id) < (sqlc.arg(before_at)::timestamptz, sqlc.arg(before_id)::uuid)
ORDER BY c.received_at DESC, c.id DESC
LIMIT sqlc.arg(wanted);

-- name: ListDuplicates :many
SELECT c.id, c.reference, c.request_right, c.regime, c.channel, c.state, c.outcome, c.identity, c.assignee_id, c.duplicate_of, c.received_at,
    c.closed_at, c.next_due, c.language, c.on_time
FROM cases c
WHERE c.tenant_id = $1 AND c.duplicate_of IS NOT NULL
  AND CASE WHEN (sqlc.narg(state)::text IS NULL OR c.state = sqlc.narg(state))
      AND (sqlc.narg(request_right)::text IS NULL OR c.request_right = sqlc.narg(request_right))
      AND (sqlc.narg(regime)::text IS NULL OR c.regime = sqlc.narg(regime))
      AND (sqlc.narg(outcome)::text IS NULL OR c.outcome = sqlc.narg(outcome))
      AND (sqlc.narg(on_time)::boolean IS NULL OR c.on_time = sqlc.narg(on_time))
      AND (sqlc.narg(reason_code)::text IS NULL OR c.reason_code = sqlc.narg(reason_code))
      AND (sqlc.narg(open)::boolean IS NULL OR (c.state <> 'closed') = sqlc.narg(open))
      AND (sqlc.narg(overdue_at)::timestamptz IS NULL OR (c.answered_at IS NULL AND c.next_due < sqlc.narg(overdue_at)))
      AND (sqlc.narg(extended)::boolean IS NULL OR EXISTS (SELECT FROM extensions e WHERE e.tenant_id = $1 AND e.case_id = c.id) = sqlc.narg(extended))
      AND (sqlc.narg(closed_from)::timestamptz IS NULL OR c.closed_at >= sqlc.narg(closed_from))
      AND (sqlc.narg(closed_before)::timestamptz IS NULL OR c.closed_at < sqlc.narg(closed_before)) THEN true ELSE false END
  AND c.received_at >= sqlc.arg(received_from)::timestamptz
  AND (c.received_at, c.id) < (sqlc.arg(before_at)::timestamptz, sqlc.arg(before_id)::uuid)
ORDER BY c.received_at DESC, c.id DESC
LIMIT sqlc.arg(wanted);

-- name: ListCasesOfNobody :many
SELECT c.id, c.reference, c.request_right, c.regime, c.channel, c.state, c.outcome, c.identity, c.assignee_id, c.duplicate_of, c.received_at,
    c.closed_at, c.next_due, c.language, c.on_time
FROM cases c
WHERE c.tenant_id = $1 AND c.assignee_id IS NULL
  AND CASE WHEN (sqlc.narg(state)::text IS NULL OR c.state = sqlc.narg(state))
      AND (sqlc.narg(request_right)::text IS NULL OR c.request_right = sqlc.narg(request_right))
      AND (sqlc.narg(regime)::text IS NULL OR c.regime = sqlc.narg(regime))
      AND (sqlc.narg(outcome)::text IS NULL OR c.outcome = sqlc.narg(outcome))
      AND (sqlc.narg(on_time)::boolean IS NULL OR c.on_time = sqlc.narg(on_time))
      AND (sqlc.narg(reason_code)::text IS NULL OR c.reason_code = sqlc.narg(reason_code))
      AND (sqlc.narg(duplicate)::boolean IS NULL OR (c.duplicate_of IS NOT NULL) = sqlc.narg(duplicate))
      AND (sqlc.narg(open)::boolean IS NULL OR (c.state <> 'closed') = sqlc.narg(open))
      AND (sqlc.narg(overdue_at)::timestamptz IS NULL OR (c.answered_at IS NULL AND c.next_due < sqlc.narg(overdue_at)))
      AND (sqlc.narg(extended)::boolean IS NULL OR EXISTS (SELECT FROM extensions e WHERE e.tenant_id = $1 AND e.case_id = c.id) = sqlc.narg(extended))
      AND (sqlc.narg(closed_from)::timestamptz IS NULL OR c.closed_at >= sqlc.narg(closed_from))
      AND (sqlc.narg(closed_before)::timestamptz IS NULL OR c.closed_at < sqlc.narg(closed_before)) THEN true ELSE false END
  AND c.received_at >= sqlc.arg(received_from)::timestamptz
  AND (c.received_at, c.id) < (sqlc.arg(before_at)::timestamptz, sqlc.arg(before_id)::uuid)
ORDER BY c.received_at DESC, c.id DESC
LIMIT sqlc.arg(wanted);

-- name: ListCasesOfAssignee :many
SELECT c.id, c.reference, c.request_right, c.regime, c.channel, c.state, c.outcome, c.identity, c.assignee_id, c.duplicate_of, c.received_at,
    c.closed_at, c.next_due, c.language, c.on_time
FROM cases c
WHERE c.tenant_id = $1 AND c.assignee_id = sqlc.arg(assignee_id)::uuid
  AND CASE WHEN (sqlc.narg(request_right)::text IS NULL OR c.request_right = sqlc.narg(request_right))
      AND (sqlc.narg(regime)::text IS NULL OR c.regime = sqlc.narg(regime))
      AND (sqlc.narg(outcome)::text IS NULL OR c.outcome = sqlc.narg(outcome))
      AND (sqlc.narg(on_time)::boolean IS NULL OR c.on_time = sqlc.narg(on_time))
      AND (sqlc.narg(reason_code)::text IS NULL OR c.reason_code = sqlc.narg(reason_code))
      AND (sqlc.narg(duplicate)::boolean IS NULL OR (c.duplicate_of IS NOT NULL) = sqlc.narg(duplicate))
      AND (sqlc.narg(open)::boolean IS NULL OR (c.state <> 'closed') = sqlc.narg(open))
      AND (sqlc.narg(overdue_at)::timestamptz IS NULL OR (c.answered_at IS NULL AND c.next_due < sqlc.narg(overdue_at)))
      AND (sqlc.narg(extended)::boolean IS NULL OR EXISTS (SELECT FROM extensions e WHERE e.tenant_id = $1 AND e.case_id = c.id) = sqlc.narg(extended))
      AND (sqlc.narg(closed_from)::timestamptz IS NULL OR c.closed_at >= sqlc.narg(closed_from))
      AND (sqlc.narg(closed_before)::timestamptz IS NULL OR c.closed_at < sqlc.narg(closed_before)) THEN true ELSE false END
  AND c.received_at >= sqlc.arg(received_from)::timestamptz
  AND (c.received_at, c.id) < (sqlc.arg(before_at)::timestamptz, sqlc.arg(before_id)::uuid)
ORDER BY c.received_at DESC, c.id DESC
LIMIT sqlc.arg(wanted);

-- name: ListCasesOfAssigneeInState :many
SELECT c.id, c.reference, c.request_right, c.regime, c.channel, c.state, c.outcome, c.identity, c.assignee_id, c.duplicate_of, c.received_at,
    c.closed_at, c.next_due, c.language, c.on_time
FROM cases c
WHERE c.tenant_id = $1 AND c.assignee_id = sqlc.arg(assignee_id)::uuid AND c.state = sqlc.arg(state)
  AND CASE WHEN (sqlc.narg(request_right)::text IS NULL OR c.request_right = sqlc.narg(request_right))
      AND (sqlc.narg(regime)::text IS NULL OR c.regime = sqlc.narg(regime))
      AND (sqlc.narg(outcome)::text IS NULL OR c.outcome = sqlc.narg(outcome))
      AND (sqlc.narg(on_time)::boolean IS NULL OR c.on_time = sqlc.narg(on_time))
      AND (sqlc.narg(reason_code)::text IS NULL OR c.reason_code = sqlc.narg(reason_code))
      AND (sqlc.narg(duplicate)::boolean IS NULL OR (c.duplicate_of IS NOT NULL) = sqlc.narg(duplicate))
      AND (sqlc.narg(overdue_at)::timestamptz IS NULL OR (c.answered_at IS NULL AND c.next_due < sqlc.narg(overdue_at)))
      AND (sqlc.narg(extended)::boolean IS NULL OR EXISTS (SELECT FROM extensions e WHERE e.tenant_id = $1 AND e.case_id = c.id) = sqlc.narg(extended))
      AND (sqlc.narg(closed_from)::timestamptz IS NULL OR c.closed_at >= sqlc.narg(closed_from))
      AND (sqlc.narg(closed_before)::timestamptz IS NULL OR c.closed_at < sqlc.narg(closed_before)) THEN true ELSE false END
  AND c.received_at >= sqlc.arg(received_from)::timestamptz
  AND (c.received_at, c.id) < (sqlc.arg(before_at)::timestamptz, sqlc.arg(before_id)::uuid)
ORDER BY c.received_at DESC, c.id DESC
LIMIT sqlc.arg(wanted);

-- name: ListCasesByDue :many
SELECT c.id, c.reference, c.request_right, c.regime, c.channel, c.state, c.outcome, c.identity, c.assignee_id, c.duplicate_of, c.received_at,
    c.closed_at, c.next_due, c.language, c.on_time
FROM cases c
WHERE c.tenant_id = $1 AND c.next_due IS NOT NULL
  AND CASE WHEN (sqlc.narg(nobody)::boolean IS NULL OR (c.assignee_id IS NULL) = sqlc.narg(nobody))
      AND (sqlc.narg(state)::text IS NULL OR c.state = sqlc.narg(state))
      AND (sqlc.narg(request_right)::text IS NULL OR c.request_right = sqlc.narg(request_right))
      AND (sqlc.narg(regime)::text IS NULL OR c.regime = sqlc.narg(regime))
      AND (sqlc.narg(outcome)::text IS NULL OR c.outcome = sqlc.narg(outcome))
      AND (sqlc.narg(on_time)::boolean IS NULL OR c.on_time = sqlc.narg(on_time))
      AND (sqlc.narg(reason_code)::text IS NULL OR c.reason_code = sqlc.narg(reason_code))
      AND (sqlc.narg(duplicate)::boolean IS NULL OR (c.duplicate_of IS NOT NULL) = sqlc.narg(duplicate))
      AND (sqlc.narg(open)::boolean IS NULL OR (c.state <> 'closed') = sqlc.narg(open))
      AND (sqlc.narg(overdue_at)::timestamptz IS NULL OR (c.answered_at IS NULL AND c.next_due < sqlc.narg(overdue_at)))
      AND (sqlc.narg(extended)::boolean IS NULL OR EXISTS (SELECT FROM extensions e WHERE e.tenant_id = $1 AND e.case_id = c.id) = sqlc.narg(extended))
      AND (sqlc.narg(closed_from)::timestamptz IS NULL OR c.closed_at >= sqlc.narg(closed_from))
      AND (sqlc.narg(closed_before)::timestamptz IS NULL OR c.closed_at < sqlc.narg(closed_before))
      AND c.received_at >= sqlc.arg(received_from)::timestamptz AND c.received_at < sqlc.arg(received_before)::timestamptz THEN true ELSE false END
  AND (c.next_due, c.id) > (sqlc.arg(after_due)::timestamptz, sqlc.arg(after_id)::uuid)
ORDER BY c.next_due, c.id
LIMIT sqlc.arg(wanted);

-- name: ListCasesOfAssigneeByDue :many
SELECT c.id, c.reference, c.request_right, c.regime, c.channel, c.state, c.outcome, c.identity, c.assignee_id, c.duplicate_of, c.received_at,
    c.closed_at, c.next_due, c.language, c.on_time
FROM cases c
WHERE c.tenant_id = $1 AND c.next_due IS NOT NULL AND c.assignee_id = sqlc.arg(assignee_id)::uuid
  AND CASE WHEN (sqlc.narg(state)::text IS NULL OR c.state = sqlc.narg(state))
      AND (sqlc.narg(request_right)::text IS NULL OR c.request_right = sqlc.narg(request_right))
      AND (sqlc.narg(regime)::text IS NULL OR c.regime = sqlc.narg(regime))
      AND (sqlc.narg(outcome)::text IS NULL OR c.outcome = sqlc.narg(outcome))
      AND (sqlc.narg(on_time)::boolean IS NULL OR c.on_time = sqlc.narg(on_time))
      AND (sqlc.narg(reason_code)::text IS NULL OR c.reason_code = sqlc.narg(reason_code))
      AND (sqlc.narg(duplicate)::boolean IS NULL OR (c.duplicate_of IS NOT NULL) = sqlc.narg(duplicate))
      AND (sqlc.narg(open)::boolean IS NULL OR (c.state <> 'closed') = sqlc.narg(open))
      AND (sqlc.narg(overdue_at)::timestamptz IS NULL OR (c.answered_at IS NULL AND c.next_due < sqlc.narg(overdue_at)))
      AND (sqlc.narg(extended)::boolean IS NULL OR EXISTS (SELECT FROM extensions e WHERE e.tenant_id = $1 AND e.case_id = c.id) = sqlc.narg(extended))
      AND (sqlc.narg(closed_from)::timestamptz IS NULL OR c.closed_at >= sqlc.narg(closed_from))
      AND (sqlc.narg(closed_before)::timestamptz IS NULL OR c.closed_at < sqlc.narg(closed_before))
      AND c.received_at >= sqlc.arg(received_from)::timestamptz AND c.received_at < sqlc.arg(received_before)::timestamptz THEN true ELSE false END
  AND (c.next_due, c.id) > (sqlc.arg(after_due)::timestamptz, sqlc.arg(after_id)::uuid)
ORDER BY c.next_due, c.id
LIMIT sqlc.arg(wanted);

-- name: ListCasesOfSubjects :many
SELECT id, reference, request_right, regime, channel, state, outcome, identity, assignee_id, duplicate_of, received_at,
    closed_at, next_due, language, on_time
FROM cases
WHERE tenant_id = $1 AND subject_id = ANY(sqlc.arg(subject_ids)::uuid[])
ORDER BY received_at DESC, id DESC
LIMIT sqlc.arg(wanted);

-- name: ListCasesByIdentity :many
SELECT c.id, c.reference, c.request_right, c.regime, c.channel, c.state, c.outcome, c.identity, c.assignee_id, c.duplicate_of, c.received_at,
    c.closed_at, c.next_due, c.language, c.on_time
FROM cases c
WHERE c.tenant_id = $1 AND c.subject_id IN (
    SELECT i.subject_id FROM subject_identities i
    WHERE i.tenant_id = $1 AND i.kind = sqlc.arg(identity_kind) AND i.blind_index = sqlc.arg(blind_index))
ORDER BY c.received_at DESC, c.id DESC
LIMIT sqlc.arg(wanted);

-- name: ListCasesByName :many
SELECT c.id, c.reference, c.request_right, c.regime, c.channel, c.state, c.outcome, c.identity, c.assignee_id, c.duplicate_of, c.received_at,
    c.closed_at, c.next_due, c.language, c.on_time
FROM cases c
WHERE c.tenant_id = $1 AND c.subject_id IN (
    SELECT i.subject_id FROM subject_identities i
    WHERE i.tenant_id = $1 AND i.kind = 'name_token' AND i.blind_index = ANY(sqlc.arg(tokens)::bytea[])
    GROUP BY i.subject_id HAVING count(DISTINCT i.blind_index) = cardinality(sqlc.arg(tokens)::bytea[])
    LIMIT sqlc.arg(matches))
ORDER BY c.received_at DESC, c.id DESC
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
