package storage_test

import (
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/storage/storagetest"
)

// Row-level security is on and forced in every table with a tenant_id and in tenants itself, with a policy for reading and
// one for writing that both name the tenant of the session.
func TestEveryTenantTableHasForcedRowSecurity(t *testing.T) {
	t.Parallel()
	conn := storagetest.New(t).Owner(t)
	tables := append(storagetest.Tables(t, conn), "tenants")
	require.Greater(t, len(tables), 30)
	for _, table := range tables {
		var enabled, forced bool
		require.NoError(t, conn.QueryRow(t.Context(), "SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE oid = $1::regclass", table).Scan(&enabled, &forced))
		require.True(t, enabled && forced, table)
		var using, check, command string
		err := conn.QueryRow(t.Context(), "SELECT qual, with_check, cmd FROM pg_policies WHERE tablename = $1 AND policyname = 'tenant_rows'", table).Scan(&using, &check, &command)
		require.NoError(t, err, table)
		column := "tenant_id"
		if table == "tenants" {
			column = "id"
		}
		require.Equal(t, []string{"(" + column + " = docket_tenant())", "(" + column + " = docket_tenant())", "ALL"}, []string{using, check, command}, table)
	}
}

// Row-level security is on and forced in every table that holds an account's rows, and in accounts itself.
func TestEveryAccountTableHasForcedRowSecurity(t *testing.T) {
	t.Parallel()
	conn := storagetest.New(t).Owner(t)
	rows, err := conn.Query(t.Context(), `SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
		WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attname = 'account_id' AND NOT a.attisdropped AND c.relname <> 'staff' ORDER BY 1`)
	require.NoError(t, err)
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	require.ElementsMatch(t, accountTables(), append(tables, "accounts"))
	for _, table := range accountTables() {
		var forced bool
		require.NoError(t, conn.QueryRow(t.Context(), "SELECT relrowsecurity AND relforcerowsecurity FROM pg_class WHERE oid = $1::regclass", table).Scan(&forced))
		require.True(t, forced, table)
		column := "account_id"
		if table == "accounts" {
			column = "id"
		}
		var using, check, command string
		err := conn.QueryRow(t.Context(), "SELECT qual, with_check, cmd FROM pg_policies WHERE tablename = $1 AND policyname = 'account_rows'", table).Scan(&using, &check, &command)
		require.NoError(t, err, table)
		require.Equal(t, []string{"(" + column + " = docket_account())", "(" + column + " = docket_account())", "ALL"}, []string{using, check, command}, table)
	}
}

// Besides the policy of the tenant there are only those of docket_lookup, which read single columns.
func TestNoOtherPolicies(t *testing.T) {
	t.Parallel()
	conn := storagetest.New(t).Owner(t)
	rows, err := conn.Query(t.Context(), `SELECT tablename || ' ' || cmd || ' ' || roles::text FROM pg_policies
		WHERE policyname NOT IN ('tenant_rows', 'account_rows') ORDER BY 1`)
	require.NoError(t, err)
	policies, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	require.Equal(t, []string{
		"accounts SELECT {docket_lookup}", "api_keys SELECT {docket_lookup}", "audit_checkpoints SELECT {docket_lookup}", "audit_events SELECT {docket_lookup}", "audit_heads SELECT {docket_lookup}", "callbacks SELECT {docket_lookup}", "consent_sign_ups SELECT {docket_lookup}", "erasure_certificates SELECT {docket_lookup}",
		"invitations SELECT {docket_lookup}", "key_rotations SELECT {docket_lookup}", "messages SELECT {docket_lookup}", "oidc_links SELECT {docket_lookup}", "packages SELECT {docket_lookup}",
		"passkeys SELECT {docket_lookup}", "resets SELECT {docket_lookup}", "sessions SELECT {docket_lookup}", "staff SELECT {docket_lookup}",
		"tenants SELECT {docket_lookup}",
		"webhook_deliveries SELECT {docket_lookup}", "webhooks SELECT {docket_lookup}", "workflow_signals SELECT {docket_lookup}",
		"workflow_starts SELECT {docket_lookup}",
	}, policies)
}

