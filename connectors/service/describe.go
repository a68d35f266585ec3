package service

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// Describe says what the annotation and the service document say: a service has no catalogue. References between its collections count as if it
// enforced them, so that nothing is taken away to which something refers that stays.
func (c *Connector) Describe(context.Context) (*dataset.Structure, error) {
	out := &dataset.Structure{Tables: []dataset.Table{}}
	for i := range c.cfg.Datasets {
		d := &c.cfg.Datasets[i]
		for j := range d.Collections {
			a := dataset.Address{Dataset: d.Key, Collection: d.Collections[j].Name}
			t, err := c.table(dataset.Step{Address: a}, &d.Collections[j])
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
func (c *Connector) edges(d *dataset.Dataset) (out []dataset.Edge) {
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
func (c *Connector) isKey(f dataset.FieldAddress) bool {
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

func (t *table) described() dataset.Table {
	a := t.step.Address
	out := dataset.Table{Name: a.Collection, Collection: &a, Rows: -1}
	for _, k := range t.keys {
		out.Key = append(out.Key, k.path[0])
	}
	for i := range t.decl.Fields {
		f := t.fieldOf([]string{t.decl.Fields[i].Name}, &t.decl.Fields[i])
		out.Columns = append(out.Columns, dataset.TableColumn{Name: f.path[0], Type: f.typeName(), Kind: f.kind(), Array: f.array && f.typ != "document", Nullable: !f.required,
			Length: f.decl.Length, Generated: f.decl.ReadOnly || t.how.Update == nil})
	}
	return out
}

// kind is how masks see the field.
func (f *field) kind() dataset.ColumnKind {
	switch f.typ {
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

// Roll lists every value of a field, by the request that lists all rows. A service without one can't be searched for people who are not known.
func (c *Connector) Roll(ctx context.Context, at dataset.FieldAddress, each func(values []string) error) error {
	decl := c.collections[at.Address]
	if decl == nil {
		return selectionFault(at.String(), "it lies in another system", "make the plan from the system's own datasets")
	}
	t, err := c.table(dataset.Step{Address: at.Address}, decl)
	if err != nil {
		return err
	}
	f, err := c.field(t, at.Path)
	if err != nil {
		return err
	}
	read := t.readBy(nil)
	if read == nil {
		return documentFault(at.String(), "nobody can be looked for whose values are not known: the service document has no read with all: true", "add one, or search this system by hand")
	}
	o, err := c.order(&read.ServiceRequest, filler{where: at.Address.String()})
	if err != nil {
		return err
	}
	p := &pages{client: c.client, read: read, where: at.Address.String()}
	return p.each(ctx, o, func(rows []json.RawMessage) error {
		var values []string
		for _, raw := range rows {
			f.texts(raw, func(text string) { values = append(values, text) })
		}
		if len(values) == 0 {
			return nil
		}
		return each(values)
	})
}

var _ connectors.Roster = (*Connector)(nil)
