package objects

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/document"
	"github.com/privacy-docket/docket/connectors/records"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// source finds and changes objects.
type source struct{ *Connector }

var _ records.Source = source{}

// Form says where the annotated fields are. The key, and with it what stands in it, can't be changed.
func (s source) Form(a dataset.Address) (*records.Form, error) {
	how, ok := s.doc.Collection(a)
	if !ok {
		return nil, documentFault(a.String(), "the store document doesn't say which objects belong to it", "add it under collections, or mark it skip_processing in the annotation")
	}
	form := &records.Form{Key: []string{"id"}, Fields: map[string]records.FieldForm{}, Deletes: true, Changes: true, Names: dataset.StoreKey}
	decl, _ := s.Annotated(a)
	if decl == nil {
		return form, nil
	}
	for i := range decl.Fields {
		f := &decl.Fields[i]
		said, ok := fieldForm(how, f)
		if !ok {
			return nil, documentFault(a.String()+"."+f.Name, "the store document doesn't say where it is", "write {"+f.Name+"} into objects, or under fields "+f.Name+": {tag: …}, {metadata: …} or {content: …}")
		}
		form.Fields[f.Name] = said
	}
	return form, nil
}

// fieldForm finds one field.
func fieldForm(how *dataset.StoreCollection, f *dataset.Field) (records.FieldForm, bool) {
	said := how.Fields[f.Name]
	switch {
	case slices.Contains(how.Objects.Places(), f.Name):
		typ := said.Type
		if typ == "word" {
			typ = "text"
		}
		return records.FieldForm{At: []string{"of", f.Name}, Type: typ, Required: true, Fixed: true}, true
	case said.Tag != "":
		return records.FieldForm{At: []string{dataset.StoreTags, said.Tag}, Type: said.Type}, true
	case said.Metadata != "":
		return records.FieldForm{At: []string{dataset.StoreMetadata, said.Metadata}, Type: said.Type}, true
	case said.Content != nil:
		return records.FieldForm{At: append([]string{dataset.StoreContent}, said.Content...), Type: said.Type}, true
	}
	switch f.Name {
	case dataset.StoreKey:
		return records.FieldForm{Type: "text", Required: true, Fixed: true}, true
	case dataset.StoreSize:
		return records.FieldForm{Type: "integer", Required: true, Fixed: true}, true
	case dataset.StoreModified:
		return records.FieldForm{Type: "moment", Required: true, Fixed: true}, true
	case dataset.StoreContentType:
		return records.FieldForm{Type: "text", Fixed: true}, true
	case dataset.StoreTags, dataset.StoreMetadata:
		return records.FieldForm{Type: "document"}, true
	case dataset.StoreContent:
		if said.Type == "document" || said.Type == "" && (len(f.Fields) > 0 || f.Type.Base == dataset.Object) {
			return records.FieldForm{Type: "document"}, true
		}
		typ := said.Type
		if typ == "" && f.Type.Base == dataset.String {
			typ = "text"
		}
		if typ == "" {
			typ = "bytes"
		}
		return records.FieldForm{At: []string{"filled"}, Type: typ, Late: true}, true
	}
	return records.FieldForm{}, false
}

// Finds reports whether a field stands in keys; otherwise all objects have to be looked at, where the document lets them be.
func (s source) Finds(a dataset.Address, path []string) bool {
	how, ok := s.doc.Collection(a)
	switch {
	case !ok:
		return false
	case path == nil:
		return how.SearchAll
	}
	return len(path) == 1 && (path[0] == dataset.StoreKey || slices.Contains(how.Objects.Places(), path[0]))
}

