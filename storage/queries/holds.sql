-- name: InsertHold :exec
INSERT INTO legal_holds (id, tenant_id, matter_sealed, citation, systems, review_on, placed_by, placed_at, reason_sealed)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- name: InsertHoldPerson :exec
INSERT INTO legal_hold_people (tenant_id, hold_id, kind, blind_index) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING;

-- name: Holds :many
-- Holds that stand, newest first, one page; those lifted too if asked for.
SELECT h.id, h.matter_sealed, h.citation, h.systems, h.review_on, h.placed_by, h.placed_at, h.reason_sealed, h.lifted_by, h.lifted_at, h.lifted_sealed,
    (SELECT count(*) FROM legal_hold_people p WHERE p.tenant_id = h.tenant_id AND p.hold_id = h.id) AS people
FROM legal_holds h WHERE h.tenant_id = $1 AND (h.lifted_at IS NULL OR sqlc.arg(lifted)::boolean)
    AND (h.placed_at, h.id) < (sqlc.arg(before_at)::timestamptz, sqlc.arg(before_id)::uuid)
ORDER BY h.placed_at DESC, h.id DESC LIMIT sqlc.arg(wanted);

-- name: HoldsOnIdentities :many
SELECT DISTINCT h.id, h.matter_sealed, h.citation, h.systems, h.review_on
FROM (SELECT unnest(sqlc.arg(kinds)::text[]) AS kind, unnest(sqlc.arg(blind_indexes)::bytea[]) AS blind_index) known
JOIN legal_hold_people p ON p.tenant_id = $1 AND p.kind = known.kind AND p.blind_index = known.blind_index
JOIN legal_holds h ON h.tenant_id = $1 AND h.id = p.hold_id AND h.lifted_at IS NULL ORDER BY h.id;

-- name: LiftHold :execrows
UPDATE legal_holds SET lifted_by = sqlc.arg(by)::text, lifted_at = sqlc.arg(at)::timestamptz, lifted_sealed = $3
WHERE tenant_id = $1 AND id = $2 AND lifted_at IS NULL;

-- name: ClosedRequestsOnIdentities :many
-- Closed requests of somebody whose identity was proven, by anything they are known by, oldest end first.
SELECT DISTINCT c.id, c.reference, c.request_right, c.regime, c.regime_version, c.calendar, c.zone, c.outcome, c.closed_at, c.facts
FROM (SELECT unnest(sqlc.arg(kinds)::text[]) AS kind, unnest(sqlc.arg(blind_indexes)::bytea[]) AS blind_index) known
JOIN subject_identities i ON i.tenant_id = $1 AND i.kind = known.kind AND i.blind_index = known.blind_index
JOIN cases c ON c.tenant_id = $1 AND c.subject_id = i.subject_id AND c.state = 'closed' AND c.identity = 'proven'
ORDER BY c.closed_at, c.id;
