package relational

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// System is a database as its annotation and its configuration have it.
type System struct {
	Limits
	Datasets []dataset.Dataset
	// schema holds the tables of datasets whose meta has no schema of its own.
	schema   string
	byKey    map[string]*dataset.Dataset
	snapshot func(context.Context, func(Session) error) error
	joined   func() joined
}

// Limits are the bounds that are set in the connector's configuration.
type Limits struct {
	KeyLimit    int
	ValueLimit  int64
	BatchRows   int
	BatchBytes  int
	ExactEmail  bool
	AllowWrites bool
}

// NewSystem indexes datasets. Schema holds the tables of those whose meta has none of its own. Snapshot opens a session, on a connection of its
// own, and does the work in it.
func NewSystem(datasets []dataset.Dataset, schema string, limits Limits, snapshot func(context.Context, func(Session) error) error) *System {
	s := &System{Limits: limits, Datasets: datasets, schema: schema, byKey: map[string]*dataset.Dataset{}, snapshot: snapshot}
	s.joined = sync.OnceValue(func() joined { return join(datasets) })
	for i := range datasets {
		s.byKey[datasets[i].Key] = &datasets[i]
	}
	return s
}

// Session is one read-only snapshot of a database.
type Session interface {
	// Dialect is that of the server.
	Dialect() Dialect
	// Catalog reads what the server knows of the annotated tables.
	Catalog(ctx context.Context) (Catalog, error)
	// ForeignKeys reads what leads to the tables, and lists tables of which the user may see too little to know what they refer to.
	ForeignKeys(ctx context.Context, tables []*Table) (keys []Leading, unseen []Spot, err error)
	// Ask reads an answer row by row into the places. An error says where it belongs.
	Ask(ctx context.Context, where, statement string, args []any, places []any, take func() error) error
	// Stream reads an answer of any length into the feed, behind which nothing is left of it.
	Stream(ctx context.Context, where, statement string, args []any, into *Feed) error
	// Account says what the user may do; what it may do to tables is put into the catalogue.
	Account(ctx context.Context, cat Catalog) (Account, error)
}

// one asks for a single value.
func (q *Query) one(ctx context.Context, s Session, where, statement string, value any) error {
	whole, args := q.Whole(statement)
	return s.Ask(ctx, where, whole, args, []any{value}, func() error { return nil })
}

// Here reports whether a collection lies in this system.
func (s *System) Here(a dataset.Address) bool { return s.byKey[a.Dataset] != nil }

// schemaOf names the schema of a dataset's tables.
func (s *System) schemaOf(d *dataset.Dataset) string {
	if named, ok := d.Meta["schema"].(string); ok && named != "" {
		return named
	}
	return s.schema
}

// Tables visits the tables of all collections that are not marked to be skipped.
func (s *System) Tables(visit func(a dataset.Address, at Spot, c *dataset.Collection)) {
	for i := range s.Datasets {
		d := &s.Datasets[i]
		for j := range d.Collections {
			if c := &d.Collections[j]; !c.Skip {
				visit(dataset.Address{Dataset: d.Key, Collection: c.Name}, Spot{s.schemaOf(d), c.Name}, c)
			}
		}
	}
}

// Collections maps tables to the collection that stands for each, marked to be skipped or not; the first one where there are several.
func (s *System) Collections() map[Spot]dataset.Address {
	at := map[Spot]dataset.Address{}
	for i := range s.Datasets {
		d := &s.Datasets[i]
		for _, c := range d.Collections {
			place := Spot{s.schemaOf(d), c.Name}
			if _, taken := at[place]; !taken {
				at[place] = dataset.Address{Dataset: d.Key, Collection: c.Name}
			}
		}
	}
	return at
}

// joined is what the datasets come to together.
type joined struct {
	graph *dataset.Graph
	plan  *dataset.Plan
	err   error
}

// Graph joins the datasets, and plans for a person of whom every identity is known. Both are the system's own, and stay as they are.
func (s *System) Graph() (*dataset.Graph, *dataset.Plan, error) {
	j := s.joined()
	return j.graph, j.plan, j.err
}

func join(datasets []dataset.Dataset) joined {
	graph, err := dataset.NewOpenGraph(datasets...)
	if err != nil {
		return joined{err: (&connectors.Error{Code: connectors.ErrSelection, What: "the datasets contradict each other", Do: "correct the annotation"}).Wrap(err)}
	}
	plan, err := graph.Plan(graph.Kinds())
	if err != nil {
		return joined{err: (&connectors.Error{Code: connectors.ErrSelection, What: "the collections can't be put in order", Do: "correct after in the annotation"}).Wrap(err)}
	}
	return joined{graph: graph, plan: plan}
}

// With is a plan that visits a collection, also one that only other systems lead to.
func With(plan *dataset.Plan, a dataset.Address) dataset.Plan {
	out := *plan
	if !slices.ContainsFunc(out.Steps, func(s dataset.Step) bool { return s.Address == a }) {
		out.Steps = append(slices.Clone(out.Steps), dataset.Step{Address: a})
	}
	return out
}

// walk reads the catalogue and indexes a selection, with whose rows are whose when it asks for that.
func (s *System) walk(ctx context.Context, session Session, sel connectors.Selection) (*Walk, error) {
	cat, err := session.Catalog(ctx)
	if err != nil {
		return nil, err
	}
	w := s.NewWalk(session.Dialect(), cat, sel)
	if !sel.Own {
		return w, nil
	}
	return w, w.Own(ctx, session, connectors.Errand{Selection: sel})
}

// Errand readies a walk for an errand: with whose rows are whose, and the tokens of the case.
func (s *System) Errand(ctx context.Context, session Session, e connectors.Errand) (*Walk, error) {
	tokens, err := connectors.NewTokens(e.Secret)
	if err != nil {
		return nil, SelectionFault("", err.Error(), "give the case's own secret")
	}
	cat, err := session.Catalog(ctx)
	if err != nil {
		return nil, err
	}
	w := s.NewWalk(session.Dialect(), cat, e.Selection)
	w.Tokens = tokens
	return w, w.Own(ctx, session, e)
}

// Named says which table or column is gone, when that is what stopped the work: the catalogue is read again in a new session,
// because the one at hand has failed.
func (w *Walk) Named(ctx context.Context, err error) error {
	var e *connectors.Error
	if !errors.As(err, &e) || !slices.Contains([]connectors.Code{connectors.ErrVanished, connectors.ErrPrivilege, connectors.ErrBusy}, e.Code) {
		return err
	}
	var gone []string
	again := w.snapshot(ctx, func(s Session) error {
		now, err := s.Catalog(ctx)
		for _, step := range w.Selection.Plan.Steps {
			gone = append(gone, vanished(step.Address, w.Catalog[step.Address], now[step.Address])...)
		}
		return err
	})
	if again != nil || len(gone) == 0 {
		return err
	}
	return &connectors.Error{Code: connectors.ErrVanished, Where: strings.Join(gone, ", "),
		What: "it was there when the work began and is gone", Do: "restore it or change the dataset, then try again; the parts already stored are kept"}
}
