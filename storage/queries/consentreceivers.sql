-- name: InsertConsentReceiver :exec
-- One that hears of what comes begins at the end of the log, one that hears of all that was at its beginning.
INSERT INTO consent_receivers (id, tenant_id, name, kind, url, login, secret_sealed, channels, purposes, zone, begun_leaf, counted_leaf, last_leaf, confirmed_leaf, created_at, updated_at)
SELECT sqlc.arg(id)::uuid, sqlc.arg(tenant_id)::uuid, sqlc.arg(name)::text, sqlc.arg(kind)::text, nullif(sqlc.arg(url)::text, ''), nullif(sqlc.arg(login)::text, ''), sqlc.narg(secret_sealed)::bytea,
    sqlc.arg(channels)::text[], sqlc.arg(purposes)::integer[], sqlc.arg(zone)::text, h.size, h.size, h.size, h.size, sqlc.arg(at)::timestamptz, sqlc.arg(at)::timestamptz
FROM (SELECT CASE WHEN sqlc.arg(backlog)::boolean THEN 0 ELSE coalesce((SELECT size FROM audit_heads WHERE tenant_id = sqlc.arg(tenant_id)::uuid), 0) END AS size) AS h;

-- name: ConsentReceivers :many
SELECT id, name, kind, url, login, secret_sealed, channels, purposes, zone, begun_leaf, counted_leaf, counted_position, last_leaf, last_position, confirmed_leaf, confirmed_position,
    sending_id, sending_leaf, sending_position, tries, next_try_at, problem, taken_at, created_at, updated_at, retired_at
FROM consent_receivers WHERE tenant_id = $1 ORDER BY created_at, id;

-- name: ConsentReceiver :one
SELECT id, name, kind, url, login, secret_sealed, channels, purposes, zone, begun_leaf, counted_leaf, counted_position, last_leaf, last_position, confirmed_leaf, confirmed_position,
    sending_id, sending_leaf, sending_position, tries, next_try_at, problem, taken_at, created_at, updated_at, retired_at
FROM consent_receivers WHERE tenant_id = $1 AND id = $2;

-- name: LockConsentReceiver :one
-- Whoever moves a receiver's places, or counts for it, holds it.
SELECT id, name, kind, url, login, secret_sealed, channels, purposes, zone, begun_leaf, counted_leaf, counted_position, last_leaf, last_position, confirmed_leaf, confirmed_position,
    sending_id, sending_leaf, sending_position, tries, next_try_at, problem, taken_at, created_at, updated_at, retired_at
FROM consent_receivers WHERE tenant_id = $1 AND id = $2 FOR NO KEY UPDATE;

-- name: ConsentReceiversBehind :many
-- Receivers that something is to be done about: the log has grown, or what is counted waits for its next try.
SELECT r.id, (r.counted_leaf < h.size)::boolean AS behind,
    (r.kind <> 'pull' AND (r.confirmed_leaf, r.confirmed_position) < (r.last_leaf, r.last_position) AND coalesce(r.next_try_at <= sqlc.arg(at)::timestamptz, true))::boolean AS waits
FROM consent_receivers r JOIN audit_heads h ON h.tenant_id = r.tenant_id
WHERE r.tenant_id = $1 AND r.retired_at IS NULL ORDER BY r.created_at, r.id;

-- name: UpdateConsentReceiver :execrows
UPDATE consent_receivers SET name = sqlc.arg(name)::text, url = nullif(sqlc.arg(url)::text, ''), login = nullif(sqlc.arg(login)::text, ''),
    secret_sealed = coalesce(sqlc.narg(secret_sealed)::bytea, secret_sealed), tries = 0, next_try_at = NULL, updated_at = sqlc.arg(at)::timestamptz
WHERE tenant_id = $1 AND id = $2 AND retired_at IS NULL;

-- name: RetireConsentReceiver :execrows
UPDATE consent_receivers SET retired_at = sqlc.arg(at)::timestamptz, updated_at = sqlc.arg(at)::timestamptz, sending_id = NULL, sending_leaf = NULL, sending_position = NULL, next_try_at = NULL
WHERE tenant_id = $1 AND id = $2 AND retired_at IS NULL;

-- name: EndConsentHandovers :execrows
-- What a retired system was to confirm: it writes to nobody any more.
UPDATE consent_handovers SET ended_at = sqlc.arg(at)::timestamptz, letter_at = NULL
WHERE tenant_id = $1 AND receiver_id = sqlc.arg(receiver_id)::uuid AND confirmed_at IS NULL AND ended_at IS NULL;

-- name: MoveConsentReceiver :execrows
UPDATE consent_receivers SET counted_leaf = sqlc.arg(counted_leaf)::bigint, counted_position = sqlc.arg(counted_position)::integer, last_leaf = sqlc.arg(last_leaf)::bigint, last_position = sqlc.arg(last_position)::integer,
    confirmed_leaf = sqlc.arg(confirmed_leaf)::bigint, confirmed_position = sqlc.arg(confirmed_position)::integer, sending_id = sqlc.narg(sending_id)::uuid, sending_leaf = sqlc.narg(sending_leaf)::bigint,
    sending_position = sqlc.narg(sending_position)::integer, tries = sqlc.arg(tries)::integer, next_try_at = sqlc.narg(next_try_at)::timestamptz, problem = sqlc.narg(problem)::text, taken_at = sqlc.narg(taken_at)::timestamptz
