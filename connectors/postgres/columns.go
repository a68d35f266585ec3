package postgres

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// headLength is how many characters of an oversize text are shown.
const headLength = 200

// output is one delivered column: its description, and how many result columns its value takes (two when it may be oversize).
type output struct {
	connectors.Column
	col   column
	sized bool
}

// outputs writes the select list of a target: every value as text, and for types without a fixed size the length of values
// beyond the limit, so that these never leave the server.
func (q *query) outputs(t target) ([]output, []string, error) {
	var outs []output
	var list []string
	for i := range t.collection.Fields {
		decl := &t.collection.Fields[i]
		f, err := t.field([]string{decl.Name})
		if err != nil {
			return nil, nil, err
		}
		expr, err := q.wanted(t, f)
		if err != nil {
			return nil, nil, err
		}
		text, size, head := f.col.text(expr)
		o := output{Column: connectors.Column{Name: decl.Name, Type: f.col.typ, Categories: categories(decl)}, col: f.col, sized: size != "" && q.cfg.ValueLimit < f.col.longest()}
		if o.sized {
			over := fmt.Sprintf("%s > %d", size, q.cfg.ValueLimit)
			list = append(list, fmt.Sprintf("CASE WHEN %s THEN NULL ELSE %s END", over, text),
				fmt.Sprintf("CASE WHEN %s THEN %s::text || ':' || %s END", over, size, head))
		} else {
			list = append(list, text)
		}
		outs = append(outs, o)
	}
	return outs, list, nil
}

// wanted is a column, or for an array by which rows are found, its matching elements.
func (q *query) wanted(t target, f field) (string, error) {
	if f.col.class != classArray {
		return f.expr(), nil
	}
	only, err := q.elements(t, f)
	if err != nil || only == "" {
		return f.expr(), err
	}
	return fmt.Sprintf("CASE WHEN %s IS NOT NULL THEN ARRAY(SELECT u.v FROM unnest(%s) AS u(v) WHERE true%s) END", f.expr(), f.expr(), only), nil
}

// text writes a column's value as text, its length in bytes (empty for types of fixed size), and the head of an oversize one.
func (c column) text(expr string) (text, size, head string) {
	head = "''"
	switch c.class {
	case classBool, classInt, classFloat, classUUID, classDate, classLocal, classMoment, classEnum:
		return expr + "::text", "", ""
	case classMoney:
		return expr + "::numeric::text", "", ""
	case classBytes:
		return "encode(" + expr + ", 'base64')", "octet_length(" + expr + ")", head
	case classRow, classArray:
		text = "to_json(" + expr + ")::text"
	case classText:
		text = expr + "::text"
		head = fmt.Sprintf("left(%s, %d)", text, headLength)
	default:
		text = expr + "::text"
	}
	return text, "octet_length(" + text + ")", head
}

// longestNumber is how long the text of a numeric can be: PostgreSQL keeps up to 131,072 digits before the point and 16,383
// behind it.
const longestNumber = 131_072 + 16_383 + 2

// longest is how many bytes the text of a value can have at most. Where the limit lies beyond it, no value needs measuring.
func (c column) longest() int64 {
	if c.class == classNumber {
		return longestNumber
	}
	return math.MaxInt64
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

// hashOf writes a hash over a row's delivered columns, the order of collections that have no unique key.
func (t target) hashOf() string {
	parts := make([]string, len(t.collection.Fields))
	for i, decl := range t.collection.Fields {
		f := field{col: t.table.columns[decl.Name]}
		text, _, _ := f.col.text(f.expr())
		parts[i] = "md5(" + text + ")"
	}
	return "md5(ROW(" + strings.Join(parts, ", ") + ")::text)"
}
