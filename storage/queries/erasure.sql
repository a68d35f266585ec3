-- name: SaveSurvey :exec
INSERT INTO erasure_surveys (tenant_id, run_id, body_sealed, at) VALUES ($1, $2, $3, $4)
ON CONFLICT (tenant_id, run_id) DO UPDATE SET body_sealed = excluded.body_sealed, at = excluded.at;

-- name: Surveys :many
SELECT v.run_id, v.body_sealed, v.at FROM erasure_surveys v JOIN collection_runs r ON r.tenant_id = v.tenant_id AND r.id = v.run_id
WHERE v.tenant_id = $1 AND r.case_id = $2 AND r.round = $3 ORDER BY v.run_id;

-- name: InsertErasureDecision :exec
INSERT INTO erasure_decisions (id, tenant_id, case_id, kind, dataset, collection, citation, reason_sealed, decided_by, decided_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- name: ErasureDecisions :many
SELECT id, kind, dataset, collection, citation, reason_sealed, decided_by, decided_at FROM erasure_decisions
WHERE tenant_id = $1 AND case_id = $2 AND removed_at IS NULL ORDER BY decided_at, id;

-- name: ErasureDecisionsSince :one
SELECT count(*) FROM erasure_decisions
WHERE tenant_id = $1 AND case_id = $2 AND kind IN ('keep', 'claim') AND (decided_at > sqlc.arg(since)::timestamptz OR removed_at > sqlc.arg(since)::timestamptz);

-- name: RemoveErasureDecision :execrows
UPDATE erasure_decisions SET removed_at = $4 WHERE tenant_id = $1 AND case_id = $2 AND id = $3 AND removed_at IS NULL;

-- name: InsertErasurePlan :exec
INSERT INTO erasure_plans (id, tenant_id, case_id, round, state, body_sealed, sha256, totals, created_at)
VALUES ($1, $2, $3, $4, 'made', $5, $6, $7, $8);

-- name: VoidErasurePlans :exec
UPDATE erasure_plans SET state = 'void', ended_at = sqlc.arg(at)::timestamptz
WHERE tenant_id = $1 AND case_id = $2 AND state NOT IN ('done', 'void');

-- name: LatestErasurePlan :one
SELECT id, case_id, round, state, body_sealed, sha256, totals, proposed_by, proposed_at, approved_by, approved_at, not_before, started_at, ended_at, created_at
FROM erasure_plans WHERE tenant_id = $1 AND case_id = $2 ORDER BY round DESC LIMIT 1;

-- name: ProposeErasurePlan :execrows
UPDATE erasure_plans SET state = 'proposed', proposed_by = sqlc.arg(by)::text, proposed_at = sqlc.arg(at)::timestamptz
WHERE tenant_id = $1 AND id = $2 AND state = 'made';

-- name: ReturnErasurePlan :execrows
UPDATE erasure_plans SET state = 'made', proposed_by = NULL, proposed_at = NULL, approved_by = NULL, approved_at = NULL, not_before = NULL
WHERE tenant_id = $1 AND id = $2 AND state IN ('proposed', 'approved');

-- name: ApproveErasurePlan :execrows
UPDATE erasure_plans SET state = 'approved', approved_by = sqlc.arg(by)::text, approved_at = sqlc.arg(at)::timestamptz, not_before = sqlc.arg(not_before)::timestamptz
WHERE tenant_id = $1 AND id = $2 AND state = 'proposed';

-- name: BeginErasurePlan :execrows
UPDATE erasure_plans SET state = 'executing', started_at = sqlc.arg(at)::timestamptz WHERE tenant_id = $1 AND id = $2 AND state = 'approved';

-- name: EndErasurePlan :execrows
UPDATE erasure_plans SET state = sqlc.arg(ended)::text, ended_at = sqlc.arg(at)::timestamptz WHERE tenant_id = $1 AND id = $2 AND state = 'executing';

-- name: InsertErasureRun :exec
INSERT INTO erasure_runs (id, tenant_id, case_id, plan_id, system_id, state) VALUES ($1, $2, $3, $4, $5, 'pending')
ON CONFLICT (tenant_id, plan_id, system_id) DO NOTHING;

-- name: ErasureRuns :many
SELECT r.id, r.case_id, r.plan_id, r.system_id, s.key AS system_key, s.name AS system_name, r.state, r.warrant_sealed, r.error, r.started_at, r.ended_at
FROM erasure_runs r JOIN systems s ON s.tenant_id = r.tenant_id AND s.id = r.system_id
WHERE r.tenant_id = $1 AND r.plan_id = $2 ORDER BY s.key;

-- name: SetErasureRun :execrows
UPDATE erasure_runs SET state = sqlc.arg(state)::text, error = sqlc.narg(error)::text,
    started_at = coalesce(started_at, sqlc.arg(at)::timestamptz),
    ended_at = CASE WHEN sqlc.arg(state)::text IN ('done', 'failed', 'by_hand') THEN sqlc.arg(at)::timestamptz END
WHERE tenant_id = $1 AND id = $2;

-- name: SaveWarrant :exec
UPDATE erasure_runs SET warrant_sealed = $3 WHERE tenant_id = $1 AND id = $2;

-- name: ForgetWarrants :exec
UPDATE erasure_runs SET warrant_sealed = NULL WHERE tenant_id = $1 AND case_id = $2;

-- name: IntendErasureStep :execrows
INSERT INTO erasure_steps (tenant_id, run_id, dataset, collection, intended_at) VALUES ($1, $2, $3, $4, sqlc.arg(at)::timestamptz)
ON CONFLICT DO NOTHING;

-- name: AddErasureTally :exec
UPDATE erasure_steps SET deleted = deleted + sqlc.arg(deleted)::bigint, masked = masked + sqlc.arg(masked)::bigint,
    trimmed = trimmed + sqlc.arg(trimmed)::bigint, parts = parts + sqlc.arg(parts)::bigint
WHERE tenant_id = $1 AND run_id = $2 AND dataset = $3 AND collection = $4;

-- name: EndErasureStep :one
UPDATE erasure_steps SET done_at = sqlc.arg(at)::timestamptz WHERE tenant_id = $1 AND run_id = $2 AND dataset = $3 AND collection = $4
RETURNING (deleted + masked + trimmed + parts)::bigint AS changed;

-- name: VerifyErasureStep :exec
UPDATE erasure_steps SET unfinished = sqlc.arg(unfinished)::bigint, kept = sqlc.arg(kept)::bigint, verified_at = sqlc.arg(at)::timestamptz
WHERE tenant_id = $1 AND run_id = $2 AND dataset = $3 AND collection = $4;

-- name: ErasureSteps :many
SELECT e.run_id, e.dataset, e.collection, e.deleted, e.masked, e.trimmed, e.parts, e.unfinished, e.kept, e.intended_at, e.done_at, e.verified_at
FROM erasure_steps e JOIN erasure_runs r ON r.tenant_id = e.tenant_id AND r.id = e.run_id
WHERE e.tenant_id = $1 AND r.plan_id = $2 ORDER BY e.intended_at, e.dataset, e.collection;

-- name: InsertTombstone :exec
INSERT INTO erasure_tombstones (tenant_id, system_id, kind, blind_index, case_id, erased_at) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (tenant_id, system_id, kind, blind_index) DO UPDATE SET case_id = excluded.case_id, erased_at = excluded.erased_at;

-- name: Tombstones :many
SELECT kind, blind_index, case_id, erased_at FROM erasure_tombstones WHERE tenant_id = $1 AND system_id = $2 ORDER BY kind, blind_index;

-- name: InsertSuppression :exec
INSERT INTO suppressions (tenant_id, kind, blind_index, scope, reason, case_id, added_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT DO NOTHING;

-- name: Suppressed :many
SELECT scope, reason, added_at FROM suppressions WHERE tenant_id = $1 AND kind = $2 AND blind_index = $3 ORDER BY scope;

-- name: InsertDeferral :execrows
INSERT INTO deferred_erasures (id, tenant_id, case_id, plan_id, subject_id, state, due, body_sealed, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, 'waiting', $6, $7, $8, $8)
ON CONFLICT (tenant_id, plan_id) DO NOTHING;

-- name: Deferral :one
SELECT id, case_id, plan_id, subject_id, state, due, body_sealed, rounds, created_at, ended_at FROM deferred_erasures WHERE tenant_id = $1 AND id = $2;

-- name: DeferralOfPlan :one
SELECT id, case_id, plan_id, subject_id, state, due, body_sealed, rounds, created_at, ended_at FROM deferred_erasures WHERE tenant_id = $1 AND plan_id = $2;

-- name: DeferralsPast :many
SELECT id, case_id, due FROM deferred_erasures WHERE tenant_id = $1 AND state = 'waiting' AND due < sqlc.arg(at)::timestamptz ORDER BY due LIMIT sqlc.arg(most);

-- name: PutOffDeferral :execrows
UPDATE deferred_erasures SET due = sqlc.arg(due)::timestamptz, rounds = rounds + 1, updated_at = sqlc.arg(at)::timestamptz
WHERE tenant_id = $1 AND id = $2 AND state = 'waiting';

-- name: EndDeferral :execrows
UPDATE deferred_erasures SET state = 'done', body_sealed = NULL, rounds = rounds + 1, ended_at = sqlc.arg(at)::timestamptz, updated_at = sqlc.arg(at)::timestamptz
WHERE tenant_id = $1 AND id = $2 AND state = 'waiting';

-- name: OpenAccessCases :many
SELECT DISTINCT c.id, c.reference, c.regime FROM subject_identities i JOIN cases c ON c.tenant_id = i.tenant_id AND c.subject_id = i.subject_id
WHERE i.tenant_id = $1 AND i.kind = $2 AND i.blind_index = $3 AND c.state <> 'closed' AND c.request_right IN ('access', 'portability')
ORDER BY c.id LIMIT 10;
