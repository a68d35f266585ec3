// Package connectors is the contract that every kind of data system meets: what a caller asks of it and what it delivers.
// A connector walks a plan inside its system, streams the rows it finds, and holds neither a data set nor a key set in memory.
package connectors

import (
	"context"

	"github.com/privacy-docket/docket/privacy/dataset"
)

// Connector reaches one data system. It is safe for one caller at a time.
//
// Errors are *Error values: they name tables, columns and settings, and never a row's value, a password or an identity.
type Connector interface {
	// Test tries everything that Collect will need and returns Findings (an error) listing all that is wrong, or nil.
	Test(ctx context.Context) error
	// Preview counts what a selection would touch, without reading a value out of the system.
	Preview(ctx context.Context, sel Selection) ([]CollectionCount, error)
	// Collect streams the selection's rows into the sink, from one snapshot where the system can give one.
	Collect(ctx context.Context, sel Selection, sink Sink) error
	// Keys reads the values that other systems' collections are found by: the fields in sel.Exports.
	Keys(ctx context.Context, sel Selection) ([]KeySet, error)
	// Close lets go of whatever the connector holds.
	Close() error
}

// Selection is what to look for in one system.
type Selection struct {
	Plan dataset.Plan
	// Only narrows what Preview and Collect deliver; empty means every step of the plan that lies in this system.
	Only []dataset.Address
	// Subject holds the identity values. It is personal data.
	Subject Subject
	// Keys are values found in other systems. They are personal data.
	Keys []KeySet
	// Exports are fields of this system whose values other systems need.
	Exports []dataset.FieldAddress
	// Bound looks for nobody: rows are those that Keys lead to, and the Roots of an errand. What the person is known by may be somebody else's by now.
	Bound bool
	// Own narrows everything to rows that are the person's, as erasing does. Otherwise rows that theirs only point at come along.
	Own bool
}

// Subject is what is known about the person, with values.
type Subject struct {
	// Identities by kind: "email" → addresses.
	Identities map[string][]string
	// Request holds values that came with the request, by custom_request_field.
	Request map[string][]string
}

// Known strips the values, for planning. Kinds without a value are not known.
func (s Subject) Known() dataset.Identities {
	return dataset.Identities{Kinds: known(s.Identities), RequestFields: known(s.Request)}
}

// KeySet is the distinct values found in one field, as text. It is personal data.
type KeySet struct {
	Field  dataset.FieldAddress `json:"field"`
	Values []string             `json:"values"`
}

// DefaultKeyLimit is how many values one reference may carry from one system to another.
const DefaultKeyLimit = 100_000

// CollectionCount is how many rows a selection touches in one collection.
type CollectionCount struct {
	dataset.Address
	Rows int64 `json:"rows"`
}
