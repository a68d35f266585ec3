-- name: InsertSubject :exec
INSERT INTO subjects (id, tenant_id, wrapped_key, created_at) VALUES ($1, $2, $3, $4);

-- name: SubjectByID :one
SELECT id, tenant_id, wrapped_key, created_at, destroyed_at FROM subjects WHERE tenant_id = $1 AND id = $2;

-- name: InsertIdentities :exec
INSERT INTO subject_identities (id, tenant_id, subject_id, kind, blind_index, value_sealed, created_at)
SELECT i.id, $1, $2, i.kind, i.blind_index, i.value_sealed, sqlc.arg(at)
FROM (SELECT unnest(sqlc.arg(ids)::uuid[]) AS id, unnest(sqlc.arg(kinds)::text[]) AS kind,
    unnest(sqlc.arg(blind_indexes)::bytea[]) AS blind_index, unnest(sqlc.arg(sealed)::bytea[]) AS value_sealed) i;

-- name: Identities :many
SELECT id, tenant_id, subject_id, kind, blind_index, value_sealed, created_at
FROM subject_identities WHERE tenant_id = $1 AND subject_id = $2 AND value_sealed IS NOT NULL
ORDER BY kind, created_at, id;

-- name: SubjectsByIndex :many
SELECT DISTINCT subject_id FROM subject_identities
WHERE tenant_id = $1 AND kind = $2 AND blind_index = $3
LIMIT sqlc.arg(wanted);

-- name: SubjectsByName :many
SELECT subject_id FROM subject_identities
WHERE tenant_id = $1 AND kind = 'name_token' AND blind_index = ANY(sqlc.arg(tokens)::bytea[])
GROUP BY subject_id HAVING count(DISTINCT blind_index) = cardinality(sqlc.arg(tokens)::bytea[])
LIMIT sqlc.arg(wanted);

-- name: InsertTrial :exec
INSERT INTO trial_subjects (tenant_id, subject_id, created_at) VALUES ($1, $2, $3);

-- name: OldTrials :many
SELECT subject_id FROM trial_subjects WHERE tenant_id = $1 AND created_at < sqlc.arg(before)::timestamptz;

-- name: DeleteTrial :execrows
DELETE FROM trial_subjects WHERE tenant_id = $1 AND subject_id = $2;

-- name: DeleteIdentities :exec
DELETE FROM subject_identities WHERE tenant_id = $1 AND subject_id = $2;

-- name: DestroySubjectKey :execrows
UPDATE subjects SET wrapped_key = NULL, destroyed_at = sqlc.arg(at)::timestamptz WHERE tenant_id = $1 AND id = $2 AND wrapped_key IS NOT NULL;
