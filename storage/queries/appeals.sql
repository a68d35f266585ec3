-- name: InsertAppeal :exec
INSERT INTO appeals (id, tenant_id, case_id, kind, state, channel, body_sealed, received_at) VALUES ($1, $2, $3, $4, 'open', $5, $6, $7);

-- name: Appeals :many
SELECT id, case_id, kind, state, channel, body_sealed, explanation_sealed, received_at, decided_by, decided_at FROM appeals
WHERE tenant_id = $1 AND case_id = $2 ORDER BY received_at DESC, id DESC;

-- name: DecideAppeal :execrows
UPDATE appeals SET state = sqlc.arg(state)::text, explanation_sealed = sqlc.arg(explanation)::bytea, decided_by = sqlc.arg(by)::text, decided_at = sqlc.arg(at)::timestamptz
WHERE tenant_id = $1 AND id = $2 AND state = 'open';
