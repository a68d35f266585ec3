package mongo

import (
	"context"
	"errors"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/records"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// Test connects, looks for the annotated collections, asks what the user may do in them, and reads a document of each.
func (c *Connector) Test(ctx context.Context) error {
	if _, err := c.Steps(); err != nil {
		return err
	}
	if err := c.ready(ctx); err != nil {
		return found(err)
	}
	t := &trial{Connector: c}
	may, err := c.rights(ctx)
	if err != nil {
		return found(err)
	}
	if c.cfg.AllowWrites {
		t.add(c.primary(ctx))
	}
	for i := range c.cfg.Datasets {
		d := &c.cfg.Datasets[i]
		for j := range d.Collections {
			if one := &d.Collections[j]; !one.Skip {
				t.collection(ctx, dataset.Address{Dataset: d.Key, Collection: one.Name}, one, may)
			}
		}
	}
	if ctx.Err() != nil {
		return stopped(ctx, "")
	}
	if len(t.found) == 0 {
		return nil
	}
	return t.found
}

// found makes a finding of what keeps everything else from being tried.
func found(err error) error {
	var one *connectors.Error
	if errors.As(err, &one) && !errors.Is(err, context.Canceled) {
		return connectors.Findings{one}
	}
	return err
}

// trial gathers findings.
type trial struct {
	*Connector
	found connectors.Findings
}

func (t *trial) add(err error) {
	var one *connectors.Error
	if errors.As(err, &one) && !slices.ContainsFunc(t.found, func(e *connectors.Error) bool { return *e == *one }) {
		t.found = append(t.found, one)
	}
}

// collection looks at one.
func (t *trial) collection(ctx context.Context, a dataset.Address, decl *dataset.Collection, may *rights) {
	of, err := t.shapeOf(a)
	if err != nil {
		t.add(err)
		return
	}
	table, err := t.Table(dataset.Step{Address: a}, decl)
	if err != nil {
		t.add(err)
		return
	}
	t.fields(a, decl, of)
	if twice := repeated(of.members, decl); twice != nil {
		t.add(twiceFault(a, decl, twice))
	}
	if !may.told {
		t.add(t.tried(ctx, a, table))
		return
	}
	t.allowed(a, decl, of, may.in(t.database(a.Dataset), a.Collection), table.Personal())
}

// fields looks whether what the annotation names is in any of the documents that were looked at. Documents need not have a field, so it is only missed where
// rows are found by it and there are documents.
func (t *trial) fields(a dataset.Address, decl *dataset.Collection, of *shape) {
	if len(of.members) == 0 {
		return
	}
	for i := range decl.Fields {
		f := &decl.Fields[i]
		if _, seen := of.field(f.Name); !seen && askable(f.Name) && (f.Identity != "" || f.PrimaryKey) {
			t.add(fault(connectors.ErrColumn, a.String()+"."+f.Name, "none of the documents that were looked at has it, and people are found by it", "correct its name in the annotation: names of fields are told by case"))
		}
	}
}

// allowed compares what the user may do with what it has to.
func (t *trial) allowed(a dataset.Address, decl *dataset.Collection, of *shape, may actions, personal bool) {
	if !may.has("find") {
		t.add(fault(connectors.ErrPrivilege, a.String(), "the user may not read it", "grant it find there, as the role read does"))
	}
	change := slices.DeleteFunc([]string{"update", "remove", "insert", "dropCollection"}, func(name string) bool { return !may.has(name) })
	switch {
	case !t.cfg.AllowWrites && len(change) > 0:
		t.add(fault(connectors.ErrWritable, a.String(), "the user for reading may change it ("+change[0]+")", "give Docket a user with the role read alone"))
	case !t.cfg.AllowWrites || !personal:
	case of.view != "":
		t.add(fault(connectors.ErrReadOnly, a.String(), "it is a "+of.view+", whose documents can't be changed", "annotate the collection behind it, or erase there by hand"))
	case !may.has("remove") || !may.has("update") && !readOnly(decl):
		t.add(fault(connectors.ErrReadOnly, a.String(), "the user that is to erase may not change it", "grant it find, update and remove there"))
	}
}

// readOnly reports whether no field of a collection is ever written.
func readOnly(decl *dataset.Collection) bool {
	return !slices.ContainsFunc(decl.Fields, func(f dataset.Field) bool { return !f.ReadOnly && f.Name != "_id" })
}

// tried is for servers that don't tell what a user may do, or that let everybody do everything: a document is asked for, and for erasing one deleted that is not
// there, which changes nothing.
func (t *trial) tried(ctx context.Context, a dataset.Address, table *records.Table) error {
	where := a.String()
	err := t.each(ctx, where, t.Connector.collection(a), bson.D{}, options.Find().SetLimit(1), func(bson.Raw) error { return nil })
	if err != nil || !t.cfg.AllowWrites || !table.Personal() {
		return err
	}
	within, cancel := t.statement(ctx)
	defer cancel()
	_, err = t.Connector.collection(a).DeleteOne(within, bson.D{{Key: "_id", Value: bson.D{{Key: "$eq", Value: bson.NewObjectID()}}}})
	if err = t.fault(ctx, where, err); errors.Is(err, connectors.ErrPrivilege) {
		return fault(connectors.ErrReadOnly, where, "the user that is to erase may not change it", "grant it find, update and remove there")
	}
	return err
}

// primary wants a server that takes writes.
func (c *Connector) primary(ctx context.Context) error {
	within, cancel := c.statement(ctx)
	defer cancel()
	said, err := c.client.Database("admin").RunCommand(within, bson.D{{Key: "hello", Value: 1}}).Raw()
	if err != nil {
		return c.fault(ctx, "", err)
	}
	if writable, is := said.Lookup("isWritablePrimary").BooleanOK(); is && !writable {
		return fault(connectors.ErrReadOnly, "", "the server that is named takes no writes", "name the primary of the replica set, or a mongos")
	}
	return nil
}
