package objects

import (
	"context"
	"crypto/rand"
	"errors"
	"slices"

	"github.com/minio/minio-go/v7"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/records"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// Test compares the annotation with the store document, lists each collection and reads one object of it, and tries the right to delete on an
// object that doesn't exist.
func (c *Connector) Test(ctx context.Context) error {
	t := &trial{Connector: c}
	steps, err := c.Steps()
	if err != nil {
		return err
	}
	for i := range c.doc.Collections {
		how := &c.doc.Collections[i]
		if decl, known := c.Annotated(how.Address); decl == nil && known {
			t.add(documentFault(how.String(), "the annotation has no such collection", "correct the name in the store document, or annotate it"))
		}
	}
	for _, step := range c.all(steps) {
		decl, _ := c.Annotated(step.Address)
		table, err := c.Table(step, decl)
		if err != nil {
			t.add(err)
			continue
		}
		how, _ := c.doc.Collection(step.Address)
		t.fitting(how, table)
		t.reading(ctx, how, table)
		t.deleting(ctx, how)
		if ctx.Err() != nil {
			return records.Stopped("", ctx.Err())
		}
	}
	if len(t.found) == 0 {
		return nil
	}
	return t.found
}

// all adds the collections that only other systems lead to: their objects are found by a reference of the annotation.
func (c *Connector) all(steps []dataset.Step) []dataset.Step {
	for i := range c.cfg.Datasets {
		d := &c.cfg.Datasets[i]
		for j := range d.Collections {
			one := &d.Collections[j]
			a := dataset.Address{Dataset: d.Key, Collection: one.Name}
			if one.Skip || slices.ContainsFunc(steps, func(s dataset.Step) bool { return s.Address == a }) {
				continue
			}
			step := dataset.Step{Address: a}
			for k := range one.Fields {
				if slices.ContainsFunc(one.Fields[k].References, func(r dataset.Reference) bool { return r.Direction == dataset.From }) {
					step.FoundBy = append(step.FoundBy, dataset.Entry{Path: []string{one.Fields[k].Name}})
				}
			}
			steps = append(steps, step)
		}
	}
	return steps
}

// trial gathers findings.
type trial struct {
	*Connector
	found connectors.Findings
	// tried are the buckets whose right to delete was tried.
	tried []string
}

func (t *trial) add(err error) {
	var one *connectors.Error
	if errors.As(err, &one) && !slices.ContainsFunc(t.found, func(e *connectors.Error) bool {
		return *e == *one || e.Code == one.Code && e.What == one.What && e.Code != connectors.ErrDocument
	}) {
		t.found = append(t.found, one)
	}
}

// fitting looks whether rows can be found as the annotation finds them.
func (t *trial) fitting(how *dataset.StoreCollection, table *records.Table) {
	for i := range table.Step.FoundBy {
		e := &table.Step.FoundBy[i]
		if !(source{t.Connector}).Finds(how.Address, e.Path) && !how.SearchAll {
			t.add(documentFault(table.Step.Address.String()+"."+e.Path[0], "the annotation finds objects by it, and a store can be asked for the beginning of keys alone", "put {"+e.Path[0]+"} into objects, or write search: all, which looks at all objects of the collection for each person"))
		}
	}
}

// errSeen ends a listing after the first object.
var errSeen = errors.New("seen")

// reading lists a collection and asks for all that is needed of the first object.
func (t *trial) reading(ctx context.Context, how *dataset.StoreCollection, table *records.Table) {
	look := &search{Connector: t.Connector, how: how, where: how.String()}
	r := &rows{search: look, needs: t.needsOf(table)}
	err := look.below(ctx, how.Objects.Start(), func(o object) error {
		one, err := r.row(ctx, o)
		if err != nil {
			return t.fault(ctx, how.String(), err)
		}
		if one != nil && one.Size > 0 {
			if _, err := t.read(ctx, how.Bucket, one, 1); err != nil && !gone(err) {
				return t.fault(ctx, how.String(), err)
			}
		}
		return errSeen
	})
	if !errors.Is(err, errSeen) {
		t.add(err)
	}
}

// deleting asks the store to delete an object that doesn't exist, which changes nothing and shows whether the secrets may.
func (t *trial) deleting(ctx context.Context, how *dataset.StoreCollection) {
	if slices.Contains(t.tried, how.Bucket) || len(t.found) > 0 {
		return
	}
	t.tried = append(t.tried, how.Bucket)
	opts := minio.RemoveObjectOptions{}
	if t.cfg.AllowWrites {
		versioned, err := t.versioned(ctx, how.String(), how.Bucket)
		if err != nil {
			t.add(err)
			return
		}
		if versioned {
			opts.VersionID = "null" // without one a bucket with versions would keep a mark
		}
	} else {
		opts.VersionID = "null"
	}
	err := t.client.RemoveObject(ctx, how.Bucket, how.Objects.Start()+"docket-test-"+rand.Text(), opts)
	switch {
	case t.cfg.AllowWrites && err != nil && !gone(err):
		t.add(t.fault(ctx, how.String(), err))
	case !t.cfg.AllowWrites && err == nil:
		t.add(&connectors.Error{Code: connectors.ErrWritable, Where: how.String(), What: "the secrets for reading may delete objects", Do: "give Docket secrets for reading that may list and read alone"})
	}
}
