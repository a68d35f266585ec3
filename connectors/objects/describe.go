package objects

import (
	"context"
	"slices"

	"github.com/privacy-docket/docket/privacy/dataset"
)

// Describe says what the annotation and the store document say; what the document has beside the annotation is what a draft is made of. The store
// isn't asked.
func (c *Connector) Describe(ctx context.Context) (*dataset.Structure, error) {
	out, err := c.Reader.Describe(ctx)
	if err != nil {
		return nil, err
	}
	for i := range c.doc.Collections {
		how := &c.doc.Collections[i]
		if decl, _ := c.Annotated(how.Address); decl == nil {
			out.Tables = append(out.Tables, described(how))
		}
	}
	return out, nil
}

// described is a collection that nobody annotated: the places of its keys, what is named, and what every object has.
func described(how *dataset.StoreCollection) dataset.Table {
	t := dataset.Table{Name: how.Collection, Rows: -1, Comment: "objects of the form " + how.Objects.String(), Key: []string{dataset.StoreKey}}
	add := func(name, typ string, fixed bool) {
		if !slices.ContainsFunc(t.Columns, func(c dataset.TableColumn) bool { return c.Name == name }) {
			t.Columns = append(t.Columns, dataset.TableColumn{Name: name, Type: typ, Kind: columnKind(typ), Nullable: !fixed, Generated: fixed})
		}
	}
	for _, name := range how.Objects.Places() {
		add(name, how.Fields[name].Type, true)
	}
	names := make([]string, 0, len(how.Fields))
	for name := range how.Fields {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		add(name, how.Fields[name].Type, false)
	}
	add(dataset.StoreKey, "text", true)
	add(dataset.StoreSize, "integer", true)
	add(dataset.StoreModified, "moment", true)
	add(dataset.StoreContentType, "text", true)
	add(dataset.StoreContent, "bytes", false)
	return t
}

// columnKind is how masks see a type of the document.
func columnKind(typ string) dataset.ColumnKind {
	kinds := map[string]dataset.ColumnKind{"integer": dataset.ColumnNumber, "number": dataset.ColumnNumber, "boolean": dataset.ColumnBool, "date": dataset.ColumnDate,
		"moment": dataset.ColumnMoment, "uuid": dataset.ColumnUUID, "bytes": dataset.ColumnBytes, "document": dataset.ColumnJSON}
	if kind, ok := kinds[typ]; ok {
		return kind
	}
	return dataset.ColumnText
}
