-- name: InsertStart :exec
INSERT INTO workflow_starts (id, tenant_id, case_id, run, created_at, next_attempt_at) VALUES ($1, $2, $3, $4, $5, $6);

-- name: TenantsWithStarts :many
SELECT docket_tenants_with_starts(sqlc.arg(at)::timestamptz)::uuid AS id;

-- name: StartsSince :one
-- From the newest back, so that the planner goes by the ids, which sort by time.
SELECT count(*) FROM (
    SELECT FROM workflow_starts s WHERE s.tenant_id = $1 AND s.id >= sqlc.arg(first)::uuid AND s.id < sqlc.arg(behind)::uuid ORDER BY s.id DESC LIMIT sqlc.arg(most)) n;

-- name: ClaimStarts :many
-- Nothing waits for an hour. What seems to was written or claimed while a clock was ahead.
WITH due AS MATERIALIZED (
    SELECT s.id FROM workflow_starts s
    WHERE s.tenant_id = $1 AND s.started_at IS NULL
      AND (s.next_attempt_at <= sqlc.arg(due_before)::timestamptz OR s.next_attempt_at > sqlc.arg(at)::timestamptz + interval '1 hour')
    ORDER BY s.next_attempt_at, s.id LIMIT sqlc.arg(wanted) FOR UPDATE SKIP LOCKED)
UPDATE workflow_starts SET attempts = attempts + 1, next_attempt_at = sqlc.arg(lease_until)::timestamptz
FROM due WHERE workflow_starts.tenant_id = $1 AND workflow_starts.id = due.id
RETURNING tenant_id, case_id, run, (
    SELECT c.state <> 'received' FROM cases c WHERE c.tenant_id = workflow_starts.tenant_id AND c.id = workflow_starts.case_id)::boolean AS begun;

-- name: StartDone :exec
-- By the key alone: the planner would take the index of the starts that wait, and go through all that no longer do.
UPDATE workflow_starts SET started_at = coalesce(started_at, sqlc.arg(at)::timestamptz), last_error = NULL
WHERE tenant_id = $1 AND case_id = $2 AND run = $3;

-- name: StartFailed :exec
UPDATE workflow_starts SET next_attempt_at = sqlc.arg(next_attempt_at), last_error = sqlc.arg(problem)::text
WHERE tenant_id = $1 AND case_id = $2 AND run = $3 AND started_at IS NULL;

-- name: InsertSignal :exec
INSERT INTO workflow_signals (id, tenant_id, case_id, workflow_id, name, created_at, next_attempt_at) VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: TenantsWithSignals :many
SELECT docket_tenants_with_signals(sqlc.arg(at)::timestamptz)::uuid AS id;

-- name: ClaimSignals :many
-- Nothing waits for an hour. What seems to was written or claimed while a clock was ahead.
WITH due AS MATERIALIZED (
    SELECT s.id FROM workflow_signals s
    WHERE s.tenant_id = $1 AND s.sent_at IS NULL
      AND (s.next_attempt_at <= sqlc.arg(at)::timestamptz OR s.next_attempt_at > sqlc.arg(at)::timestamptz + interval '1 hour')
    ORDER BY s.next_attempt_at, s.id LIMIT sqlc.arg(wanted) FOR UPDATE SKIP LOCKED)
UPDATE workflow_signals SET attempts = attempts + 1, next_attempt_at = sqlc.arg(lease_until)::timestamptz
FROM due WHERE workflow_signals.tenant_id = $1 AND workflow_signals.id = due.id
RETURNING tenant_id, workflow_signals.id, case_id, workflow_id, name;

-- name: SignalDone :exec
UPDATE workflow_signals SET sent_at = sqlc.arg(at)::timestamptz, last_error = NULL WHERE tenant_id = $1 AND id = $2 AND sent_at IS NULL;

-- name: SignalFailed :exec
UPDATE workflow_signals SET next_attempt_at = sqlc.arg(next_attempt_at), last_error = sqlc.arg(problem)::text
WHERE tenant_id = $1 AND id = $2 AND sent_at IS NULL;

-- name: InsertIdempotencyKey :execrows
INSERT INTO idempotency_keys (tenant_id, principal, key_hash, request_hash, created_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (tenant_id, principal, key_hash) DO NOTHING;

-- name: TryIdempotencyKey :one
-- The lock comes before the row, so that nobody waits for a transaction that holds the row.
WITH lock AS MATERIALIZED (SELECT pg_try_advisory_xact_lock(hashtextextended(sqlc.arg(name)::text, 0))::boolean AS held),
claim AS (
    INSERT INTO idempotency_keys (tenant_id, principal, key_hash, request_hash, created_at, expires_at)
    SELECT sqlc.arg(tenant_id)::uuid, sqlc.arg(principal)::text, sqlc.arg(key_hash)::bytea, sqlc.arg(request_hash)::bytea,
        sqlc.arg(created_at)::timestamptz, sqlc.arg(expires_at)::timestamptz
    FROM lock WHERE held ON CONFLICT (tenant_id, principal, key_hash) DO NOTHING RETURNING 1)
SELECT held, EXISTS (SELECT FROM claim) AS claimed FROM lock;

-- name: IdempotencyKey :one
SELECT request_hash, status, response, created_at, expires_at FROM idempotency_keys
WHERE tenant_id = $1 AND principal = $2 AND key_hash = $3;

-- name: FinishIdempotencyKey :exec
UPDATE idempotency_keys SET status = $4, response = $5 WHERE tenant_id = $1 AND principal = $2 AND key_hash = $3;

-- name: ForgetIdempotencyKeys :exec
DELETE FROM idempotency_keys WHERE tenant_id = $1 AND expires_at < $2;
