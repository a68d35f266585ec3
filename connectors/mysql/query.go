package mysql

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// query builds one SQL statement. Names reach it quoted and qualified, values as parameters only.
type query struct {
	*walk
	args []any
	ctes []string
	// cteOf names the common table expression that holds a field's values.
	cteOf map[string]string
	// without are collections whose own rows are being told apart at the moment: what would follow from them doesn't count meanwhile.
	without []dataset.Address
	asked   int
	// salts are the parameters that tokens are made with, as far as they are needed.
	salts salts
}

// walk is what all statements of a call share: the selection, the catalog, and each step's place in the plan.
type walk struct {
	cfg      *Config
	datasets map[string]*dataset.Dataset
	maria    bool
	cat      catalog
	sel      connectors.Selection
	place    map[dataset.Address]int
	// owning is set when rows are told apart by whose they are.
	owning *owning
	tokens connectors.Tokens
}

// newWalk indexes a selection.
func newWalk(s *session, cat catalog, sel connectors.Selection) *walk {
	w := &walk{cfg: &s.cfg, datasets: s.datasets, maria: s.maria, cat: cat, sel: sel, place: map[dataset.Address]int{}}
	for i, s := range sel.Plan.Steps {
		w.place[s.Address] = i
	}
	return w
}

// query starts an empty statement.
func (w *walk) query() *query { return &query{walk: w, cteOf: map[string]string{}} }

// here reports whether a collection lies in this system.
func (w *walk) here(a dataset.Address) bool { return w.datasets[a.Dataset] != nil }

// target is a collection with its table.
type target struct {
	step       dataset.Step
	collection *dataset.Collection
	table      *table
}

