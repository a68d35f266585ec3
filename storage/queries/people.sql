-- name: StaffMember :one
SELECT id, tenant_id, role, name_sealed, email_sealed, email_index, active, created_at, account_id, last_signed_in_at, slack_user, digest
FROM staff WHERE tenant_id = $1 AND id = $2;

-- name: LockStaffMember :one
SELECT id, tenant_id, role, name_sealed, email_sealed, email_index, active, created_at, account_id, last_signed_in_at, slack_user, digest
FROM staff WHERE tenant_id = $1 AND id = $2 FOR UPDATE;

-- name: StaffByEmail :one
SELECT id, tenant_id, role, name_sealed, email_sealed, email_index, active, created_at, account_id, last_signed_in_at, slack_user, digest
FROM staff WHERE tenant_id = $1 AND email_index = $2;

-- name: LockAdministrators :many
SELECT id, account_id FROM staff WHERE tenant_id = $1 AND role = 'admin' AND active ORDER BY id FOR UPDATE;

-- name: SetStaffRole :execrows
UPDATE staff SET role = $3 WHERE tenant_id = $1 AND id = $2;

-- name: SetStaffActive :execrows
UPDATE staff SET active = $3 WHERE tenant_id = $1 AND id = $2;

-- name: JoinStaff :execrows
UPDATE staff SET account_id = $3, active = true WHERE tenant_id = $1 AND id = $2 AND account_id IS NULL;

-- name: DetachStaff :execrows
UPDATE staff SET account_id = NULL WHERE tenant_id = $1 AND id = $2;

-- name: NoteSignIn :exec
UPDATE staff SET last_signed_in_at = sqlc.arg(at)::timestamptz WHERE tenant_id = $1 AND id = $2;

-- name: InsertInvitation :exec
INSERT INTO invitations (id, tenant_id, staff_id, token_hash, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6);

-- name: EndInvitations :execrows
UPDATE invitations SET ended_at = sqlc.arg(at)::timestamptz WHERE tenant_id = $1 AND staff_id = $2 AND ended_at IS NULL;

-- name: SaveSingleSignOn :exec
INSERT INTO single_sign_on (tenant_id, issuer, client_id, secret_sealed, label, role_claim, roles, trust_second_factor, changed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (tenant_id) DO UPDATE SET issuer = excluded.issuer, client_id = excluded.client_id, secret_sealed = excluded.secret_sealed,
    label = excluded.label, role_claim = excluded.role_claim, roles = excluded.roles, trust_second_factor = excluded.trust_second_factor,
    changed_at = excluded.changed_at;

-- name: SingleSignOn :one
SELECT tenant_id, issuer, client_id, secret_sealed, label, role_claim, roles, trust_second_factor, changed_at
FROM single_sign_on WHERE tenant_id = $1;

-- name: DeleteSingleSignOn :execrows
DELETE FROM single_sign_on WHERE tenant_id = $1;

-- name: CountOpenWork :one
SELECT (SELECT count(*) FROM cases c WHERE c.tenant_id = $1 AND c.closed_at IS NULL) AS open,
    count(DISTINCT o.case_id) FILTER (WHERE o.due <= sqlc.arg(at)::timestamptz) AS overdue,
    count(DISTINCT o.case_id) FILTER (WHERE o.due > sqlc.arg(at)::timestamptz AND o.due <= sqlc.arg(soon)::timestamptz) AS due_soon
FROM obligations o WHERE o.tenant_id = $1 AND o.state IN ('open', 'overdue');

-- name: StaffAccounts :many
SELECT DISTINCT account_id FROM staff WHERE tenant_id = $1 AND account_id IS NOT NULL;

-- name: StaffByAccount :one
SELECT id, tenant_id, role, name_sealed, email_sealed, email_index, active, created_at, account_id, last_signed_in_at, slack_user, digest
FROM staff WHERE tenant_id = $1 AND account_id = $2;

-- name: StaffBySlack :one
SELECT id, tenant_id, role, name_sealed, email_sealed, email_index, active, created_at, account_id, last_signed_in_at, slack_user, digest
FROM staff WHERE tenant_id = $1 AND slack_user = sqlc.arg(slack_user)::text AND active;

-- name: SetStaffReach :execrows
UPDATE staff SET slack_user = sqlc.narg(slack_user), digest = sqlc.arg(digest) WHERE tenant_id = $1 AND id = $2;
