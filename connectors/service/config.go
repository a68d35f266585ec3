// Package service reads systems that lie behind HTTP for access requests, and erases in them, as a document declares it: which request finds a
// person's rows, where they are in the answer, and which request deletes or changes one. The walk is done here, request by request.
package service

import (
	"context"
	"crypto/x509"
	"net/netip"
	"net/url"

	"github.com/jonboulle/clockwork"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/records"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// Config is how to reach a service and what lies in it. Document, Secrets and Datasets are needed; zero values give the defaults.
type Config struct {
	// Document is what dataset.ParseService reads.
	Document string
	// Secrets open the service: name=value, one per line. Which ones there are follows from the document's auth.
	Secrets string
	// Datasets are the annotated datasets in this service.
	Datasets []dataset.Dataset

	// BatchRows and BatchBytes bound one part: 500 rows, 8 MiB. A collection whose rows take more than BatchBytes is read twice: once to count.
	BatchRows  int
	BatchBytes int
	// ValueLimit is the longest value that is delivered, in bytes of its text; beyond it an oversize marker is. Default: 16 MiB.
	ValueLimit int64
	// KeyLimit is how many values one reference may carry. Default: connectors.DefaultKeyLimit.
	KeyLimit int
	// RowLimit is how many rows of one collection are told apart. Default: 1,000,000.
	RowLimit int

	// AllowWrites opens for erasing.
	AllowWrites bool
	// EraseRows bounds what the ledger is told at a time: 100 rows.
	EraseRows int

	// MayReach says of each address whether it may be connected to, in the moment of connecting; MayReachPlain the same for http without TLS.
	// Default: public addresses, and none without TLS.
	MayReach      func(netip.Addr) bool
	MayReachPlain func(netip.Addr) bool
	// Authorities stand in for the system's own when they are set.
	Authorities *x509.CertPool
	// Pool is shared by all connectors to one service in this process, so that they keep its limits together. Default: one of its own.
	Pool *Pool
	// Report hears of what the service answered and was not taken: see Notice.
	Report func(context.Context, Notice)
	// Clock tells the time and waits. Default: the machine's.
	Clock clockwork.Clock
}

// Notice says that answers of a service held what was left out. It holds no value.
type Notice = records.Notice

// Connector reads one service. It holds no connection in between that anybody would miss.
type Connector struct {
	cfg     Config
	doc     *dataset.Service
	base    *url.URL
	secrets map[string]string
	client  *client
	*records.Reader
}

var (
	_ connectors.Lister = (*Connector)(nil)
	_ connectors.Roster = (*Connector)(nil)
)

// New checks the configuration without connecting. Secrets that can't be used are an ErrDSN error, a document an ErrDocument error.
func New(cfg Config) (*Connector, error) {
	cfg = cfg.withDefaults()
	doc, err := dataset.ParseService("service", []byte(cfg.Document))
	if err != nil {
		return nil, (&connectors.Error{Code: connectors.ErrDocument, What: "the service document can't be read", Do: "correct it"}).Wrap(err)
	}
	secrets, err := parseSecrets(doc.Auth, cfg.Secrets)
	if err != nil {
		return nil, err
	}
	base, err := url.Parse(doc.URL)
	if err != nil {
		return nil, &connectors.Error{Code: connectors.ErrDocument, What: "the service's url is no address", Do: "correct it"}
	}
	c := &Connector{cfg: cfg, doc: doc, base: base, secrets: secrets}
	c.client = newClient(c)
	c.Reader = records.New(cfg.reading(), source{c})
	return c, nil
}

// Close lets go of the connections that were kept.
func (c *Connector) Close() error {
	c.client.transport.CloseIdleConnections()
	return nil
}

// withDefaults fills what was left zero.
func (c Config) withDefaults() Config {
	or(&c.Pool, NewPool())
	if c.Clock == nil {
		c.Clock = clockwork.NewRealClock()
	}
	return c
}

// reading is what the reader has to know of it.
func (c Config) reading() records.Config {
	return records.Config{Datasets: c.Datasets, BatchRows: c.BatchRows, BatchBytes: c.BatchBytes, ValueLimit: c.ValueLimit, KeyLimit: c.KeyLimit, RowLimit: c.RowLimit,
		AllowWrites: c.AllowWrites, EraseRows: c.EraseRows, Report: c.Report, Clock: c.Clock}
}

// or sets a zero value to its default.
func or[T comparable](v *T, def T) {
	var zero T
	if *v == zero {
		*v = def
	}
}