// docket_lookup reads the keys of the API and, elsewhere, these columns and no others, writes nothing, and can't create
// anything once the migrations are done.
func TestLookupReadsLittle(t *testing.T) {
	t.Parallel()
	conn := storagetest.New(t).Owner(t)
	rows, err := conn.Query(t.Context(), `SELECT c.relname || '.' || a.attname || ' ' || g.privilege_type
		FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid, aclexplode(a.attacl) g
		WHERE g.grantee = 'docket_lookup'::regrole UNION ALL
		SELECT c.relname || ' ' || g.privilege_type FROM pg_class c, aclexplode(c.relacl) g WHERE g.grantee = 'docket_lookup'::regrole UNION ALL
		SELECT 'schema ' || g.privilege_type FROM pg_namespace n, aclexplode(n.nspacl) g WHERE g.grantee = 'docket_lookup'::regrole ORDER BY 1`)
	require.NoError(t, err)
	grants, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	require.Equal(t, []string{
		"accounts.disabled_at SELECT", "accounts.email_index SELECT", "accounts.id SELECT", "accounts.totp_confirmed_at SELECT",
		"api_keys SELECT", "audit_checkpoints.exported_at SELECT", "audit_checkpoints.tenant_id SELECT",
		"audit_events.leaf_index SELECT", "audit_events.tenant_id SELECT", "audit_heads.size SELECT", "audit_heads.tenant_id SELECT",
		"callbacks.next_attempt_at SELECT", "callbacks.state SELECT", "callbacks.tenant_id SELECT", "consent_sign_ups.next_at SELECT", "consent_sign_ups.tenant_id SELECT",
		"erasure_certificates.signed_at SELECT", "erasure_certificates.tenant_id SELECT",
		"invitations.ended_at SELECT", "invitations.expires_at SELECT", "invitations.staff_id SELECT", "invitations.tenant_id SELECT",
		"invitations.token_hash SELECT", "key_rotations.ended_at SELECT", "key_rotations.tenant_id SELECT", "messages.next_attempt_at SELECT",
		"messages.state SELECT", "messages.tenant_id SELECT", "oidc_links.account_id SELECT", "oidc_links.subject_index SELECT", "packages.case_id SELECT", "packages.expires_at SELECT",
		"packages.id SELECT", "packages.state SELECT", "packages.tenant_id SELECT",
		"passkeys.account_id SELECT", "passkeys.credential_id SELECT", "resets.account_id SELECT", "resets.ended_at SELECT",
		"resets.expires_at SELECT", "resets.token_hash SELECT", "schema USAGE", "sessions.account_id SELECT", "sessions.chosen_tenant SELECT",
		"sessions.created_at SELECT", "sessions.ended_at SELECT", "sessions.expires_at SELECT", "sessions.id SELECT",
		"sessions.last_seen_at SELECT", "sessions.method SELECT", "sessions.only_tenant SELECT", "sessions.second_factor_at SELECT",
		"sessions.stage SELECT", "sessions.token_hash SELECT", "staff.account_id SELECT", "staff.active SELECT", "staff.id SELECT",
		"staff.role SELECT", "staff.tenant_id SELECT", "tenants.id SELECT", "tenants.name SELECT", "tenants.settings SELECT", "tenants.slug SELECT",
		"webhook_deliveries.next_attempt_at SELECT", "webhook_deliveries.state SELECT", "webhook_deliveries.tenant_id SELECT",
		"webhooks.position SELECT", "webhooks.state SELECT", "webhooks.tenant_id SELECT",
		"workflow_signals.next_attempt_at SELECT", "workflow_signals.sent_at SELECT", "workflow_signals.tenant_id SELECT",
		"workflow_starts.next_attempt_at SELECT", "workflow_starts.started_at SELECT", "workflow_starts.tenant_id SELECT",
	}, grants)
}

// A row refers to another of its own tenant: every foreign key between tenants' tables carries tenant_id on both sides.
func TestForeignKeysCarryTheTenant(t *testing.T) {
	t.Parallel()
	conn := storagetest.New(t).Owner(t)
	rows, err := conn.Query(t.Context(), `SELECT pg_get_constraintdef(oid) FROM pg_constraint
		WHERE contype = 'f' AND connamespace = 'public'::regnamespace AND confrelid NOT IN ('tenants'::regclass, 'accounts'::regclass)`)
	require.NoError(t, err)
	keys, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	require.Greater(t, len(keys), 25)
	for _, key := range keys {
		require.Regexp(t, `^FOREIGN KEY \(tenant_id, \w+\) REFERENCES \w+\(tenant_id, (id|number)\)$`, key)
	}
}

// The functions that look across tenants are for docket_app alone.
func TestLookupsAreNotPublic(t *testing.T) {
	t.Parallel()
	conn := storagetest.New(t).Owner(t)
	rows, err := conn.Query(t.Context(), `SELECT p.oid::regprocedure::text FROM pg_proc p
		WHERE pronamespace = 'public'::regnamespace AND prosecdef AND (proacl IS NULL OR EXISTS (
			SELECT FROM aclexplode(proacl) g WHERE g.grantee NOT IN ('docket_app'::regrole, 'docket_lookup'::regrole)))`)
	require.NoError(t, err)
	open, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	require.Empty(t, open)
}
