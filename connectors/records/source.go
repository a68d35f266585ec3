// Package records is what connectors have in common to systems whose rows are looked at here, one by one, as JSON: services behind HTTP and object
// stores. It goes through a plan, tells whose rows are, what an order has to do in them, and delivers them; how rows are found, and how they are
// changed where they lie, is the kind's.
package records

import (
	"context"
	"encoding/json"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/privacy/erasure"
)

// Source is a kind of system. All of its errors are *connectors.Error values.
type Source interface {
	// Form says how a collection's rows look; an ErrDocument error when nothing says so.
	Form(a dataset.Address) (*Form, error)
	// Finds reports whether rows can be found by a field of the annotation; by nil whether all of them can be listed for that.
	Finds(a dataset.Address, path []string) bool
	// Find hands on rows, each a JSON object. It may hand on more than was asked for: what doesn't hold the value is left out.
	Find(ctx context.Context, q Query, take func(json.RawMessage) error) error
	// Current reports whether a row is what anybody sees. Of others nothing is ever set.
	Current(row json.RawMessage) bool
	// Late reads a field that is only read when it is delivered: see FieldForm.
	Late(ctx context.Context, t *Table, f *Field, row json.RawMessage) (connectors.Value, error)
	// Able refuses an order that the kind can't carry out, before anything is changed.
	Able(ctx context.Context, t *Table, o *erasure.Order) error
	// Change carries a pass out on some rows. Done says of each whether the system did it now; it is told beside an error too.
	Change(ctx context.Context, t *Table, p Pass, rows []Change) (done []bool, err error)
	// DeleteBy deletes all rows with a value, where the form says that rows are deleted that way.
	DeleteBy(ctx context.Context, t *Table, q Asked) (done bool, err error)
}

// Query is what rows are asked for.
type Query struct {
	*Table
	// By is the value that they hold; nil asks for all rows.
	By *Asked
	// Own says that it is asked for an erasure: what else is left of the person's rows, which nobody sees any more, belongs to it.
	Own bool
}

// Form is how a collection's rows look and what can be done to them.
type Form struct {
	// Key is the member that tells a row from others; without it the annotation's primary key does.
	Key []string
	// Fields say of annotated fields what the annotation can't.
	Fields map[string]FieldForm
	// Deletes and Changes say whether rows can be deleted and changed; DeletesBy is set where all rows with a value of this field go at once.
	Deletes, Changes bool
	// Names is the field with the names of what late fields hold, for files.
	Names     string
	DeletesBy []string
}

// FieldForm is one field of a row.
type FieldForm struct {
	// At is where it stands in a row; empty for a member with its own name.
	At []string
	// Type is one of dataset.ServiceTypes; empty means by the annotation's data_type, or by the value itself.
	Type string
	// Required fields take no null; Fixed ones are never written.
	Required, Fixed bool
	// Late fields do not stand in a row: they are read when the row is delivered.
	Late bool
}
