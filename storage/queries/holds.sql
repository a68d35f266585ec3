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
-- Closed requests of somebody by what of them was proven to be theirs, oldest end first.
SELECT DISTINCT c.id, c.reference, c.request_right, c.regime, c.regime_version, c.calendar, c.zone, c.outcome, c.closed_at, c.facts
FROM (SELECT unnest(sqlc.arg(kinds)::text[]) AS kind, unnest(sqlc.arg(blind_indexes)::bytea[]) AS blind_index) known
JOIN subject_identities i ON i.tenant_id = $1 AND i.kind = known.kind AND i.blind_index = known.blind_index
JOIN cases c ON c.tenant_id = $1 AND c.subject_id = i.subject_id AND c.state = 'closed' AND c.identity = 'proven'
    AND docket_proven(i.kind, c.also_proven)
ORDER BY c.closed_at, c.id;

-- name: ClosedRequestsOnErased :many
-- The same of whoever was erased under a case, by the tombstones of it: nobody has to know any more who they are.
SELECT DISTINCT c.id, c.reference, c.request_right, c.regime, c.regime_version, c.calendar, c.zone, c.outcome, c.closed_at, c.facts
FROM erasure_tombstones t
JOIN subject_identities i ON i.tenant_id = t.tenant_id AND i.kind = t.kind AND i.blind_index = t.blind_index
JOIN cases c ON c.tenant_id = t.tenant_id AND c.subject_id = i.subject_id AND c.state = 'closed' AND c.identity = 'proven'
    AND docket_proven(i.kind, c.also_proven)
WHERE t.tenant_id = $1 AND t.case_id = $2 ORDER BY c.closed_at, c.id;