WHERE tenant_id = $1 AND id = $2;

-- name: ConsentChanges :many
-- Lines that concern a receiver, between two places, in the order of the log: every withdrawal and whatever else stops messages, every end of such a stop, and every express yes that the
-- log has behind a withdrawal of the same or behind a stop. That order is the same for whoever asks again.
SELECT a.leaf_index::bigint AS leaf_index, e.position, e.id, e.batch, e.hash, e.person_id, e.purpose, e.channel, e.kind, e.at, e.recorded_at, e.how,
    p.kind AS address_kind, p.country, p.wrapped_key, p.value_sealed
FROM (SELECT l.id, l.leaf_index FROM audit_events l WHERE l.tenant_id = $1 AND l.leaf_index >= sqlc.arg(from_leaf)::bigint AND l.leaf_index <= sqlc.arg(to_leaf)::bigint
    AND l.action IN ('consent.recorded', 'consent.stops_recorded') ORDER BY l.leaf_index) AS a
CROSS JOIN LATERAL (
    SELECT b.id, b.batch, b.position, b.hash, b.person_id, b.purpose, b.channel, b.kind, b.at, b.recorded_at, b.how FROM consent_events b
    WHERE b.tenant_id = $1 AND b.batch = a.id AND (a.leaf_index > sqlc.arg(from_leaf)::bigint OR b.position >= sqlc.arg(from_position)::integer)
    AND (a.leaf_index < sqlc.arg(to_leaf)::bigint OR b.position < sqlc.arg(to_position)::integer)
    AND b.channel = ANY(sqlc.arg(channels)::text[]) AND (b.purpose = 0 OR cardinality(sqlc.arg(purposes)::integer[]) = 0 OR b.purpose = ANY(sqlc.arg(purposes)::integer[]))
    AND (b.kind = 'withdrawn' OR b.kind IN ('given', 'confirmed') AND (EXISTS (
        SELECT FROM consent_events w JOIN audit_events o ON o.tenant_id = $1 AND o.id = w.batch
        WHERE w.tenant_id = $1 AND w.person_id = b.person_id AND w.kind = 'withdrawn' AND w.channel = b.channel AND w.purpose IN (0, b.purpose)
        AND (o.leaf_index, w.position) < (a.leaf_index, b.position))
    OR EXISTS (
        SELECT FROM consent_stops w JOIN audit_events o ON o.tenant_id = $1 AND o.id = w.batch
        WHERE w.tenant_id = $1 AND w.person_id = b.person_id AND w.kind <> 'stop_ended' AND w.channel = b.channel AND o.leaf_index < a.leaf_index)))
    UNION ALL
    SELECT s.id, s.batch, s.position, s.hash, s.person_id, 0, s.channel, s.kind, s.recorded_at, s.recorded_at, s.how FROM consent_stops s
    WHERE s.tenant_id = $1 AND s.batch = a.id AND (a.leaf_index > sqlc.arg(from_leaf)::bigint OR s.position >= sqlc.arg(from_position)::integer)
    AND (a.leaf_index < sqlc.arg(to_leaf)::bigint OR s.position < sqlc.arg(to_position)::integer) AND s.channel = ANY(sqlc.arg(channels)::text[])
    ORDER BY position
) AS e
JOIN consent_people p ON p.tenant_id = $1 AND p.id = e.person_id
ORDER BY a.leaf_index, e.position LIMIT sqlc.arg(most);

-- name: StoppedPeople :many
-- Addresses of the ledger by what they are found by, to be stopped.
SELECT id, kind FROM consent_people WHERE tenant_id = $1 AND blind_index = ANY(sqlc.arg(blind_indexes)::bytea[]) ORDER BY id;

-- name: StoppedByList :many
-- Addresses of the ledger that stand on a list, of those that were on it before only whom nothing has stopped messages to: they came into the ledger since.
SELECT p.id, p.kind FROM consent_people p WHERE p.tenant_id = $1 AND p.blind_index = ANY(sqlc.arg(blind_indexes)::bytea[]) AND (p.blind_index = ANY(sqlc.arg(fresh)::bytea[])
    OR NOT EXISTS (SELECT FROM consent_stops s WHERE s.tenant_id = $1 AND s.person_id = p.id AND s.kind <> 'stop_ended')) ORDER BY p.id;

-- name: StoppedBefore :many
-- Those of them to whom messages were stopped: an end of it concerns nobody else.
SELECT p.id, p.kind FROM consent_people p WHERE p.tenant_id = $1 AND p.blind_index = ANY(sqlc.arg(blind_indexes)::bytea[])
AND EXISTS (SELECT FROM consent_stops s WHERE s.tenant_id = $1 AND s.person_id = p.id AND s.kind <> 'stop_ended') ORDER BY p.id;

