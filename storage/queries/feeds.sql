-- name: InsertFeed :exec
INSERT INTO calendar_feeds (id, tenant_id, staff_id, token_hash, shows, created_at) VALUES ($1, $2, $3, $4, $5, $6);

-- name: FeedsOf :many
SELECT id, shows, created_at, last_used_at FROM calendar_feeds
WHERE tenant_id = $1 AND staff_id = $2 AND ended_at IS NULL ORDER BY created_at, id;

-- name: FeedByToken :one
SELECT f.id, f.staff_id, f.shows, f.last_used_at FROM calendar_feeds f
JOIN staff m ON m.tenant_id = f.tenant_id AND m.id = f.staff_id AND m.active
WHERE f.tenant_id = $1 AND f.token_hash = $2 AND f.ended_at IS NULL;

-- name: TouchFeed :exec
UPDATE calendar_feeds SET last_used_at = sqlc.arg(at)::timestamptz WHERE tenant_id = $1 AND id = $2;

-- name: EndFeed :execrows
UPDATE calendar_feeds SET ended_at = sqlc.arg(at)::timestamptz WHERE tenant_id = $1 AND id = $2 AND staff_id = $3 AND ended_at IS NULL;
