package service

import (
	"context"
	"errors"
	"slices"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/records"
)

// CheckList compares a list with the service document. Whether the secrets may put anybody on it can't be seen from outside.
func (c *Connector) CheckList(_ context.Context, l connectors.Listing) error {
	var one *connectors.Error
	switch _, _, err := c.List(l); {
	case errors.As(err, &one):
		return connectors.Findings{one}
	case err != nil:
		return err
	}
	var found connectors.Findings
	how, _ := c.doc.Collection(l.Address) // its form says that it is there
	where := l.Address.String()
	if how.Add == nil {
		found = append(found, documentFault(where, "the service document has no request that puts anybody on the list", "add one as add: {path: …, json: {…: <value>}}"))
	}
	if l.Removes && how.Delete == nil {
		found = append(found, documentFault(where, "the service document has no request that takes anybody off the list", "add delete, or leave clear out of the declaration"))
	}
	if c.readBy(l.Address, []string{l.Field}) == nil && c.readBy(l.Address, nil) == nil {
		found = append(found, documentFault(where+"."+l.Field, "nobody can see who is on the list: the service document has no read by it", "add one, or one with all: true"))
	}
	if len(found) == 0 {
		return nil
	}
	return found
}

// Enter puts a value on a list. That it is there the service says by a status, or is seen before.
func (c *Connector) Enter(ctx context.Context, l connectors.Listing, value string) (entered bool, err error) {
	if !c.cfg.AllowWrites {
		return false, &connectors.Error{Code: connectors.ErrReadOnly, What: "the system is connected for reading only", Do: "connect it for erasing"}
	}
	if err := c.CheckList(ctx, l); err != nil {
		return false, err
	}
	select {
	case c.cfg.Pool.listing <- struct{}{}:
		defer func() { <-c.cfg.Pool.listing }()
	case <-ctx.Done():
		return false, records.Stopped(l.Address.String(), ctx.Err())
	}
	if there, err := c.Listed(ctx, l, value); err != nil || there {
		return false, err
	}
	return c.add(ctx, l, value)
}

func (c *Connector) add(ctx context.Context, l connectors.Listing, value string) (added bool, err error) {
	_, field, err := c.List(l)
	if err != nil {
		return false, err
	}
	how, _ := c.doc.Collection(l.Address)
	o, err := c.order(&how.Add.ServiceRequest, filler{value: field.Literal(value), where: l.Address.String()})
	if err != nil {
		return false, err
	}
	o.repeatable, o.accepts = o.repeatable || how.Add.Repeatable, how.Add.There
	a, err := c.client.answered(ctx, o, how.Add.Async)
	if err != nil {
		return false, err
	}
	return !slices.Contains(how.Add.There, a.status), nil
}
