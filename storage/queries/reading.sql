-- name: TryIdempotencyLock :one
SELECT pg_try_advisory_xact_lock(hashtextextended(sqlc.arg(name)::text, 0))::boolean AS locked;

-- name: DeleteNote :execrows
DELETE FROM notes WHERE tenant_id = $1 AND case_id = $2 AND id = $3;
