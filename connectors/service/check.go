package service

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// Test compares the annotation with the service document, and sends each request that finds rows once, for somebody who doesn't exist. Whether the
// secrets may do more than read can't be seen from outside.
func (c *Connector) Test(ctx context.Context) error {
	var found connectors.Findings
	add := func(err error) {
		var one *connectors.Error
		if errors.As(err, &one) && !slices.ContainsFunc(found, func(e *connectors.Error) bool { return *e == *one }) {
			found = append(found, one)
		}
	}
	if c.doc.Test != nil {
		add(c.reached(ctx))
		if len(found) > 0 && ctx.Err() == nil {
			return found // nothing else would come through
		}
	}
	steps, err := c.steps()
	if err != nil {
		return err
	}
	for _, how := range c.doc.Collections {
		if c.collections[how.Address] == nil && c.datasets[how.Dataset] {
			add(documentFault(how.String(), "the annotation has no such collection", "correct the name in the service document, or annotate it"))
		}
	}
	for _, step := range steps {
		t, err := c.table(step, c.collections[step.Address])
		if err != nil {
			add(err)
			continue
		}
		for _, err := range c.fitting(t) {
			add(err)
		}
		for i := range t.how.Reads {
			add(c.tried(ctx, t, &t.how.Reads[i]))
			if ctx.Err() != nil {
				return stopped("", ctx.Err())
			}
		}
	}
	if len(found) == 0 {
		return nil
	}
	return found
}

// steps are all ways by which the annotation finds rows.
func (c *Connector) steps() ([]dataset.Step, error) {
	graph, err := dataset.NewOpenGraph(c.cfg.Datasets...)
	if err != nil {
		return nil, (&connectors.Error{Code: connectors.ErrSelection, What: "the datasets contradict each other", Do: "correct the annotation"}).Wrap(err)
	}
	plan, err := graph.Plan(graph.Kinds())
	if err != nil {
		return nil, (&connectors.Error{Code: connectors.ErrSelection, What: "the collections can't be put in order", Do: "correct after in the annotation"}).Wrap(err)
	}
	return plan.Steps, nil
}

// reached sends the document's request for a test.
func (c *Connector) reached(ctx context.Context) error {
	o, err := c.order(c.doc.Test, filler{where: "test"})
	if err != nil {
		return err
	}
	_, err = c.client.do(ctx, o)
	return err
}

// fitting compares a collection's annotation with the service document.
func (c *Connector) fitting(t *table) (out []error) {
	where := t.step.Address.String()
	for i := range t.step.FoundBy {
		e := &t.step.FoundBy[i]
		if t.readBy(e.Path) == nil && t.readBy(nil) == nil {
			out = append(out, documentFault(where+"."+strings.Join(e.Path, "."), "the annotation finds rows by it, and the service document has no read by it", "add one, or one with all: true"))
		}
	}
	for _, read := range t.how.Reads {
		if _, known := t.decl.At(read.By); read.By != nil && !known {
			out = append(out, documentFault(where+"."+strings.Join(read.By, "."), "a read finds rows by it, and it is no field of the annotation", "correct by in the service document"))
		}
	}
	for name := range t.how.Fields {
		if _, known := t.decl.At([]string{name}); !known {
			out = append(out, documentFault(where+"."+name, "the service document speaks of it, and it is no field of the annotation", "correct the name under fields"))
		}
	}
	if c.cfg.AllowWrites && t.how.Delete == nil && t.how.Update == nil && t.personal() {
		out = append(out, &connectors.Error{Code: connectors.ErrReadOnly, Where: where, What: "the service document has no request that deletes its rows or changes them", Do: "add delete or update, or erase there by hand"})
	}
	return out
}

// personal reports whether anything in the collection is a person's.
func (t *table) personal() bool {
	return slices.ContainsFunc(t.columns(), func(c connectors.Column) bool {
		return slices.ContainsFunc(c.Categories, func(name string) bool { return name == "user" || strings.HasPrefix(name, "user.") })
	})
}

// nobody are values that nothing has.
func (f *field) nobody() string {
	switch f.typ {
	case "integer", "number":
		return "0"
	case "boolean":
		return "false"
	case "uuid":
		return "00000000-0000-0000-0000-000000000000"
	case "date":
		return "0001-01-01"
	case "moment":
		return "0001-01-01T00:00:00Z"
	case "bytes":
		return "ZG9ja2V0"
	}
	return "nobody@docket.invalid"
}

// errSeen ends a try after the first page.
var errSeen = errors.New("seen")

// tried sends a read for nobody, and looks whether the service answers with somebody.
func (c *Connector) tried(ctx context.Context, t *table, read *dataset.ServiceRead) error {
	f := filler{where: t.step.Address.String()}
	var q *asked
	if read.By != nil {
		decl, known := t.decl.At(read.By)
		if !known {
			return nil // which is said elsewhere
		}
		by := t.fieldOf(read.By, decl)
		q = &asked{field: by, value: by.nobody()}
		f.value = by.literal(q.value)
	}
	o, err := c.order(&read.ServiceRequest, f)
	if err != nil {
		return err
	}
	p := &pages{client: c.client, read: read, where: f.where}
	foreign := false
	err = p.each(ctx, o, func(rows []json.RawMessage) error {
		foreign = q != nil && !read.Implied && slices.ContainsFunc(rows, func(raw json.RawMessage) bool { return !q.matches(raw) })
		return errSeen
	})
	if errors.Is(err, errSeen) {
		err = nil
	}
	if err == nil && foreign {
		return answerFault(t.step.Address.String()+"."+strings.Join(read.By, "."), "asked for somebody who doesn't exist, the service answers with other people's rows", "correct the request in the service document: the service does not look at what it was asked for")
	}
	return err
}
