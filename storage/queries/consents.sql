-- name: ConsentPurposes :many
SELECT number, key, class, similar_goods, tracking, created_at, retired_at FROM consent_purposes WHERE tenant_id = $1 ORDER BY number;

-- name: InsertConsentPurpose :one
INSERT INTO consent_purposes (tenant_id, number, key, class, similar_goods, tracking, created_at)
SELECT sqlc.arg(tenant_id)::uuid, coalesce(max(number), 0) + 1, sqlc.arg(key)::text, sqlc.arg(class)::text, sqlc.arg(similar_goods)::boolean, sqlc.arg(tracking)::boolean,
    sqlc.arg(at)::timestamptz
FROM consent_purposes WHERE tenant_id = sqlc.arg(tenant_id)::uuid
RETURNING number;

-- name: UpdateConsentPurpose :execrows
UPDATE consent_purposes SET class = sqlc.arg(class)::text, similar_goods = sqlc.arg(similar_goods)::boolean, retired_at = sqlc.narg(retired_at)::timestamptz
WHERE tenant_id = sqlc.arg(tenant_id)::uuid AND number = sqlc.arg(number)::integer;

-- name: InsertConsentText :one
INSERT INTO consent_texts (id, tenant_id, purpose, language, version, title, body, created_at, created_by)
SELECT sqlc.arg(id)::uuid, sqlc.arg(tenant_id)::uuid, sqlc.arg(purpose)::integer, sqlc.arg(language)::text, coalesce(max(version), 0) + 1, sqlc.arg(title)::text,
    sqlc.arg(body)::text, sqlc.arg(at)::timestamptz, sqlc.arg(by)::text
FROM consent_texts WHERE tenant_id = sqlc.arg(tenant_id)::uuid AND purpose = sqlc.arg(purpose)::integer AND language = sqlc.arg(language)::text
RETURNING version;

-- name: ConsentTexts :many
SELECT id, purpose, language, version, title, body, created_at, created_by FROM consent_texts WHERE tenant_id = $1 ORDER BY purpose, language, version DESC;

-- name: InsertConsentPeople :exec
INSERT INTO consent_people (id, tenant_id, kind, blind_index, wrapped_key, value_sealed, country, language, created_at)
SELECT id, sqlc.arg(tenant_id)::uuid, kind, blind_index, wrapped_key, sealed, nullif(country, ''), nullif(language, ''), sqlc.arg(at)::timestamptz
FROM (SELECT unnest(sqlc.arg(ids)::uuid[]) AS id, unnest(sqlc.arg(kinds)::text[]) AS kind, unnest(sqlc.arg(blind_indexes)::bytea[]) AS blind_index,
    unnest(sqlc.arg(wrapped_keys)::bytea[]) AS wrapped_key, unnest(sqlc.arg(sealed)::bytea[]) AS sealed, unnest(sqlc.arg(countries)::text[]) AS country,
    unnest(sqlc.arg(languages)::text[]) AS language) AS new
ON CONFLICT (tenant_id, blind_index) DO NOTHING;

-- name: LockConsentPeople :many
-- Whoever writes to the ledger of somebody holds them, always in this order.
SELECT id, blind_index, wrapped_key, country, language FROM consent_people WHERE tenant_id = $1 AND blind_index = ANY(sqlc.arg(blind_indexes)::bytea[])
ORDER BY blind_index FOR NO KEY UPDATE;

-- name: ConsentPerson :one
SELECT id, kind, wrapped_key, value_sealed, country, language, created_at FROM consent_people WHERE tenant_id = $1 AND blind_index = sqlc.arg(blind_index)::bytea;

-- name: TellConsentPeople :exec
-- What came to be known of where somebody lives and what they read.
UPDATE consent_people p SET country = coalesce(nullif(n.country, ''), p.country), language = coalesce(nullif(n.language, ''), p.language)
FROM (SELECT unnest(sqlc.arg(ids)::uuid[]) AS id, unnest(sqlc.arg(countries)::text[]) AS country, unnest(sqlc.arg(languages)::text[]) AS language) AS n
WHERE p.tenant_id = sqlc.arg(tenant_id)::uuid AND p.id = n.id;

