package connectors

import (
	"context"

	"github.com/privacy-docket/docket/privacy/dataset"
)

// Sink receives rows. For each collection, in the plan's order: Begin once, Rows any number of times, End once.
// The connector calls it from one goroutine and keeps no reference to a batch after Rows has returned.
type Sink interface {
	// Begin opens a collection. The sink answers with done when an earlier try delivered all of it, or with the cursor of the
	// last part it holds; the zero Cursor starts at the first row.
	Begin(ctx context.Context, open Opening) (resume Cursor, done bool, err error)
	// Rows delivers one part, which is the sink's own from here on: giving after to a later Begin continues behind these rows.
	// What goes wrong with it later comes as the error of a later call, at the latest of End.
	Rows(ctx context.Context, collection dataset.Address, rows []Row, after Cursor) error
	// End closes a collection; total counts its rows over all tries.
	End(ctx context.Context, collection dataset.Address, total int64) error
}

// Opening describes a collection that is about to be delivered.
type Opening struct {
	dataset.Address
	Columns []Column `json:"columns"`
	// Total is how many rows the collection has for this person in the connector's snapshot, those already delivered included.
	Total int64 `json:"total"`
}

// Column is one column of the rows to come, in their order.
type Column struct {
	Name string `json:"name"`
	// Type is the system's own name of the type, for people.
	Type string `json:"type"`
	// Categories are the data categories of the field and everything nested in it, sorted.
	Categories []string `json:"categories,omitempty"`
	// File columns hold what was a file in the system; Named is the column with its name, if there is one.
	File  bool   `json:"file,omitempty"`
	Named string `json:"named,omitempty"`
}

// Row is one row's values in the order of the columns.
type Row []Value

// Cursor marks a place in a collection's order. Its content belongs to the connector that made it. It may hold key values,
// so it is personal data: it is kept with the parts, never in a workflow's history.
type Cursor string
