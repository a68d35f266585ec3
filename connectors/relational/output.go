package relational

import (
	"errors"
	"fmt"
	"slices"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// HeadLength is how many characters of an oversize text are shown.
const HeadLength = 200

// ErrUnreadable means that the server wrote a value in a form we don't know. It quotes nothing.
var ErrUnreadable = errors.New("a value has a form that can't be read")

// output is one delivered column: its description, and how many result columns its value takes (two when it may be oversize).
type output struct {
	connectors.Column
	read  func(text string) (connectors.Value, error)
	sized bool
}

// outputs writes the select list of a target: every value so that it can be read, and for types without a fixed size the length of values
// beyond the limit, so that these never leave the server.
func (q *Query) outputs(t Target) ([]output, []string, error) {
	var outs []output
	var list []string
	for i := range t.Collection.Fields {
		decl := &t.Collection.Fields[i]
		f, err := t.Field([]string{decl.Name})
		if err != nil {
			return nil, nil, err
		}
		expr, err := q.wanted(t, f)
		if err != nil {
			return nil, nil, err
		}
		text, size, head := q.Dialect.Text(f.Col, expr)
		o := output{
			Column: connectors.Column{Name: decl.Name, Type: f.Col.Type, Categories: categories(decl)},
			read:   q.Dialect.Reader(f), sized: size != "" && (f.Col.Bytes == 0 || q.ValueLimit < f.Col.Bytes),
		}
		if o.sized {
			over := fmt.Sprintf("%s > %d", size, q.ValueLimit)
			list = append(list, fmt.Sprintf("CASE WHEN %s THEN NULL ELSE %s END", over, text),
				fmt.Sprintf("CASE WHEN %s THEN CONCAT(%s, ':', %s) END", over, size, head))
		} else {
			list = append(list, text)
		}
		outs = append(outs, o)
	}
	return outs, list, nil
}

// wanted is a column, or for a list by which rows are found, its matching elements.
func (q *Query) wanted(t Target, f Field) (string, error) {
	if !q.Dialect.Listed(f) {
		return f.Expr(), nil
	}
	only, err := q.Elements(t, f)
	if err != nil || only == "" {
		return f.Expr(), err
	}
	return fmt.Sprintf("CASE WHEN %s IS NOT NULL THEN %s END", f.Expr(), q.Dialect.Narrowed(q, f, only)), nil
}

// categories gathers the categories of a field and of everything nested in it, sorted.
func categories(f *dataset.Field) []string {
	all := slices.Clone(f.Categories)
	for i := range f.Fields {
		all = append(all, categories(&f.Fields[i])...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// columnsOf strips the outputs to what the sink is told.
func columnsOf(outs []output) []connectors.Column {
	cols := make([]connectors.Column, len(outs))
	for i, o := range outs {
		cols[i] = o.Column
	}
	return cols
}
