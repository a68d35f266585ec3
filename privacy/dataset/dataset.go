// Package dataset reads the fideslang dataset annotation: which databases, tables and columns hold personal data, by which
// column a person is found, and how rows lead to rows elsewhere. From it the package computes the order in which an access
// request visits the collections. It is pure: no I/O, no clock, and it never sees a person's data, only names of columns.
package dataset

import (
	"slices"
	"strings"
)

// Dataset is one annotated data store, typically one database schema.
type Dataset struct {
	// File and Line say where it was read; both are empty in a dataset that came from elsewhere.
	File        string         `json:"-"`
	Key         string         `json:"fides_key"`
	Name        string         `json:"name,omitempty"`
	Description string         `json:"description,omitempty"`
	Categories  []string       `json:"data_categories,omitempty"`
	Meta        map[string]any `json:"meta,omitempty"`
	// After names datasets that must have been visited before this one.
	After       []string     `json:"after,omitempty"`
	Collections []Collection `json:"collections"`
	Line        int          `json:"-"`
	// Notes say what the file holds beside this that is kept and not used.
	Notes []Note `json:"-"`
}

// Collection is a table, or what corresponds to one.
type Collection struct {
	Name        string   `json:"name"`
	Description string   `json:"description,omitempty"`
	Categories  []string `json:"data_categories,omitempty"`
	// After and EraseAfter name collections ("collection" or "dataset.collection") that come first when reading and when erasing.
	After      []string `json:"after,omitempty"`
	EraseAfter []string `json:"erase_after,omitempty"`
	// Skip marks a collection that is never visited; it need not be reachable.
	Skip   bool    `json:"skip_processing,omitempty"`
	Fields []Field `json:"fields"`
	Line   int     `json:"-"`
}

// Field is a column, or a member inside a column that holds objects.
type Field struct {
	Name        string   `json:"name"`
	Description string   `json:"description,omitempty"`
	Categories  []string `json:"data_categories,omitempty"`
	// Identity is the kind of identity that finds rows by this field: email, phone_number, a user id's name.
	Identity   string      `json:"identity,omitempty"`
	PrimaryKey bool        `json:"primary_key,omitempty"`
	References []Reference `json:"references,omitempty"`
	Type       DataType    `json:"data_type,omitzero"`
	// Length is the longest value a mask may write, in characters; 0 means no limit is known.
	Length int `json:"length,omitempty"`
	// ReturnAllElements keeps the whole array when one element matched; otherwise only the matching elements are returned.
	ReturnAllElements bool     `json:"return_all_elements,omitempty"`
	ReadOnly          bool     `json:"read_only,omitempty"`
	Masking           *Masking `json:"masking_strategy_override,omitempty"`
	// RequestField is the name of a value that came with the request and finds rows by this field.
	RequestField string  `json:"custom_request_field,omitempty"`
	Fields       []Field `json:"fields,omitempty"`
	Line         int     `json:"-"`
}

// AllCategories are those of a field and of everything inside it, sorted.
func (f *Field) AllCategories() []string {
	all := slices.Clone(f.Categories)
	for i := range f.Fields {
		all = append(all, f.Fields[i].AllCategories()...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// Personal says whether one of the categories is a person's.
func Personal(categories []string) bool {
	return slices.ContainsFunc(categories, func(c string) bool { return c == "user" || strings.HasPrefix(c, "user.") })
}

// Reference connects a field to a field of another collection, possibly of another dataset.
type Reference struct {
	Dataset string `json:"dataset"`
	// Field is "collection.field", with more dots for nested fields.
	Field     string    `json:"field"`
	Direction Direction `json:"direction,omitempty"`
	Line      int       `json:"-"`
}

// Direction says which end's values find rows at the other end.
type Direction string

// The directions. Both means that whichever end is reached first finds the other.
const (
	Both Direction = ""
	// To: this field's value finds rows over there.
	To Direction = "to"
	// From: rows here are found by values over there.
	From Direction = "from"
)

// Masking is how one field is to be masked, whatever the policy says for its category.
type Masking struct {
	Strategy      string         `json:"strategy"`
	Configuration map[string]any `json:"configuration,omitempty"`
}

// DataType is a field's declared type.
type DataType struct {
	Base  string `json:"base"`
	Array bool   `json:"array,omitempty"`
}

// The base types of the format.
const (
	String   = "string"
	Integer  = "integer"
	Float    = "float"
	Boolean  = "boolean"
	Object   = "object"
	ObjectID = "object_id"
)

// String writes the type as the format does: the base, and [] for arrays.
func (d DataType) String() string {
	if d.Array {
		return d.Base + "[]"
	}
	return d.Base
}

// IsZero reports that no type was declared.
func (d DataType) IsZero() bool { return d.Base == "" }
