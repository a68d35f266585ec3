package mongo

import (
	"encoding/json"
	"strings"
	"unicode/utf8"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/document"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// sendable reports whether a text can stand where BSON has a cstring, as for names and patterns: it ends at a zero, and is UTF-8 (bsonspec.org, version 1.1).
// Names of collections and databases are texts to BSON, and to servers no names with a zero.
func sendable(name string) bool { return !strings.ContainsRune(name, 0) && utf8.ValidString(name) }

// sendableNames refuses an annotation with a name that no server can have.
func sendableNames(datasets []dataset.Dataset) error {
	for i := range datasets {
		d := &datasets[i]
		schema, _ := d.Meta["schema"].(string)
		if !sendable(schema) {
			return nameFault(d.Key, "meta.schema")
		}
		for j := range d.Collections {
			one := &d.Collections[j]
			if !sendable(one.Name) || !sendableFields(one.Fields) {
				return nameFault(d.Key, "a collection or a field")
			}
		}
	}
	return nil
}

func sendableFields(fields []dataset.Field) bool {
	for i := range fields {
		if !sendable(fields[i].Name) || !sendableFields(fields[i].Fields) {
			return false
		}
	}
	return true
}

// nameFault doesn't quote the name.
func nameFault(key, what string) error {
	return fault(connectors.ErrSelection, key, "the name of "+what+" holds a zero character or is no UTF-8", "correct it in the annotation: databases have no such names")
}

// sendableDocument reports whether all names in a document, or in a list of such, can be sent.
func sendableDocument(raw json.RawMessage) bool {
	switch document.Kind(raw) {
	case '{':
		members, err := document.Members(raw)
		for _, m := range members {
			if !sendable(m.Name) || !sendableDocument(m.Value) {
				return false
			}
		}
		return err == nil
	case '[':
		items, err := document.Items(raw)
		for _, item := range items {
			if !sendableDocument(item) {
				return false
			}
		}
		return err == nil
	}
	return true
}
