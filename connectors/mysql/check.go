package mysql

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// Test connects, and compares the annotation with the server's catalog. All that is wrong is listed at once as Findings.
func (c *Connector) Test(ctx context.Context) error {
	var findings connectors.Findings
	err := c.snapshot(ctx, func(s *session) error {
		cat, err := s.catalog(ctx)
		if err != nil {
			return err
		}
		findings, err = s.check(ctx, cat)
		return err
	})
	var e *connectors.Error
	switch {
	case errors.As(err, &e):
		return connectors.Findings{e}
	case err != nil:
		return err
	case len(findings) > 0:
		return findings
	}
	return nil
}

// check compares everything that is visited with the catalog.
func (s *session) check(ctx context.Context, cat catalog) (connectors.Findings, error) {
	var findings connectors.Findings
	may, err := s.rights(ctx)
	if err != nil {
		return nil, err
	}
	if may.administers() && !s.cfg.AllowWrites {
		findings = append(findings, &connectors.Error{Code: connectors.ErrWritable, What: "the user may change every table of the server",
			Do: "connect with a user that has SELECT on the annotated tables and nothing else"})
	}
	for i := range s.cfg.Datasets {
		d := &s.cfg.Datasets[i]
		for j := range d.Collections {
			if c := &d.Collections[j]; !c.Skip {
				a := dataset.Address{Dataset: d.Key, Collection: c.Name}
				findings = append(findings, s.checkTable(a, c, cat[a], s.schemaOf(d), may)...)
			}
		}
	}
	findings = append(findings, s.checkReferences(cat)...)
	if s.cfg.AllowWrites {
		unseen, err := s.checkReferrers(ctx, cat)
		return append(findings, unseen...), err
	}
	return findings, nil
}

// checkTable compares a collection with its table.
func (s *session) checkTable(a dataset.Address, c *dataset.Collection, t *table, schema string, may rights) connectors.Findings {
	if t == nil {
		return connectors.Findings{{Code: connectors.ErrTable, Where: a.String(), What: fmt.Sprintf("there is no table %q in the schema %q, or the user may not see it", c.Name, schema),
			Do: "grant SELECT on it, correct the collection's name, or set meta.schema in the dataset"}}
	}
	var findings connectors.Findings
	if may.writes(t) && !may.administers() && !s.cfg.AllowWrites {
		findings = append(findings, &connectors.Error{Code: connectors.ErrWritable, Where: a.String(), What: "the user may change the table",
			Do: "connect with a user that has SELECT and nothing else"})
	}
	for i := range c.Fields {
		if f := checkColumn(a, &c.Fields[i], t); f != nil {
			findings = append(findings, f)
		}
	}
	if f := checkWritable(a, c, t, may); f != nil && s.cfg.AllowWrites {
		findings = append(findings, f)
	}
	return findings
}

// checkWritable looks whether the user may do what erasing could ask of it: delete rows, and change every column that the annotation doesn't
// say is never written. A collection of nothing but such fields is never erased in.
func checkWritable(a dataset.Address, c *dataset.Collection, t *table, may rights) *connectors.Error {
	var refused []string
	writable := 0
	for i := range c.Fields {
		col, there := t.columns[c.Fields[i].Name]
		if !there || col.generated || c.Fields[i].ReadOnly {
			continue
		}
		writable++
		if !col.updatable {
			refused = append(refused, quoted(col.name))
		}
	}
	deletable := may.has("DELETE", t)
	finding := func(what, do string) *connectors.Error {
		return &connectors.Error{Code: connectors.ErrReadOnly, Where: a.String(), What: what, Do: do}
	}
	switch {
	case writable == 0:
		return nil
	case !deletable && len(refused) == writable:
		return finding("the user may not change the table", "grant UPDATE and DELETE on it to the user")
	case !deletable:
		return finding("the user may not delete rows of the table", "grant DELETE on it to the user")
	case len(refused) > 0:
		return finding("the user may not change columns: "+strings.Join(refused, ", "), "grant UPDATE on them to the user, or mark the fields read_only")
	}
	return nil
}

