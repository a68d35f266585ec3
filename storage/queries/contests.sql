-- name: InsertContest :exec
INSERT INTO contests (tenant_id, case_id, body_sealed, makers, made_at) VALUES ($1, $2, $3, '{}', $4);

-- name: Contest :one
SELECT case_id, body_sealed, makers, made_at, makers_said_at FROM contests WHERE tenant_id = $1 AND case_id = $2;

-- name: SetDecisionMakers :execrows
UPDATE contests SET makers = sqlc.arg(makers)::text[], makers_said_at = sqlc.arg(said)::timestamptz WHERE tenant_id = $1 AND case_id = $2;

-- name: InsertHumanReview :exec
INSERT INTO human_reviews (id, tenant_id, case_id, outcome, body_sealed, recorded_by, recorded_role, recorded_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: HumanReviews :many
SELECT id, outcome, body_sealed, recorded_by, recorded_role, recorded_at FROM human_reviews WHERE tenant_id = $1 AND case_id = $2 ORDER BY recorded_at DESC, id DESC;
