package localtest

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

// cleanupTime bounds what a test does after its end, when its own context is gone.
const cleanupTime = 30 * time.Second

// Database makes a database of the test's own and returns the superuser's URL on it. It is dropped when the test ends.
// With a template it is a clone of that; the template itself is made by whoever needs it first.
func Database(t testing.TB, template ...Template) string {
	t.Helper()
	admin := Stack(t).PostgresAdminDSN
	conn := connect(t, admin)
	name := "test_" + strings.ToLower(rand.Text()[:16])
	source := "template0"
	if len(template) > 0 {
		source = ensureTemplate(t, conn, admin, template[0])
	}
	_, err := conn.Exec(t.Context(), fmt.Sprintf("CREATE DATABASE %s TEMPLATE %s", quote(name), quote(source)))
	require.NoError(t, err, "clone the template database")
	t.Cleanup(func() { drop(t, admin, name) })
	return onDatabase(t, admin, name)
}

// ensureTemplate makes the template unless it is there. Test processes run side by side, so an advisory lock keeps all
// but the first waiting until it is whole; the mark that it is whole is its comment, set last.
func ensureTemplate(t testing.TB, conn *pgx.Conn, admin string, template Template) string {
	t.Helper()
	ctx := t.Context()
	name := "template_" + template.Name
	_, err := conn.Exec(ctx, "SELECT pg_advisory_lock(hashtext($1))", name)
	require.NoError(t, err, "lock the template database")
	defer func() {
		_, err := conn.Exec(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock(hashtext($1))", name)
		require.NoError(t, err, "unlock the template database")
	}()
	if templateIsWhole(t, conn, name) {
		return name
	}
	makeTemplate(t, conn, admin, name, template)
	return name
}

func templateIsWhole(t testing.TB, conn *pgx.Conn, name string) bool {
	t.Helper()
	var whole bool
	err := conn.QueryRow(t.Context(), `SELECT EXISTS (SELECT FROM pg_database
		WHERE datname = $1 AND shobj_description(oid, 'pg_database') = 'whole')`, name).Scan(&whole)
	require.NoError(t, err, "look for the template database")
	return whole
}

func makeTemplate(t testing.TB, conn *pgx.Conn, admin, name string, template Template) {
	t.Helper()
	ctx := t.Context()
	_, err := conn.Exec(ctx, "DROP DATABASE IF EXISTS "+quote(name)+" WITH (FORCE)")
	require.NoError(t, err, "drop a half-made template database")
	_, err = conn.Exec(ctx, "CREATE DATABASE "+quote(name))
	require.NoError(t, err, "make the template database")
	if template.Migrate != nil {
		require.NoError(t, template.Migrate(ctx, onDatabase(t, admin, name)), "fill the template database")
	}
	closeTemplate(t, conn, name)
	_, err = conn.Exec(ctx, "COMMENT ON DATABASE "+quote(name)+" IS 'whole'")
	require.NoError(t, err, "mark the template database")
}

// closeTemplate ends the connections that filled the template and lets nobody in again: a database that somebody is
// connected to can't be cloned, and a server process ends only some time after its client has left.
func closeTemplate(t testing.TB, conn *pgx.Conn, name string) {
	t.Helper()
	_, err := conn.Exec(t.Context(), "ALTER DATABASE "+quote(name)+" ALLOW_CONNECTIONS false")
	require.NoError(t, err, "close the template database")
	_, err = conn.Exec(t.Context(), "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = $1", name)
	require.NoError(t, err, "end the connections to the template database")
}

func connect(t testing.TB, dsn string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), dsn)
	require.NoError(t, err, "connect to the test stack's PostgreSQL")
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), cleanupTime)
		defer cancel()
		require.NoError(t, conn.Close(ctx))
	})
	return conn
}

func drop(t testing.TB, admin, name string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), cleanupTime)
	defer cancel()
	conn, err := pgx.Connect(ctx, admin)
	require.NoError(t, err)
	_, err = conn.Exec(ctx, "DROP DATABASE IF EXISTS "+quote(name)+" WITH (FORCE)")
	require.NoError(t, err, "drop the test's database")
	require.NoError(t, conn.Close(ctx))
}

func onDatabase(t testing.TB, dsn, name string) string {
	t.Helper()
	u, err := url.Parse(dsn)
	require.NoError(t, err)
	u.Path = "/" + name
	return u.String()
}

func quote(name string) string { return pgx.Identifier{name}.Sanitize() }
