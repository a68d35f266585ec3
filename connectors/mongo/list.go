package mongo

import (
	"context"
	"crypto/sha256"
	"errors"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/records"
)

// CheckList looks whether the list takes documents, and whether the user may put them there and take them away.
func (c *Connector) CheckList(ctx context.Context, l connectors.Listing) error {
	if err := c.ready(ctx); err != nil {
		return found(err)
	}
	if err := c.takes(l); err != nil {
		return found(err)
	}
	may, err := c.rights(ctx)
	if err != nil || !may.told {
		return found(err)
	}
	t := &trial{Connector: c}
	where, actions := l.Address.String(), may.in(c.database(l.Dataset), l.Collection)
	if !actions.has("insert") {
		t.add(fault(connectors.ErrReadOnly, where, "the user may not put anybody on the list", "grant it insert there"))
	}
	if l.Removes && !actions.has("remove") {
		t.add(fault(connectors.ErrReadOnly, where, "the user may not take anybody off the list", "grant it remove there"))
	}
	if len(t.found) == 0 {
		return nil
	}
	return t.found
}

// takes says what keeps a list from taking documents.
func (c *Connector) takes(l connectors.Listing) error {
	of, err := c.shapeOf(l.Address)
	if err != nil {
		return err
	}
	if _, _, err := c.List(l); err != nil {
		return err
	}
	switch {
	case of.view != "":
		return fault(connectors.ErrReadOnly, l.Address.String(), "it is a "+of.view+", which takes no entries", "name the collection behind it as the list")
	case !askable(l.Field):
		return fault(connectors.ErrType, l.Address.String()+"."+l.Field, "a field with a dot in its name can't be written", "name another field")
	}
	return nil
}

// Enter puts a document with the value alone on a list. Its _id follows from the value, so that of several who do so at once one does.
func (c *Connector) Enter(ctx context.Context, l connectors.Listing, value string) (entered bool, err error) {
	if !c.cfg.AllowWrites {
		return false, fault(connectors.ErrReadOnly, "", "the system is connected for reading only", "connect it for erasing")
	}
	if err := c.ready(ctx); err != nil {
		return false, err
	}
	if err := c.takes(l); err != nil {
		return false, err
	}
	if there, err := c.Listed(ctx, l, value); err != nil || there {
		return false, err
	}
	_, field, err := c.List(l)
	if err != nil {
		return false, err
	}
	doc, err := entry(l, field, value)
	if err != nil {
		return false, err
	}
	within, cancel := c.statement(ctx)
	defer cancel()
	_, err = c.collection(l.Address).InsertOne(within, doc)
	switch {
	case mongo.IsDuplicateKeyError(err):
		return false, nil
	case err == nil:
		return true, nil
	}
	err = c.fault(ctx, l.Address.String(), err)
	switch {
	case errors.Is(err, connectors.ErrPrivilege):
		return false, fault(connectors.ErrReadOnly, l.Address.String(), "the user may not put anybody on the list", "grant it insert there")
	case errors.Is(err, connectors.ErrConstraint):
		return false, fault(connectors.ErrConstraint, l.Address.String(), "a rule of the collection refuses an entry", "have it take a document with the list's field alone")
	}
	return false, err
}

// entry is the document of a value.
func entry(l connectors.Listing, field *records.Field, value string) (bson.D, error) {
	var as any = value
	if field.Type == "integer" || field.Type == "number" {
		all := numbers(value, false)
		if len(all) == 0 {
			return nil, fault(connectors.ErrType, field.Where(), "the list holds numbers, and what the person is known by is none", "correct the annotation")
		}
		as = all[0]
	}
	if l.Field == "_id" {
		return bson.D{{Key: "_id", Value: as}}, nil
	}
	sum := sha256.Sum256([]byte(l.Field + "\x00" + strings.ToLower(value)))
	return bson.D{{Key: "_id", Value: bson.ObjectID(sum[:12])}, {Key: l.Field, Value: as}}, nil
}
