package mysql

import (
	"context"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/relational"
	"github.com/privacy-docket/docket/privacy/erasure"
)

// errand opens a snapshot and does the work in it, with whose rows are whose.
func (c *Connector) errand(ctx context.Context, e connectors.Errand, work func(*session, *walk) error) error {
	return c.snapshot(ctx, func(s *session) error {
		w, err := c.system.Errand(ctx, s, e)
		if err != nil {
			return err
		}
		return w.Named(ctx, work(s, w))
	})
}

// allPossible looks whether all orders can be carried out, before anything is changed.
func allPossible(w *walk, orders []erasure.Order) error {
	for i := range orders {
		if err := possible(w, &orders[i]); err != nil {
			return err
		}
	}
	return nil
}

// possible looks whether an order makes sense by the annotation and the catalog, and writes all that would be done.
func possible(w *walk, o *erasure.Order) error {
	if err := w.Sound(o); err != nil {
		return err
	}
	t, err := w.Target(o.Address)
	if err != nil {
		return err
	}
	for _, p := range relational.Passes(o) {
		q := newQuery(w)
		if _, err := q.Reach(t, p); err != nil {
			return err
		}
		if _, err := q.changes(t, p.Masks); err != nil {
			return err
		}
	}
	return nil
}