// checkColumn compares a field with its column.
func checkColumn(a dataset.Address, f *dataset.Field, t *table) *connectors.Error {
	where := a.String() + "." + f.Name
	col, there := t.columns[f.Name]
	nested := len(f.Fields) > 0
	switch {
	case !there:
		return &connectors.Error{Code: connectors.ErrColumn, Where: where, What: "the table has no such column, or the user may not see it", Do: "correct the field's name (upper and lower case count), grant SELECT on it, or remove it"}
	case !col.readable:
		return &connectors.Error{Code: connectors.ErrPrivilege, Where: where, What: "the user may not read the column", Do: "grant SELECT on it to the user"}
	case !f.Type.IsZero() && !col.fits(f.Type, nested), nested && !col.fits(dataset.DataType{Base: dataset.Object}, true):
		declared := f.Type.String()
		if f.Type.IsZero() {
			declared = dataset.Object
		}
		return &connectors.Error{Code: connectors.ErrType, Where: where, What: fmt.Sprintf("it is declared %s and the column is %s", declared, col.typ), Do: "correct data_type"}
	}
	return nil
}

// checkReferences compares the types at both ends of every reference that lies in this database.
func (s *session) checkReferences(cat catalog) connectors.Findings {
	graph, err := dataset.NewOpenGraph(s.cfg.Datasets...)
	if err != nil {
		return connectors.Findings{(&connectors.Error{Code: connectors.ErrSelection, What: "the datasets contradict each other", Do: "correct the annotation"}).Wrap(err)}
	}
	plan, err := graph.Plan(graph.Kinds())
	if err != nil {
		return connectors.Findings{(&connectors.Error{Code: connectors.ErrSelection, What: "the collections can't be put in order", Do: "correct after in the annotation"}).Wrap(err)}
	}
	w := newWalk(s, cat, connectors.Selection{Plan: *plan, Subject: everything(graph.Kinds())})
	var findings connectors.Findings
	for _, step := range plan.Steps {
		t, err := w.target(step.Address)
		if err != nil {
			continue // a missing table is a finding already
		}
		for _, e := range step.FoundBy {
			var f *connectors.Error
			if _, err := w.query().entry(t, e); errors.As(err, &f) && f.Code == connectors.ErrType && !slices.ContainsFunc(findings, sameAs(f)) && e.From != nil {
				findings = append(findings, f)
			}
		}
	}
	return findings
}

// checkReferrers lists tables of which the user may see too little, where whose rows are is told by what refers to them.
func (s *session) checkReferrers(ctx context.Context, cat catalog) (connectors.Findings, error) {
	graph, err := dataset.NewOpenGraph(s.cfg.Datasets...)
	if err != nil {
		return nil, nil //nolint:nilerr // it is a finding already
	}
	plan, err := graph.Plan(graph.Kinds())
	if err != nil {
		return nil, nil //nolint:nilerr // it is a finding already
	}
	w := newWalk(s, cat, connectors.Selection{Plan: *plan})
	if err := s.own(ctx, w, connectors.Errand{}); err != nil {
		return nil, err
	}
	var findings connectors.Findings
	for _, step := range plan.Steps {
		for _, at := range w.owning.unseen {
			if !w.owning.declared[step.Address] {
				findings = append(findings, &connectors.Error{Code: connectors.ErrPrivilege, Where: step.Address.String(),
					What: "the table " + quoted(at.schema) + "." + quoted(at.name) + " may refer to it and the user may not see how it is made, so nobody can tell whose the rows are",
					Do:   "grant SELECT on the whole table to the user"})
			}
		}
	}
	return findings, nil
}

// everything pretends that each identity has a value, so that conditions can be written.
func everything(ids dataset.Identities) connectors.Subject {
	s := connectors.Subject{Identities: map[string][]string{}, Request: map[string][]string{}}
	for _, k := range ids.Kinds {
		s.Identities[k] = []string{"0"}
	}
	for _, k := range ids.RequestFields {
		s.Request[k] = []string{"0"}
	}
	return s
}

// sameAs finds a finding about the same place.
func sameAs(f *connectors.Error) func(*connectors.Error) bool {
	return func(g *connectors.Error) bool { return g.Code == f.Code && strings.EqualFold(g.Where, f.Where) }
}
