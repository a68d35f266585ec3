package mongo

import (
	"context"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// Preview counts the documents of each collection.
func (c *Connector) Preview(ctx context.Context, sel connectors.Selection) ([]connectors.CollectionCount, error) {
	if err := c.ready(ctx); err != nil {
		return nil, err
	}
	return c.Reader.Preview(ctx, sel)
}

// Collect streams the selection's documents. There is no snapshot: each collection is as it is when it is read.
func (c *Connector) Collect(ctx context.Context, sel connectors.Selection, sink connectors.Sink) error {
	if err := c.ready(ctx); err != nil {
		return err
	}
	return c.Reader.Collect(ctx, sel, watched{sink, c})
}

// watched is a sink that hears of no end of a collection which is gone.
type watched struct {
	connectors.Sink
	of *Connector
}

// End closes a collection that is still there.
func (w watched) End(ctx context.Context, a dataset.Address, total int64) error {
	if err := w.of.still(ctx, a); err != nil {
		return err
	}
	return w.Sink.End(ctx, a, total)
}

// Keys reads the values that other systems' collections are found by.
func (c *Connector) Keys(ctx context.Context, sel connectors.Selection) ([]connectors.KeySet, error) {
	if err := c.ready(ctx); err != nil {
		return nil, err
	}
	return c.Reader.Keys(ctx, sel)
}

// Survey counts what the orders would reach.
func (c *Connector) Survey(ctx context.Context, e connectors.Errand) ([]connectors.Survey, error) {
	if err := c.ready(ctx); err != nil {
		return nil, err
	}
	return c.Reader.Survey(ctx, e)
}

// Erase carries the orders out. Each document is a change of its own, which the server takes for good before the next ones of its collection are looked at.
func (c *Connector) Erase(ctx context.Context, e connectors.Errand, ledger connectors.Ledger) error {
	if !c.cfg.AllowWrites {
		return fault(connectors.ErrReadOnly, "", "the system is connected for reading only", "connect it for erasing")
	}
	if err := c.ready(ctx); err != nil {
		return err
	}
	return c.Reader.Erase(ctx, e, ledger)
}

// Roll lists every value of a field.
func (c *Connector) Roll(ctx context.Context, at dataset.FieldAddress, each func(values []string) error) error {
	if err := c.ready(ctx); err != nil {
		return err
	}
	return c.Reader.Roll(ctx, at, each)
}
