package mysql

import (
	"fmt"
	"strconv"
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
	catalog = relational.Catalog
	pass    = relational.Pass
)

// column is a column, with how MySQL writes its values.
type column relational.Column

// query builds one statement that may change rows.
type query struct {
	*relational.Query
	// salts are the parameters that tokens are made with, as far as they are needed.
	salts salts
}

// newQuery starts an empty statement.
func newQuery(w *walk) *query { return &query{Query: w.Query()} }

// dialect is how MySQL and MariaDB write what the walk means.
type dialect struct {
	// maria tells MariaDB from MySQL.
	maria bool
}

// paramMark stands around a parameter's number until the statement is whole: the server counts parameters by where they stand in it. No name
// and no text of ours has the character.
const paramMark = "\x00"

// Param marks where a parameter stands.
func (dialect) Param(n int) string { return paramMark + strconv.Itoa(n) + paramMark }

// Placed puts the parameters in the order in which they stand.
func (dialect) Placed(statement string, args []any) (string, []any) {
	var b strings.Builder
	var placed []any
	for i, part := range strings.Split(statement, paramMark) {
		if i%2 == 0 {
			b.WriteString(part)
			continue
		}
		n, _ := strconv.Atoi(part) // Param wrote it
		b.WriteByte('?')
		placed = append(placed, args[n-1])
	}
	return b.String(), placed
}

// CTE leaves it to the server how often one is looked up.
func (dialect) CTE(name, body string) string { return name + "(v) AS (" + body + ")" }

// AnyOf has the union stand in a FROM: only so does the server make a table of the keys.
func (dialect) AnyOf(columns, branches []string) string {
	outer := make([]string, len(columns))
	for i, name := range columns {
		outer[i] = "m." + relational.Quoted(name)
	}
	return fmt.Sprintf("(%s) IN (SELECT %s FROM (%s) AS m)", relational.ColumnList(columns), strings.Join(outer, ", "), strings.Join(branches, " UNION "))
}

// Listed fields are documents that stand for lists: these servers have no arrays.
func (dialect) Listed(f field) bool { return listed(f) }

// Narrowed writes a document of some of the elements.
func (d dialect) Narrowed(q *relational.Query, f field, only string) string {
	return fmt.Sprintf("COALESCE((SELECT JSON_ARRAYAGG(u.v) FROM %s WHERE 1 = 1%s), '[]')", d.Unnest(q, f), only)
}

// Element writes a value inside a document.
func (dialect) Element(field) string { return "u.v" }

// Hash orders collections that have no unique key.
func (dialect) Hash(t target) (name, expr string) {
	parts := make([]string, len(t.Collection.Fields))
	for i, decl := range t.Collection.Fields {
		col := column(t.Table.Columns[decl.Name])
		parts[i] = "COALESCE(SHA2(" + col.whole("t."+relational.Quoted(col.Name)) + ", 256), '')"
	}
	return "sha256 of the row", "SHA2(CONCAT_WS('|', " + strings.Join(parts, ", ") + "), 256)"
}

// KeyText writes a key's value so that KeyValue can read it back.
func (dialect) KeyText(c relational.Column, expr string) string {
	switch c.Class {
	case relational.ClassBytes:
		return "HEX(" + expr + ")"
	case relational.ClassBool, relational.ClassInt, relational.ClassNumber, relational.ClassText:
		return expr
	}
	return "CAST(" + expr + " AS CHAR)"
}

// KeyValue reads it back. A number that came as text would be compared as a float.
func (dialect) KeyValue(q *relational.Query, c relational.Column, text string) string {
	col := column(c)
	switch c.Class {
	case relational.ClassBool, relational.ClassInt:
		if n, is := integer(text); is {
			return q.Arg(n)
		}
	case relational.ClassBytes:
		return "UNHEX(" + q.Arg(text) + ")"
	case relational.ClassText, relational.ClassUUID:
		if by := col.indexed("CONVERT(" + q.Arg(text) + " USING utf8mb4)"); by != "" {
			return by
		}
	case relational.ClassNumber:
		return fmt.Sprintf("CAST(%s AS DECIMAL(%d, %d))", q.Arg(text), c.Precision, c.Scale)
	}
	return col.typed(q.Arg(text))
}

// Taken leaves it to the session, which is strict, to refuse what the column can't hold.
func (dialect) Taken(q *relational.Query, _ relational.Column, value string) string {
	return q.Arg(value)
}

// Behind compares column by column: a comparison of whole keys at once would not be looked up in the index.
func (dialect) Behind(columns, values []string) string {
	var after []string
	same := "" // the key's columns so far are those of the mark
	for i, name := range columns {
		after = append(after, same+name+" > "+values[i])
		same += name + " = " + values[i] + " AND "
	}
	return "(" + strings.Join(after, " OR ") + ")"
}

// Export writes keys as texts for other systems, in an order of their letters alone.
func (dialect) Export(c relational.Column, source string, limit int) string {
	return fmt.Sprintf("SELECT %[1]s FROM %[2]s ORDER BY CAST(%[1]s AS BINARY) LIMIT %[3]d", exported(c, "v"), source, limit)
}

// exported writes a value as other systems and tombstones know it.
func exported(c relational.Column, value string) string {
	switch {
	case c.Class == relational.ClassBytes:
		return "CONCAT('" + hexadecimal + "', LOWER(HEX(" + value + ")))"
	case textual(c.Class):
		return "CONVERT(" + value + " USING utf8mb4)"
	}
	return "CAST(" + value + " AS CHAR)"
}

// Reader reads a value by its class.
func (dialect) Reader(f field) func(string) (connectors.Value, error) {
	return reads(f.Col.Class, listed(f))
}
