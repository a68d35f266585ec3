package storage_test

import (
	"context"
	"crypto/rand"
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/deploy/local/localtest"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/storage/storagetest"
)

// catalog tells everything that migrations make, one line per thing, in an order of its own.
const catalog = `
SELECT line FROM (
    SELECT 'column ' || c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || ' notnull=' || a.attnotnull
        || ' default=' || coalesce(pg_get_expr(d.adbin, d.adrelid), '') || ' acl=' || coalesce(a.attacl::text, '') AS line
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
        AND c.relname <> 'goose_db_version'
    UNION ALL SELECT 'table ' || relname || ' rls=' || relrowsecurity || ' forced=' || relforcerowsecurity || ' acl=' || coalesce(relacl::text, '')
        || ' owner=' || relowner::regrole
    FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'goose_db_version'
    UNION ALL SELECT 'constraint ' || conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conrelid <> coalesce(to_regclass('goose_db_version'), 0)
    UNION ALL SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'goose_db_version'
    UNION ALL SELECT 'policy ' || p::text FROM pg_policies p WHERE schemaname = 'public'
    UNION ALL SELECT 'function ' || oid::regprocedure || ' ' || prosrc || coalesce(pg_get_function_sqlbody(oid), '') || ' owner=' || proowner::regrole
        || ' acl=' || coalesce(proacl::text, '') || ' definer=' || prosecdef || ' config=' || coalesce(proconfig::text, '')
    FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    UNION ALL SELECT 'trigger ' || pg_get_triggerdef(t.oid) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    WHERE c.relnamespace = 'public'::regnamespace AND NOT t.tgisinternal
    UNION ALL SELECT 'type ' || typname FROM pg_type WHERE typnamespace = 'public'::regnamespace
        AND typname NOT IN ('goose_db_version', '_goose_db_version')
    UNION ALL SELECT 'schema ' || g::text FROM pg_namespace n, aclexplode(n.nspacl) g
    WHERE n.nspname = 'public' AND g.grantee::regrole::text LIKE 'docket%'
) lines ORDER BY line`

func dump(t *testing.T, dsn string) []string {
	t.Helper()
	rows, err := storagetest.Connect(t, dsn).Query(t.Context(), catalog)
	require.NoError(t, err)
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	return lines
}

// roles are who may migrate.
func roles() map[string]func(*testing.T) string {
	return map[string]func(*testing.T) string{
		"superuser": func(t *testing.T) string { return localtest.Database(t) },
		"owner":     ownedDatabase,
	}
}

// ownedDatabase is a database of a role that is no superuser: it may create roles, as the migrations do, and no more.
func ownedDatabase(t *testing.T) string {
	t.Helper()
	name, password := "owner_"+strings.ToLower(rand.Text()[:12]), rand.Text()
	server := localtest.Stack(t).PostgresAdminDSN
	t.Cleanup(func() { afterTest(t, server, "DROP ROLE "+name) }) // after its database
	admin := localtest.Database(t)
	conn := storagetest.Connect(t, admin)
	u, err := url.Parse(admin)
	require.NoError(t, err)
	database := pgx.Identifier{strings.TrimPrefix(u.Path, "/")}.Sanitize()
	run(t, conn, "CREATE ROLE "+name+" LOGIN CREATEROLE NOSUPERUSER PASSWORD '"+password+"'")
	run(t, conn, "ALTER DATABASE "+database+" OWNER TO "+name)
	u.User = url.UserPassword(name, password)
	return u.String()
}

func run(t testing.TB, conn *pgx.Conn, statement string) {
	t.Helper()
	_, err := conn.Exec(t.Context(), statement)
	require.NoError(t, err, statement)
}

