package storage_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/storage/storagetest"
)

const insufficientPrivilege = "42501"

// Evidence is append-only: the application can neither change nor remove what is on record, nor empty a table.
func TestApplicationCannotRewriteEvidence(t *testing.T) {
	t.Parallel()
	r := storagetest.New(t)
	f := storagetest.Fill(t, r.DB, storagetest.Tenant(t, r.DB))
	for _, statement := range []string{
		"UPDATE audit_events SET body = 'x'", "UPDATE audit_events SET at = now()", "UPDATE audit_events SET action = 'x'",
		"UPDATE audit_events SET case_id = NULL", "DELETE FROM audit_events", "TRUNCATE audit_events",
		"UPDATE audit_hashes SET hash = sha256('x')", "DELETE FROM audit_hashes", "DELETE FROM audit_heads",
		"UPDATE audit_checkpoints SET note = 'x'", "DELETE FROM audit_checkpoints",
		"UPDATE case_transitions SET event = 'x'", "DELETE FROM case_transitions",
		"UPDATE superseded_dates SET due = now()", "DELETE FROM superseded_dates",
		"UPDATE obligation_milestones SET at = now()", "DELETE FROM obligation_milestones",
		"UPDATE extensions SET reason_code = 'x'", "DELETE FROM extensions", "DELETE FROM pauses",
		"DELETE FROM cases", "DELETE FROM obligations", "DELETE FROM receipts", "DELETE FROM tenants", "DELETE FROM installation_keys",
		"UPDATE erasure_certificates SET case_id = plan_id", "DELETE FROM erasure_certificates",
		"UPDATE tenants SET operates = true", "UPDATE tenants SET slug = 'x'", "DELETE FROM accounts", "DELETE FROM resets",
		"ALTER TABLE audit_events DISABLE TRIGGER ALL", "ALTER TABLE cases DISABLE ROW LEVEL SECURITY", "CREATE TABLE mine (x int)",
		"SET SESSION AUTHORIZATION postgres", "DROP TABLE notes",
	} {
		requireCode(t, insufficientPrivilege, bypass(t, r, f.Tenant, statement), statement)
	}
}

// An event gets its place in the log once; the trigger holds even the owner of the table to that.
func TestAuditEventsArePlacedOnce(t *testing.T) {
	t.Parallel()
	r := storagetest.New(t)
	f := storagetest.Fill(t, r.DB, storagetest.Tenant(t, r.DB))
	require.NoError(t, bypass(t, r, f.Tenant, "UPDATE audit_events SET leaf_index = 1000 WHERE leaf_index IS NULL"))
	for who, do := range map[string]func(string) error{
		"application": func(s string) error { return bypass(t, r, f.Tenant, s) },
		"superuser": func(s string) error {
			_, err := storagetest.Connect(t, r.OwnerDSN).Exec(t.Context(), s)
			return err
		},
	} {
		require.ErrorContains(t, do("UPDATE audit_events SET leaf_index = 2000 WHERE leaf_index = 1000"), "append-only", who)
		require.ErrorContains(t, do("UPDATE audit_events SET leaf_index = NULL"), "append-only", who)
	}
	_, err := r.Owner(t).Exec(t.Context(), "UPDATE audit_events SET body = 'x'")
	require.ErrorContains(t, err, "append-only")
}

// A query made up by hand sees its own tenant, and without a tenant there are no rows, in any table.
func TestForgedQueriesSeeNothing(t *testing.T) {
	t.Parallel()
	r := storagetest.New(t)
	victim := storagetest.Fill(t, r.DB, storagetest.Tenant(t, r.DB))
	stranger := storagetest.Tenant(t, r.DB)
	owner := r.Owner(t)
	app := storagetest.Connect(t, r.DSN)
	run(t, app, "SET ROLE docket_app")
	for _, table := range storagetest.Tables(t, owner) {
		require.Positive(t, rowsSeen(t, app, victim.Tenant, table, victim.Tenant), table)
		require.Zero(t, rowsSeen(t, app, stranger, table, victim.Tenant), table)
		require.Zero(t, rowsSeen(t, app, uuid.Nil, table, victim.Tenant), table)
	}
	var tenants int
	require.NoError(t, app.QueryRow(t.Context(), "SELECT count(*) FROM tenants").Scan(&tenants))
	require.Zero(t, tenants)
	requireCode(t, insufficientPrivilege, bypass(t, r, stranger, "INSERT INTO tenants SELECT * FROM jsonb_populate_record(null::tenants, jsonb_build_object("+
		"'id', gen_random_uuid(), 'slug', 'x', 'name', 'x', 'country', 'DE', 'calendar', 'DE', 'zone', 'UTC', 'language', 'en', 'regime', 'gdpr',"+
		"'profile', '{}'::jsonb, 'settings', '{}'::jsonb, 'wrapped_key', '', 'record_key', '', 'created_at', now()))"))
}

// rowsSeen counts the rows of a tenant that a session sees, also through a function, a cursor trick or an aggregate.
func rowsSeen(t *testing.T, app *pgx.Conn, session uuid.UUID, table string, of uuid.UUID) (n int) {
	t.Helper()
	tx, err := app.Begin(t.Context())
	require.NoError(t, err)
	defer func() { require.NoError(t, tx.Rollback(t.Context())) }()
	if session != uuid.Nil {
		_, err := tx.Exec(t.Context(), "SELECT set_config('docket.tenant', $1, true)", session.String())
		require.NoError(t, err)
	}
	query := "SELECT count(*) FROM (SELECT tenant_id FROM " + table + " WHERE tenant_id = $1 OR true) x WHERE tenant_id = $1"
	require.NoError(t, tx.QueryRow(t.Context(), query, of).Scan(&n))
	return n
}

// The tenant of a session ends with its transaction: the next one on the same connection begins with none.
func TestTenantEndsWithItsTransaction(t *testing.T) {
	t.Parallel()
	r := storagetest.New(t, storagetest.WithConnections(1))
	f := storagetest.Fill(t, r.DB, storagetest.Tenant(t, r.DB))
	app := storagetest.Connect(t, r.DSN)
	run(t, app, "SET ROLE docket_app")
	require.Positive(t, rowsSeen(t, app, f.Tenant, "cases", f.Tenant))
	require.Zero(t, rowsSeen(t, app, uuid.Nil, "cases", f.Tenant))
}

// A certificate is signed once; the trigger holds even the owner of the table to that.
func TestSignedCertificatesStay(t *testing.T) {
	t.Parallel()
	r := storagetest.New(t)
	f := storagetest.Fill(t, r.DB, storagetest.Tenant(t, r.DB))
	const sign = "UPDATE erasure_certificates SET draft = NULL, note = 'x', sha256 = sha256('x'), signed_at = now()"
	require.NoError(t, bypass(t, r, f.Tenant, sign))
	require.ErrorContains(t, bypass(t, r, f.Tenant, sign), "is not changed")
	_, err := storagetest.Connect(t, r.OwnerDSN).Exec(t.Context(), "UPDATE erasure_certificates SET note = 'y'")
	require.ErrorContains(t, err, "is not changed")
}
