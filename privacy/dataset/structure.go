package dataset

import "slices"

// Structure is what a system's own catalogue says of its collections, annotated or not. It holds names and types and never a value.
type Structure struct {
	Tables []Table `json:"tables"`
	// Sampled says that there is no catalogue, and that names and types are those of some of the rows.
	Sampled bool `json:"sampled,omitempty"`
}

// Table is one table, or what corresponds to one.
type Table struct {
	// Schema is empty where the system knows none.
	Schema string `json:"schema,omitempty"`
	Name   string `json:"name"`
	// Collection is set when the table is annotated.
	Collection *Address `json:"collection,omitempty"`
	Comment    string   `json:"comment,omitempty"`
	// Rows is the system's own estimate; -1 when it has none.
	Rows    int64         `json:"rows"`
	Columns []TableColumn `json:"columns"`
	// Key names the columns of the primary key; empty when there is none.
	Key []string `json:"key,omitempty"`
	// Unique are the other unique keys.
	Unique [][]string `json:"unique,omitempty"`
	// References are the foreign keys that the system enforces.
	References []ForeignKey `json:"references,omitempty"`
}

// TableColumn is one column.
type TableColumn struct {
	Name string `json:"name"`
	// Type is the system's own name of the type, for people.
	Type string     `json:"type"`
	Kind ColumnKind `json:"kind"`
	// Array is set when the column holds a list of its kind.
	Array    bool `json:"array,omitempty"`
	Nullable bool `json:"nullable,omitempty"`
	// Length is the longest text it takes, in characters; 0 when there is no limit.
	Length int `json:"length,omitempty"`
	// Generated columns are computed by the system and can't be written.
	Generated bool   `json:"generated,omitempty"`
	Comment   string `json:"comment,omitempty"`
	// Inside are the members of documents that lie in the column, where the system knows them.
	Inside []TableColumn `json:"inside,omitempty"`
}

// ColumnKind groups the types that masks treat alike.
type ColumnKind string

// The kinds of column. Other is everything that nothing but null can be written to without knowing more.
const (
	ColumnText   ColumnKind = "text"
	ColumnNumber ColumnKind = "number"
	ColumnBool   ColumnKind = "boolean"
	ColumnDate   ColumnKind = "date"
	ColumnMoment ColumnKind = "moment"
	ColumnUUID   ColumnKind = "uuid"
	ColumnBytes  ColumnKind = "bytes"
	ColumnJSON   ColumnKind = "json"
	ColumnOther  ColumnKind = "other"
)

// ForeignKey is a reference that the system enforces.
type ForeignKey struct {
	Columns []string `json:"columns"`
	Schema  string   `json:"schema,omitempty"`
	Table   string   `json:"table"`
	To      []string `json:"to"`
	// OnDelete says what becomes of the referring row.
	OnDelete OnDelete `json:"on_delete"`
}

// OnDelete is what a system does to rows that refer to one that is deleted.
type OnDelete string

// The actions.
const (
	OnDeleteRefuse  OnDelete = "refuse" // the deletion fails
	OnDeleteCascade OnDelete = "cascade"
	OnDeleteNull    OnDelete = "set_null" // or the column's default
)

// Table finds the table of a collection.
func (s *Structure) Table(a Address) (*Table, bool) {
	for i := range s.Tables {
		if c := s.Tables[i].Collection; c != nil && *c == a {
			return &s.Tables[i], true
		}
	}
	return nil, false
}

// Column finds a column by its name.
func (t *Table) Column(name string) (*TableColumn, bool) {
	for i := range t.Columns {
		if t.Columns[i].Name == name {
			return &t.Columns[i], true
		}
	}
	return nil, false
}

// Refers says whether a foreign key that the system enforces leads from the column: nothing but a value of the other table can stand there.
func (t *Table) Refers(column string) bool {
	return t != nil && slices.ContainsFunc(t.References, func(r ForeignKey) bool { return slices.Contains(r.Columns, column) })
}

// Referred says whether a foreign key that the system enforces leads to the column of a table.
func (s *Structure) Referred(to *Table, column string) bool {
	if to == nil {
		return false
	}
	for _, other := range s.Tables {
		for _, r := range other.References {
			if r.Schema == to.Schema && r.Table == to.Name && slices.Contains(r.To, column) {
				return true
			}
		}
	}
	return false
}
