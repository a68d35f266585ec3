-- name: SaveHolding :exec
INSERT INTO holdings (tenant_id, run_id, body_sealed, warrant_sealed, at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (tenant_id, run_id) DO UPDATE SET body_sealed = excluded.body_sealed, warrant_sealed = excluded.warrant_sealed, at = excluded.at;

-- name: HoldingWarrant :one
SELECT h.run_id, h.warrant_sealed FROM holdings h JOIN collection_runs r ON r.tenant_id = h.tenant_id AND r.id = h.run_id
WHERE h.tenant_id = $1 AND r.case_id = $2 AND r.round = $3 AND r.system_id = $4;

-- name: Holdings :many
SELECT h.run_id, h.body_sealed, h.at FROM holdings h JOIN collection_runs r ON r.tenant_id = h.tenant_id AND r.id = h.run_id
JOIN systems s ON s.tenant_id = r.tenant_id AND s.id = r.system_id
WHERE h.tenant_id = $1 AND r.case_id = $2 AND r.round = $3 AND r.state = 'done' ORDER BY s.key;

-- name: InsertCorrection :exec
INSERT INTO corrections (id, tenant_id, case_id, system_id, round, dataset, collection, field, body_sealed, state, proposed_by, proposed_at, decided_by, decided_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14);

-- name: Corrections :many
SELECT c.id, c.case_id, c.system_id, s.key AS system_key, s.name AS system_name, c.round, c.dataset, c.collection, c.field, c.body_sealed, c.state, c.reason,
    c.proposed_by, c.proposed_at, c.decided_by, c.decided_at, c.rows, c.ended_at
FROM corrections c JOIN systems s ON s.tenant_id = c.tenant_id AND s.id = c.system_id
WHERE c.tenant_id = $1 AND c.case_id = $2 ORDER BY c.proposed_at, c.id;

-- name: DecideCorrection :execrows
UPDATE corrections SET state = sqlc.arg(state)::text, reason = sqlc.narg(reason)::text,
    decided_by = CASE WHEN sqlc.arg(state)::text IN ('accepted', 'refused') THEN sqlc.arg(by)::text END,
    decided_at = CASE WHEN sqlc.arg(state)::text IN ('accepted', 'refused') THEN sqlc.arg(at)::timestamptz END
WHERE tenant_id = $1 AND id = $2 AND state IN ('proposed', 'accepted', 'refused');

-- name: EndCorrection :execrows
UPDATE corrections SET state = sqlc.arg(state)::text, rows = sqlc.arg(rows)::bigint, ended_at = sqlc.arg(at)::timestamptz
WHERE tenant_id = $1 AND id = $2 AND state = 'accepted';

-- name: InsertStatement :exec
INSERT INTO statements (id, tenant_id, case_id, body_sealed, made_at) VALUES ($1, $2, $3, $4, $5);

-- name: Statements :many
SELECT id, body_sealed, made_at FROM statements WHERE tenant_id = $1 AND case_id = $2 ORDER BY made_at DESC, id DESC;

-- name: StatementsOn :many
-- What the person behind a mailbox wanted to be kept beside their data, by whichever request.
SELECT s.id, s.case_id, c.subject_id, s.body_sealed, s.made_at FROM statements s
JOIN cases c ON c.tenant_id = s.tenant_id AND c.id = s.case_id
JOIN subject_identities i ON i.tenant_id = c.tenant_id AND i.subject_id = c.subject_id
WHERE s.tenant_id = $1 AND i.kind = 'email' AND i.blind_index = $2 AND c.forgotten_at IS NULL ORDER BY s.made_at, s.id;
