package mysql

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
	// list is set when the column is a JSON array that stands for a list of values.
	list bool
}

// outputs writes the select list of a target, and for types without a fixed size the length of values beyond the limit, so that these
// never leave the server.
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
		value, size, head := f.col.text(expr)
		o := output{
			Column: connectors.Column{Name: decl.Name, Type: f.col.typ, Categories: categories(decl)},
			col:    f.col, sized: size != "" && q.cfg.ValueLimit < f.col.longest(), list: f.listed(),
		}
		if o.sized {
			over := fmt.Sprintf("%s > %d", size, q.cfg.ValueLimit)
			list = append(list, fmt.Sprintf("CASE WHEN %s THEN NULL ELSE %s END", over, value),
				fmt.Sprintf("CASE WHEN %s THEN CONCAT(%s, ':', %s) END", over, size, head))
		} else {
			list = append(list, value)
		}
		outs = append(outs, o)
	}
	return outs, list, nil
}

// listed reports whether the field is a list of values: these servers have no arrays, and lists are kept as JSON.
func (f field) listed() bool {
	return f.col.class == classJSON && len(f.path) == 1 && f.decl.Type.Array && f.decl.Type.Base != dataset.Object && len(f.decl.Fields) == 0
}

// wanted is a column, or for a list by which rows are found, its matching elements.
func (q *query) wanted(t target, f field) (string, error) {
	if !f.listed() {
		return f.expr(), nil
	}
	only, err := q.elements(t, f)
	if err != nil || only == "" {
		return f.expr(), err
	}
	return fmt.Sprintf("CASE WHEN %s IS NOT NULL THEN COALESCE((SELECT JSON_ARRAYAGG(u.v) FROM %s WHERE 1 = 1%s), '[]') END", f.expr(), q.members(f), only), nil
}

// text writes a column's value so that it can be read, its length in bytes (empty for types of fixed size), and the head of an oversize one.
func (c column) text(expr string) (text, size, head string) {
	head = "''"
	switch c.class {
	case classBool, classInt:
		if c.bits {
			expr += " + 0"
		}
		return expr, "", ""
	case classNumber, classFloat:
		return expr, "", ""
	case classDate, classLocal, classMoment, classTime, classUUID:
		return "CAST(" + expr + " AS CHAR)", "", ""
	case classBytes:
		return expr, "OCTET_LENGTH(" + expr + ")", head
	case classJSON:
		return expr, "OCTET_LENGTH(" + expr + ")", head
	case classShape:
		text = "ST_AsText(" + expr + ")"
		return text, "OCTET_LENGTH(" + text + ")", head
	case classText, classEnum:
		text = expr
		if c.charset != "utf8mb4" {
			text = "CONVERT(" + expr + " USING utf8mb4)"
		}
		head = fmt.Sprintf("LEFT(%s, %d)", text, headLength)
	default:
		text = "CAST(" + expr + " AS CHAR)"
	}
	return text, "OCTET_LENGTH(" + text + ")", head
}

// longest is how many bytes the text of a value can have at most. Where the limit lies beyond it, no value needs measuring.
func (c column) longest() int64 {
	const character = 4 // bytes of UTF-8
	switch c.class {
	case classText, classEnum:
		return c.chars * character
	case classBytes:
		return c.bytes
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
		col := t.table.columns[decl.Name]
		parts[i] = "COALESCE(SHA2(" + col.whole("t."+quoted(col.name)) + ", 256), '')"
	}
	return "SHA2(CONCAT_WS('|', " + strings.Join(parts, ", ") + "), 256)"
}
