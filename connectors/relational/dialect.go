// Package relational knows how a plan becomes queries: which rows are found by what, whose they are, what refers to them, and in which parts
// they are delivered. It is what the connectors of databases that speak SQL have in common. How one of them writes it is its Dialect, and
// what it is asked over is a Session.
package relational

import (
	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/privacy/erasure"
)

// Dialect is how one database writes what the walk means. What it is handed to write with is quoted, and values are parameters.
type Dialect interface {
	Statements
	Comparing
	Fields
	Delivery
}

// Statements is what a statement is made of.
type Statements interface {
	// Param writes the place of a parameter, counted from 1, until Placed has the whole statement.
	Param(n int) string
	// Placed gives a whole statement with its parameters in the order in which the server counts them.
	Placed(statement string, args []any) (string, []any)
	// CTE writes a common table expression with one column v.
	CTE(name, body string) string
	// AnyOf writes that columns of t are among what one of the branches selects.
	AnyOf(columns []string, branches []string) string
}

// Comparing is how values are compared with each other.
type Comparing interface {
	// Comparable reports whether values of two classes can be compared without guessing.
	Comparable(a, b Class) bool
	// Differ writes that two lists of values are not the same, where null is the same as null.
	Differ(a, b string) string
	// Exactly writes a value of the column so that no other value is the same.
	Exactly(c Column, expr string) string
	// Keyed writes a value of the column as key sets hold it.
	Keyed(c Column, expr string) string
	// Given makes keys of values that come from outside; ErrType when the column can't hold one.
	Given(q *Query, g Given) (Keys, error)
	// Match writes that a value, which is one of the column's, is among the keys.
	Match(q *Query, value string, c Column, k Keys) string
}

// Fields is how values are got out of fields.
type Fields interface {
	// Fits reports whether a column can hold what the annotation declares.
	Fits(c Column, t dataset.DataType, nested bool) bool
	// Unnest writes a source u(v) of the single values in a field that has many: see Field.Many.
	Unnest(q *Query, f Field) string
	// Element writes one of them.
	Element(f Field) string
	// Day writes the day in a field, null when there is none; nothing when its type holds no days.
	Day(q *Query, t Target, f Field, zone string) (string, error)
	// Spans writes the condition under which a day lies in one of the spans; never null.
	Spans(q *Query, day string, d *erasure.Days) string
}

// Delivery is how rows are put in order and brought out of the server.
type Delivery interface {
	// Text writes a value so that Reader can read it, its length in bytes (empty for types of fixed size), and the head of an oversize one.
	Text(c Column, expr string) (text, size, head string)
	// Reader reads a value that Text wrote.
	Reader(f Field) func(text string) (connectors.Value, error)
	// Listed reports whether the field is a list of values, of which Narrowed writes those that a condition on them leaves.
	Listed(f Field) bool
	Narrowed(q *Query, f Field, only string) string
	// Hash writes a text that is another one for every other row, and says what it is.
	Hash(t Target) (name, expr string)
	// KeyText writes a key's value as text, KeyValue such a text as a value of the column.
	KeyText(c Column, expr string) string
	KeyValue(q *Query, c Column, text string) string
	// Taken writes a value from outside as the column takes it; one that the column can't hold unchanged has the server refuse the statement.
	Taken(q *Query, c Column, value string) string
	// Behind writes that a row's key, column by column, comes behind the values.
	Behind(columns, values []string) string
	// Export selects up to so many of the keys that a source holds, as texts and in order.
	Export(c Column, source string, limit int) string
}
