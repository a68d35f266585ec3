// Package mongo reads databases that speak MongoDB's wire protocol for access requests, and erases in them. Documents are looked at here, one by one: the
// server is asked for those that may hold a value, and what doesn't hold it is left out. A value is never part of what a query says, only what it compares with.
package mongo

import (
	"cmp"
	"context"
	"net/netip"
	"sync"
	"time"

	"github.com/jonboulle/clockwork"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/records"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// Config is how to reach a database and what lies in it. Only DSN and Datasets are needed; zero values give the defaults.
type Config struct {
	// DSN is a mongodb:// URL that names one host, user, password and database.
	DSN string
	// Datasets are the annotated datasets on this server.
	Datasets []dataset.Dataset

	// BatchRows, BatchBytes, ValueLimit, KeyLimit and RowLimit are those of records.Config.
	BatchRows  int
	BatchBytes int
	ValueLimit int64
	KeyLimit   int
	RowLimit   int

	// AnswerLimit is how many documents one answer of the server may have. Default: 100,000,000.
	AnswerLimit int

	// ConnectTimeout (10 s); StatementTimeout (5 min) bounds each answer of the server.
	ConnectTimeout   time.Duration
	StatementTimeout time.Duration

	// MayReach says of each address whether it may be connected to, in the moment of connecting. Default: every one.
	MayReach func(netip.Addr) bool
	// MayReachPlain says the same of connections that the DSN lets go without encryption. Default: every one.
	MayReachPlain func(netip.Addr) bool
	// AllowWrites opens for erasing: Test wants a user that may change the annotated collections, which it refuses by default.
	AllowWrites bool
	// EraseRows bounds what the ledger is told at a time: 100 documents.
	EraseRows int
	// Report hears of documents that were left out.
	Report func(context.Context, Notice)
	// Clock tells the time and waits. Default: the machine's.
	Clock clockwork.Clock
}

// Notice says that a server's answers held what was left out. It holds no value.
type Notice = records.Notice

// Connector reads one server. It connects with the first call and holds the connections until Close.
type Connector struct {
	*records.Reader
	cfg     Config
	address *address

	mu      sync.Mutex // held while the connector connects and lets go
	client  *mongo.Client
	dialer  *dialer
	catalog map[dataset.Address]*shape
}

var (
	_ connectors.Lister = (*Connector)(nil)
	_ connectors.Roster = (*Connector)(nil)
)

// New checks the configuration without connecting. A DSN that can't be used is an ErrDSN error, an annotation with names that no server can have an ErrSelection error.
func New(cfg Config) (*Connector, error) {
	cfg.ConnectTimeout = cmp.Or(cfg.ConnectTimeout, 10*time.Second)
	cfg.StatementTimeout = cmp.Or(cfg.StatementTimeout, 5*time.Minute)
	cfg.AnswerLimit = cmp.Or(cfg.AnswerLimit, 100_000_000)
	at, err := parseDSN(cfg.DSN)
	if err != nil {
		return nil, err
	}
	if err := sendableNames(cfg.Datasets); err != nil {
		return nil, err
	}
	c := &Connector{cfg: cfg, address: at}
	c.Reader = records.New(records.Config{Datasets: cfg.Datasets, BatchRows: cfg.BatchRows, BatchBytes: cfg.BatchBytes, ValueLimit: cfg.ValueLimit, KeyLimit: cfg.KeyLimit,
		RowLimit: cfg.RowLimit, AllowWrites: cfg.AllowWrites, EraseRows: cfg.EraseRows, Report: cfg.Report, Clock: cfg.Clock}, source{c})
	return c, nil
}

// Close lets go of the connections.
func (c *Connector) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.client == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), c.cfg.ConnectTimeout)
	defer cancel()
	err := c.client.Disconnect(ctx)
	c.client = nil
	if err != nil {
		return c.fault(ctx, "", err)
	}
	return nil
}

// database is where a dataset lies: in the one that meta.schema names, else in the address's.
func (c *Connector) database(key string) string {
	for i := range c.cfg.Datasets {
		d := &c.cfg.Datasets[i]
		if named, ok := d.Meta["schema"].(string); ok && d.Key == key && named != "" {
			return named
		}
	}
	return c.address.database
}

// collection is the server's collection of an address.
func (c *Connector) collection(a dataset.Address) *mongo.Collection {
	return c.client.Database(c.database(a.Dataset)).Collection(a.Collection)
}
