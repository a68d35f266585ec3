-- name: InsertRequester :exec
INSERT INTO requesters (id, tenant_id, protocol, handle, name, domain, web_url, verifier, secret_hash, vouches, results, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12);

-- name: Requesters :many
SELECT id, tenant_id, protocol, handle, name, domain, web_url, verifier, secret_hash, previous_hash, previous_until, vouches, results, created_at, updated_at, ended_at
FROM requesters WHERE tenant_id = $1 ORDER BY created_at, id;

-- name: Requester :one
SELECT id, tenant_id, protocol, handle, name, domain, web_url, verifier, secret_hash, previous_hash, previous_until, vouches, results, created_at, updated_at, ended_at
FROM requesters WHERE tenant_id = $1 AND id = $2;

-- name: RequesterByHandle :one
SELECT id, tenant_id, protocol, handle, name, domain, web_url, verifier, secret_hash, previous_hash, previous_until, vouches, results, created_at, updated_at, ended_at
FROM requesters WHERE tenant_id = $1 AND protocol = $2 AND handle = $3 AND ended_at IS NULL;

-- name: RequesterBySecret :one
SELECT id, tenant_id, protocol, handle, name, domain, web_url, verifier, secret_hash, previous_hash, previous_until, vouches, results, created_at, updated_at, ended_at
FROM requesters WHERE tenant_id = $1 AND protocol = $2
  AND (secret_hash = sqlc.arg(secret)::bytea OR previous_hash = sqlc.arg(secret)::bytea AND previous_until > sqlc.arg(at)::timestamptz)
LIMIT 1;

-- name: UpdateRequester :execrows
UPDATE requesters SET name = $3, domain = $4, web_url = $5, verifier = $6, vouches = $7, results = $8, updated_at = sqlc.arg(at)::timestamptz
WHERE tenant_id = $1 AND id = $2 AND ended_at IS NULL;

-- name: ReplaceRequesterSecret :execrows
UPDATE requesters SET previous_hash = secret_hash, previous_until = CASE WHEN secret_hash IS NULL THEN NULL ELSE sqlc.arg(until)::timestamptz END,
    secret_hash = sqlc.arg(secret)::bytea, updated_at = sqlc.arg(at)::timestamptz
WHERE tenant_id = $1 AND id = $2 AND ended_at IS NULL;

-- name: EndRequester :execrows
UPDATE requesters SET ended_at = sqlc.arg(at)::timestamptz, updated_at = sqlc.arg(at)::timestamptz
WHERE tenant_id = $1 AND id = $2 AND ended_at IS NULL;

