package dataset

import "strings"

// Address names a collection.
type Address struct {
	Dataset    string `json:"dataset"`
	Collection string `json:"collection"`
}

// String writes the address as "dataset.collection".
func (a Address) String() string { return a.Dataset + "." + a.Collection }

// Less orders addresses by dataset, then collection.
func (a Address) Less(b Address) bool {
	if a.Dataset != b.Dataset {
		return a.Dataset < b.Dataset
	}
	return a.Collection < b.Collection
}

// FieldAddress names a field: a column, or with more than one element in Path a member inside a column.
type FieldAddress struct {
	Address
	Path []string `json:"path"`
}

// String writes the address as "dataset.collection.field".
func (f FieldAddress) String() string { return f.Address.String() + "." + f.Field() }

// Field writes the path alone, joined by dots.
func (f FieldAddress) Field() string { return strings.Join(f.Path, ".") }
