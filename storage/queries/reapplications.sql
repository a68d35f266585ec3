-- name: InsertReapplication :exec
INSERT INTO reapplications (id, tenant_id, system_id, backup_at, state, asked_by, asked_at) VALUES ($1, $2, $3, $4, 'running', $5, $6);

-- name: Reapplications :many
SELECT id, system_id, backup_at, state, searched, people, erased, kept, problem, asked_by, asked_at, ended_at
FROM reapplications WHERE tenant_id = $1 AND system_id = $2 ORDER BY asked_at DESC LIMIT 50;

-- name: Reapplication :one
SELECT id, system_id, backup_at, state, searched, people, erased, kept, problem, asked_by, asked_at, ended_at
FROM reapplications WHERE tenant_id = $1 AND id = $2;

-- name: EndReapplication :execrows
UPDATE reapplications SET state = sqlc.arg(ended)::text, searched = sqlc.arg(searched)::bigint, people = sqlc.arg(people)::bigint,
    erased = sqlc.arg(erased)::bigint, kept = sqlc.arg(kept)::bigint, problem = sqlc.narg(problem)::text, ended_at = sqlc.arg(at)::timestamptz
WHERE tenant_id = $1 AND id = $2 AND state = 'running';

-- name: OpenReapplications :many
SELECT id, system_id FROM reapplications
WHERE tenant_id = $1 AND state = 'running' AND asked_at < sqlc.arg(before)::timestamptz ORDER BY asked_at, id LIMIT sqlc.arg(wanted);