// Migrations go up, down and up again to the same schema, and leave nothing behind when they are down: for a superuser
// and for an owner who may create roles.
func TestMigrationsUpDownUp(t *testing.T) {
	t.Parallel()
	for name, database := range roles() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dsn := database(t)
			require.Empty(t, dump(t, dsn))
			require.NoError(t, storage.Migrate(t.Context(), dsn))
			up := dump(t, dsn)
			require.Greater(t, len(up), 300)
			require.NoError(t, storage.Migrate(t.Context(), dsn), "a second run changes nothing")
			require.Equal(t, up, dump(t, dsn))

			require.NoError(t, storage.MigrateDown(t.Context(), dsn))
			require.Empty(t, dump(t, dsn))

			require.NoError(t, storage.Migrate(t.Context(), dsn))
			require.Equal(t, up, dump(t, dsn))
		})
	}
}

// What an owner migrated works for the login it makes, twice over: the second call sets the password anew.
func TestOwnerMakesTheLogin(t *testing.T) {
	t.Parallel()
	owner := ownedDatabase(t)
	require.NoError(t, storage.Migrate(t.Context(), owner))
	dsn := storagetest.Login(t, owner)
	require.NoError(t, storage.CreateLogin(t.Context(), owner, user(t, dsn), "another"))
	u, err := url.Parse(dsn)
	require.NoError(t, err)
	u.User = url.UserPassword(u.User.Username(), "another")
	db, err := storage.Open(t.Context(), u.String(), storage.Options{})
	require.NoError(t, err)
	db.Close()
}

func user(t *testing.T, dsn string) string {
	t.Helper()
	u, err := url.Parse(dsn)
	require.NoError(t, err)
	return u.User.Username()
}

// A login that row-level security would not bind is neither made nor accepted.
func TestCreateLoginRefusesRolesThatBypass(t *testing.T) {
	t.Parallel()
	r := storagetest.New(t)
	name := "free_" + strings.ToLower(rand.Text()[:12])
	run(t, r.Owner(t), "CREATE ROLE "+name+" BYPASSRLS")
	t.Cleanup(func() { afterTest(t, r.OwnerDSN, "DROP ROLE "+name) })
	require.ErrorContains(t, storage.CreateLogin(t.Context(), r.OwnerDSN, name, "x"), "NOSUPERUSER NOBYPASSRLS")
}

// afterTest runs a statement when the test's own context is gone.
func afterTest(t *testing.T, dsn, statement string) {
	t.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, dsn)
	require.NoError(t, err)
	_, err = conn.Exec(ctx, statement)
	require.NoError(t, err)
	require.NoError(t, conn.Close(ctx))
}

// A database without migrations, and a login without docket_app, are refused with what to do.
func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	r := storagetest.New(t)
	name := "stranger_" + strings.ToLower(rand.Text()[:12])
	run(t, r.Owner(t), "CREATE ROLE "+name+" LOGIN PASSWORD 'x'")
	t.Cleanup(func() { afterTest(t, r.OwnerDSN, "DROP ROLE "+name) })
	u, err := url.Parse(r.OwnerDSN)
	require.NoError(t, err)
	u.User = url.UserPassword(name, "x")
	_, err = storage.Open(t.Context(), u.String(), storage.Options{})
	require.ErrorContains(t, err, "grant docket_app to the login")
}

