-- name: SaveSurvey :exec
INSERT INTO erasure_surveys (tenant_id, run_id, body_sealed, identities_sealed, at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (tenant_id, run_id) DO UPDATE SET body_sealed = excluded.body_sealed, identities_sealed = excluded.identities_sealed, at = excluded.at;

-- name: SurveyedIdentities :many
SELECT v.run_id, v.identities_sealed FROM erasure_surveys v JOIN collection_runs r ON r.tenant_id = v.tenant_id AND r.id = v.run_id
WHERE v.tenant_id = $1 AND r.case_id = $2 AND v.identities_sealed IS NOT NULL ORDER BY v.run_id;

-- name: LatestWarrant :one
-- What the rows of a system were found by in the last round of a case that began to erase there.
SELECT r.id, r.warrant_sealed FROM erasure_runs r JOIN erasure_plans p ON p.tenant_id = r.tenant_id AND p.id = r.plan_id
WHERE r.tenant_id = $1 AND r.case_id = $2 AND r.system_id = $3 AND r.warrant_sealed IS NOT NULL ORDER BY p.round DESC LIMIT 1;

-- name: UntoldErasureRuns :many
-- Those of plans that came to no end of their own, of which no last letter told: with how many rows each changed.
SELECT r.plan_id, p.body_sealed, r.system_id, s.key AS system_key, r.state, coalesce((SELECT sum(t.deleted + t.masked + t.trimmed + t.parts) FROM erasure_steps t
    WHERE t.tenant_id = r.tenant_id AND t.run_id = r.id), 0)::bigint AS changed
FROM erasure_runs r JOIN erasure_plans p ON p.tenant_id = r.tenant_id AND p.id = r.plan_id JOIN systems s ON s.tenant_id = r.tenant_id AND s.id = r.system_id
WHERE r.tenant_id = $1 AND r.case_id = $2 AND p.state <> 'done' ORDER BY p.round, s.key;

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

-- name: IntendErasureStep :one
INSERT INTO erasure_steps (tenant_id, run_id, dataset, collection, intended_at) VALUES ($1, $2, $3, $4, sqlc.arg(at)::timestamptz)
ON CONFLICT (tenant_id, run_id, dataset, collection) DO UPDATE SET begun = erasure_steps.begun + 1 RETURNING begun;

-- name: AddErasureTally :one
UPDATE erasure_steps SET deleted = deleted + sqlc.arg(deleted)::bigint, masked = masked + sqlc.arg(masked)::bigint,
    trimmed = trimmed + sqlc.arg(trimmed)::bigint, parts = parts + sqlc.arg(parts)::bigint
WHERE tenant_id = $1 AND run_id = $2 AND dataset = $3 AND collection = $4
RETURNING (deleted + masked + trimmed + parts)::bigint AS changed;

-- name: EndErasureStep :one
-- Told once, however often the end was come to.
UPDATE erasure_steps SET done_at = sqlc.arg(at)::timestamptz WHERE tenant_id = $1 AND run_id = $2 AND dataset = $3 AND collection = $4 AND done_at IS NULL
RETURNING (deleted + masked + trimmed + parts)::bigint AS changed;

-- name: VerifyErasureStep :exec
UPDATE erasure_steps SET unfinished = sqlc.arg(unfinished)::bigint, kept = sqlc.arg(kept)::bigint, verified_at = sqlc.arg(at)::timestamptz
WHERE tenant_id = $1 AND run_id = $2 AND dataset = $3 AND collection = $4;

-- name: ErasureSteps :many
SELECT e.run_id, e.dataset, e.collection, e.deleted, e.masked, e.trimmed, e.parts, e.unfinished, e.kept, e.intended_at, e.done_at, e.verified_at, e.begun
FROM erasure_steps e JOIN erasure_runs r ON r.tenant_id = e.tenant_id AND r.id = e.run_id
WHERE e.tenant_id = $1 AND r.plan_id = $2 ORDER BY e.intended_at, e.dataset, e.collection;

-- name: EarlierErasureSteps :many
-- What rounds of a case changed before a plan, by system.
SELECT s.key AS system_key, e.dataset, e.collection, sum(e.deleted)::bigint AS deleted, sum(e.masked)::bigint AS masked, sum(e.trimmed)::bigint AS trimmed,
    sum(e.parts)::bigint AS parts, bool_or(e.begun > 1) AS interrupted
FROM erasure_steps e JOIN erasure_runs r ON r.tenant_id = e.tenant_id AND r.id = e.run_id JOIN systems s ON s.tenant_id = r.tenant_id AND s.id = r.system_id
WHERE e.tenant_id = $1 AND r.case_id = $2 AND r.plan_id <> sqlc.arg(plan_id)::uuid GROUP BY s.key, e.dataset, e.collection ORDER BY s.key, e.dataset, e.collection;

-- name: InsertTombstone :exec
INSERT INTO erasure_tombstones (tenant_id, system_id, kind, blind_index, case_id, erased_at) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (tenant_id, system_id, kind, blind_index) DO UPDATE SET case_id = excluded.case_id, erased_at = excluded.erased_at;

-- name: InsertKeyTombstones :exec
INSERT INTO erasure_tombstones (tenant_id, system_id, kind, blind_index, case_id, erased_at)
SELECT $1, $2, 'key', i, sqlc.arg(case_id), sqlc.arg(at)::timestamptz FROM unnest(sqlc.arg(indexes)::bytea[]) AS i
ON CONFLICT (tenant_id, system_id, kind, blind_index) DO UPDATE SET case_id = excluded.case_id, erased_at = excluded.erased_at;

-- name: Tombstones :many
SELECT kind, blind_index, case_id, erased_at FROM erasure_tombstones WHERE tenant_id = $1 AND system_id = $2 ORDER BY kind, blind_index;

-- name: EndedSince :many
-- By what somebody who was erased under a case was known when the suppression of it ended, which was after that erasure began, and why. Who was suppressed
-- once more since then is not among them.
SELECT DISTINCT known.kind, s.end_reason::text AS reason
FROM (
    SELECT t.kind, t.blind_index FROM erasure_tombstones t WHERE t.tenant_id = $1 AND t.case_id = $2 AND t.kind <> 'key'
    UNION SELECT o.kind, o.blind_index FROM suppressions o WHERE o.tenant_id = $1 AND o.case_id = $2 AND o.reason = 'erasure'
) known
JOIN suppressions s ON s.tenant_id = $1 AND s.kind = known.kind AND s.blind_index = known.blind_index AND s.reason = 'erasure'
    AND s.ended_at >= coalesce((SELECT max(p.started_at) FROM erasure_plans p WHERE p.tenant_id = $1 AND p.case_id = $2), '-infinity'::timestamptz)
WHERE NOT EXISTS (
    SELECT FROM suppressions o WHERE o.tenant_id = $1 AND o.kind = known.kind AND o.blind_index = known.blind_index AND o.reason = 'erasure' AND o.ended_at IS NULL
) ORDER BY known.kind, reason;

-- name: InsertSuppression :exec
INSERT INTO suppressions (tenant_id, kind, blind_index, scope, reason, case_id, added_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (tenant_id, kind, blind_index, scope) WHERE ended_at IS NULL DO NOTHING;

-- name: InsertListedSuppressions :many
-- Addresses of a list; who is on one stays on it once. Those are given that were on none.
INSERT INTO suppressions (tenant_id, kind, blind_index, scope, reason, added_at)
SELECT sqlc.arg(tenant_id)::uuid, sqlc.arg(kind)::text, blind_index, sqlc.arg(scope)::text, 'list', sqlc.arg(at)::timestamptz FROM (SELECT unnest(sqlc.arg(blind_indexes)::bytea[]) AS blind_index) AS new
ON CONFLICT (tenant_id, kind, blind_index, scope) WHERE ended_at IS NULL DO NOTHING
RETURNING blind_index;

-- name: SuppressionsOf :many
-- What suppresses somebody by what they are known by, now and before.
SELECT s.kind, s.scope, s.reason, s.added_at, s.ended_at, s.end_reason FROM suppressions s
JOIN (SELECT unnest(sqlc.arg(kinds)::text[]) AS kind, unnest(sqlc.arg(blind_indexes)::bytea[]) AS blind_index) AS known ON known.kind = s.kind AND known.blind_index = s.blind_index
WHERE s.tenant_id = $1 ORDER BY s.added_at DESC, s.id;

-- name: EndSuppressions :many
UPDATE suppressions s SET ended_at = sqlc.arg(at)::timestamptz, ended_by = sqlc.arg(by)::text, end_reason = sqlc.arg(reason)::text
FROM (SELECT unnest(sqlc.arg(kinds)::text[]) AS kind, unnest(sqlc.arg(blind_indexes)::bytea[]) AS blind_index) known
WHERE s.tenant_id = $1 AND s.kind = known.kind AND s.blind_index = known.blind_index AND s.ended_at IS NULL
RETURNING s.id, s.case_id;

-- name: InsertDeferral :execrows
INSERT INTO deferred_erasures (id, tenant_id, case_id, plan_id, subject_id, state, due, body_sealed, created_at, updated_at, summary)
VALUES ($1, $2, $3, $4, $5, 'waiting', $6, $7, $8, $8, $9)
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

-- name: OpenAccessOnIdentities :many
-- Requests for access and portability of somebody that are not closed, by what of them was proven to be theirs: whoever knows an address holds nobody's
-- erasure back.
SELECT DISTINCT c.id, c.reference
FROM (SELECT unnest(sqlc.arg(kinds)::text[]) AS kind, unnest(sqlc.arg(blind_indexes)::bytea[]) AS blind_index) known
JOIN subject_identities i ON i.tenant_id = $1 AND i.kind = known.kind AND i.blind_index = known.blind_index
JOIN cases c ON c.tenant_id = $1 AND c.subject_id = i.subject_id AND c.state <> 'closed' AND c.request_right IN ('access', 'portability')
    AND c.identity = 'proven' AND docket_proven(i.kind, c.also_proven)
ORDER BY c.id LIMIT 10;

-- name: KeepDeferral :execrows
UPDATE deferred_erasures SET body_sealed = $3, summary = $4, updated_at = sqlc.arg(at)::timestamptz WHERE tenant_id = $1 AND id = $2 AND state = 'waiting';

-- name: Deferrals :many
-- What waits, soonest first, and then what is done if asked for, one page.
SELECT d.id, d.case_id, c.reference, d.due, d.state, d.rounds, d.created_at, d.ended_at, d.summary FROM deferred_erasures d
JOIN cases c ON c.tenant_id = d.tenant_id AND c.id = d.case_id
WHERE d.tenant_id = $1 AND (d.state = 'waiting' OR sqlc.arg(done)::boolean) AND (sqlc.narg(request)::uuid IS NULL OR d.case_id = sqlc.narg(request)::uuid)
    AND (d.state = sqlc.arg(after_state)::text AND (d.due, d.id) > (sqlc.arg(after_due)::timestamptz, sqlc.arg(after_id)::uuid)
        OR sqlc.arg(after_state)::text = 'waiting' AND d.state = 'done')
ORDER BY d.state DESC, d.due, d.id LIMIT sqlc.arg(wanted);

-- name: HoldsOnDeferred :many
-- Holds that stand on those whose rows are deferred, by the tombstones of their cases; where only others were asked to erase, by the suppressions.
SELECT DISTINCT c.id AS case_id, h.id, h.matter_sealed, h.systems FROM cases c
JOIN legal_hold_people p ON p.tenant_id = c.tenant_id
JOIN legal_holds h ON h.tenant_id = p.tenant_id AND h.id = p.hold_id
WHERE c.tenant_id = $1 AND c.id = ANY(sqlc.arg(case_ids)::uuid[]) AND h.lifted_at IS NULL AND (
    EXISTS (SELECT FROM erasure_tombstones t WHERE t.tenant_id = c.tenant_id AND t.case_id = c.id AND t.kind = p.kind AND t.blind_index = p.blind_index)
    OR EXISTS (SELECT FROM suppressions s WHERE s.tenant_id = c.tenant_id AND s.case_id = c.id AND s.reason = 'erasure' AND s.kind = p.kind AND s.blind_index = p.blind_index)
) ORDER BY c.id, h.id;

-- name: OpenByHand :many
-- The systems in which people are asked to erase and have not said that they did.
SELECT deferral_id, system_key FROM deferred_by_hand
WHERE tenant_id = $1 AND deferral_id = ANY(sqlc.arg(deferral_ids)::uuid[]) AND (done_through IS NULL OR done_through < asked_through) ORDER BY system_key;

-- name: AskByHand :exec
INSERT INTO deferred_by_hand (tenant_id, deferral_id, system_key, problem, asked_at, asked_through) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (tenant_id, deferral_id, system_key) DO UPDATE SET problem = excluded.problem, asked_at = excluded.asked_at, asked_through = excluded.asked_through;

-- name: AskedByHand :many
SELECT deferral_id, system_key, problem, asked_at, asked_through, done_through, done_by, done_at FROM deferred_by_hand
WHERE tenant_id = $1 AND deferral_id = $2 ORDER BY system_key;

-- name: DoneByHand :execrows
UPDATE deferred_by_hand SET done_through = asked_through, done_by = sqlc.arg(by)::text, done_at = sqlc.arg(at)::timestamptz
WHERE tenant_id = $1 AND deferral_id = $2 AND system_key = $3 AND (done_through IS NULL OR done_through < asked_through);

-- name: HoldsOnErased :many
SELECT DISTINCT h.id, h.matter_sealed, h.citation, h.systems, h.review_on FROM erasure_tombstones t
JOIN legal_hold_people p ON p.tenant_id = t.tenant_id AND p.kind = t.kind AND p.blind_index = t.blind_index
JOIN legal_holds h ON h.tenant_id = p.tenant_id AND h.id = p.hold_id
WHERE t.tenant_id = $1 AND t.case_id = $2 AND h.lifted_at IS NULL ORDER BY h.id;

-- name: RecipientsOfDeferred :many
-- How many recipients of each deferral staff have to tell in the name of a request that was forgotten before.
SELECT d.id, count(*) AS to_tell FROM deferred_erasures d
JOIN cases c ON c.tenant_id = d.tenant_id AND c.id = d.case_id
JOIN recipient_notices n ON n.tenant_id = d.tenant_id AND n.case_id = d.case_id AND n.plan_id = d.plan_id
WHERE d.tenant_id = $1 AND d.id = ANY(sqlc.arg(deferral_ids)::uuid[]) AND n.state = 'to_tell' AND n.created_at >= c.forgotten_at GROUP BY d.id;
