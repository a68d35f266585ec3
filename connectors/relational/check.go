package relational

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// Account is what the server lets the user do that the connector connects as.
type Account struct {
	// Called is what the database calls such: role, user.
	Called string
	// Mighty says what it is that may change everything; nothing when it may not.
	Mighty string
	// Blind is set where the catalogue shows only what the user may read.
	Blind bool
}

// test looks for all that is wrong at once.
func (s *System) test(ctx context.Context) error {
	var findings connectors.Findings
	err := s.snapshot(ctx, func(session Session) error {
		cat, err := session.Catalog(ctx)
		if err != nil {
			return err
		}
		findings, err = s.check(ctx, session, cat)
		return err
	})
	return findings.Or(err)
}

// check compares everything that is visited with the catalogue.
func (s *System) check(ctx context.Context, session Session, cat Catalog) (connectors.Findings, error) {
	may, err := session.Account(ctx, cat)
	if err != nil {
		return nil, err
	}
	var findings connectors.Findings
	if may.Mighty != "" && !s.AllowWrites {
		findings = append(findings, &connectors.Error{Code: connectors.ErrWritable, What: "the " + may.Called + " " + may.Mighty,
			Do: "connect with a " + may.Called + " that has SELECT on the annotated tables and nothing else"})
	}
	s.Tables(func(a dataset.Address, at Spot, c *dataset.Collection) {
		findings = append(findings, s.checkTable(session.Dialect(), may, checked{a, c, cat[a]}, at)...)
	})
	findings = append(findings, s.checkReferences(session.Dialect(), cat)...)
	if !s.AllowWrites {
		return findings, nil
	}
	unread, err := s.checkReferrers(ctx, session, may, cat)
	return append(findings, unread...), err
}

// checked is a collection with its table.
type checked struct {
	at         dataset.Address
	collection *dataset.Collection
	table      *Table
}

func (c checked) finding(code connectors.Code, what, do string) *connectors.Error {
	return &connectors.Error{Code: code, Where: c.at.String(), What: what, Do: do}
}

// checkTable compares a collection with its table.
func (s *System) checkTable(d Dialect, may Account, c checked, at Spot) connectors.Findings {
	if c.table == nil {
		do := "correct the collection's name, or set meta.schema in the dataset"
		if may.Blind {
			do = "grant SELECT on it, " + do
		}
		return connectors.Findings{c.finding(connectors.ErrTable, fmt.Sprintf("there is no table %q in the schema %q, or the %s may not see it", at.Name, at.Schema, may.Called), do)}
	}
	var findings connectors.Findings
	if !c.table.Readable {
		findings = append(findings, c.finding(connectors.ErrPrivilege, "the "+may.Called+" may not read the table", "grant USAGE on the schema and SELECT on the table to the "+may.Called))
	}
	if c.table.Writable && may.Mighty == "" && !s.AllowWrites {
		findings = append(findings, c.finding(connectors.ErrWritable, "the "+may.Called+" may change the table", "connect with a "+may.Called+" that has SELECT and nothing else"))
	}
	for i := range c.collection.Fields {
		if f := c.column(d, may, &c.collection.Fields[i]); f != nil {
			findings = append(findings, f)
		}
	}
	if f := c.writable(may); f != nil && s.AllowWrites {
		findings = append(findings, f)
	}
	return findings
}

// column compares a field with its column.
func (c checked) column(d Dialect, may Account, f *dataset.Field) *connectors.Error {
	col, there := c.table.Columns[f.Name]
	c.at.Collection += "." + f.Name
	nested := len(f.Fields) > 0
	switch {
	case !there && may.Blind:
		return c.finding(connectors.ErrColumn, "the table has no such column, or the "+may.Called+" may not see it", "correct the field's name (upper and lower case count), grant SELECT on it, or remove it")
	case !there:
		return c.finding(connectors.ErrColumn, "the table has no such column", "correct the field's name (upper and lower case count) or remove it")
	case c.table.Readable && !col.Readable:
		return c.finding(connectors.ErrPrivilege, "the "+may.Called+" may not read the column", "grant SELECT on it to the "+may.Called)
	case !f.Type.IsZero() && !d.Fits(col, f.Type, nested), nested && !d.Fits(col, dataset.DataType{Base: dataset.Object}, true):
		declared := f.Type.String()
		if f.Type.IsZero() {
			declared = dataset.Object
		}
		return c.finding(connectors.ErrType, fmt.Sprintf("it is declared %s and the column is %s", declared, col.Type), "correct data_type")
	}
	return nil
}