// quoted writes a name. Sessions quote names as the standard does.
func quoted(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// from writes the table for a FROM clause, under the name t.
func (t target) from() string { return t.table.path() + " AS t" }

// path is the table's name with its schema's.
func (t *table) path() string { return quoted(t.schema) + "." + quoted(t.name) }

// target looks up a collection. A table that the catalog doesn't have was there when the dataset was set up.
func (w *walk) target(a dataset.Address) (target, error) {
	place, planned := w.place[a]
	d := w.datasets[a.Dataset]
	if !planned || d == nil {
		return target{}, selectionFault(a.String(), "the plan has no step for it in this system", "make the plan from the system's own datasets")
	}
	i := slices.IndexFunc(d.Collections, func(c dataset.Collection) bool { return c.Name == a.Collection })
	if i < 0 {
		return target{}, selectionFault(a.String(), "the dataset has no such collection", "make the plan again from the dataset as it is now")
	}
	t := w.cat[a]
	if t == nil {
		return target{}, &connectors.Error{Code: connectors.ErrVanished, Where: a.String(), What: "the table is gone", Do: "restore it or change the dataset, then try again"}
	}
	return target{w.sel.Plan.Steps[place], &d.Collections[i], t}, nil
}

// field is an annotated field with the column it lies in.
type field struct {
	col  column
	path []string
	// decl is the annotation; array is set when it or something around it is declared an array.
	decl  *dataset.Field
	array bool
}

// inside reports whether the value lies in a JSON document and is not the column itself.
func (f field) inside() bool { return len(f.path) > 1 || f.col.class == classJSON }

// expr is the column, of the table named t.
func (f field) expr() string { return "t." + quoted(f.col.name) }

// class is that of the single values in the field: of the column, or of members of its documents.
func (f field) class() class {
	if f.inside() {
		return classMember
	}
	return f.col.class
}

// field looks up a field of a target.
func (t target) field(path []string) (field, error) {
	decl, known := t.collection.At(path)
	if !known {
		return field{}, selectionFault(t.step.Address.String()+"."+strings.Join(path, "."), "the dataset has no such field", "make the plan again from the dataset as it is now")
	}
	col, there := t.table.columns[path[0]]
	if !there {
		return field{}, &connectors.Error{Code: connectors.ErrVanished, Where: t.step.Address.String() + "." + path[0],
			What: "the column is gone", Do: "restore it or change the dataset, then try again"}
	}
	f := field{col: col, path: path, decl: decl}
	for i := range path {
		around, _ := t.collection.At(path[:i+1])
		f.array = f.array || around.Type.Array
	}
	return f, nil
}

// mark stands for a parameter until the statement is whole: the server counts parameters by where they stand in it. No name and no
// text of ours has the character.
const paramMark = "\x00"

// arg adds a parameter.
func (q *query) arg(v any) string {
	q.args = append(q.args, v)
	return paramMark + strconv.Itoa(len(q.args)-1) + paramMark
}

// whole puts the common table expressions before a statement, and the parameters in the order in which they stand.
func (q *query) whole(statement string) (string, []any) {
	if len(q.ctes) > 0 {
		statement = "WITH " + strings.Join(q.ctes, ", ") + " " + statement
	}
	var b strings.Builder
	var args []any
	for i, part := range strings.Split(statement, paramMark) {
		if i%2 == 0 {
			b.WriteString(part)
			continue
		}
		n, _ := strconv.Atoi(part) // arg wrote it
		b.WriteByte('?')
		args = append(args, q.args[n])
	}
	return b.String(), args
}

// where writes the condition under which a row of the target is found: any of its entries matches. Where rows are told apart by
// whose they are, it has to be the person's own.
func (q *query) where(t target) (string, error) {
	if len(t.step.FoundBy) == 0 {
		return "", selectionFault(t.step.Address.String(), "the plan has no field to find its rows by", "make the plan again")
	}
	if q.owning != nil {
		return q.owned(t)
	}
	conds, err := q.conditions(t, func(dataset.Entry) bool { return true })
	return t.anyOf(conds), err
}

// conditions writes the conditions of those entries of the target that are wanted.
func (q *query) conditions(t target, wanted func(dataset.Entry) bool) ([]string, error) {
	var conds []string
	for _, e := range t.step.FoundBy {
		if !wanted(e) {
			continue
		}
		cond, err := q.entry(t, e)
		if err != nil {
			return nil, err
		}
		conds = append(conds, cond)
	}
	return conds, nil
}

// anyOf joins conditions on rows of the target, of which one has to hold.
func (t target) anyOf(conds []string) string {
	key := t.key()
	switch {
	case len(conds) == 0:
		return "FALSE"
	case len(conds) == 1 || len(key) == 0:
		return "(" + strings.Join(conds, " OR ") + ")"
	}
	// A disjunction would read the whole table; by the key, each condition can use its own index. The server makes a table of the
	// keys only when the union stands in a FROM.
	outer, branches := make([]string, len(key)), make([]string, len(conds))
	for i, name := range key {
		outer[i] = "m." + quoted(name)
	}
	list := columnList(key)
	for i, cond := range conds {
		branches[i] = fmt.Sprintf("SELECT %s FROM %s WHERE %s", list, t.from(), cond)
	}
	return fmt.Sprintf("(%s) IN (SELECT %s FROM (%s) AS m)", list, strings.Join(outer, ", "), strings.Join(branches, " UNION "))
}

// columnList names columns of the table called t.
func columnList(names []string) string {
	list := make([]string, len(names))
	for i, name := range names {
		list[i] = "t." + quoted(name)
	}
	return strings.Join(list, ", ")
}

// key is the unique key that orders the target's rows: the declared one where the table enforces it, else the table's own.
func (t target) key() []string {
	var declared []string
	for _, f := range t.collection.Fields {
		if f.PrimaryKey {
			declared = append(declared, f.Name)
		}
	}
	for _, key := range t.table.keys {
		if len(key) == len(declared) && !slices.ContainsFunc(key, func(name string) bool { return !slices.Contains(declared, name) }) {
			return key
		}
	}
	if len(t.table.keys) > 0 {
		return t.table.keys[0]
	}
	return nil
}

// entry writes one entry's condition.
func (q *query) entry(t target, e dataset.Entry) (string, error) {
	f, err := t.field(e.Path)
	if err != nil {
		return "", err
	}
	k, err := q.keys(t, f, e)
	if err != nil {
		return "", err
	}
	return q.holds(f, k), nil
}

// holds writes the condition under which a field has one of the keys.
func (q *query) holds(f field, k keys) string {
	if f.inside() {
		return fmt.Sprintf("EXISTS (SELECT 1 FROM %s WHERE %s)", q.members(f), q.match("u.v", member(), k))
	}
	return q.match(f.expr(), f.col, k)
}

// selectionFault is the error for a plan that doesn't fit the datasets.
func selectionFault(where, what, do string) error {
	return &connectors.Error{Code: connectors.ErrSelection, Where: where, What: what, Do: do}
}