-- name: StoppedByLimit :many
-- The same of those who stand under a limit.
SELECT p.id, p.kind FROM processing_limit_people l JOIN consent_people p ON p.tenant_id = $1 AND p.blind_index = l.blind_index
WHERE l.tenant_id = $1 AND l.limit_id = sqlc.arg(limit_id)::uuid
AND EXISTS (SELECT FROM consent_stops s WHERE s.tenant_id = $1 AND s.person_id = p.id AND s.kind <> 'stop_ended') ORDER BY p.id;

-- name: AnyConsentReceiver :one
SELECT EXISTS (SELECT FROM consent_receivers WHERE tenant_id = $1 AND retired_at IS NULL)::boolean AS any_in_use;

-- name: InsertConsentStops :exec
INSERT INTO consent_stops (id, tenant_id, person_id, channel, kind, recorded_at, how, batch, position, hash)
SELECT unnest(sqlc.arg(ids)::uuid[]), sqlc.arg(tenant_id)::uuid, unnest(sqlc.arg(people)::uuid[]), unnest(sqlc.arg(channels)::text[]), sqlc.arg(kind)::text, sqlc.arg(recorded)::timestamptz, sqlc.arg(how)::text,
    sqlc.arg(batch)::uuid, unnest(sqlc.arg(positions)::integer[]), unnest(sqlc.arg(hashes)::bytea[]);

-- name: ConsentsOfPeople :many
-- What stands for people on some channels, whatever the purpose.
SELECT person_id, purpose, channel, requested_at, given_at, confirmed_at, withdrawn_at, implied FROM consents
WHERE tenant_id = $1 AND person_id = ANY(sqlc.arg(people)::uuid[]) AND channel = ANY(sqlc.arg(channels)::text[]);

-- name: ConsentHandoverOf :one
SELECT id, receiver_id, day, laws, begins_at, due_at, due_law, withdrawals, confirmed, late, confirmed_at, letter_at, warned_at, overdue_at, ended_at
FROM consent_handovers WHERE tenant_id = $1 AND receiver_id = sqlc.arg(receiver_id)::uuid AND day = sqlc.arg(day)::date FOR NO KEY UPDATE;

-- name: PutConsentHandover :exec
INSERT INTO consent_handovers (id, tenant_id, receiver_id, day, laws, begins_at, due_at, due_law, withdrawals, confirmed, late, confirmed_at, letter_at, warned_at, overdue_at)
VALUES (sqlc.arg(id)::uuid, sqlc.arg(tenant_id)::uuid, sqlc.arg(receiver_id)::uuid, sqlc.arg(day)::date, sqlc.arg(laws)::jsonb, sqlc.arg(begins_at)::timestamptz, sqlc.arg(due_at)::timestamptz,
    sqlc.arg(due_law)::text, sqlc.arg(withdrawals)::integer, sqlc.arg(confirmed)::integer, sqlc.arg(late)::integer, sqlc.narg(confirmed_at)::timestamptz, sqlc.narg(letter_at)::timestamptz,
    sqlc.narg(warned_at)::timestamptz, sqlc.narg(overdue_at)::timestamptz)
ON CONFLICT (tenant_id, receiver_id, day) DO UPDATE SET laws = excluded.laws, begins_at = excluded.begins_at, due_at = excluded.due_at, due_law = excluded.due_law,
    withdrawals = excluded.withdrawals, confirmed = excluded.confirmed, late = excluded.late, confirmed_at = excluded.confirmed_at, letter_at = excluded.letter_at,
    warned_at = excluded.warned_at, overdue_at = excluded.overdue_at;

-- name: ConsentHandoversToTell :many
-- Those of which staff are to be told, held; who is held by somebody else comes with the next look.
SELECT id, receiver_id, day, laws, begins_at, due_at, due_law, withdrawals, confirmed, late, confirmed_at, letter_at, warned_at, overdue_at, ended_at
FROM consent_handovers WHERE tenant_id = $1 AND letter_at <= sqlc.arg(at)::timestamptz ORDER BY letter_at LIMIT sqlc.arg(most) FOR NO KEY UPDATE SKIP LOCKED;

-- name: ConsentHandovers :many
SELECT id, receiver_id, day, laws, begins_at, due_at, due_law, withdrawals, confirmed, late, confirmed_at, letter_at, warned_at, overdue_at, ended_at
FROM consent_handovers WHERE tenant_id = $1 AND (NOT sqlc.arg(open)::boolean OR confirmed_at IS NULL AND ended_at IS NULL)
AND (sqlc.narg(of_receiver)::uuid IS NULL OR receiver_id = sqlc.narg(of_receiver)::uuid) ORDER BY day DESC, id DESC LIMIT sqlc.arg(most);

-- name: ConsentLinesOfBatch :many
-- What was written together, in its order, without whose address it is.
SELECT id, person_id, purpose, channel, kind, relation, at, recorded_at, how FROM consent_events WHERE tenant_id = $1 AND batch = $2 ORDER BY position;