-- name: Consents :many
SELECT c.person_id, c.purpose, c.channel, c.requested_at, c.given_at, c.confirmed_at, c.withdrawn_at, c.implied, c.last_at, c.events
FROM (SELECT unnest(sqlc.arg(people)::uuid[]) AS person_id, unnest(sqlc.arg(purposes)::integer[]) AS purpose, unnest(sqlc.arg(channels)::text[]) AS channel) AS k
JOIN consents c ON c.tenant_id = $1 AND c.person_id = k.person_id AND c.purpose = k.purpose AND c.channel = k.channel;

-- name: ConsentsOfPerson :many
SELECT person_id, purpose, channel, requested_at, given_at, confirmed_at, withdrawn_at, implied, last_at, events, implied_until
FROM consents WHERE tenant_id = $1 AND person_id = $2 ORDER BY purpose, channel;

-- name: ConsentsOfSelves :many
SELECT person_id, purpose, channel, requested_at, given_at, confirmed_at, withdrawn_at, implied, last_at, events, implied_until
FROM consents WHERE tenant_id = $1 AND person_id = ANY(sqlc.arg(people)::uuid[]);

-- name: InsertConsents :exec
INSERT INTO consents (tenant_id, person_id, purpose, channel, requested_at, given_at, confirmed_at, withdrawn_at, implied, last_at, events, implied_until, next_look)
SELECT sqlc.arg(tenant_id)::uuid, person_id, purpose, channel, nullif(requested_at, '0001-01-01 00:00:00+00'), nullif(given_at, '0001-01-01 00:00:00+00'),
    nullif(confirmed_at, '0001-01-01 00:00:00+00'), nullif(withdrawn_at, '0001-01-01 00:00:00+00'), implied, last_at, events, implied_until, next_look
FROM (SELECT unnest(sqlc.arg(people)::uuid[]) AS person_id, unnest(sqlc.arg(purposes)::integer[]) AS purpose, unnest(sqlc.arg(channels)::text[]) AS channel,
    unnest(sqlc.arg(requested)::timestamptz[]) AS requested_at, unnest(sqlc.arg(given)::timestamptz[]) AS given_at,
    unnest(sqlc.arg(confirmed)::timestamptz[]) AS confirmed_at, unnest(sqlc.arg(withdrawn)::timestamptz[]) AS withdrawn_at,
    unnest(sqlc.arg(implied)::jsonb[]) AS implied, unnest(sqlc.arg(last)::timestamptz[]) AS last_at, unnest(sqlc.arg(events)::integer[]) AS events,
    unnest(sqlc.arg(until)::date[]) AS implied_until, unnest(sqlc.arg(looks)::date[]) AS next_look) AS new;

-- name: UpdateConsents :execrows
UPDATE consents c SET requested_at = nullif(n.requested_at, '0001-01-01 00:00:00+00'), given_at = nullif(n.given_at, '0001-01-01 00:00:00+00'),
    confirmed_at = nullif(n.confirmed_at, '0001-01-01 00:00:00+00'), withdrawn_at = nullif(n.withdrawn_at, '0001-01-01 00:00:00+00'),
    implied = n.implied, last_at = n.last_at, events = n.events, implied_until = n.implied_until, next_look = n.next_look
FROM (SELECT unnest(sqlc.arg(people)::uuid[]) AS person_id, unnest(sqlc.arg(purposes)::integer[]) AS purpose, unnest(sqlc.arg(channels)::text[]) AS channel,
    unnest(sqlc.arg(requested)::timestamptz[]) AS requested_at, unnest(sqlc.arg(given)::timestamptz[]) AS given_at,
    unnest(sqlc.arg(confirmed)::timestamptz[]) AS confirmed_at, unnest(sqlc.arg(withdrawn)::timestamptz[]) AS withdrawn_at,
    unnest(sqlc.arg(implied)::jsonb[]) AS implied, unnest(sqlc.arg(last)::timestamptz[]) AS last_at, unnest(sqlc.arg(events)::integer[]) AS events,
    unnest(sqlc.arg(until)::date[]) AS implied_until, unnest(sqlc.arg(looks)::date[]) AS next_look) AS n
WHERE c.tenant_id = sqlc.arg(tenant_id)::uuid AND c.person_id = n.person_id AND c.purpose = n.purpose AND c.channel = n.channel;

-- name: InsertConsentEvents :exec
INSERT INTO consent_events (id, tenant_id, person_id, purpose, channel, kind, at, zone, day, recorded_at, relation, no_solicitation, refusable, how, source, text_id,
    batch, position, hash, evidence_sealed)
