package records

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/document"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// headLength is how many characters of an oversize text are shown.
const headLength = 200

// Columns describes the rows to come.
func (t *Table) Columns() []connectors.Column {
	out := make([]connectors.Column, len(t.Decl.Fields))
	for i := range t.Decl.Fields {
		decl := &t.Decl.Fields[i]
		f := t.FieldOf([]string{decl.Name}, decl)
		out[i] = connectors.Column{Name: decl.Name, Type: f.typeName(), Categories: categories(decl)}
		if f.late && f.Type == "bytes" {
			out[i].File, out[i].Named = true, t.Form.Names
		}
	}
	return out
}

// typeName is the field's type for people.
func (f *Field) typeName() string {
	name := f.Type
	if name == "" {
		name = "json"
	}
	if f.array {
		name += "[]"
	}
	return name
}

// categories gathers the categories of a field and of everything nested in it, sorted.
func categories(f *dataset.Field) []string {
	all := slices.Clone(f.Categories)
	for i := range f.Fields {
		all = append(all, categories(&f.Fields[i])...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// row turns what the system answered into a row. Of arrays by which it was found only the matching elements are in it.
func (w *walk) row(ctx context.Context, t *Table, f found) (connectors.Row, error) {
	out := make(connectors.Row, len(t.Decl.Fields))
	for i := range t.Decl.Fields {
		decl := &t.Decl.Fields[i]
		col := t.FieldOf([]string{decl.Name}, decl)
		if col.late {
			value, err := w.source.Late(ctx, t, col, f.raw)
			if err != nil {
				return nil, err
			}
			out[i] = value
			continue
		}
		raw := col.column(f.raw)
		if only := col.narrowed(f.by); only != nil && document.Kind(raw) == '[' {
			items, _ := document.Items(raw) // the whole answer was read as JSON before
			items = slices.DeleteFunc(items, func(item json.RawMessage) bool {
				return !slices.ContainsFunc(only, func(q Asked) bool { return q.is(document.Text(item)) })
			})
			raw = document.Array(items)
		}
		out[i] = col.decode(raw, w.cfg.ValueLimit)
	}
	return out, nil
}

// decode gives a value its kind: the declared one where it has that form, else the one that it is written as.
func (f *Field) decode(raw json.RawMessage, limit int64) connectors.Value {
	switch document.Kind(raw) {
	case 0, 'n':
		return connectors.Null()
	case '{':
		return sized(connectors.JSON(string(raw)), limit)
	case '[':
		if f.Type == "document" || int64(len(raw)) > limit {
			return sized(connectors.JSON(string(raw)), limit)
		}
		items, _ := document.Items(raw)
		values := make([]connectors.Value, len(items))
		for i, item := range items {
			if document.Kind(item) == '[' || document.Kind(item) == '{' {
				values[i] = connectors.JSON(string(item))
			} else {
				values[i] = f.single(item)
			}
		}
		return connectors.List(values)
	case '"':
		return sized(f.single(raw), limit)
	default:
		return f.single(raw)
	}
}

// single gives a value that is neither an object nor a list its kind.
func (f *Field) single(raw json.RawMessage) connectors.Value {
	text := document.Text(raw)
	switch document.Kind(raw) {
	case 'n':
		return connectors.Null()
	case 't':
		return connectors.Bool(text == "true")
	case '0':
		if n, err := strconv.ParseInt(text, 10, 64); err == nil && f.Type != "number" {
			return connectors.Int(n)
		}
		return connectors.Decimal(text)
	}
	switch f.Type {
	case "date":
		if _, err := time.Parse(time.DateOnly, text); err == nil {
			return connectors.LocalTime(text)
		}
	case "moment":
		if at, err := time.Parse(time.RFC3339Nano, text); err == nil {
			return connectors.Time(at)
		}
		if _, ok := dayOf(text, nil); ok {
			return connectors.LocalTime(strings.Replace(text, " ", "T", 1))
		}
	case "bytes":
		if b, err := base64.StdEncoding.DecodeString(text); err == nil {
			return connectors.Bytes(b)
		}
	case "integer":
		if n, err := strconv.ParseInt(text, 10, 64); err == nil { // some services write their numbers as texts
			return connectors.Int(n)
		}
	case "number":
		if decimal.MatchString(text) {
			return connectors.Decimal(text)
		}
	}
	return connectors.Text(text)
}

// sized puts a marker in place of a value beyond the limit.
func sized(v connectors.Value, limit int64) connectors.Value {
	text := v.Raw()
	if int64(len(text)) <= limit {
		return v
	}
	head := ""
	if v.Kind() == connectors.KindText {
		letters := 0
		for i := range text {
			if letters == headLength {
				head = text[:i]
				break
			}
			letters++
		}
	}
	return connectors.Oversize(int64(len(text)), head)
}
