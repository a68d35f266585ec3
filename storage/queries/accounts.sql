-- name: SetAccount :exec
SELECT set_config('docket.account', sqlc.arg(account_id)::text, true);

-- name: AccountByEmail :one
SELECT docket_account_by_email(sqlc.arg(email_index)::bytea)::uuid AS id;

-- name: AccountByPasskey :one
SELECT docket_account_by_passkey(sqlc.arg(credential_id)::bytea)::uuid AS id;

-- name: AccountBySubject :one
SELECT docket_account_by_subject(sqlc.arg(subject_index)::bytea)::uuid AS id;

-- name: AccountByReset :one
SELECT docket_account_by_reset(sqlc.arg(token_hash)::bytea, sqlc.arg(at)::timestamptz)::uuid AS id;

-- name: InvitationByToken :one
SELECT i.tenant::uuid AS tenant, i.staff::uuid AS staff FROM docket_invitation(sqlc.arg(token_hash)::bytea, sqlc.arg(at)::timestamptz) i;

-- name: SessionByToken :one
SELECT s.id::uuid AS id, s.account::uuid AS account, coalesce(s.tenant, '00000000-0000-0000-0000-000000000000')::uuid AS tenant, coalesce(s.only_tenant, '00000000-0000-0000-0000-000000000000')::uuid AS only_tenant, coalesce(s.staff, '00000000-0000-0000-0000-000000000000')::uuid AS staff,
    coalesce(s.role, '')::text AS role, s.method::text AS method, s.stage::text AS stage, s.created_at::timestamptz AS created_at,
    s.last_seen_at::timestamptz AS last_seen_at, s.expires_at::timestamptz AS expires_at, coalesce(s.second_factor_at, 'epoch')::timestamptz AS second_factor_at,
    s.totp::boolean AS totp, s.passkeys::bigint AS passkeys
FROM docket_session(sqlc.arg(token_hash)::bytea) s;

-- name: Memberships :many
SELECT m.tenant::uuid AS tenant, m.slug::text AS slug, m.name::text AS name, m.staff::uuid AS staff, m.role::text AS role, m.second_factor::boolean AS second_factor FROM docket_memberships() m;

-- name: InsertAccount :exec
INSERT INTO accounts (id, email_index, email_sealed, name_sealed, password_hash, created_at) VALUES ($1, $2, $3, $4, $5, $6);

-- name: AccountByID :one
SELECT id, email_index, email_sealed, name_sealed, password_hash, totp_sealed, totp_confirmed_at, totp_step, created_at, disabled_at
FROM accounts WHERE id = sqlc.arg(account_id)::uuid;

-- name: LockAccount :one
SELECT id, email_index, email_sealed, name_sealed, password_hash, totp_sealed, totp_confirmed_at, totp_step, created_at, disabled_at
FROM accounts WHERE id = sqlc.arg(account_id)::uuid FOR UPDATE;

-- name: SetPassword :execrows
UPDATE accounts SET password_hash = sqlc.arg(password_hash)::text WHERE id = sqlc.arg(account_id)::uuid;

-- name: SetTOTP :execrows
UPDATE accounts SET totp_sealed = sqlc.narg(totp_sealed), totp_confirmed_at = NULL, totp_step = 0 WHERE id = sqlc.arg(account_id)::uuid;

-- name: ConfirmTOTP :execrows
UPDATE accounts SET totp_confirmed_at = sqlc.arg(at)::timestamptz, totp_step = $1 WHERE id = sqlc.arg(account_id)::uuid AND totp_sealed IS NOT NULL;

-- name: UseTOTP :execrows
UPDATE accounts SET totp_step = $1 WHERE id = sqlc.arg(account_id)::uuid AND totp_step < $1;

-- name: DeleteRecoveryCodes :exec
DELETE FROM recovery_codes WHERE account_id = $1;

-- name: InsertRecoveryCode :exec
INSERT INTO recovery_codes (id, account_id, code_hash) VALUES ($1, $2, $3);

-- name: UseRecoveryCode :execrows
UPDATE recovery_codes SET used_at = sqlc.arg(at)::timestamptz WHERE account_id = $1 AND code_hash = $2 AND used_at IS NULL;

-- name: RecoveryCodesLeft :one
SELECT count(*) FROM recovery_codes WHERE account_id = $1 AND used_at IS NULL;

-- name: InsertPasskey :exec
INSERT INTO passkeys (id, account_id, credential_id, credential, sign_count, name_sealed, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: Passkeys :many
SELECT id, account_id, credential_id, credential, sign_count, name_sealed, created_at, last_used_at
FROM passkeys WHERE account_id = $1 ORDER BY created_at, id;

-- name: UsePasskey :execrows
UPDATE passkeys SET credential = $3, sign_count = $4, last_used_at = sqlc.arg(at)::timestamptz WHERE account_id = $1 AND id = $2;

-- name: DeletePasskey :execrows
DELETE FROM passkeys WHERE account_id = $1 AND id = $2;

-- name: InsertSubjectLink :exec
INSERT INTO oidc_links (id, account_id, subject_index, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT (subject_index) DO NOTHING;

-- name: InsertReset :exec
INSERT INTO resets (id, account_id, token_hash, created_at, expires_at) VALUES ($1, $2, $3, $4, $5);

-- name: EndResets :execrows
UPDATE resets SET ended_at = sqlc.arg(at)::timestamptz WHERE account_id = $1 AND ended_at IS NULL;

-- name: HasFactor :one
SELECT (totp_confirmed_at IS NOT NULL OR EXISTS (SELECT FROM passkeys k WHERE k.account_id = accounts.id))::boolean AS has
FROM accounts WHERE id = sqlc.arg(account_id)::uuid;