SELECT id, sqlc.arg(tenant_id)::uuid, person_id, purpose, channel, kind, at, zone, day, sqlc.arg(recorded)::timestamptz, nullif(relation, ''), no_solicitation, refusable,
    how, source, nullif(text_id, '00000000-0000-0000-0000-000000000000'), sqlc.arg(batch)::uuid, position, hash, evidence
FROM (SELECT unnest(sqlc.arg(ids)::uuid[]) AS id, unnest(sqlc.arg(people)::uuid[]) AS person_id, unnest(sqlc.arg(purposes)::integer[]) AS purpose,
    unnest(sqlc.arg(channels)::text[]) AS channel, unnest(sqlc.arg(kinds)::text[]) AS kind, unnest(sqlc.arg(ats)::timestamptz[]) AS at,
    unnest(sqlc.arg(zones)::text[]) AS zone, unnest(sqlc.arg(days)::date[]) AS day, unnest(sqlc.arg(relations)::text[]) AS relation,
    unnest(sqlc.arg(no_solicitations)::boolean[]) AS no_solicitation, unnest(sqlc.arg(refusables)::boolean[]) AS refusable,
    unnest(sqlc.arg(hows)::text[]) AS how, unnest(sqlc.arg(sources)::text[]) AS source, unnest(sqlc.arg(texts)::uuid[]) AS text_id,
    unnest(sqlc.arg(positions)::integer[]) AS position, unnest(sqlc.arg(hashes)::bytea[]) AS hash, unnest(sqlc.arg(evidence)::bytea[]) AS evidence) AS new;

-- name: ConsentEventsOfPerson :many
SELECT id, purpose, channel, kind, at, zone, day, recorded_at, relation, no_solicitation, refusable, how, source, text_id, batch, position, hash, evidence_sealed
FROM consent_events WHERE tenant_id = $1 AND person_id = $2 ORDER BY at, id;

-- name: ConsentBatch :many
-- The hashes of the events that were written together, in their order.
SELECT hash FROM consent_events WHERE tenant_id = $1 AND batch = $2 ORDER BY position;

-- name: ConsentChecks :many
-- What stands for addresses, and whether anything stands against any of them: what that is, is asked only then. Of whom nothing is known there is no row.
SELECT known.place::integer AS place, p.country, p.frequency, p.paused_until, against.barred::boolean AS barred, c.purpose, c.requested_at, c.given_at, c.confirmed_at, c.withdrawn_at, c.implied
FROM unnest(sqlc.arg(blind_indexes)::bytea[]) WITH ORDINALITY AS known (blind_index, place)
CROSS JOIN LATERAL (SELECT (
    EXISTS (SELECT FROM processing_limit_people l WHERE l.tenant_id = $1 AND l.kind = sqlc.arg(kind)::text AND l.blind_index = known.blind_index)
    OR EXISTS (SELECT FROM suppressions s WHERE s.tenant_id = $1 AND s.kind = sqlc.arg(kind)::text AND s.blind_index = known.blind_index AND s.ended_at IS NULL)
    ) AS barred) AS against
LEFT JOIN consent_people p ON p.tenant_id = $1 AND p.blind_index = known.blind_index
LEFT JOIN consents c ON c.tenant_id = $1 AND c.person_id = p.id AND c.channel = sqlc.arg(channel)::text AND c.purpose = ANY(sqlc.arg(purposes)::integer[])
WHERE p.id IS NOT NULL OR against.barred;

-- name: ConsentCheck :many
-- The same of one address. It is the question that is asked most often: with nothing in it of which the planner can't know how many there are, one plan is kept.
-- OFFSET 0 keeps the planner from asking what stands against it once for each place where it is used.
SELECT p.country, p.frequency, p.paused_until, against.barred::boolean AS barred, c.purpose, c.requested_at, c.given_at, c.confirmed_at, c.withdrawn_at, c.implied
FROM (SELECT (
    EXISTS (SELECT FROM processing_limit_people l WHERE l.tenant_id = $1 AND l.kind = sqlc.arg(kind)::text AND l.blind_index = sqlc.arg(blind_index)::bytea)
    OR EXISTS (SELECT FROM suppressions s WHERE s.tenant_id = $1 AND s.kind = sqlc.arg(kind)::text AND s.blind_index = sqlc.arg(blind_index)::bytea AND s.ended_at IS NULL)
    ) AS barred OFFSET 0) AS against