// writable looks whether the user may do what erasing could ask of it: delete rows, and change every column that the annotation doesn't
// say is never written. A collection of nothing but such fields is never erased in.
func (c checked) writable(may Account) *connectors.Error {
	var refused []string
	writable := 0
	for i := range c.collection.Fields {
		col, there := c.table.Columns[c.collection.Fields[i].Name]
		if !there || col.Generated || c.collection.Fields[i].ReadOnly {
			continue
		}
		writable++
		if !col.Updatable {
			refused = append(refused, Quoted(col.Name))
		}
	}
	switch {
	case writable == 0:
		return nil
	case c.table.Derived:
		return c.finding(connectors.ErrReadOnly, "it is a materialised view, which can't be changed", "annotate the tables that it is made of, and mark it skip_processing")
	case c.table.Readable && !c.table.Whole:
		return c.finding(connectors.ErrPrivilege, "the "+may.Called+" may read single columns of the table, and erasing tells rows by where they lie", "grant SELECT on the whole table to the "+may.Called)
	case !c.table.Deletable && len(refused) == writable:
		return c.finding(connectors.ErrReadOnly, "the "+may.Called+" may not change the table", "grant UPDATE and DELETE on it to the "+may.Called)
	case !c.table.Deletable:
		return c.finding(connectors.ErrReadOnly, "the "+may.Called+" may not delete rows of the table", "grant DELETE on it to the "+may.Called)
	case len(refused) > 0:
		return c.finding(connectors.ErrReadOnly, "the "+may.Called+" may not change columns: "+strings.Join(refused, ", "), "grant UPDATE on them to the "+may.Called+", or mark the fields read_only")
	}
	return nil
}

// checkReferences compares the types at both ends of every reference that lies in this database.
func (s *System) checkReferences(d Dialect, cat Catalog) connectors.Findings {
	graph, plan, err := s.Graph()
	var contradiction *connectors.Error
	if errors.As(err, &contradiction) {
		return connectors.Findings{contradiction}
	}
	w := s.NewWalk(d, cat, connectors.Selection{Plan: *plan, Subject: everything(graph.Kinds())})
	var findings connectors.Findings
	for _, step := range plan.Steps {
		t, err := w.Target(step.Address)
		if err != nil {
			continue // a missing table is a finding already
		}
		for _, e := range step.FoundBy {
			var f *connectors.Error
			if _, err := w.Query().entry(t, e); errors.As(err, &f) && f.Code == connectors.ErrType && !slices.ContainsFunc(findings, sameAs(f)) && e.From != nil {
				findings = append(findings, f)
			}
		}
	}
	return findings
}

// checkReferrers lists tables that the user may not read, or sees too little of, where whose rows are is told by what refers to them.
func (s *System) checkReferrers(ctx context.Context, session Session, may Account, cat Catalog) (connectors.Findings, error) {
	_, plan, err := s.Graph()
	if err != nil {
		return nil, nil //nolint:nilerr // it is a finding already
	}
	w := s.NewWalk(session.Dialect(), cat, connectors.Selection{Plan: *plan})
	if err := w.Own(ctx, session, connectors.Errand{}); err != nil {
		return nil, err
	}
	var findings connectors.Findings
	for _, step := range plan.Steps {
		if w.owning.declared[step.Address] {
			continue
		}
		c := checked{at: step.Address}
		for _, r := range w.owning.referrers[step.Address] {
			if r.Key != nil && r.Key.Hidden {
				findings = append(findings, c.finding(connectors.ErrPrivilege,
					"the table "+r.Key.From.String()+" refers to it by the foreign key "+r.Key.Name+" and the "+may.Called+" may not read it, so nobody can tell whose the rows are",
					"grant SELECT on its columns to the "+may.Called))
			}
		}
		for _, at := range w.owning.unseen {
			findings = append(findings, c.finding(connectors.ErrPrivilege,
				"the table "+at.String()+" may refer to it and the "+may.Called+" may not see how it is made, so nobody can tell whose the rows are",
				"grant SELECT on the whole table to the "+may.Called))
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
