-- name: InsertSubject :exec
INSERT INTO subjects (id, tenant_id, wrapped_key, created_at) VALUES ($1, $2, $3, $4);

-- name: SubjectByID :one
SELECT id, tenant_id, wrapped_key, created_at, destroyed_at FROM subjects WHERE tenant_id = $1 AND id = $2;

-- name: InsertIdentity :exec
INSERT INTO subject_identities (id, tenant_id, subject_id, kind, blind_index, value_sealed, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7);

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
