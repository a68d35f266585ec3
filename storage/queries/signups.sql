-- name: InsertSignUp :exec
-- What was entered is due at once: whose address it is, is found out by the workflow.
INSERT INTO consent_sign_ups (id, tenant_id, state, entered_sealed, language, how, source, at, next_at)
VALUES (sqlc.arg(id)::uuid, sqlc.arg(tenant_id)::uuid, 'entered', sqlc.arg(entered)::bytea, sqlc.arg(language)::text, sqlc.arg(how)::text, sqlc.arg(source)::text,
    sqlc.arg(at)::timestamptz, sqlc.arg(at)::timestamptz);

-- name: TenantsWithSignUps :many
SELECT docket_tenants_with_sign_ups(sqlc.arg(at)::timestamptz)::uuid AS id;

-- name: SignUpsDue :many
SELECT id, person_id, entered_sealed FROM consent_sign_ups WHERE tenant_id = $1 AND next_at <= sqlc.arg(at)::timestamptz ORDER BY next_at, id LIMIT sqlc.arg(most);

-- name: LockSignUps :many
-- In the order in which they were entered.
SELECT id, person_id, state, entered_sealed, purposes, texts, language, country, how, source, at, repeats, letters, letter, letter_at, reminded_at, expires_at, ended_at, next_at
FROM consent_sign_ups WHERE tenant_id = $1 AND id = ANY(sqlc.arg(ids)::uuid[]) ORDER BY at, id FOR UPDATE;

-- name: SignUp :one
SELECT id, person_id, state, entered_sealed, purposes, texts, language, country, how, source, at, repeats, letters, letter, letter_at, reminded_at, expires_at, ended_at, next_at
FROM consent_sign_ups WHERE tenant_id = $1 AND id = $2;

-- name: SignUpsOfPerson :many
-- Those of somebody that count still: what waits, and what was entered or ended since.
SELECT id, person_id, state, entered_sealed, purposes, texts, language, country, how, source, at, repeats, letters, letter, letter_at, reminded_at, expires_at, ended_at, next_at
FROM consent_sign_ups WHERE tenant_id = $1 AND person_id = sqlc.arg(person)::uuid AND (ended_at IS NULL OR ended_at >= sqlc.arg(since)::timestamptz) ORDER BY at, id;

-- name: KeepSignUp :execrows
-- What became of a sign-up. Once it is known whose it is, what was entered is in the ledger and no more here.
UPDATE consent_sign_ups SET person_id = sqlc.arg(person)::uuid, state = sqlc.arg(state)::text, entered_sealed = NULL, purposes = sqlc.arg(purposes)::integer[],
    texts = sqlc.arg(texts)::uuid[], country = sqlc.narg(country)::text, repeats = sqlc.arg(repeats)::integer, letters = sqlc.arg(letters)::integer, letter = sqlc.narg(letter)::uuid,
    letter_at = sqlc.narg(letter_at)::timestamptz, reminded_at = sqlc.narg(reminded_at)::timestamptz, expires_at = sqlc.narg(expires_at)::timestamptz,
    ended_at = sqlc.narg(ended_at)::timestamptz, next_at = sqlc.narg(next_at)::timestamptz
WHERE tenant_id = sqlc.arg(tenant_id)::uuid AND id = sqlc.arg(id)::uuid;

-- name: DropSignUps :execrows
-- Repetitions, which another one counts, and those that nothing follows from any more.
DELETE FROM consent_sign_ups WHERE tenant_id = $1 AND id = ANY(sqlc.arg(ids)::uuid[]);

-- name: OpenConsentPerson :one
SELECT kind, wrapped_key, value_sealed FROM consent_people WHERE tenant_id = $1 AND id = $2 AND destroyed_at IS NULL;

-- name: PutOffSignUps :exec
UPDATE consent_sign_ups SET next_at = sqlc.arg(at)::timestamptz WHERE tenant_id = $1 AND id = ANY(sqlc.arg(ids)::uuid[]);

-- name: InsertEndingSignUps :exec
-- Of whose implied consent ends soon, unless they were asked about the same purpose since a moment.
INSERT INTO consent_sign_ups (id, tenant_id, person_id, state, purposes, texts, language, how, source, at, next_at)
SELECT n.id, sqlc.arg(tenant_id)::uuid, n.person_id, 'ending', ARRAY[n.purpose], ARRAY['00000000-0000-0000-0000-000000000000'::uuid], n.language, 'ending', '', sqlc.arg(at)::timestamptz, sqlc.arg(at)::timestamptz
FROM (SELECT unnest(sqlc.arg(ids)::uuid[]) AS id, unnest(sqlc.arg(people)::uuid[]) AS person_id, unnest(sqlc.arg(purposes)::integer[]) AS purpose,
    unnest(sqlc.arg(languages)::text[]) AS language) AS n
WHERE NOT EXISTS (SELECT FROM consent_sign_ups s WHERE s.tenant_id = sqlc.arg(tenant_id)::uuid AND s.person_id = n.person_id AND s.how = 'ending' AND s.purposes = ARRAY[n.purpose]
    AND s.at >= sqlc.arg(since)::timestamptz);