LEFT JOIN consent_people p ON p.tenant_id = $1 AND p.blind_index = sqlc.arg(blind_index)::bytea
LEFT JOIN consents c ON c.tenant_id = $1 AND c.person_id = p.id AND c.channel = sqlc.arg(channel)::text
    AND c.purpose IN (0, sqlc.arg(purpose)::integer, sqlc.arg(tracking)::integer)
WHERE p.id IS NOT NULL OR against.barred;

-- name: ConsentEventsOfKey :many
SELECT kind, at, recorded_at, day, relation, no_solicitation, refusable FROM consent_events
WHERE tenant_id = $1 AND person_id = $2 AND purpose = $3 AND channel = $4;

-- name: ConsentBatchEvent :one
-- What the log says of the events that were written together: it has the id of their batch.
SELECT body FROM audit_events WHERE tenant_id = $1 AND id = sqlc.arg(batch)::uuid AND action = 'consent.recorded';

-- name: ConsentsToLookAt :many
-- Consents whose day has come, oldest first, held together with whose they are: who is held by somebody else is left for the next look.
SELECT c.person_id, c.purpose, c.channel, c.requested_at, c.given_at, c.confirmed_at, c.withdrawn_at, c.implied, c.last_at, c.events, c.implied_until, p.country, p.language
FROM consents c JOIN consent_people p ON p.tenant_id = c.tenant_id AND p.id = c.person_id
WHERE c.tenant_id = $1 AND c.next_look <= sqlc.arg(day)::date ORDER BY c.next_look LIMIT sqlc.arg(most) FOR NO KEY UPDATE OF p, c SKIP LOCKED;

-- name: ConsentsDue :one
-- Whether the day of any consent has come.
SELECT EXISTS (SELECT FROM consents WHERE tenant_id = $1 AND next_look <= sqlc.arg(day)::date)::boolean AS due;

-- name: ConsentsEnding :many
-- How many implied consents end on each day of a span, by purpose.
SELECT implied_until, purpose, count(*) AS consents FROM consents
WHERE tenant_id = $1 AND implied_until >= sqlc.arg(first)::date AND implied_until < sqlc.arg(behind)::date GROUP BY implied_until, purpose ORDER BY implied_until, purpose;

-- name: LockConsentsHeld :many
-- Addresses that somebody is known by and of which the ledger knows, held until the transaction ends: whether anything stands, when the last of it happened, and whether
-- anything but an end was recorded after a moment.
SELECT p.id, p.kind,
    EXISTS (SELECT FROM consents c WHERE c.tenant_id = $1 AND c.person_id = p.id AND c.withdrawn_at IS NULL)::boolean AS in_force,
    coalesce((SELECT max(c.last_at) FROM consents c WHERE c.tenant_id = $1 AND c.person_id = p.id), p.created_at)::timestamptz AS last_at,
    EXISTS (SELECT FROM consent_events e WHERE e.tenant_id = $1 AND e.person_id = p.id AND e.recorded_at > sqlc.arg(since)::timestamptz AND e.kind NOT IN ('withdrawn', 'expired'))::boolean AS anew
FROM consent_people p WHERE p.tenant_id = $1 AND p.blind_index = ANY(sqlc.arg(blind_indexes)::bytea[]) ORDER BY p.blind_index FOR NO KEY UPDATE OF p;

-- name: ForgetConsentPeople :execrows
-- What leads from lines of the ledger to somebody goes; the lines and where they lived stay.
UPDATE consent_people SET blind_index = NULL, wrapped_key = NULL, value_sealed = NULL, language = NULL, frequency = NULL, paused_until = NULL, destroyed_at = sqlc.arg(at)::timestamptz
WHERE tenant_id = $1 AND id = ANY(sqlc.arg(ids)::uuid[]) AND destroyed_at IS NULL;

-- name: ConsentPeopleAfter :many
-- The next of all whose address is known, by their ids.
SELECT id, kind, wrapped_key, value_sealed, country, language FROM consent_people
WHERE tenant_id = $1 AND id > sqlc.arg(behind)::uuid AND destroyed_at IS NULL ORDER BY id LIMIT sqlc.arg(most);

-- name: ConsentEventsOfPeople :many
SELECT person_id, id, purpose, channel, kind, at, zone, day, recorded_at, relation, no_solicitation, refusable, how, source, text_id, batch, position, hash, evidence_sealed
FROM consent_events WHERE tenant_id = $1 AND person_id = ANY(sqlc.arg(people)::uuid[]) ORDER BY person_id, at, id;
