package mysql

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/go-sql-driver/mysql"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/relational"
	"github.com/privacy-docket/docket/reach"
)

// session is one connection, in it one read-only snapshot after the other.
type session struct {
	*Connector
	db    *sql.DB
	conn  *sql.Conn
	meter *meter
	// id is the connection's number at the server, to end what it does from elsewhere.
	id int64
	// maria tells MariaDB from MySQL.
	maria bool
	// stalled is set when a query was given up by us.
	stalled bool
}

// Dialect is that of the server.
func (s *session) Dialect() relational.Dialect { return dialect{s.maria} }

// Ask reads an answer row by row.
func (s *session) Ask(ctx context.Context, where, statement string, args []any, places []any, take func() error) error {
	return s.each(ctx, where, statement, args, func(rows *sql.Rows) error {
		if err := rows.Scan(places...); err != nil {
			return err
		}
		return take()
	})
}

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

// Test looks over a connection that is new: what a user may do the server reads when he connects.
func (c *Connector) Test(ctx context.Context) error {
	if err := c.Close(); err != nil {
		return err
	}
	return c.Reads.Test(ctx)
}

// Close gives the kept connection back. The connector can be used after it, and is to be closed again.
func (c *Connector) Close() error {
	c.busy.Lock()
	defer c.busy.Unlock()
	c.kept.close(context.Background())
	return nil
}

// connected runs work on a connection of its own.
func (c *Connector) connected(ctx context.Context, work func(*session) error) error {
	s, err := c.connect(ctx)
	if err != nil {
		return err
	}
	defer s.end(ctx)
	if err := s.settings(ctx); err != nil {
		return err
	}
	return work(s)
}

// connect opens a session, whose settings are still the server's.
func (c *Connector) connect(ctx context.Context) (*session, error) {
	s := &session{Connector: c, meter: &meter{}}
	s.meter.limit.Store(c.cfg.RowLimit)
	var err error
	if s.db, err = c.open(s.meter); err != nil {
		return nil, err
	}
	connecting, stop := context.WithTimeout(ctx, c.cfg.ConnectTimeout)
	defer stop()
	if s.conn, err = s.db.Conn(connecting); err != nil {
		_ = s.db.Close() // it has no connection
		if ctx.Err() != nil {
			err = ctx.Err()
		}
		return nil, connectFault(c.conn.Addr, err)
	}
	return s, nil
}

// open makes what connects. The first connection is metered.
func (c *Connector) open(m *meter) (*sql.DB, error) {
	cfg := c.conn.Clone()
	dialer := reach.Dialer(c.cfg.ConnectTimeout, c.cfg.MayReach)
	if cfg.TLS == nil && cfg.TLSConfig != "true" && cfg.TLSConfig != "skip-verify" { // preferred takes what a server without TLS says, and whoever stands in between
		dialer = reach.PlainDialer(c.cfg.ConnectTimeout, c.cfg.MayReach, c.cfg.MayReachPlain)
	}
	cfg.DialFunc = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dialer.DialContext(ctx, network, address)
		if err != nil || m.Conn != nil {
			return conn, err
		}
		m.Conn = conn
		return m, nil
	}
	connector, err := mysql.NewConnector(cfg)
	if err != nil {
		return nil, badDSN("the DSN has a setting that can't be used", dsnForm)
	}
	return sql.OpenDB(connector), nil
}

// end gives the connection up. When the work was broken off a query may be under way: the server would go on with it though nobody
// listens any more, so it is told from a second connection to end it.
func (s *session) end(ctx context.Context) {
	broken := ctx.Err() != nil || s.stalled
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	// Nothing was written, so nothing is lost when the goodbye fails; the statement's bound in the server ends the query in any case.
	if broken && s.id != 0 {
		_, _ = s.db.ExecContext(ctx, "KILL "+strconv.FormatInt(s.id, 10))
	}
	_ = s.conn.Close()
	_ = s.db.Close()
}

