package relational

import (
	"slices"
	"strings"

	"github.com/privacy-docket/docket/privacy/dataset"
)

// Table is what a server's catalogue says about a table. What a database has no notion of stays zero.
type Table struct {
	Spot
	Columns map[string]Column
	// Order names the columns as they stand.
	Order []string
	// Keys are the readable unique keys without nulls, the primary key first; Primary is that alone, whatever it is made of.
	Keys    [][]string
	Primary []string
	// Number and Kind are the catalogue's own.
	Number uint32
	Kind   string
	// Derived ones are made of other tables and take no changes.
	Derived bool
	// Readable and Writable say whether anything in it is, Deletable that rows are, and Whole that all is readable by which rows are told.
	Readable, Writable, Whole, Deletable bool
}

// Column is what the catalogue says about a column. What a database has no notion of stays zero.
type Column struct {
	Name string
	// Type is the type's name; Full has what its definition adds to it.
	Type, Full string
	Class      Class
	// Element and ElementType are those of an array's elements.
	Element     Class
	ElementType string
	// Length is the longest text it takes, in characters, and Bytes the longest value as it is delivered; 0 when there is no bound.
	Length           int
	Bytes            int64
	Precision, Scale int
	Unsigned         bool
	// Bits is a field of bits, which is read as a number.
	Bits bool
	// Charset and Collation are those of texts.
	Charset, Collation string
	// Required columns take no null, Generated ones are computed by the server, and those with a Default may be left out of a new row.
	Readable, Writable, Updatable, Insertable, Required, Generated, Default bool
	Comment                                                                 string
}

// Catalog maps collections to tables; what the server doesn't have, or doesn't show the user, is absent.
type Catalog map[dataset.Address]*Table

// Spot is a table's place.
type Spot struct{ Schema, Name string }

// String writes it with quotes.
func (s Spot) String() string { return Quoted(s.Schema) + "." + Quoted(s.Name) }

// from writes the table for a FROM clause, under the name t.
func (s Spot) from() string { return s.String() + " AS t" }

// Quoted writes a name as the standard does. Sessions of databases that have another way are told to use this one.
func Quoted(name string) string {
	return `"` + strings.ReplaceAll(strings.ReplaceAll(name, "\x00", ""), `"`, `""`) + `"`
}

// ColumnList names columns of the table called t.
func ColumnList(names []string) string {
	list := make([]string, len(names))
	for i, name := range names {
		list[i] = "t." + Quoted(name)
	}
	return strings.Join(list, ", ")
}

// vanished compares a table's catalogue entry before and now.
func vanished(a dataset.Address, before, now *Table) []string {
	if before == nil {
		return nil
	}
	if now == nil {
		return []string{a.String()}
	}
	var gone []string
	for name := range before.Columns {
		if _, there := now.Columns[name]; !there {
			gone = append(gone, a.String()+"."+name)
		}
	}
	slices.Sort(gone)
	return gone
}
