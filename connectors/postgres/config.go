// Package postgres reads PostgreSQL databases for access requests, and erases in them. It walks the plan in SQL: rows are found by
// semi-joins in the server, in one read-only snapshot, and streamed through a server-side cursor. Values are masked in SQL, in
// transactions of bounded size.
package postgres

import (
	"bufio"
	"cmp"
	"context"
	"io"
	"net"
	"net/netip"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgproto3"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/relational"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/reach"
)

// Config is how to reach a database and what lies in it. Only DSN and Datasets are needed; zero values give the defaults.
type Config struct {
	// DSN is a postgres:// URL or key=value text that names at least host, user and database.
	DSN string
	// Datasets are the annotated datasets in this database.
	Datasets []dataset.Dataset
	// Schema holds the tables of datasets whose meta has no schema of its own. Default: public.
	Schema string

	// BatchRows and BatchBytes bound one part: 500 rows, 8 MiB.
	BatchRows  int
	BatchBytes int
	// ValueLimit is the longest value that is delivered, in bytes of its text; beyond it an oversize marker is. Default: 16 MiB.
	ValueLimit int64
	// RowLimit is the longest row that is taken in, in bytes as it comes over the wire; a longer one ends the work before it is
	// read. It is the bound on what one row can take of this process's memory. Default: 256 MiB.
	RowLimit int
	// KeyLimit is how many values one reference may carry to another system. Default: connectors.DefaultKeyLimit.
	KeyLimit int

	// ConnectTimeout (10 s), StatementTimeout (5 min, per fetched batch), LockTimeout (10 s), IdleTimeout (10 min, how long the sink may take).
	ConnectTimeout   time.Duration
	StatementTimeout time.Duration
	LockTimeout      time.Duration
	IdleTimeout      time.Duration

	// ExactEmail compares e-mail identities with regard to case. By default they are compared by lower().
	ExactEmail bool
	// MayReach says of each address whether it may be connected to, in the moment of connecting. Default: every one.
	MayReach func(netip.Addr) bool
	// MayReachPlain says the same of connections that the DSN lets go without encryption. Default: every one.
	MayReachPlain func(netip.Addr) bool
	// AllowWrites opens for erasing: Test wants a role that may change the annotated tables, which it refuses by default.
	AllowWrites bool
	// EraseRows bounds one transaction of an erasure: 20,000 rows. EraseWriters is how many of them go on at a time: 2.
	EraseRows    int
	EraseWriters int
}

// readAhead is how much is taken from the connection at once. The driver alone takes 8 KiB, which is a call per 50 rows.
const readAhead = 256 << 10

// Connector reads one PostgreSQL database. Calls that come one after the other share a connection, which is kept until Close; one that comes beside
// another has its own.
type Connector struct {
	relational.Reads
	cfg    Config
	conn   *pgx.ConnConfig
	system *relational.System

	busy sync.Mutex // held while the kept connection is in use
	kept *line
}

var (
	_ connectors.Connector = (*Connector)(nil)
	_ connectors.Lister    = (*Connector)(nil)
)

// New checks the configuration without connecting. A DSN that can't be used is an ErrDSN error.
func New(cfg Config) (*Connector, error) {
	cfg = cfg.withDefaults()
	conn, err := parseDSN(cfg.DSN)
	if err != nil {
		return nil, err
	}
	conn.ConnectTimeout = cfg.ConnectTimeout
	conn.DialFunc = cfg.dialer(conn).DialContext
	conn.BuildFrontend = func(r io.Reader, w io.Writer) *pgproto3.Frontend {
		frontend := pgproto3.NewFrontend(bufio.NewReaderSize(r, readAhead), w)
		frontend.SetMaxBodyLen(cfg.RowLimit)
		return frontend
	}
	c := &Connector{cfg: cfg, conn: conn}
	c.kept = &line{Connector: c}
	limits := relational.Limits{KeyLimit: cfg.KeyLimit, ValueLimit: cfg.ValueLimit, BatchRows: cfg.BatchRows, BatchBytes: cfg.BatchBytes, ExactEmail: cfg.ExactEmail, AllowWrites: cfg.AllowWrites}
	c.system = relational.NewSystem(cfg.Datasets, cfg.Schema, limits, func(ctx context.Context, work func(relational.Session) error) error {
		return c.snapshot(ctx, func(s *session) error { return work(s) })
	})
	c.Reads = c.system.Reads()
	return c, nil
}

// withDefaults fills what was left zero.
func (c Config) withDefaults() Config {
	c.Schema = cmp.Or(c.Schema, "public")
	c.BatchRows = cmp.Or(c.BatchRows, 500)
	c.BatchBytes = cmp.Or(c.BatchBytes, 8<<20)
	c.EraseRows = cmp.Or(c.EraseRows, 20_000)
	c.EraseWriters = cmp.Or(c.EraseWriters, 2)
	c.ValueLimit = cmp.Or(c.ValueLimit, 16<<20)
	c.RowLimit = cmp.Or(c.RowLimit, 256<<20)
	c.KeyLimit = cmp.Or(c.KeyLimit, connectors.DefaultKeyLimit)
	c.ConnectTimeout = cmp.Or(c.ConnectTimeout, 10*time.Second)
	c.StatementTimeout = cmp.Or(c.StatementTimeout, 5*time.Minute)
	c.LockTimeout = cmp.Or(c.LockTimeout, 10*time.Second)
	c.IdleTimeout = cmp.Or(c.IdleTimeout, 10*time.Minute)
	return c
}

// dialer connects where the configuration lets it: sslmode=prefer and allow take what a server without TLS says, and whoever stands in between.
func (c Config) dialer(conn *pgx.ConnConfig) *net.Dialer {
	plain := conn.TLSConfig == nil || slices.ContainsFunc(conn.Fallbacks, func(f *pgconn.FallbackConfig) bool { return f.TLSConfig == nil })
	if !plain {
		return reach.Dialer(c.ConnectTimeout, c.MayReach)
	}
	return reach.PlainDialer(c.ConnectTimeout, c.MayReach, c.MayReachPlain)
}
