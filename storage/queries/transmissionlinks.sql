-- name: InsertTransmissionLink :exec
INSERT INTO transmission_links (id, tenant_id, case_id, package_id, body_sealed, token_hash, made_kind, made_by, made_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- name: TransmissionLinks :many
SELECT id, case_id, package_id, body_sealed, made_kind, made_by, made_at, expires_at, ended_at, reason
FROM transmission_links WHERE tenant_id = $1 AND case_id = $2 ORDER BY made_at DESC, id DESC;

-- name: TransmissionLinkByToken :one
SELECT id, case_id FROM transmission_links WHERE tenant_id = $1 AND token_hash = $2;

-- name: EndTransmissionLink :execrows
UPDATE transmission_links SET ended_at = sqlc.arg(at)::timestamptz, reason = sqlc.arg(reason)::text, token_hash = NULL
WHERE tenant_id = $1 AND id = $2 AND ended_at IS NULL;

-- name: OpenTransmissionLinksOfPackage :many
SELECT id FROM transmission_links WHERE tenant_id = $1 AND package_id = $2 AND ended_at IS NULL ORDER BY id;

-- name: TransmissionLinksPast :many
SELECT id, case_id FROM transmission_links
WHERE tenant_id = $1 AND ended_at IS NULL AND expires_at <= sqlc.arg(at)::timestamptz ORDER BY expires_at, id LIMIT sqlc.arg(wanted);

-- name: InsertTransmissionFetch :exec
INSERT INTO transmission_fetches (id, tenant_id, link_id, begun_at) VALUES ($1, $2, $3, $4);

-- name: EndTransmissionFetch :execrows
UPDATE transmission_fetches SET ended_at = sqlc.arg(at)::timestamptz, bytes = sqlc.arg(bytes)::bigint, whole = sqlc.arg(whole)::boolean, sha256 = sqlc.narg(sha256)::bytea
WHERE tenant_id = $1 AND id = $2 AND ended_at IS NULL;

-- name: TransmissionFetches :many
SELECT f.id, f.link_id, f.begun_at, f.ended_at, f.bytes, f.whole
FROM transmission_fetches f JOIN transmission_links l ON l.tenant_id = f.tenant_id AND l.id = f.link_id
WHERE f.tenant_id = $1 AND l.case_id = $2 ORDER BY f.begun_at, f.id;

-- name: OpenTransmissionFetches :many
SELECT f.id, f.link_id, l.case_id
FROM transmission_fetches f JOIN transmission_links l ON l.tenant_id = f.tenant_id AND l.id = f.link_id
WHERE f.tenant_id = $1 AND f.ended_at IS NULL AND f.begun_at < sqlc.arg(before)::timestamptz ORDER BY f.begun_at, f.id LIMIT sqlc.arg(wanted);