// Find lists objects.
func (s source) Find(ctx context.Context, q records.Query, take func(json.RawMessage) error) error {
	where := q.Step.Address.String()
	how, ok := s.doc.Collection(q.Step.Address)
	if !ok {
		return documentFault(where, "the store document doesn't say which objects belong to it", "add it under collections")
	}
	look := &search{Connector: s.Connector, how: how, where: where}
	if q.Own {
		var err error
		if look.versions, err = s.versioned(ctx, where, how.Bucket); err != nil {
			return err
		}
		look.uploading = true
	}
	out := &rows{search: look, needs: s.needsOf(q.Table), take: take}
	add := func(o object) error { return out.add(ctx, o) }
	if q.By == nil {
		if err := look.below(ctx, how.Objects.Start(), add); err != nil {
			return err
		}
		return out.flush(ctx)
	}
	for _, value := range written(q.By) {
		if err := look.with(ctx, q.By, value, add); err != nil {
			return err
		}
	}
	return out.flush(ctx)
}

// with lists objects with a value in their key.
func (s *search) with(ctx context.Context, by *records.Asked, value string, take func(object) error) error {
	name := by.Field.Path[0]
	if name == dataset.StoreKey {
		return s.below(ctx, value, func(o object) error {
			if o.Key != value {
				return nil
			}
			return take(o)
		})
	}
	step, err := s.how.Objects.With(name, value)
	if err != nil {
		return &connectors.Error{Code: connectors.ErrSelection, Where: by.Field.Where(), What: "a value to find objects by can stand in no key: " + err.Error(), Do: "look there by hand, or correct the form of the keys in the store document"}
	}
	return s.each(ctx, step, name, value, func(o object) error {
		if o.of[name] != value {
			return nil // a key that only begins alike
		}
		return take(o)
	})
}

// written are the ways in which a value may stand in keys: where case does not matter, as it was given, in small and in capital letters.
func written(q *records.Asked) []string {
	out := []string{q.Value}
	if q.Fold || q.Field.Type == "uuid" {
		for _, v := range []string{strings.ToLower(q.Value), strings.ToUpper(q.Value)} {
			if !slices.Contains(out, v) {
				out = append(out, v)
			}
		}
	}
	return out
}

// Current reports whether an object is one that is seen: what it was before, and what never came to be, is only ever taken away.
func (source) Current(raw json.RawMessage) bool {
	r, err := readRow(raw)
	return err == nil && r.Latest && !r.Marker && r.Upload == ""
}

// headLength is how many characters of a long text are shown.
const headLength = 200

// Late reads an object's content when it is delivered.
func (s source) Late(ctx context.Context, t *records.Table, f *records.Field, raw json.RawMessage) (connectors.Value, error) {
	where := f.Where()
	r, err := readRow(raw)
	if err != nil {
		return connectors.Null(), answerFault(where, "an object can't be read")
	}
	how, _ := s.doc.Collection(t.Step.Address) // its form says that it is there
	if r.Size == 0 || r.Marker || r.Upload != "" {
		return connectors.Null(), nil
	}
	if r.Size > s.Limits().ValueLimit {
		if f.Type != "text" {
			return connectors.Oversize(r.Size, ""), nil
		}
		head, err := s.read(ctx, how.Bucket, r, headLength*utf8.UTFMax)
		if err != nil {
			return connectors.Null(), s.fault(ctx, where, err)
		}
		return connectors.Oversize(r.Size, begins(string(head))), nil
	}
	content, err := s.whole(ctx, how.Bucket, r)
	if err != nil {
		return connectors.Null(), s.fault(ctx, where, err)
	}
	if f.Type == "text" && utf8.Valid(content) {
		return connectors.Text(string(content)), nil
	}
	return connectors.Bytes(content), nil
}

// begins are the first characters of a text that may be cut in the middle of one.
func begins(s string) string {
	runes := []rune(strings.ToValidUTF8(s, ""))
	return string(runes[:min(headLength, len(runes))])
}

// member is what stands in a row as a text; none when there is nothing.
func member(raw json.RawMessage) (string, bool) {
	if k := document.Kind(raw); k == 0 || k == 'n' {
		return "", false
	}
	return document.Text(raw), true
}
