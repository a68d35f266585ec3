package postgres

import (
	"context"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/relational"
)

// session is one read-only snapshot of the database.
type session struct {
	*Connector
	tx pgx.Tx
}

// Dialect is that of PostgreSQL.
func (*session) Dialect() relational.Dialect { return dialect{} }

// snapshot runs work in a repeatable-read, read-only transaction: over the connection that is kept, or, while that is in use, over one of its own.
func (c *Connector) snapshot(ctx context.Context, work func(*session) error) error {
	if c.busy.TryLock() {
		defer c.busy.Unlock()
		return c.kept.snapshot(ctx, work)
	}
	own := &line{Connector: c}
	defer own.close(ctx)
	return own.snapshot(ctx, work)
}

// Close gives the kept connection back. The connector can be used after it, and is to be closed again.
func (c *Connector) Close() error {
	c.busy.Lock()
	defer c.busy.Unlock()
	c.kept.close(context.Background())
	return nil
}

// closeConn ends a connection, and the transaction in it, even when the context is already done. Then a query may be under
// way: the server would go on with it, though nobody listens any more.
func closeConn(ctx context.Context, conn *pgx.Conn) {
	broken := ctx.Err() != nil
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	// What was written was committed before, so nothing is lost when the goodbye fails; the statement timeout ends the query in any case.
	if broken {
		_ = conn.PgConn().CancelRequest(ctx)
	}
	_ = conn.Close(ctx)
}

// settings bounds what the transaction may cost, and fixes how values are written as text.
func (c *Connector) settings(ctx context.Context, tx pgx.Tx) error {
	names := []string{"search_path", "statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout",
		"cursor_tuple_fraction", "datestyle", "timezone", "intervalstyle", "bytea_output", "extra_float_digits"}
	values := []string{"", milliseconds(c.cfg.StatementTimeout), milliseconds(c.cfg.LockTimeout), milliseconds(c.cfg.IdleTimeout),
		"1", "ISO, YMD", "UTC", "iso_8601", "hex", "1"}
	_, err := tx.Exec(ctx, `SELECT pg_catalog.set_config(s.k, s.v, true) FROM unnest($1::text[], $2::text[]) AS s(k, v)`, atOnce, names, values)
	return fault("", err)
}

// Ask reads an answer row by row.
func (s *session) Ask(ctx context.Context, where, statement string, args []any, places []any, take func() error) error {
	rows, err := s.tx.Query(ctx, statement, args...)
	if err == nil {
		_, err = pgx.ForEachRow(rows, places, take)
	}
	return fault(where, err)
}

// readOnly makes sure that the server keeps its word.
func (s *session) readOnly(ctx context.Context) error {
	var readOnly string
	if err := s.tx.QueryRow(ctx, `SELECT pg_catalog.current_setting('transaction_read_only')`, atOnce).Scan(&readOnly); err != nil {
		return fault("", err)
	}
	if readOnly != "on" {
		return &connectors.Error{Code: connectors.ErrWritable, What: "the server doesn't keep the transaction read-only",
			Do: "connect to the server itself, or to a pooler in session or transaction mode"}
	}
	return nil
}

// milliseconds writes a duration as the server's settings take it.
func milliseconds(d time.Duration) string { return strconv.FormatInt(d.Milliseconds(), 10) }