-- name: ClaimFiledRequest :execrows
-- The same again finds the first, also when both come at once: it waits until the first is kept or undone.
INSERT INTO filed_requests (id, tenant_id, requester_id, request_id, version, case_id, filing_index, digest, targets, received_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT DO NOTHING;

-- name: KeepFiledWords :execrows
UPDATE filed_requests SET said_sealed = sqlc.arg(sealed)::bytea WHERE tenant_id = $1 AND id = $2;

-- name: FiledRequestByIndex :one
SELECT id, tenant_id, requester_id, request_id, version, case_id, filing_index, digest, said_sealed, targets, received_at
FROM filed_requests WHERE tenant_id = $1 AND requester_id = $2 AND filing_index = $3;

-- name: FiledRequestByName :one
SELECT id, tenant_id, requester_id, request_id, version, case_id, filing_index, digest, said_sealed, targets, received_at
FROM filed_requests WHERE tenant_id = $1 AND requester_id = $2 AND request_id = $3;

-- name: FiledRequest :one
SELECT id, tenant_id, requester_id, request_id, version, case_id, filing_index, digest, said_sealed, targets, received_at
FROM filed_requests WHERE tenant_id = $1 AND id = $2;

-- name: CaseFiledBy :one
SELECT f.request_id, f.version, r.id AS requester_id, r.protocol, r.handle, r.name
FROM filed_requests f JOIN requesters r ON r.tenant_id = f.tenant_id AND r.id = f.requester_id
WHERE f.tenant_id = $1 AND f.case_id = $2;

-- name: QueueCallbacks :exec
-- How the case stands now, for each address that hears of it.
INSERT INTO callbacks (id, tenant_id, filed_id, target, case_state, outcome, reason_code, due, state, next_attempt_at, created_at)
SELECT gen_random_uuid(), f.tenant_id, f.id, n.target, c.state, c.outcome, c.reason_code,
    (SELECT min(o.due) FROM obligations o WHERE o.tenant_id = f.tenant_id AND o.case_id = f.case_id AND o.kind IN ('respond', 'inform')),
    'queued', sqlc.arg(at)::timestamptz, sqlc.arg(at)::timestamptz
FROM filed_requests f JOIN cases c ON c.tenant_id = f.tenant_id AND c.id = f.case_id, generate_series(0, f.targets - 1) AS n (target)
WHERE f.tenant_id = $1 AND f.case_id = $2;

-- name: ClaimCallbacks :many
-- The first in turn for each address, and what that address was told last.
WITH due AS MATERIALIZED (
    SELECT c.id FROM callbacks c
    WHERE c.tenant_id = $1 AND c.state = 'queued'
      AND (c.next_attempt_at <= sqlc.arg(at)::timestamptz OR c.next_attempt_at > sqlc.arg(at)::timestamptz + interval '25 hours')
      AND NOT EXISTS (SELECT FROM callbacks e WHERE e.tenant_id = c.tenant_id AND e.filed_id = c.filed_id AND e.target = c.target AND e.turn < c.turn AND e.state = 'queued')
    ORDER BY c.next_attempt_at, c.turn LIMIT sqlc.arg(wanted) FOR UPDATE OF c SKIP LOCKED)
UPDATE callbacks SET attempts = attempts + 1, next_attempt_at = sqlc.arg(lease_until)::timestamptz
FROM due WHERE callbacks.tenant_id = $1 AND callbacks.id = due.id
RETURNING callbacks.id, filed_id, target, case_state, outcome, reason_code, due, attempts, created_at,
    coalesce((SELECT e.said FROM callbacks e WHERE e.tenant_id = callbacks.tenant_id AND e.filed_id = callbacks.filed_id AND e.target = callbacks.target
        AND e.turn < callbacks.turn AND e.said IS NOT NULL ORDER BY e.turn DESC LIMIT 1), '')::text AS said_before;

-- name: EndCallback :execrows
UPDATE callbacks SET state = sqlc.arg(ended), ended_at = sqlc.arg(at)::timestamptz, last_status = sqlc.arg(status)::text, said = sqlc.narg(said)
WHERE tenant_id = $1 AND id = $2 AND state = 'queued';

-- name: RetryCallback :execrows
UPDATE callbacks SET next_attempt_at = $3, last_status = sqlc.arg(status)::text
WHERE tenant_id = $1 AND id = $2 AND state = 'queued';

-- name: ForgetCallbacks :exec
-- The last that was said stays: what comes after is compared with it.
DELETE FROM callbacks c WHERE c.tenant_id = $1 AND c.ended_at < $2
  AND EXISTS (SELECT FROM callbacks e WHERE e.tenant_id = c.tenant_id AND e.filed_id = c.filed_id AND e.target = c.target AND e.turn > c.turn AND e.said IS NOT NULL);

-- name: TenantsWithCallbacks :many
SELECT docket_tenants_with_callbacks(sqlc.arg(at)::timestamptz)::uuid AS id;

-- name: InsertProcessorKey :exec
INSERT INTO processor_keys (id, tenant_id, domain, certificate, key_sealed, expires_at, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: ProcessorKey :one
SELECT id, tenant_id, domain, certificate, key_sealed, expires_at, created_at, retired_at
FROM processor_keys WHERE tenant_id = $1 AND retired_at IS NULL;

-- name: ProcessorCertificate :one
SELECT certificate FROM processor_keys WHERE tenant_id = $1 AND id = $2;

-- name: RetireProcessorKey :exec
UPDATE processor_keys SET retired_at = sqlc.arg(at)::timestamptz, key_sealed = NULL WHERE tenant_id = $1 AND retired_at IS NULL;

-- name: SetProcessorCertificate :execrows
UPDATE processor_keys SET certificate = sqlc.arg(certificate)::text, expires_at = sqlc.arg(expires)::timestamptz
WHERE tenant_id = $1 AND id = $2 AND retired_at IS NULL;
