-- name: InsertStart :exec
INSERT INTO workflow_starts (id, tenant_id, case_id, run, created_at) VALUES ($1, $2, $3, $4, $5);

-- name: PendingStarts :many
SELECT s.tenant_id::uuid AS tenant_id, s.case_id::uuid AS case_id, s.run::integer AS run FROM docket_pending_starts(sqlc.arg(wanted)::integer) s;

-- name: StartDone :execrows
UPDATE workflow_starts SET started_at = $4, attempts = attempts + 1, last_error = NULL
WHERE tenant_id = $1 AND case_id = $2 AND run = $3 AND started_at IS NULL;

-- name: StartFailed :exec
UPDATE workflow_starts SET attempts = attempts + 1, last_error = $4
WHERE tenant_id = $1 AND case_id = $2 AND run = $3 AND started_at IS NULL;

-- name: InsertSignal :exec
INSERT INTO workflow_signals (id, tenant_id, case_id, workflow_id, name, created_at) VALUES ($1, $2, $3, $4, $5, $6);

-- name: PendingSignals :many
SELECT s.tenant_id::uuid AS tenant_id, s.id::uuid AS id, s.workflow_id::text AS workflow_id, s.name::text AS name FROM docket_pending_signals(sqlc.arg(wanted)::integer) s;

-- name: SignalDone :execrows
UPDATE workflow_signals SET sent_at = $3, attempts = attempts + 1, last_error = NULL WHERE tenant_id = $1 AND id = $2 AND sent_at IS NULL;

-- name: SignalFailed :exec
UPDATE workflow_signals SET attempts = attempts + 1, last_error = $3 WHERE tenant_id = $1 AND id = $2 AND sent_at IS NULL;

-- name: InsertIdempotencyKey :execrows
INSERT INTO idempotency_keys (tenant_id, principal, key_hash, request_hash, created_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (tenant_id, principal, key_hash) DO NOTHING;

-- name: IdempotencyKey :one
SELECT request_hash, status, response, created_at, expires_at FROM idempotency_keys
WHERE tenant_id = $1 AND principal = $2 AND key_hash = $3;

-- name: FinishIdempotencyKey :exec
UPDATE idempotency_keys SET status = $4, response = $5 WHERE tenant_id = $1 AND principal = $2 AND key_hash = $3;

-- name: ForgetIdempotencyKeys :exec
DELETE FROM idempotency_keys WHERE tenant_id = $1 AND expires_at < $2;
