-- name: InsertLimit :execrows
INSERT INTO processing_limits (id, tenant_id, case_id, kind, citation, provisional, since) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (tenant_id, case_id, kind) WHERE lifted_at IS NULL DO NOTHING;

-- name: InsertLimitPerson :exec
INSERT INTO processing_limit_people (tenant_id, limit_id, kind, blind_index) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING;

-- name: LimitsOfCase :many
SELECT id, case_id, kind, citation, provisional, since, ends_at, lifted_at, lifted_by FROM processing_limits WHERE tenant_id = $1 AND case_id = $2 ORDER BY since, kind;

-- name: LimitsOnIdentities :many
-- What stood against using people's data at a moment, by anything they are known by.
SELECT DISTINCT known.person::integer AS person, l.id, l.case_id, l.kind, l.citation, l.provisional, l.since, l.ends_at, c.reference
FROM (SELECT unnest(sqlc.arg(people)::integer[]) AS person, unnest(sqlc.arg(kinds)::text[]) AS kind, unnest(sqlc.arg(blind_indexes)::bytea[]) AS blind_index) known
JOIN processing_limit_people p ON p.tenant_id = $1 AND p.kind = known.kind AND p.blind_index = known.blind_index
JOIN processing_limits l ON l.tenant_id = $1 AND l.id = p.limit_id AND l.since <= sqlc.arg(at)::timestamptz AND (l.lifted_at IS NULL OR l.lifted_at > sqlc.arg(at)::timestamptz)
    AND (l.ends_at IS NULL OR l.ends_at > sqlc.arg(at)::timestamptz)
JOIN cases c ON c.tenant_id = $1 AND c.id = l.case_id
ORDER BY person, l.since, l.kind;

-- name: SuppressionsOnIdentities :many
SELECT DISTINCT known.person::integer AS person, s.scope, s.reason, s.added_at
FROM (SELECT unnest(sqlc.arg(people)::integer[]) AS person, unnest(sqlc.arg(kinds)::text[]) AS kind, unnest(sqlc.arg(blind_indexes)::bytea[]) AS blind_index) known
JOIN suppressions s ON s.tenant_id = $1 AND s.kind = known.kind AND s.blind_index = known.blind_index AND s.added_at <= sqlc.arg(at)::timestamptz
    AND (s.ended_at IS NULL OR s.ended_at > sqlc.arg(at)::timestamptz)
ORDER BY person, s.added_at;

-- name: Limits :many
-- Limits that stand, newest first, one page; those lifted too if asked for.
SELECT l.id, l.case_id, c.reference, l.kind, l.citation, l.provisional, l.since, l.ends_at, l.lifted_at, l.lifted_by
FROM processing_limits l JOIN cases c ON c.tenant_id = l.tenant_id AND c.id = l.case_id
WHERE l.tenant_id = $1 AND (l.lifted_at IS NULL OR sqlc.arg(lifted)::boolean) AND (sqlc.narg(kind)::text IS NULL OR l.kind = sqlc.narg(kind)::text)
    AND (l.since, l.id) < (sqlc.arg(before_at)::timestamptz, sqlc.arg(before_id)::uuid)
ORDER BY l.since DESC, l.id DESC LIMIT sqlc.arg(wanted);

-- name: SettleLimits :execrows
UPDATE processing_limits SET provisional = false WHERE tenant_id = $1 AND case_id = $2 AND lifted_at IS NULL AND provisional;

-- name: EndLimit :execrows
UPDATE processing_limits SET ends_at = sqlc.arg(ends)::timestamptz WHERE tenant_id = $1 AND id = $2 AND lifted_at IS NULL AND ends_at IS NULL;

-- name: LiftLimit :execrows
UPDATE processing_limits SET lifted_at = sqlc.arg(at)::timestamptz, lifted_by = sqlc.arg(by)::text WHERE tenant_id = $1 AND id = $2 AND lifted_at IS NULL;

-- name: LimitsPast :many
-- Limits whose person was told that they end by now.
SELECT id, case_id, kind FROM processing_limits WHERE tenant_id = $1 AND ends_at <= sqlc.arg(at)::timestamptz AND lifted_at IS NULL ORDER BY ends_at LIMIT sqlc.arg(most);

-- name: InsertBalanceTest :exec
INSERT INTO balance_tests (id, tenant_id, case_id, outcome, body_sealed, recorded_by, recorded_at) VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: BalanceTests :many
SELECT id, outcome, body_sealed, recorded_by, recorded_at FROM balance_tests WHERE tenant_id = $1 AND case_id = $2 ORDER BY recorded_at DESC, id DESC;
