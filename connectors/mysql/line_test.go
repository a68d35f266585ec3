package mysql_test

import (
	"context"
	"database/sql"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/conformance"
	"github.com/privacy-docket/docket/connectors/mysql"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// sessions are those of the bench's user.
func (b *bench) sessions(t *testing.T) (ids []int64) {
	t.Helper()
	rows, err := b.admin.QueryContext(t.Context(), `SELECT ID FROM information_schema.PROCESSLIST WHERE USER = ? ORDER BY ID`, strings.Split(b.reader, "@")[0])
	require.NoError(t, err)
	defer func() { require.NoError(t, rows.Close()) }()
	for rows.Next() {
		var id int64
		require.NoError(t, rows.Scan(&id))
		ids = append(ids, id)
	}
	require.NoError(t, rows.Err())
	return ids
}

// transactions counts those that are open in a session.
func (b *bench) transactions(t *testing.T, id int64) (n int) {
	t.Helper()
	require.NoError(t, b.admin.QueryRowContext(t.Context(), `SELECT COUNT(*) FROM information_schema.INNODB_TRX WHERE trx_mysql_thread_id = ?`, id).Scan(&n))
	return n
}

// kept is a connector with something to ask of it.
type kept struct {
	*bench
	*mysql.Connector
	datasets []dataset.Dataset
	sel      connectors.Selection
}

func newKept(t *testing.T, cfg mysql.Config) kept {
	t.Helper()
	b := newBench(t)
	b.seed(t)
	cfg.Datasets = conformance.Parse(t, conformance.Mail)
	return kept{bench: b, Connector: b.connector(t, cfg), datasets: cfg.Datasets, sel: conformance.Plan(t, cfg.Datasets, conformance.Email("a@example.org"))}
}

// asks has the connector count, and gives the session that is left.
func (k kept) asks(t *testing.T) int64 {
	t.Helper()
	_, err := k.Preview(t.Context(), k.sel)
	require.NoError(t, err)
	ids := k.sessions(t)
	require.Len(t, ids, 1)
	return ids[0]
}

// Calls that follow each other share a connection, until the connector is closed; one that the server has ended meanwhile is replaced, and so is one
// that an error came of.
func TestCallsShareAConnection(t *testing.T) {
	t.Parallel()
	k := newKept(t, mysql.Config{})
	require.Empty(t, k.sessions(t), "nothing was asked yet")
	first := k.asks(t)
	require.Equal(t, first, k.asks(t))

	k.exec(t, `KILL ?`, first)
	k.gone(t, first)
	second := k.asks(t)
	require.NotEqual(t, first, second)

	k.exec(t, `RENAME TABLE mail TO gone`)
	_, err := k.Preview(t.Context(), k.sel)
	require.Error(t, err)
	k.exec(t, `RENAME TABLE gone TO mail`)
	require.NotEqual(t, second, k.asks(t))
	require.NoError(t, k.Close())
	k.idle(t)
	require.NotEqual(t, second, k.asks(t))
	require.NoError(t, k.Close(), "and again")
}

// gone waits until a session is.
func (b *bench) gone(t *testing.T, id int64) {
	t.Helper()
	require.Eventually(t, func() bool {
		for _, other := range b.sessions(t) {
			if other == id {
				return false
			}
		}
		return true
	}, time.Minute, 10*time.Millisecond)
}

// What a call has begun ends with it: its transaction, and with that its view of the data.
func TestNoTransactionIsLeft(t *testing.T) {
	t.Parallel()
	k := newKept(t, mysql.Config{})
	count := func() int64 {
		t.Helper()
		counts, err := k.Preview(t.Context(), k.sel)
		require.NoError(t, err)
		return counts[0].Rows
	}
	before := count()
	session := k.asks(t)
	require.Zero(t, k.transactions(t, session))
	k.exec(t, `INSERT INTO mail (id, email) VALUES (4711, 'a@example.org')`)
	require.Equal(t, before+1, count(), "the next call sees what was written meanwhile")
	require.Equal(t, session, k.asks(t))
	k.exec(t, `ALTER TABLE mail ADD COLUMN later int`) // it would wait for a transaction that has read the table
}

// A session in which rows were streamed, which may take hours, has the limits of its configuration again in the next call.
func TestLimitsAreSetAnew(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.seed(t)
	b.exec(t, `CREATE VIEW slow AS SELECT id, email, body FROM mail WHERE SLEEP(60) = 0`)
	both := conformance.Parse(t, `dataset: [{fides_key: d, collections: [
		{name: mail, fields: [{name: id, fides_meta: {primary_key: true}}, {name: email, fides_meta: {identity: email}}]},
		{name: slow, fields: [{name: id, fides_meta: {primary_key: true}}, {name: email, fides_meta: {identity: email}}]}]}]`)
	c := b.connector(t, mysql.Config{Datasets: both, StatementTimeout: 100 * time.Millisecond})
	mail := dataset.Address{Dataset: "d", Collection: "mail"}
	require.NoError(t, c.Roll(t.Context(), dataset.FieldAddress{Address: mail, Path: []string{"email"}}, func([]string) error { return nil }))
	require.Len(t, b.sessions(t), 1)
	sel := conformance.Plan(t, both, conformance.Email("a@example.org"))
	sel.Only = []dataset.Address{{Dataset: "d", Collection: "slow"}}
	_, err := c.Preview(t.Context(), sel)
	require.ErrorIs(t, err, connectors.ErrTimeout)
}

// A query that an administrator ends is an error of its call alone.
func TestAKilledQueryEndsItsCallAlone(t *testing.T) {
	t.Parallel()
	k := newKept(t, mysql.Config{})
	first := k.asks(t)
	held, err := k.admin.Conn(t.Context())
	require.NoError(t, err)
	_, err = held.ExecContext(t.Context(), `LOCK TABLES mail WRITE`)
	require.NoError(t, err)
	done := make(chan error, 1)
	go func() {
		_, err := k.Preview(t.Context(), k.sel)
		done <- err
	}()
	require.Eventually(t, func() bool { return k.waits(t, held, first) }, time.Minute, 10*time.Millisecond)
	_, err = held.ExecContext(t.Context(), `KILL QUERY ?`, first)
	require.NoError(t, err)
	require.Error(t, <-done)
	_, err = held.ExecContext(t.Context(), `UNLOCK TABLES`)
	require.NoError(t, err)
	require.NoError(t, held.Close())
	k.gone(t, first)
	require.NotEqual(t, first, k.asks(t))
}

// waits reports whether a session waits for a table.
func (b *bench) waits(t *testing.T, over *sql.Conn, id int64) bool {
	t.Helper()
	var n int
	err := over.QueryRowContext(t.Context(), `SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE ID = ? AND STATE LIKE 'Waiting for table metadata%'`, id).Scan(&n)
	return err == nil && n == 1
}

// Two calls at a time don't share: the second has a connection of its own, which ends with it.
func TestACallBesideAnotherHasAConnectionOfItsOwn(t *testing.T) {
	t.Parallel()
	k := newKept(t, mysql.Config{})
	mail := dataset.FieldAddress{Address: conformance.AddressOf("mail"), Path: []string{"email"}}
	require.NoError(t, k.Roll(t.Context(), mail, func([]string) error {
		_, err := k.Preview(t.Context(), k.sel)
		return err
	}))
	k.asks(t)
}

// A connection over which nothing is answered any more is given up, and the call is answered over another.
func TestAForgottenConnectionIsReplaced(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.seed(t)
	u, err := url.Parse(b.dsn)
	require.NoError(t, err)
	gate := conformance.NewGate(t, u.Host)
	u.Host = gate.Address
	datasets := conformance.Parse(t, conformance.Mail)
	c := b.connector(t, mysql.Config{DSN: u.String(), Datasets: datasets, ConnectTimeout: 5 * time.Second})
	sel := conformance.Plan(t, datasets, conformance.Email("a@example.org"))
	gate.RunForgotten(t, func(ctx context.Context) error {
		_, err := c.Preview(ctx, sel)
		return err
	})
}