// settings bounds what the session may cost, and fixes how names are quoted, values written and texts compared.
func (s *session) settings(ctx context.Context) error {
	var version string
	err := s.each(ctx, "", "SELECT VERSION(), CONNECTION_ID()", nil, func(rows *sql.Rows) error { return rows.Scan(&version, &s.id) })
	if err != nil {
		return err
	}
	s.maria = strings.Contains(version, "MariaDB")
	if err := s.supported(version); err != nil {
		return err
	}
	for _, statement := range []string{
		"SET NAMES utf8mb4 COLLATE utf8mb4_bin",
		"SET SESSION sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES,STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION', time_zone = '+00:00', " +
			"sql_select_limit = 18446744073709551615, sql_big_selects = 1, sql_safe_updates = 0, group_concat_max_len = 67108864",
		fmt.Sprintf("SET SESSION lock_wait_timeout = %d, wait_timeout = %d, net_write_timeout = %d",
			seconds(s.cfg.LockTimeout), seconds(s.cfg.IdleTimeout), seconds(s.cfg.IdleTimeout)),
	} {
		if _, err := s.conn.ExecContext(ctx, statement); err != nil {
			return fault("", err)
		}
	}
	return s.bound(ctx, s.cfg.StatementTimeout)
}

// The oldest versions with what the walk is written in: WITH, JSON_TABLE.
const (
	oldestMariaDB = 1006 // 10.6
	oldestMySQL   = 800  // 8.0
)

func (s *session) supported(version string) error {
	var major, minor int
	if _, err := fmt.Sscanf(version, "%d.%d", &major, &minor); err != nil {
		return nil //nolint:nilerr // a server that calls itself otherwise is taken for what it is said to speak
	}
	at := major*100 + minor
	if s.maria && at < oldestMariaDB || !s.maria && at < oldestMySQL {
		return &connectors.Error{Code: connectors.ErrDatabase, What: fmt.Sprintf("the server has the version %d.%d", major, minor), Do: "connect to MySQL 8.0, MariaDB 10.6 or later"}
	}
	return nil
}

// bound sets how long the server lets a statement run.
func (s *session) bound(ctx context.Context, limit time.Duration) error {
	statement := fmt.Sprintf("SET SESSION max_execution_time = %d", limit.Milliseconds())
	if s.maria {
		statement = fmt.Sprintf("SET SESSION max_statement_time = %.3f", limit.Seconds())
	}
	_, err := s.conn.ExecContext(ctx, statement)
	return fault("", err)
}

// readOnly begins the snapshot. That the session is read-only is asked back, for there are poolers between.
func (s *session) readOnly(ctx context.Context) error {
	name := "transaction_read_only"
	if s.maria {
		name = "tx_read_only"
	}
	for _, statement := range []string{"SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ", "SET SESSION TRANSACTION READ ONLY"} {
		if _, err := s.conn.ExecContext(ctx, statement); err != nil {
			return fault("", err)
		}
	}
	var on bool
	if err := s.each(ctx, "", "SELECT @@SESSION."+name, nil, func(rows *sql.Rows) error { return rows.Scan(&on) }); err != nil {
		return err
	}
	if !on {
		return &connectors.Error{Code: connectors.ErrWritable, What: "the server doesn't keep the session read-only", Do: "connect to the server itself, and to no pooler that spreads statements"}
	}
	_, err := s.conn.ExecContext(ctx, "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY")
	return fault("", err)
}

// rollBack ends the snapshot.
func (s *session) rollBack(ctx context.Context) error {
	_, err := s.conn.ExecContext(ctx, "ROLLBACK")
	return fault("", err)
}

// query asks for rows. The rows must be closed.
func (s *session) query(ctx context.Context, where, statement string, args []any) (*sql.Rows, error) {
	s.meter.row()
	rows, err := s.conn.QueryContext(ctx, statement, args...)
	return rows, s.fault(where, err)
}

// each hands every row of an answer over.
func (s *session) each(ctx context.Context, where, statement string, args []any, take func(*sql.Rows) error) (err error) {
	rows, err := s.query(ctx, where, statement, args)
	if err != nil {
		return err
	}
	defer func() {
		if wrong := rows.Close(); err == nil {
			err = s.fault(where, wrong)
		}
	}()
	for rows.Next() {
		s.meter.row()
		if err := take(rows); err != nil {
			if errors.As(err, new(handed)) {
				return err
			}
			return s.fault(where, err)
		}
	}
	return s.fault(where, rows.Err())
}

// fault explains an error of this session, whose connection may have been broken by ourselves.
func (s *session) fault(where string, err error) error {
	var ours *connectors.Error
	if err != nil && s.meter.over() && !errors.As(err, &ours) {
		return relational.TooLarge(where, s.cfg.RowLimit)
	}
	return fault(where, err)
}

// seconds writes a duration as the server's settings take it: at least one.
func seconds(d time.Duration) int64 { return max(1, int64(d.Round(time.Second)/time.Second)) }
