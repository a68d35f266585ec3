-- name: ConsentLinkKeys :many
SELECT id, number, key_sealed, created_at, retired_at, revoked_at FROM consent_link_keys WHERE tenant_id = $1 ORDER BY number;

-- name: RetireConsentLinkKey :exec
UPDATE consent_link_keys SET retired_at = sqlc.arg(at)::timestamptz WHERE tenant_id = $1 AND retired_at IS NULL;

-- name: InsertConsentLinkKey :exec
INSERT INTO consent_link_keys (id, tenant_id, number, key_sealed, created_at) VALUES ($1, $2, $3, $4, $5);

-- name: RevokeConsentLinkKey :execrows
UPDATE consent_link_keys SET revoked_at = sqlc.arg(at)::timestamptz, retired_at = coalesce(retired_at, sqlc.arg(at)::timestamptz)
WHERE tenant_id = $1 AND number = sqlc.arg(number)::integer AND revoked_at IS NULL;

-- name: ConsentPeopleNamed :many
-- Those of addresses that are known; nobody is held.
SELECT id, blind_index, linked_at FROM consent_people WHERE tenant_id = $1 AND blind_index = ANY(sqlc.arg(blind_indexes)::bytea[]);

-- name: LinkConsentPeople :exec
-- Of whom a link is made for the first time.
UPDATE consent_people SET linked_at = sqlc.arg(at)::timestamptz WHERE tenant_id = $1 AND id = ANY(sqlc.arg(ids)::uuid[]) AND linked_at IS NULL;

-- name: LockConsentSelf :one
-- Somebody who comes by a link of their own, held until the transaction ends.
SELECT id, kind, wrapped_key, country, language, frequency, paused_until, linked_at, destroyed_at FROM consent_people
WHERE tenant_id = $1 AND id = $2 FOR NO KEY UPDATE;

-- name: LockConsentSelves :many
-- Several of them at once; whoever is held by others is left out.
SELECT id, kind, wrapped_key, country, language, frequency, paused_until, linked_at, destroyed_at FROM consent_people
WHERE tenant_id = $1 AND id = ANY(sqlc.arg(ids)::uuid[]) FOR NO KEY UPDATE SKIP LOCKED;

-- name: ConsentSelf :one
SELECT id, kind, wrapped_key, country, language, frequency, paused_until, linked_at, destroyed_at FROM consent_people WHERE tenant_id = $1 AND id = $2;

-- name: InsertConsentPreferences :exec
INSERT INTO consent_preferences (id, tenant_id, person_id, frequency, paused_until, language, at, how)
VALUES (sqlc.arg(id)::uuid, sqlc.arg(tenant_id)::uuid, sqlc.arg(person_id)::uuid, sqlc.arg(frequency)::text, sqlc.narg(paused_until)::date, nullif(sqlc.arg(language)::text, ''),
    sqlc.arg(at)::timestamptz, sqlc.arg(how)::text);

-- name: SetConsentPreferences :exec
UPDATE consent_people SET frequency = sqlc.arg(frequency)::text, paused_until = sqlc.narg(paused_until)::date, language = coalesce(nullif(sqlc.arg(language)::text, ''), language)
WHERE tenant_id = sqlc.arg(tenant_id)::uuid AND id = sqlc.arg(id)::uuid;

-- name: ConsentPreferencesOfPerson :many
SELECT id, frequency, paused_until, language, at, how FROM consent_preferences WHERE tenant_id = $1 AND person_id = $2 ORDER BY at, id;

-- name: NewestConsentTexts :many
-- The words that people are shown now: of each purpose and language the newest version.
SELECT DISTINCT ON (purpose, language) id, purpose, language, version, title, body, created_at, created_by FROM consent_texts
WHERE tenant_id = $1 ORDER BY purpose, language, version DESC;
