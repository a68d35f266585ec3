package records

import (
	"context"
	"time"

	"github.com/jonboulle/clockwork"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// Config bounds the work. Datasets are needed; zero values give the defaults.
type Config struct {
	// Datasets are the annotated datasets in this system.
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
	// Report hears of what the system answered and was not taken: see Notice.
	Report func(context.Context, Notice)
	// Clock tells the time and waits. Default: the machine's.
	Clock clockwork.Clock
}

// Notice says that answers of a system held what was left out. It holds no value.
type Notice struct {
	dataset.Address
	// Foreign are rows that nobody asked for: their field is not the value that they were to be found by.
	Foreign int64
	// Twice are rows that the system answered more than once.
	Twice int64
}

// Reader reads and erases in one system by its source.
type Reader struct {
	cfg    Config
	source Source
	// collections are those that are annotated.
	collections map[dataset.Address]*dataset.Collection
	datasets    map[string]bool
}

// FindsBy implements connectors.KeyFinder: by the field, or by looking through all that there is.
func (c *Reader) FindsBy(a dataset.Address, field []string) bool {
	return c.source.Finds(a, field) || c.source.Finds(a, nil)
}

// New makes a reader of a system.
func New(cfg Config, source Source) *Reader {
	c := &Reader{cfg: cfg.withDefaults(), source: source, collections: map[dataset.Address]*dataset.Collection{}, datasets: map[string]bool{}}
	for i := range c.cfg.Datasets {
		d := &c.cfg.Datasets[i]
		c.datasets[d.Key] = true
		for j := range d.Collections {
			c.collections[dataset.Address{Dataset: d.Key, Collection: d.Collections[j].Name}] = &d.Collections[j]
		}
	}
	return c
}

// Limits are the configuration with its defaults filled in.
func (c *Reader) Limits() Config { return c.cfg }

// Annotated finds a collection's annotation; known says whether its dataset is one of this system.
func (c *Reader) Annotated(a dataset.Address) (decl *dataset.Collection, known bool) {
	return c.collections[a], c.datasets[a.Dataset]
}

// Steps are all ways by which the annotation finds rows.
func (c *Reader) Steps() ([]dataset.Step, error) {
	graph, err := dataset.NewOpenGraph(c.cfg.Datasets...)
	if err != nil {
		return nil, (&connectors.Error{Code: connectors.ErrSelection, What: "the datasets contradict each other", Do: "correct the annotation"}).Wrap(err)
	}
	plan, err := graph.Plan(graph.Kinds())
	if err != nil {
		return nil, (&connectors.Error{Code: connectors.ErrSelection, What: "the collections can't be put in order", Do: "correct after in the annotation"}).Wrap(err)
	}
	return plan.Steps, nil
}

// withDefaults fills what was left zero.
func (c Config) withDefaults() Config {
	or(&c.BatchRows, 500)
	or(&c.BatchBytes, 8<<20)
	or(&c.ValueLimit, 16<<20)
	or(&c.KeyLimit, connectors.DefaultKeyLimit)
	or(&c.RowLimit, 1_000_000)
	or(&c.EraseRows, 100)
	if c.Report == nil {
		c.Report = func(context.Context, Notice) {}
	}
	if c.Clock == nil {
		c.Clock = clockwork.NewRealClock()
	}
	return c
}

// or sets a zero value to its default.
func or[T comparable](v *T, def T) {
	var zero T
	if *v == zero {
		*v = def
	}
}

// Wait waits, unless the work is broken off.
func (c Config) Wait(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-c.Clock.After(d):
		return ctx.Err()
	}
}
