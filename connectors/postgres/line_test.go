package postgres_test

import (
	"context"
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/connectors/conformance"
	"github.com/privacy-docket/docket/connectors/postgres"
)

// sessions are those of the bench's role.
func (b *bench) sessions(t *testing.T) []int32 {
	t.Helper()
	rows, err := b.admin.Query(t.Context(), `SELECT pid FROM pg_stat_activity WHERE usename = $1 ORDER BY pid`, reader(t, b))
	require.NoError(t, err)
	pids, err := pgx.CollectRows(rows, pgx.RowTo[int32])
	require.NoError(t, err)
	return pids
}

// Calls that follow each other share a connection, until the connector is closed; one that the server has ended meanwhile is replaced, and so is one
// that an error came of.
func TestCallsShareAConnection(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.exec(t, `CREATE TABLE mail (id int PRIMARY KEY, email text, body text)`)
	b.exec(t, `GRANT SELECT ON mail TO `+reader(t, b))
	datasets := conformance.Parse(t, conformance.Mail)
	c := b.connector(t, postgres.Config{Datasets: datasets})
	sel := conformance.Plan(t, datasets, conformance.Email("a@example.org"))
	preview := func() {
		t.Helper()
		_, err := c.Preview(t.Context(), sel)
		require.NoError(t, err)
	}
	require.Empty(t, b.sessions(t), "nothing was asked yet")
	preview()
	first := b.sessions(t)
	require.Len(t, first, 1)
	preview()
	require.Equal(t, first, b.sessions(t))

	b.exec(t, `SELECT pg_terminate_backend($1, 10000)`, first[0])
	preview()
	second := b.sessions(t)
	require.Len(t, second, 1)
	require.NotEqual(t, first, second)

	b.exec(t, `ALTER TABLE mail RENAME TO gone`)
	_, err := c.Preview(t.Context(), sel)
	require.Error(t, err)
	b.exec(t, `ALTER TABLE gone RENAME TO mail`)
	preview()
	require.NoError(t, c.Close())
	require.Eventually(t, func() bool { return len(b.sessions(t)) == 0 }, time.Minute, 10*time.Millisecond)
	preview()
	require.NoError(t, c.Close(), "and again")
	require.False(t, slices.Contains(b.sessions(t), second[0]))
}

// A connection over which nothing is answered any more is given up, and the call is answered over another.
func TestAForgottenConnectionIsReplaced(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.exec(t, `CREATE TABLE mail (id int PRIMARY KEY, email text, body text)`)
	b.exec(t, `GRANT SELECT ON mail TO `+reader(t, b))
	u, err := url.Parse(b.dsn)
	require.NoError(t, err)
	gate := conformance.NewGate(t, u.Host)
	u.Host = gate.Address
	datasets := conformance.Parse(t, conformance.Mail)
	c := b.connector(t, postgres.Config{DSN: u.String(), Datasets: datasets, ConnectTimeout: 5 * time.Second})
	sel := conformance.Plan(t, datasets, conformance.Email("a@example.org"))
	gate.RunForgotten(t, func(ctx context.Context) error {
		_, err := c.Preview(ctx, sel)
		return err
	})
}
