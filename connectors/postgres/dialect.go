package postgres

import (
	"fmt"
	"strings"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/relational"
)

// The names by which this package knows what it has in common with other databases.
type (
	walk    = relational.Walk
	target  = relational.Target
	field   = relational.Field
	table   = relational.Table
	column  = relational.Column
	catalog = relational.Catalog
	masked  = relational.Masked
	pass    = relational.Pass
)

// query builds one statement that may change rows.
type query struct {
	*relational.Query
	// salts are the parameters that tokens are made with, as far as they are needed.
	salts salts
	names int // of subqueries
}

// newQuery starts an empty statement.
func newQuery(w *walk) *query { return &query{Query: w.Query()} }

// dialect is how PostgreSQL writes what the walk means.
type dialect struct{}

// Param numbers a parameter.
func (dialect) Param(n int) string { return fmt.Sprintf("$%d", n) }

// Placed has nothing to do: parameters are known by their numbers.
func (dialect) Placed(statement string, args []any) (string, []any) { return statement, args }

// CTE writes one that is looked up once, however often it is named.
func (dialect) CTE(name, body string) string { return name + "(v) AS MATERIALIZED (" + body + ")" }

// AnyOf leaves it to the server to make the keys one set.
func (dialect) AnyOf(columns, branches []string) string {
	return fmt.Sprintf("(%s) IN (%s)", relational.ColumnList(columns), strings.Join(branches, " UNION ALL "))
}

// Listed fields are arrays.
func (dialect) Listed(f field) bool { return f.Col.Class == relational.ClassArray }

// Narrowed writes an array of some of the elements.
func (d dialect) Narrowed(q *relational.Query, f field, only string) string {
	return fmt.Sprintf("ARRAY(SELECT u.v FROM %s WHERE true%s)", d.Unnest(q, f), only)
}

// Unnest writes the elements of an array, or the values at a field's path inside its document. Lax paths see through arrays on the way.
func (dialect) Unnest(q *relational.Query, f field) string {
	if f.Inside() {
		return fmt.Sprintf("jsonb_path_query(to_jsonb(%s), %s::text::jsonpath) AS u(v)", f.Expr(), q.Arg(jsonPath(f.Path[1:])))
	}
	return "unnest(" + f.Expr() + ") AS u(v)"
}

// Element writes one of them: of a document a text.
func (dialect) Element(f field) string {
	if f.Inside() {
		return member
	}
	return "u.v"
}

// member is a value inside a document, as a text.
const member = "u.v #>> '{}'"

// Hash orders collections that have no unique key.
func (d dialect) Hash(t target) (name, expr string) {
	parts := make([]string, len(t.Collection.Fields))
	for i, decl := range t.Collection.Fields {
		f := field{Col: t.Table.Columns[decl.Name]}
		text, _, _ := d.Text(f.Col, f.Expr())
		parts[i] = "md5(" + text + ")"
	}
	return "md5 of the row", "md5(ROW(" + strings.Join(parts, ", ") + `)::text) COLLATE "C"`
}

// KeyText writes a key's value as the server writes it.
func (dialect) KeyText(_ column, expr string) string { return expr + "::text" }

// KeyValue casts it back.
func (dialect) KeyValue(q *relational.Query, c column, text string) string {
	return q.Arg(text) + "::text::" + keyType(c)
}

// Taken casts without a length, which would cut a longer text: the column itself refuses it.
func (dialect) Taken(q *relational.Query, c column, value string) string {
	return q.Arg(value) + "::text::" + keyType(c)
}

// keyType is the type to cast a key's text to. "character" without a length would cut it to one letter.
func keyType(c column) string {
	if c.Type == "character" {
		return "bpchar"
	}
	return c.Type
}

// Behind compares whole keys, which an index answers.
func (dialect) Behind(columns, values []string) string {
	return fmt.Sprintf("(%s) > (%s)", strings.Join(columns, ", "), strings.Join(values, ", "))
}

// Export writes keys as texts, in an order of their letters alone.
func (dialect) Export(_ column, source string, limit int) string {
	return fmt.Sprintf(`SELECT v FROM (SELECT DISTINCT d.v::text AS v FROM %s AS d) AS x ORDER BY v COLLATE "C" LIMIT %d`, source, limit)
}

// Reader reads a value by its class.
func (dialect) Reader(f field) func(string) (connectors.Value, error) {
	return reads(f.Col.Class, f.Col.Element)
}
