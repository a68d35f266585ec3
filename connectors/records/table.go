package records

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/connectors/document"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// Table is a collection as the annotation and the system's document say it is.
type Table struct {
	Step dataset.Step
	Decl *dataset.Collection
	Form *Form
	keys []*Field
}

// Table joins what is said of a collection.
func (c *Reader) Table(step dataset.Step, decl *dataset.Collection) (*Table, error) {
	form, err := c.source.Form(step.Address)
	if err != nil {
		return nil, err
	}
	t := &Table{Step: step, Decl: decl, Form: form}
	for i := range decl.Fields {
		if f := &decl.Fields[i]; f.PrimaryKey {
			t.keys = append(t.keys, t.FieldOf([]string{f.Name}, f))
		}
	}
	return t, nil
}

// found reports whether rows can be found by a field; nil: whether all of them can be listed.
func (w *walk) found(t *Table, path []string) bool { return w.source.Finds(t.Step.Address, path) }

// rowKey tells rows apart without holding them.
type rowKey [16]byte

// key is what tells a row from others: its primary key, else the member that the system's document names. Without either there is none.
func (t *Table) key(raw json.RawMessage) (rowKey, bool) {
	var parts []json.RawMessage
	switch {
	case t.Form.Key != nil:
		parts = append(parts, document.At(raw, t.Form.Key))
	case len(t.keys) > 0:
		for _, f := range t.keys {
			parts = append(parts, f.column(raw))
		}
	default:
		return rowKey{}, false
	}
	h := sha256.New()
	for _, p := range parts {
		if k := document.Kind(p); k == 0 || k == 'n' {
			return rowKey{}, false
		}
		h.Write([]byte(strconv.Quote(document.Text(p))))
	}
	return rowKey(h.Sum(nil)[:16]), true
}

// Implied puts the value that was asked for into a row that says nothing about it.
func (t *Table) Implied(raw json.RawMessage, f *Field, value string) (json.RawMessage, error) {
	if document.At(raw, f.At) != nil {
		return raw, nil
	}
	return document.With(raw, f.At, f.Literal(value))
}

// Field is one field of a collection: a column, or a member inside one.
type Field struct {
	address dataset.Address
	Path    []string
	Decl    *dataset.Field
	// At is where its column stands in a row.
	At []string
	// Type is one of dataset.ServiceTypes, of the single values when it is a list; empty when nothing is declared.
	Type     string
	array    bool
	required bool
	// fixed fields are never written; late ones do not stand in a row.
	fixed, late bool
	// outer are the declared arrays on the way to it, by how many names lead to them.
	outer int
}

// field finds one.
func (c *Reader) field(t *Table, path []string) (*Field, error) {
	decl, ok := t.Decl.At(path)
	if !ok {
		return nil, selectionFault(t.Step.Address.String()+"."+strings.Join(path, "."), "it is no field of the annotation", "make the plan from the system's own datasets")
	}
	return t.FieldOf(path, decl), nil
}

// FieldOf is a field by its path and its annotation.
func (t *Table) FieldOf(path []string, decl *dataset.Field) *Field {
	f := &Field{address: t.Step.Address, Path: path, Decl: decl, At: path[:1], array: decl.Type.Array, required: decl.PrimaryKey && len(path) == 1}
	f.Type = map[string]string{dataset.String: "text", dataset.Integer: "integer", dataset.Float: "number", dataset.Boolean: "boolean", dataset.Object: "document", dataset.ObjectID: "text"}[decl.Type.Base]
	if said, ok := t.Form.Fields[path[0]]; ok {
		if said.At != nil {
			f.At = said.At
		}
		f.fixed, f.late = said.Fixed, said.Late
		if len(path) == 1 {
			f.required = f.required || said.Required
			switch {
			case said.Type == "list":
				f.array = true
			case said.Type != "":
				f.Type = said.Type
			}
		}
	}
	if len(decl.Fields) > 0 && f.Type == "" {
		f.Type = "document"
	}
	for i := range path {
		if around, _ := t.Decl.At(path[:i+1]); around.Type.Array {
			f.outer = i + 1
		}
	}
	if f.array && f.outer == 0 {
		f.outer = len(path)
	}
	return f
}

func (f *Field) name() string { return strings.Join(f.Path, ".") }

// Where names the field for errors.
func (f *Field) Where() string { return f.address.String() + "." + f.name() }
func (f *Field) inside() bool  { return len(f.Path) > 1 }

// column is the value of the field's column; nil when the row has none.
func (f *Field) column(raw json.RawMessage) json.RawMessage { return document.At(raw, f.At) }

// texts calls for each single value of the field.
func (f *Field) texts(raw json.RawMessage, take func(string)) {
	document.Leaves(f.column(raw), f.Path[1:], func(v json.RawMessage) { take(document.Text(v)) })
}

// narrowed are the values that elements of an array have to be among to be handed on: the others may be other people's. Nil when all are.
func (f *Field) narrowed(asks []Asked) (only []Asked) {
	if f.outer == 0 || f.Decl.ReturnAllElements {
		return nil
	}
	for _, q := range asks {
		if slices.Equal(q.Field.Path, f.Path) {
			only = append(only, q)
		}
	}
	return only
}

// Matches reports whether the value stands in the row.
func (q Asked) Matches(raw json.RawMessage) (yes bool) {
	q.Field.texts(raw, func(text string) { yes = yes || q.is(text) })
	return yes
}

// is compares a text with the value. E-mail addresses agree when they do in small and in capital letters: to fold them would take the Kelvin sign for a k.
func (q Asked) is(text string) bool { return q.likeness(text) == q.likeness(q.Value) }

// likeness is the same of two texts exactly where they count as one value.
func (q Asked) likeness(text string) string {
	switch {
	case q.Fold:
		return strings.Join(cases(text), "\x00")
	case q.Field.Type == "uuid":
		return strings.ToLower(text)
	case q.Field.Type == "integer", q.Field.Type == "number":
		return plainNumber(text)
	}
	return text
}

// cases are a text in small and in capital letters.
func cases(s string) []string { return []string{strings.ToLower(s), strings.ToUpper(s)} }

var decimal = regexp.MustCompile(`^[+-]?[0-9]{1,100}(\.[0-9]{1,100})?$`)

// plainNumber writes a decimal without signs and zeros that say nothing; what is none stays as it is.
func plainNumber(s string) string {
	if !decimal.MatchString(s) {
		return s
	}
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign = "-"
	}
	s = strings.TrimLeft(strings.TrimLeft(s, "+-"), "0")
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	if s == "" || strings.HasPrefix(s, ".") {
		s = "0" + s
	}
	if s == "0" {
		return s
	}
	return sign + s
}

// takes reports whether a text can be a value of the field.
func (f *Field) takes(text string) bool {
	switch f.Type {
	case "integer":
		_, err := strconv.ParseInt(text, 10, 64)
		return err == nil
	case "number":
		return decimal.MatchString(text)
	case "boolean":
		return text == "true" || text == "false"
	case "uuid":
		return uuid.Validate(text) == nil
	case "date", "moment":
		_, ok := dayOf(text, nil)
		return ok
	case "bytes":
		_, err := base64.StdEncoding.DecodeString(text)
		return err == nil
	case "document":
		return false
	}
	return true
}

// Literal writes a value as JSON of the field's type.
func (f *Field) Literal(value string) json.RawMessage {
	if f.Type == "integer" || f.Type == "number" {
		return json.RawMessage(plainNumber(value))
	}
	if f.Type == "boolean" {
		return json.RawMessage(value)
	}
	return document.Quoted(value)
}
