// Package correction decides what can be corrected in the rows of a person, and whether what is proposed fits (Art. 16 GDPR and its siblings).
package correction

import (
	"slices"
	"strings"

	"github.com/privacy-docket/docket/privacy/dataset"
)

// Most is how many different values of a field are listed, and Longest the length in characters beyond which a value is not corrected as a whole.
const (
	Most    = 100
	Longest = 2000
)

// Reference stands for the kind of identity in a field by whose values other rows are found, or that is found by theirs: whoever changes it changes
// whose those are.
const Reference = "reference"

// Field is a field of a collection with what the person's rows say in it.
type Field struct {
	dataset.Address
	Name       string   `json:"name"`
	Categories []string `json:"categories,omitempty"`
	// Type is the system's own name of the type, for people.
	Type   string             `json:"type,omitempty"`
	Kind   dataset.ColumnKind `json:"kind,omitempty"`
	Length int                `json:"length,omitempty"`
	// Required fields take no correction to nothing.
	Required bool `json:"required,omitempty"`
	// Identity is the kind of identity by which rows are found in this field, or Reference.
	Identity string `json:"identity,omitempty"`
	// Manual says why Docket can't write the field: a person corrects it in the system.
	Manual string `json:"manual,omitempty"`
	// SelfService fields are corrected by the person, without a decision of the staff.
	SelfService bool `json:"self_service,omitempty"`
	// Present are the values in the person's own rows. More says that there are others, or such as are too long to be shown.
	Present []Present `json:"present"`
	More    bool      `json:"more,omitempty"`
}

// Present is one value with the number of the person's rows that have it; nil is none.
type Present struct {
	Value *string `json:"value"`
	Rows  int64   `json:"rows"`
}

// Holding is what one system has of the person.
type Holding struct {
	System string `json:"system"`
	Name   string `json:"name"`
	// Basis is a hash of what is written about the systems, as it was when they were read.
	Basis  string  `json:"basis"`
	Fields []Field `json:"fields"`
}

// Field finds one by its place.
func (h Holding) Field(a dataset.Address, name string) (Field, bool) {
	i := slices.IndexFunc(h.Fields, func(f Field) bool { return f.Address == a && f.Name == name })
	if i < 0 {
		return Field{}, false
	}
	return h.Fields[i], true
}

// Rows is how many of the person's rows have a value.
func (f Field) Rows(value *string) int64 {
	for _, p := range f.Present {
		if same(p.Value, value) {
			return p.Rows
		}
	}
	return 0
}

func same(a, b *string) bool { return a == b || a != nil && b != nil && *a == *b }

// Site is one system as far as corrections there have to know it.
type Site struct {
	Datasets  []dataset.Dataset
	Structure *dataset.Structure
	// SelfService names fields as "dataset.collection.field".
	SelfService []string
	// Leads names fields, likewise, that lead to other rows or are led to, in whichever system: by an annotated reference as well as by one that a
	// server enforces.
	Leads []string
	// Keyless are collections whose rows can't be told apart later on: they have no primary key of one column.
	Keyless []dataset.Address
	// Manual says why nothing can be written there.
	Manual string
}

// FieldsOf lists the fields of a collection that say something of a person, without values.
func (s Site) FieldsOf(a dataset.Address) (out []Field) {
	c := s.collection(a)
	if c == nil {
		return nil
	}
	var table *dataset.Table
	if s.Structure != nil {
		table, _ = s.Structure.Table(a)
	}
	for i := range c.Fields {
		decl := &c.Fields[i]
		categories := decl.AllCategories()
		if !dataset.Personal(categories) {
			continue
		}
		out = append(out, s.field(a, decl, categories, table))
	}
	return out
}

func (s Site) collection(a dataset.Address) *dataset.Collection {
	for i := range s.Datasets {
		for j := range s.Datasets[i].Collections {
			if s.Datasets[i].Key == a.Dataset && s.Datasets[i].Collections[j].Name == a.Collection {
				return &s.Datasets[i].Collections[j]
			}
		}
	}
	return nil
}

func (s Site) field(a dataset.Address, decl *dataset.Field, categories []string, table *dataset.Table) Field {
	out := Field{Address: a, Name: decl.Name, Categories: categories, Identity: decl.Identity, Length: decl.Length, Present: []Present{}}
	var column *dataset.TableColumn
	if table != nil {
		column, _ = table.Column(decl.Name)
	}
	if column != nil {
		out.Type, out.Kind, out.Required = column.Type, column.Kind, !column.Nullable
		if out.Length == 0 || column.Length > 0 && column.Length < out.Length {
			out.Length = column.Length
		}
	}
	name := a.Dataset + "." + a.Collection + "." + decl.Name
	if out.Identity == "" && slices.Contains(s.Leads, name) {
		out.Identity = Reference
	}
	out.Manual = s.manual(decl, column, table)
	if out.Manual == "" && slices.Contains(s.Keyless, a) {
		out.Manual = "its table has no key of one column, by which a row that was read could be told later on"
	}
	// Whoever can read a mailbox could make another one that of the account: who somebody is is for people to decide on.
	out.SelfService = out.Manual == "" && out.Identity == "" && slices.Contains(s.SelfService, name)
	return out
}

// manual says why Docket can't write a field.
func (s Site) manual(decl *dataset.Field, column *dataset.TableColumn, table *dataset.Table) string {
	switch {
	case s.Manual != "":
		return s.Manual
	case column == nil:
		return "the system has no such field"
	case column.Generated:
		return "the system works it out by itself"
	case decl.ReadOnly:
		return "the annotation says that it is never written"
	case decl.PrimaryKey || slices.Contains(table.Key, decl.Name) || s.Structure.Referred(table, decl.Name):
		return "it is a key that other rows refer to"
	case table.Refers(decl.Name):
		return "it refers to another row"
	case column.Array || column.Kind == dataset.ColumnJSON || len(decl.Fields) > 0:
		return "several values lie in it, which are corrected in the system"
	case column.Kind == dataset.ColumnBytes || column.Kind == dataset.ColumnOther:
		return "values of the type " + strings.TrimSpace(column.Type) + " are corrected in the system"
	}
	return ""
}
