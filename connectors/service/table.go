package service

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

// table is a collection as the annotation and the service document say it is.
type table struct {
	step dataset.Step
	decl *dataset.Collection
	how  *dataset.ServiceCollection
	keys []*field
}

// table joins what is said of a collection.
func (c *Connector) table(step dataset.Step, decl *dataset.Collection) (*table, error) {
	how, ok := c.doc.Collection(step.Address)
	if !ok {
		return nil, documentFault(step.Address.String(), "the service document doesn't say how it is reached", "add it under collections, or mark it skip_processing in the annotation")
	}
	t := &table{step: step, decl: decl, how: how}
	for i := range decl.Fields {
		if f := &decl.Fields[i]; f.PrimaryKey {
			t.keys = append(t.keys, t.fieldOf([]string{f.Name}, f))
		}
	}
	return t, nil
}

// readBy finds the request that finds rows by a field; nil finds the one that lists all.
func (t *table) readBy(path []string) *dataset.ServiceRead {
	for i := range t.how.Reads {
		if slices.Equal(t.how.Reads[i].By, path) {
			return &t.how.Reads[i]
		}
	}
	return nil
}

// rowKey tells rows apart without holding them.
type rowKey [16]byte

// key is what tells a row from others: its primary key, else the member that the service document names. Without either there is none.
func (t *table) key(raw json.RawMessage) (rowKey, bool) {
	var parts []json.RawMessage
	switch {
	case t.how.Key != nil:
		parts = append(parts, document.At(raw, t.how.Key))
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

// first is the first of the values up to one that a row is found by, by what stands in it; -1 when there is none.
func (t *table) first(raw json.RawMessage, asks []asked, to int) int {
	return slices.IndexFunc(asks[:to+1], func(q asked) bool { return q.matches(raw) })
}

// implied puts the value that was asked for into a row that says nothing about it.
func (t *table) implied(raw json.RawMessage, f *field, value string) (json.RawMessage, error) {
	if document.At(raw, f.at) != nil {
		return raw, nil
	}
	return document.With(raw, f.at, f.literal(value))
}

// field is one field of a collection: a column, or a member inside one.
type field struct {
	address dataset.Address
	path    []string
	decl    *dataset.Field
	// at is where its column stands in a row.
	at []string
	// typ is one of dataset.ServiceTypes, of the single values when it is a list; empty when nothing is declared.
	typ      string
	array    bool
	required bool
	// outer are the declared arrays on the way to it, by how many names lead to them.
	outer int
}

// field finds one.
func (c *Connector) field(t *table, path []string) (*field, error) {
	decl, ok := t.decl.At(path)
	if !ok {
		return nil, selectionFault(t.step.Address.String()+"."+strings.Join(path, "."), "it is no field of the annotation", "make the plan from the system's own datasets")
	}
	return t.fieldOf(path, decl), nil
}

func (t *table) fieldOf(path []string, decl *dataset.Field) *field {
	f := &field{address: t.step.Address, path: path, decl: decl, at: path[:1], array: decl.Type.Array, required: decl.PrimaryKey && len(path) == 1}
	f.typ = map[string]string{dataset.String: "text", dataset.Integer: "integer", dataset.Float: "number", dataset.Boolean: "boolean", dataset.Object: "document", dataset.ObjectID: "text"}[decl.Type.Base]
	if said, ok := t.how.Fields[path[0]]; ok {
		if said.At != nil {
			f.at = said.At
		}
		if len(path) == 1 {
			f.required = f.required || said.Required
			switch {
			case said.Type == "list":
				f.array = true
			case said.Type != "":
				f.typ = said.Type
			}
		}
	}
	if len(decl.Fields) > 0 && f.typ == "" {
		f.typ = "document"
	}
	for i := range path {
		if around, _ := t.decl.At(path[:i+1]); around.Type.Array {
			f.outer = i + 1
		}
	}
	if f.array && f.outer == 0 {
		f.outer = len(path)
	}
	return f
}

func (f *field) name() string  { return strings.Join(f.path, ".") }
func (f *field) where() string { return f.address.String() + "." + f.name() }
func (f *field) inside() bool  { return len(f.path) > 1 }

// column is the value of the field's column; nil when the row has none.
func (f *field) column(raw json.RawMessage) json.RawMessage { return document.At(raw, f.at) }

// texts calls for each single value of the field.
func (f *field) texts(raw json.RawMessage, take func(string)) {
	document.Leaves(f.column(raw), f.path[1:], func(v json.RawMessage) { take(document.Text(v)) })
}

// narrowed are the values that elements of an array have to be among to be handed on: the others may be other people's. Nil when all are.
func (f *field) narrowed(asks []asked) (only []asked) {
	if f.outer == 0 || f.decl.ReturnAllElements {
		return nil
	}
	for _, q := range asks {
		if slices.Equal(q.field.path, f.path) {
			only = append(only, q)
		}
	}
	return only
}

// matches reports whether the value stands in the row.
func (q asked) matches(raw json.RawMessage) (yes bool) {
	q.field.texts(raw, func(text string) { yes = yes || q.is(text) })
	return yes
}

// is compares a text with the value. E-mail addresses agree when they do in small and in capital letters: to fold them would take the Kelvin sign for a k.
func (q asked) is(text string) bool {
	switch {
	case q.fold:
		return cases(text) == cases(q.value)
	case q.field.typ == "uuid":
		return strings.EqualFold(text, q.value)
	case q.field.typ == "integer", q.field.typ == "number":
		return text == q.value || plainNumber(text) == plainNumber(q.value)
	}
	return text == q.value
}

// cases are a text in small and in capital letters.
func cases(s string) [2]string { return [2]string{strings.ToLower(s), strings.ToUpper(s)} }

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
func (f *field) takes(text string) bool {
	switch f.typ {
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

// literal writes a value as JSON of the field's type.
func (f *field) literal(value string) json.RawMessage {
	if f.typ == "integer" || f.typ == "number" {
		return json.RawMessage(plainNumber(value))
	}
	if f.typ == "boolean" {
		return json.RawMessage(value)
	}
	return document.Quoted(value)
}
