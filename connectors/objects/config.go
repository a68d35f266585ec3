// Package objects reads object stores that speak S3 for access requests, and erases in them, as a document declares it: by what a person's objects
// are found, in keys, tags, metadata or content, and what of that is a field. One row is one object.
package objects

import (
	"context"
	"crypto/x509"
	"net/netip"
	"net/url"
	"time"

	"github.com/jonboulle/clockwork"
	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/records"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// Config is how to reach a store and what lies in it. Document, Secrets and Datasets are needed; zero values give the defaults.
type Config struct {
	// Document is what dataset.ParseStore reads.
	Document string
	// Secrets open the store: access_key=… and secret_key=…, one per line.
	Secrets string
	// Datasets are the annotated datasets in this store.
	Datasets []dataset.Dataset

	// BatchRows, BatchBytes, ValueLimit, KeyLimit and RowLimit are those of records.Config. ValueLimit bounds content that is delivered, too.
	BatchRows  int
	BatchBytes int
	ValueLimit int64
	KeyLimit   int
	RowLimit   int

	// AllowWrites opens for erasing.
	AllowWrites bool
	// EraseRows bounds what is deleted with one request: 1,000, which is the most that a store takes.
	EraseRows int

	// MayReach says of each address whether it may be connected to, in the moment of connecting; MayReachPlain the same for http without TLS.
	// Default: public addresses, and none without TLS.
	MayReach      func(netip.Addr) bool
	MayReachPlain func(netip.Addr) bool
	// Authorities stand in for the system's own when they are set.
	Authorities *x509.CertPool
	// Report hears of rows that were left out.
	Report func(context.Context, Notice)
	// Clock tells the time and waits. Default: the machine's.
	Clock clockwork.Clock
}

// Notice says that a store's answers held what was left out. It holds no value.
type Notice = records.Notice

// Defaults of the document's limits.
const (
	defaultTimeout     = 30 * time.Second
	defaultObjects     = 1_000_000
	defaultConcurrency = 8
	defaultRegion      = "us-east-1"
	// mostDeleted is how many objects one request may delete (DeleteObjects in Amazon's reference of S3's API).
	mostDeleted = 1000
)

// Connector reads one store.
type Connector struct {
	*records.Reader
	cfg     Config
	doc     *dataset.Store
	base    *url.URL
	secrets map[string]string
	limits  dataset.StoreLimits
	client  *minio.Client
	net     *transport
	states  *versionings
}

var (
	_ connectors.Eraser = (*Connector)(nil)
	_ connectors.Roster = (*Connector)(nil)
)

// New checks the configuration without connecting. Secrets that can't be used are an ErrDSN error, a document an ErrDocument error.
func New(cfg Config) (*Connector, error) {
	doc, err := dataset.ParseStore("store", []byte(cfg.Document))
	if err != nil {
		return nil, (&connectors.Error{Code: connectors.ErrDocument, What: "the store document can't be read", Do: "correct it"}).Wrap(err)
	}
	secrets, err := dataset.ReadStoreSecrets(cfg.Secrets)
	if err != nil {
		return nil, &connectors.Error{Code: connectors.ErrDSN, What: "the secrets of the store can't be used: " + err.Error(), Do: dataset.StoreSecretsForm}
	}
	base, err := url.Parse(doc.URL)
	if err != nil {
		return nil, documentFault("", "the store's url is no address", "correct it")
	}
	if cfg.EraseRows == 0 || cfg.EraseRows > mostDeleted {
		cfg.EraseRows = mostDeleted
	}
	c := &Connector{cfg: cfg, doc: doc, base: base, secrets: secrets, limits: withDefaults(doc.Limits), states: newVersionings()}
	if doc.Region == "" {
		doc.Region = defaultRegion
	}
	c.Reader = records.New(records.Config{Datasets: cfg.Datasets, BatchRows: cfg.BatchRows, BatchBytes: cfg.BatchBytes, ValueLimit: cfg.ValueLimit, KeyLimit: cfg.KeyLimit,
		RowLimit: cfg.RowLimit, AllowWrites: cfg.AllowWrites, EraseRows: cfg.EraseRows, Report: cfg.Report, Clock: cfg.Clock}, source{c})
	c.net = newTransport(c)
	lookup := minio.BucketLookupDNS
	if doc.PathStyle {
		lookup = minio.BucketLookupPath
	}
	c.client, err = minio.New(base.Host, &minio.Options{
		Creds: credentials.NewStaticV4(secrets[dataset.SecretAccessKey], secrets[dataset.SecretSecretKey], secrets[dataset.SecretSessionToken]), Secure: base.Scheme == "https",
		Transport: c.net, Region: doc.Region, BucketLookup: lookup, MaxRetries: tries,
	})
	if err != nil {
		return nil, documentFault("", "the store's url is no address of a store", "write it as https://s3.eu-central-1.amazonaws.com")
	}
	return c, nil
}

func withDefaults(l dataset.StoreLimits) dataset.StoreLimits {
	if l.Timeout == 0 {
		l.Timeout = defaultTimeout
	}
	if l.Objects == 0 {
		l.Objects = defaultObjects
	}
	if l.Concurrency == 0 {
		l.Concurrency = defaultConcurrency
	}
	return l
}

// Close lets go of the connections that were kept.
func (c *Connector) Close() error {
	c.net.http.CloseIdleConnections()
	return nil
}
