-- name: InsertSession :exec
INSERT INTO sessions (id, account_id, token_hash, method, stage, chosen_tenant, only_tenant, device_sealed, created_at, last_seen_at, expires_at, second_factor_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10, $11);

-- name: AdvanceSession :execrows
UPDATE sessions SET token_hash = $3, stage = $4, chosen_tenant = $5, second_factor_at = $6, expires_at = $7, last_seen_at = sqlc.arg(at)::timestamptz
WHERE account_id = $1 AND id = $2 AND ended_at IS NULL;

-- name: TouchSession :exec
UPDATE sessions SET last_seen_at = sqlc.arg(at)::timestamptz WHERE account_id = $1 AND id = $2 AND last_seen_at < sqlc.arg(stale)::timestamptz;

-- name: Sessions :many
SELECT id, method, stage, device_sealed, created_at, last_seen_at FROM sessions
WHERE account_id = $1 AND ended_at IS NULL AND expires_at > sqlc.arg(at)::timestamptz AND last_seen_at > sqlc.arg(idle_since)::timestamptz
ORDER BY created_at DESC, id DESC;

-- name: EndSession :execrows
UPDATE sessions SET ended_at = sqlc.arg(at)::timestamptz, ended_why = sqlc.arg(why)::text WHERE account_id = $1 AND id = $2 AND ended_at IS NULL;

-- name: EndOtherSessions :execrows
UPDATE sessions SET ended_at = sqlc.arg(at)::timestamptz, ended_why = sqlc.arg(why)::text
WHERE account_id = $1 AND id <> sqlc.arg(kept)::uuid AND ended_at IS NULL;

-- name: EndSessionsInTenant :execrows
UPDATE sessions SET ended_at = sqlc.arg(at)::timestamptz, ended_why = sqlc.arg(why)::text
WHERE account_id = $1 AND chosen_tenant = sqlc.arg(left_tenant)::uuid AND ended_at IS NULL;

-- name: EndSessionsOfOperator :execrows
UPDATE sessions SET ended_at = sqlc.arg(at)::timestamptz, ended_why = sqlc.arg(why)::text WHERE account_id = $1 AND ended_at IS NULL AND chosen_tenant IS NOT NULL;

-- name: EndSessionsOfProvider :execrows
UPDATE sessions SET ended_at = sqlc.arg(at)::timestamptz, ended_why = sqlc.arg(why)::text
WHERE account_id = $1 AND only_tenant = sqlc.arg(left_tenant)::uuid AND ended_at IS NULL;

-- name: DropOldSessions :exec
DELETE FROM sessions WHERE account_id = $1 AND expires_at < sqlc.arg(before)::timestamptz;

-- name: SpendSignInTry :one
-- One statement counts a try and says no while there is a wait, so that tries made at once don't slip through together. While there is
-- none, until is long past: of tries made at once, the one that took its time first may come second.
INSERT INTO sign_in_failures (hash, count, until, at)
VALUES (sqlc.arg(try_hash)::bytea, 1, timestamptz 'epoch', sqlc.arg(at)::timestamptz)
ON CONFLICT (hash) DO UPDATE SET
    count = CASE WHEN sign_in_failures.at < sqlc.arg(forgotten)::timestamptz THEN 1 ELSE sign_in_failures.count + 1 END,
    until = CASE WHEN sign_in_failures.at < sqlc.arg(forgotten)::timestamptz OR sign_in_failures.count + 1 < sqlc.arg(free)::integer THEN timestamptz 'epoch'
        ELSE sqlc.arg(at)::timestamptz + least(interval '1 hour', interval '30 seconds' * (2 ^ least(sign_in_failures.count + 1 - sqlc.arg(free)::integer, 10))) END,
    at = sqlc.arg(at)::timestamptz
WHERE sign_in_failures.until <= sqlc.arg(at)::timestamptz OR sign_in_failures.at < sqlc.arg(forgotten)::timestamptz
RETURNING count;

-- name: WaitUntil :one
SELECT until FROM sign_in_failures WHERE hash = $1;

-- name: ForgiveTries :exec
DELETE FROM sign_in_failures WHERE hash = $1;

-- name: ReturnTry :exec
UPDATE sign_in_failures SET count = greatest(count - 1, 0), until = timestamptz 'epoch' WHERE hash = $1;

-- name: ForgetTries :exec
DELETE FROM sign_in_failures WHERE at < sqlc.arg(forgotten)::timestamptz;

-- name: InsertChallenge :exec
INSERT INTO challenges (hash, purpose, session_id, data, expires_at) VALUES ($1, $2, $3, $4, $5);

-- name: TakeChallenge :one
DELETE FROM challenges WHERE hash = $1 AND purpose = $2 AND session_id IS NOT DISTINCT FROM sqlc.narg(session_id)::uuid AND expires_at > sqlc.arg(at)::timestamptz
RETURNING data;

-- name: ForgetChallenges :exec
DELETE FROM challenges WHERE expires_at < sqlc.arg(at)::timestamptz;
