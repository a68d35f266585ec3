package service

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/records"
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
	steps, err := c.Steps()
	if err != nil {
		return err
	}
	for _, how := range c.doc.Collections {
		if decl, known := c.Annotated(how.Address); decl == nil && known {
			add(documentFault(how.String(), "the annotation has no such collection", "correct the name in the service document, or annotate it"))
		}
	}
	for _, step := range steps {
		decl, _ := c.Annotated(step.Address)
		t, err := c.Table(step, decl)
		if err != nil {
			add(err)
			continue
		}
		for _, err := range c.fitting(t) {
			add(err)
		}
		how, _ := c.doc.Collection(step.Address)
		for i := range how.Reads {
			add(c.tried(ctx, t, &how.Reads[i]))
			if ctx.Err() != nil {
				return records.Stopped("", ctx.Err())
			}
		}
	}
	if len(found) == 0 {
		return nil
	}
	return found
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
func (c *Connector) fitting(t *records.Table) (out []error) {
	where := t.Step.Address.String()
	how, _ := c.doc.Collection(t.Step.Address)
	for i := range t.Step.FoundBy {
		e := &t.Step.FoundBy[i]
		if c.readBy(t.Step.Address, e.Path) == nil && c.readBy(t.Step.Address, nil) == nil {
			out = append(out, documentFault(where+"."+strings.Join(e.Path, "."), "the annotation finds rows by it, and the service document has no read by it", "add one, or one with all: true"))
		}
	}
	for _, read := range how.Reads {
		if _, known := t.Decl.At(read.By); read.By != nil && !known {
			out = append(out, documentFault(where+"."+strings.Join(read.By, "."), "a read finds rows by it, and it is no field of the annotation", "correct by in the service document"))
		}
	}
	for name := range how.Fields {
		if _, known := t.Decl.At([]string{name}); !known {
			out = append(out, documentFault(where+"."+name, "the service document speaks of it, and it is no field of the annotation", "correct the name under fields"))
		}
	}
	if c.cfg.AllowWrites && how.Delete == nil && how.Update == nil && how.Add == nil && t.Personal() {
		out = append(out, &connectors.Error{Code: connectors.ErrReadOnly, Where: where, What: "the service document has no request that deletes its rows or changes them", Do: "add delete or update, or erase there by hand"})
	}
	return out
}

// errSeen ends a try after the first page.
var errSeen = errors.New("seen")

// tried sends a read for nobody, and looks whether the service answers with somebody.
func (c *Connector) tried(ctx context.Context, t *records.Table, read *dataset.ServiceRead) error {
	f := filler{where: t.Step.Address.String()}
	var q *records.Asked
	if read.By != nil {
		decl, known := t.Decl.At(read.By)
		if !known {
			return nil // which is said elsewhere
		}
		by := t.FieldOf(read.By, decl)
		q = &records.Asked{Field: by, Value: by.Nobody()}
		f.value = by.Literal(q.Value)
	}
	o, err := c.order(&read.ServiceRequest, f)
	if err != nil {
		return err
	}
	p := &pages{client: c.client, read: read, where: f.where}
	foreign := false
	err = p.each(ctx, o, func(rows []json.RawMessage) error {
		foreign = q != nil && !read.Implied && slices.ContainsFunc(rows, func(raw json.RawMessage) bool { return !q.Matches(raw) })
		return errSeen
	})
	if errors.Is(err, errSeen) {
		err = nil
	}
	if err == nil && foreign {
		return answerFault(t.Step.Address.String()+"."+strings.Join(read.By, "."), "asked for somebody who doesn't exist, the service answers with other people's rows", "correct the request in the service document: the service does not look at what it was asked for")
	}
	return err
}
