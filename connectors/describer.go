package connectors

import (
	"context"
	"slices"

	"github.com/privacy-docket/docket/privacy/dataset"
)

// Describer tells what a system's own catalogue says of all its collections, annotated or not.
type Describer interface {
	Describe(ctx context.Context) (*dataset.Structure, error)
}

// Cataloguer is a connector whose system may have any number of tables: it hands over what the catalogue says table by table, in the order of their
// names, and keeps nothing of a table that it handed over. An error of each ends it.
type Cataloguer interface {
	Tables(ctx context.Context, each func(dataset.Table) error) error
}

// Gathered is all that a catalogue says, at once.
func Gathered(ctx context.Context, c Cataloguer) (*dataset.Structure, error) {
	out := &dataset.Structure{Tables: []dataset.Table{}}
	err := c.Tables(ctx, func(t dataset.Table) error {
		out.Tables = append(out.Tables, t)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// Around is what the catalogue says of annotated tables, and of the others only their names and the references by which they lead to those: what they
// have beside takes memory in a database of thousands of tables, and nobody asks for it who works by the annotation.
func Around(ctx context.Context, d Describer) (*dataset.Structure, error) {
	c, large := d.(Cataloguer)
	if !large {
		return d.Describe(ctx)
	}
	out := &dataset.Structure{Tables: []dataset.Table{}}
	type place struct{ schema, name string }
	annotated := map[place]bool{}
	err := c.Tables(ctx, func(t dataset.Table) error {
		switch {
		case t.Collection != nil:
			annotated[place{t.Schema, t.Name}] = true
			out.Tables = append(out.Tables, t)
		case len(t.References) > 0:
			out.Tables = append(out.Tables, dataset.Table{Schema: t.Schema, Name: t.Name, Rows: t.Rows, References: t.References})
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	out.Tables = slices.DeleteFunc(out.Tables, func(t dataset.Table) bool {
		return t.Collection == nil && !slices.ContainsFunc(t.References, func(r dataset.ForeignKey) bool { return annotated[place{r.Schema, r.Table}] })
	})
	return out, nil
}
