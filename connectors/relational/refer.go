package relational

import (
	"context"
	"fmt"
	"slices"

	"github.com/privacy-docket/docket/privacy/dataset"
)

// Referrer is a reference to the rows of a collection: from a field that the annotation names, or by a foreign key that the server enforces.
type Referrer struct {
	// From is the annotated and planned collection that refers; nil when nothing is known of the table, and its rows are anybody's.
	From *dataset.Address
	// Field and To are the ends of an annotated reference.
	Field, To []string
	// Key is the foreign key.
	Key *ForeignKey
	// follows is set when the referring rows are found from the very rows: they are whoever's those are, and say nothing about them.
	follows bool
}

// ForeignKey is a reference that the server enforces.
type ForeignKey struct {
	Name string
	// From is the referring table.
	From        Spot
	Columns, To []string
	Action      dataset.OnDelete
	// Hidden is set when the user may not read the referring columns.
	Hidden bool
}

// Leading is a foreign key with the table that it leads to.
type Leading struct {
	ForeignKey
	Target Spot
}

// Referrers are what refers to the rows of a collection.
func (w *Walk) Referrers(a dataset.Address) []Referrer { return w.owning.referrers[a] }

// refer finds what refers to the rows of each planned collection. Of a table that the user may not see at all nothing is known.
func (w *Walk) refer(ctx context.Context, s Session, graph *dataset.Graph) error {
	for _, e := range graph.Edges() {
		w.refers(e.From, e.To)
		w.refers(e.To, e.From)
	}
	planned, tables := map[Spot]dataset.Address{}, make([]*Table, 0, len(w.Catalog))
	for a, t := range w.Catalog {
		if _, is := w.place[a]; is {
			planned[t.Spot] = a
			tables = append(tables, t)
		}
	}
	keys, unseen, err := s.ForeignKeys(ctx, tables)
	if err != nil {
		return err
	}
	w.owning.unseen = unseen
	for _, k := range keys {
		a, wanted := planned[k.Target]
		if !wanted {
			continue
		}
		r := Referrer{Key: &k.ForeignKey}
		if from, is := planned[k.From]; is {
			r.From = &from
			r.follows = w.follows(dataset.FieldAddress{Address: from, Path: k.Columns}, dataset.FieldAddress{Address: a, Path: k.To})
		}
		w.owning.referrers[a] = append(w.owning.referrers[a], r)
	}
	return nil
}

// refers notes that a field refers to another, whichever way the values travel. It doesn't where the other field is the one that refers:
// where it holds another table's key.
func (w *Walk) refers(from, to dataset.FieldAddress) {
	_, planned := w.place[from.Address]
	_, wanted := w.place[to.Address]
	if planned && wanted && (!w.isKey(from) || w.isKey(to)) {
		w.owning.referrers[to.Address] = append(w.owning.referrers[to.Address],
			Referrer{From: &from.Address, Field: from.Path, To: to.Path, follows: w.follows(from, to)})
	}
}

// follows reports whether the plan finds rows by a field from the rows that it refers to.
func (w *Walk) follows(from, to dataset.FieldAddress) bool {
	return slices.ContainsFunc(w.Selection.Plan.Steps[w.place[from.Address]].FoundBy, func(e dataset.Entry) bool {
		return e.From != nil && sameField(*e.From, to) && slices.Equal(e.Path, from.Path) && w.belonging(from.Address, e) == dataset.Own
	})
}

// isKey reports whether a field is all of its table's primary key, by the annotation or by the server's catalogue.
func (w *Walk) isKey(f dataset.FieldAddress) bool {
	t, err := w.Target(f.Address)
	return err == nil && (slices.Equal(f.Path, t.declaredKey()) || slices.Equal(f.Path, t.Table.Primary))
}

// shared writes conditions that leave out rows of the target, among those that are found by cond, to which somebody else's rows refer.
// None is left when a table that refers to them can't be read.
func (q *Query) shared(t Target, cond string) (conds []string, err error) {
	q.without = append(q.without, t.Step.Address)
	defer func() { q.without = q.without[:len(q.without)-1] }()
	for _, r := range q.owning.referrers[t.Step.Address] {
		var c string
		switch {
		case r.follows:
			continue
		case r.Key != nil && r.Key.Hidden:
			c = "FALSE"
		case r.Key != nil:
			c, err = q.sharedByKey(t, cond, r)
		default:
			c, err = q.sharedByField(t, cond, r)
		}
		if err != nil {
			return nil, err
		}
		conds = append(conds, c)
	}
	return conds, nil
}

// others writes the condition under which a row of a referring table is not the person's.
func (q *Query) others(r Referrer) (string, error) {
	if r.From == nil || slices.Contains(q.without, *r.From) { // what is being told apart itself may be anybody's
		return "TRUE", nil
	}
	source, err := q.Target(*r.From)
	if err != nil {
		return "", err
	}
	own, err := q.Owned(source)
	return "(" + own + ") IS NOT TRUE", err
}

// sharedByKey leaves out rows that others' rows refer to by a foreign key.
func (q *Query) sharedByKey(t Target, cond string, r Referrer) (string, error) {
	others, err := q.others(r)
	if err != nil {
		return "", err
	}
	columns, to := ColumnList(r.Key.Columns), ColumnList(r.Key.To)
	if r.Key.From == t.Table.Spot {
		others = q.Dialect.Differ(columns, to)
	}
	return fmt.Sprintf("((%s) IN (SELECT %s FROM %s WHERE (%s) IN (SELECT %s FROM %s WHERE %s) AND %s)) IS NOT TRUE",
		to, columns, r.Key.From.from(), columns, to, t.From(), cond, others), nil
}

// sharedByField leaves out rows that others' rows refer to by a field of the annotation.
func (q *Query) sharedByField(t Target, cond string, r Referrer) (string, error) {
	others, err := q.others(r)
	if err != nil {
		return "", err
	}
	source, err := q.Target(*r.From)
	if err != nil {
		return "", err
	}
	f, err := source.Field(r.Field)
	if err != nil {
		return "", err
	}
	to, err := t.Field(r.To)
	if err != nil {
		return "", err
	}
	if *r.From == t.Step.Address {
		if others = "TRUE"; !f.Many() && !to.Many() {
			others = q.Dialect.Differ(q.Dialect.Exactly(f.Col, f.Expr()), q.Dialect.Exactly(to.Col, to.Expr()))
		}
	}
	candidates := Keys{Class: to.Single().Class, Type: to.Single().Type, CTE: q.Added(q.selected(t, to, cond))}
	from, value := q.Values(source, f)
	match := fmt.Sprintf("%s AND %s IS NOT NULL AND %s", q.Dialect.Match(q, value, f.Single(), candidates), value, others)
	name := q.Added(fmt.Sprintf("SELECT DISTINCT %s FROM %s WHERE %s", q.Dialect.Keyed(f.Single(), value), from, match))
	return "(" + q.Holds(to, Keys{Class: f.Single().Class, Type: f.Single().Type, CTE: name}) + ") IS NOT TRUE", nil
}
