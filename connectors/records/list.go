package records

import (
	"context"

	"github.com/privacy-docket/docket/connectors"
)

// List is a list with the form of its entries.
func (c *Reader) List(l connectors.Listing) (*Table, *Field, error) {
	decl, _ := c.Annotated(l.Address)
	if decl == nil {
		return nil, nil, selectionFault(l.Address.String(), "the annotation has no such collection", "correct the name of the list in the declaration, or annotate it")
	}
	t, err := c.Table(l.Step(), decl)
	if err != nil {
		return nil, nil, err
	}
	f, err := c.field(t, []string{l.Field})
	switch {
	case err != nil:
		return nil, nil, err
	case f.array:
		return nil, nil, &connectors.Error{Code: connectors.ErrType, Where: f.Where(), What: "the list's field holds more than one value", Do: "name a field with one value in each row"}
	}
	return t, f, nil
}

// Listed says whether a value is on a list.
func (c *Reader) Listed(ctx context.Context, l connectors.Listing, value string) (bool, error) {
	entries, err := connectors.OnList(ctx, c, l, connectors.Errand{Secret: make([]byte, secretLength)}, value) // no token is made
	return entries > 0, err
}

// secretLength is that of the secrets that tokens are made with.
const secretLength = 32