// What was there before the board was narrowed by it gets its copies by the migration itself, also under an owner whom row-level
// security binds; and what the binary before writes gets them too.
func TestDeskMigrationFillsWhatIsThere(t *testing.T) {
	t.Parallel()
	r := storagetest.New(t) // which has made the roles: the owner below may not
	owner := ownedDatabase(t)
	require.NoError(t, storage.Migrate(t.Context(), owner))
	db := reopened(t, r, owner)
	tenant := storagetest.Tenant(t, db)
	member := storagetest.Staff(t, db, tenant, "agent")
	for i := range 3 {
		c := storagetest.NewCase(t, db, tenant, func(n *storage.NewCase) { n.Regime = []string{"gdpr", "ccpa", "gdpr"}[i] })
		storagetest.Change(t, db, tenant, func(ctx context.Context, tx *storage.Tx) error {
			if i == 1 {
				return nil
			}
			owed, err := tx.Obligations(ctx, c.ID)
			if err != nil {
				return err
			}
			return errors.Join(tx.AssignCase(ctx, c.ID, &member), tx.MoveObligation(ctx, owed[0], storage.ObligationMet, ""))
		})
	}
	app := storagetest.Connect(t, storagetest.Login(t, owner))
	run(t, app, "SET ROLE docket_app")
	run(t, app, "SELECT set_config('docket.tenant', '"+tenant.String()+"', false)")
	copies := func() []string {
		rows, err := app.Query(t.Context(), `SELECT concat_ws(' ', c.reference, c.answered_at, c.on_time, o.regime, o.request_right, o.assignee_id, o.amber_at)
			FROM obligations o JOIN cases c ON c.id = o.case_id ORDER BY 1`, pgx.QueryExecModeSimpleProtocol)
		require.NoError(t, err)
		lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
		require.NoError(t, err)
		return lines
	}
	before := copies()
	require.Len(t, before, 3)
	require.Contains(t, strings.Join(before, "\n"), member.String())
	require.NoError(t, storage.MigrateTo(t.Context(), owner, 5))
	require.NoError(t, storage.Migrate(t.Context(), owner))
	require.Equal(t, before, copies())
}

// The lines of the log that were there before it could be searched are described by the migration itself, also under an owner whom
// row-level security binds; the log is append-only again behind it.
func TestAuditSearchMigrationDescribesWhatIsThere(t *testing.T) {
	t.Parallel()
	owner := ownedDatabase(t)
	require.NoError(t, storage.Migrate(t.Context(), owner))
	r := storagetest.New(t)
	db := reopened(t, r, owner)
	tenant := storagetest.Tenant(t, db)
	filled := storagetest.Fill(t, db, tenant)
	refused := func() []storage.AuditLine {
		var lines []storage.AuditLine
		require.NoError(t, db.Read(t.Context(), tenant, func(ctx context.Context, tx *storage.Tx) (err error) {
			lines, err = tx.AuditEvents(ctx, storage.AuditFilter{Actor: filled.Staff.String(), Object: "hook", Outcome: audit.Refused, Limit: 10})
			return err
		}))
		return lines
	}
	before := refused()
	require.Len(t, before, 1)
	require.NoError(t, storage.MigrateTo(t.Context(), owner, 12))
	require.NoError(t, storage.Migrate(t.Context(), owner))
	require.Equal(t, before, refused())
	_, err := storagetest.Connect(t, owner).Exec(t.Context(), "ALTER TABLE audit_events NO FORCE ROW LEVEL SECURITY")
	require.NoError(t, err)
	_, err = storagetest.Connect(t, owner).Exec(t.Context(), "UPDATE audit_events SET outcome = 'done'")
	require.ErrorContains(t, err, "append-only")
}

// A task about an inquiry that was there before it said which is told by its key, also under an owner whom row-level security binds.
func TestInquiryTaskMigrationFillsWhatIsThere(t *testing.T) {
	t.Parallel()
	r := storagetest.New(t)
	owner := ownedDatabase(t)
	require.NoError(t, storage.Migrate(t.Context(), owner))
	db := reopened(t, r, owner)
	tenant := storagetest.Tenant(t, db)
	filled := storagetest.Fill(t, db, tenant)
	about := func() (addressees []string) {
		require.NoError(t, db.Read(t.Context(), tenant, func(ctx context.Context, tx *storage.Tx) error {
			tasks, err := tx.CaseTasks(ctx, filled.Case)
			for _, task := range tasks {
				if task.Addressee != nil {
					addressees = append(addressees, *task.Addressee)
				}
			}
			return err
		}))
		return addressees
	}
	require.Equal(t, []string{"Parcels Ltd"}, about())
	require.NoError(t, storage.MigrateTo(t.Context(), owner, 43))
	require.NoError(t, storage.Migrate(t.Context(), owner))
	require.Equal(t, []string{"Parcels Ltd"}, about())
}
