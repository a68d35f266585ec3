package relational

import (
	"slices"
	"strings"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// Walk is what all statements of a call share: the selection, the catalogue, and each step's place in the plan.
type Walk struct {
	*System
	Dialect Dialect
	Catalog Catalog
	// Selection is what the call is about.
	Selection connectors.Selection
	place     map[dataset.Address]int
	// owning is set when rows are told apart by whose they are.
	owning *owning
	// Tokens are those of the errand, when there is one.
	Tokens connectors.Tokens
	// Settled names, by field, the settings of the session that hold the field's values in own rows, where it keeps such.
	Settled map[string]string
}

// NewWalk indexes a selection.
func (s *System) NewWalk(d Dialect, cat Catalog, sel connectors.Selection) *Walk {
	w := &Walk{System: s, Dialect: d, Catalog: cat, Selection: sel, place: map[dataset.Address]int{}}
	for i, s := range sel.Plan.Steps {
		w.place[s.Address] = i
	}
	return w
}

// Elsewhere is the walk for another session, which has none of the settings.
func (w *Walk) Elsewhere() *Walk {
	other := *w
	other.Settled = nil
	return &other
}

// Place is a collection's place in the plan.
func (w *Walk) Place(a dataset.Address) (place int, planned bool) {
	place, planned = w.place[a]
	return place, planned
}

// Target is a collection with its table.
type Target struct {
	Step       dataset.Step
	Collection *dataset.Collection
	Table      *Table
}

// From writes the table for a FROM clause, under the name t.
func (t Target) From() string { return t.Table.from() }

// Where names a field of the collection, or without a path the collection, for messages.
func (t Target) Where(path []string) string {
	return strings.Join(append([]string{t.Step.Address.String()}, path...), ".")
}

// Target looks up a collection. A table that the catalogue doesn't have was there when the dataset was set up.
func (w *Walk) Target(a dataset.Address) (Target, error) {
	place, planned := w.place[a]
	d := w.byKey[a.Dataset]
	if !planned || d == nil {
		return Target{}, SelectionFault(a.String(), "the plan has no step for it in this system", "make the plan from the system's own datasets")
	}
	i := slices.IndexFunc(d.Collections, func(c dataset.Collection) bool { return c.Name == a.Collection })
	if i < 0 {
		return Target{}, SelectionFault(a.String(), "the dataset has no such collection", "make the plan again from the dataset as it is now")
	}
	t := w.Catalog[a]
	if t == nil {
		return Target{}, &connectors.Error{Code: connectors.ErrVanished, Where: a.String(), What: "the table is gone", Do: "restore it or change the dataset, then try again"}
	}
	return Target{w.Selection.Plan.Steps[place], &d.Collections[i], t}, nil
}

// Field is an annotated field with the column it lies in.
type Field struct {
	Col  Column
	Path []string
	// Decl is the annotation; Array is set when it or something around it is declared an array.
	Decl  *dataset.Field
	Array bool
}

// Inside reports whether the value lies in a JSON document and is not the column itself.
func (f Field) Inside() bool { return len(f.Path) > 1 || f.Col.Class == ClassJSON }

// Many reports whether the field has single values that have to be unnested: of a document its members, of an array its elements.
func (f Field) Many() bool { return f.Inside() || f.Col.Class == ClassArray }

// Expr is the column, of the table named t.
func (f Field) Expr() string { return "t." + Quoted(f.Col.Name) }

// Single is what the single values in a field are like: those of a column, of an array's elements, of a document's members.
func (f Field) Single() Column {
	switch {
	case f.Inside():
		return Column{Class: ClassMember, Type: "text"}
	case f.Col.Class == ClassArray:
		return Column{Class: f.Col.Element, Type: f.Col.ElementType}
	default:
		return f.Col
	}
}

// Field looks up a field of a target.
func (t Target) Field(path []string) (Field, error) {
	decl, known := t.Collection.At(path)
	if !known {
		return Field{}, SelectionFault(t.Where(path), "the dataset has no such field", "make the plan again from the dataset as it is now")
	}
	col, there := t.Table.Columns[path[0]]
	if !there {
		return Field{}, &connectors.Error{Code: connectors.ErrVanished, Where: t.Where(path[:1]),
			What: "the column is gone", Do: "restore it or change the dataset, then try again"}
	}
	f := Field{Col: col, Path: path, Decl: decl}
	for i := range path {
		around, _ := t.Collection.At(path[:i+1])
		f.Array = f.Array || around.Type.Array
	}
	return f, nil
}

// Key is the unique key that orders the target's rows: the declared one where the table enforces it, else the table's own.
func (t Target) Key() []string {
	declared := t.declaredKey()
	for _, key := range t.Table.Keys {
		if len(key) == len(declared) && !slices.ContainsFunc(key, func(name string) bool { return !slices.Contains(declared, name) }) {
			return key
		}
	}
	if len(t.Table.Keys) > 0 {
		return t.Table.Keys[0]
	}
	return nil
}

// declaredKey is the primary key by the annotation.
func (t Target) declaredKey() []string {
	var declared []string
	for _, f := range t.Collection.Fields {
		if f.PrimaryKey {
			declared = append(declared, f.Name)
		}
	}
	return declared
}

// SelectionFault is the error for a plan that doesn't fit the datasets.
func SelectionFault(where, what, do string) error {
	return &connectors.Error{Code: connectors.ErrSelection, Where: where, What: what, Do: do}
}
