package records

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/privacy-docket/docket/privacy/dataset"
)

// Describe says what the annotation and the system's document say: a service has no catalogue. References between its collections count as if it
// enforced them, so that nothing is taken away to which something refers that stays.
func (c *Reader) Describe(context.Context) (*dataset.Structure, error) {
	out := &dataset.Structure{Tables: []dataset.Table{}}
	for i := range c.cfg.Datasets {
		d := &c.cfg.Datasets[i]
		for j := range d.Collections {
			a := dataset.Address{Dataset: d.Key, Collection: d.Collections[j].Name}
			t, err := c.Table(dataset.Step{Address: a}, &d.Collections[j])
			if err != nil {
				continue // it is skipped, or Test says so
			}
			out.Tables = append(out.Tables, t.described())
		}
	}
	for i := range c.cfg.Datasets {
		for _, edge := range c.edges(&c.cfg.Datasets[i]) {
			from, known := out.Table(edge.From.Address)
			if _, both := out.Table(edge.To.Address); known && both {
				from.References = append(from.References, dataset.ForeignKey{Columns: edge.From.Path, Table: edge.To.Collection, To: edge.To.Path, OnDelete: dataset.OnDeleteRefuse})
			}
		}
	}
	return out, nil
}

// edges are a dataset's references as keys: each from the field that holds another row's primary key.
func (c *Reader) edges(d *dataset.Dataset) (out []dataset.Edge) {
	graph, err := dataset.NewOpenGraph(*d)
	if err != nil {
		return nil // whoever plans says so
	}
	for _, e := range graph.Edges() {
		switch here, there := c.isKey(e.From), c.isKey(e.To); {
		case there && !here && len(e.From.Path) == 1:
		case here && !there && len(e.To.Path) == 1:
			e.From, e.To = e.To, e.From
		default:
			continue
		}
		if !slices.ContainsFunc(out, func(o dataset.Edge) bool { return o.From.String() == e.From.String() && o.To.String() == e.To.String() }) {
			out = append(out, e)
		}
	}
	return out
}

// isKey reports whether a field is all of its collection's primary key.
func (c *Reader) isKey(f dataset.FieldAddress) bool {
	var key []string
	if decl := c.collections[f.Address]; decl != nil {
		for i := range decl.Fields {
			if decl.Fields[i].PrimaryKey {
				key = append(key, decl.Fields[i].Name)
			}
		}
	}
	return slices.Equal(key, f.Path)
}

func (t *Table) described() dataset.Table {
	a := t.Step.Address
	out := dataset.Table{Name: a.Collection, Collection: &a, Rows: -1}
	for _, k := range t.keys {
		out.Key = append(out.Key, k.Path[0])
	}
	for i := range t.Decl.Fields {
		f := t.FieldOf([]string{t.Decl.Fields[i].Name}, &t.Decl.Fields[i])
		out.Columns = append(out.Columns, dataset.TableColumn{Name: f.Path[0], Type: f.typeName(), Kind: f.kind(), Array: f.array && f.Type != "document", Nullable: !f.required,
			Length: f.Decl.Length, Generated: f.Decl.ReadOnly || f.fixed || !t.Form.Changes})
	}
	return out
}

// kind is how masks see the field.
func (f *Field) kind() dataset.ColumnKind {
	switch f.Type {
	case "integer", "number":
		return dataset.ColumnNumber
	case "boolean":
		return dataset.ColumnBool
	case "date":
		return dataset.ColumnDate
	case "moment":
		return dataset.ColumnMoment
	case "uuid":
		return dataset.ColumnUUID
	case "bytes":
		return dataset.ColumnBytes
	case "document":
		return dataset.ColumnJSON
	}
	return dataset.ColumnText
}

// Roll lists every value of a field, of all rows.
func (c *Reader) Roll(ctx context.Context, at dataset.FieldAddress, each func(values []string) error) error {
	decl := c.collections[at.Address]
	if decl == nil {
		return selectionFault(at.String(), "it lies in another system", "make the plan from the system's own datasets")
	}
	t, err := c.Table(dataset.Step{Address: at.Address}, decl)
	if err != nil {
		return err
	}
	f, err := c.field(t, at.Path)
	if err != nil {
		return err
	}
	return c.source.Find(ctx, Query{Table: t}, func(raw json.RawMessage) error {
		var values []string
		f.texts(raw, func(text string) { values = append(values, text) })
		if len(values) == 0 {
			return nil
		}
		return each(values)
	})
}
