package mysql

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// Collect streams the selection's rows, collection by collection in the plan's order, from one snapshot.
func (c *Connector) Collect(ctx context.Context, sel connectors.Selection, sink connectors.Sink) error {
	return c.walked(ctx, sel, func(s *session, w *walk, a dataset.Address) error {
		t, err := w.target(a)
		if err != nil {
			return err
		}
		return s.collection(ctx, w, t, sink)
	})
}

// Preview counts the rows of each collection in one snapshot.
func (c *Connector) Preview(ctx context.Context, sel connectors.Selection) ([]connectors.CollectionCount, error) {
	counts := []connectors.CollectionCount{}
	err := c.walked(ctx, sel, func(s *session, w *walk, a dataset.Address) error {
		t, err := w.target(a)
		if err != nil {
			return err
		}
		n, err := s.count(ctx, w, t)
		counts = append(counts, connectors.CollectionCount{Address: a, Rows: n})
		return err
	})
	if err != nil {
		return nil, err
	}
	return counts, nil
}

// walked opens a snapshot and visits the selection's collections in it.
func (c *Connector) walked(ctx context.Context, sel connectors.Selection, visit func(*session, *walk, dataset.Address) error) error {
	addresses, err := c.chosen(sel)
	if err != nil {
		return err
	}
	return c.snapshot(ctx, func(s *session) error {
		cat, err := s.catalog(ctx)
		if err != nil {
			return err
		}
		w, err := s.walk(ctx, cat, sel)
		if err != nil {
			return err
		}
		for _, a := range addresses {
			if err := visit(s, w, a); err != nil {
				return s.named(ctx, w, err)
			}
		}
		return nil
	})
}

// chosen lists the selection's collections of this system in the plan's order.
func (c *Connector) chosen(sel connectors.Selection) ([]dataset.Address, error) {
	var out []dataset.Address
	for _, s := range sel.Plan.Steps {
		if c.datasets[s.Dataset] != nil && (len(sel.Only) == 0 || slices.Contains(sel.Only, s.Address)) {
			out = append(out, s.Address)
		}
	}
	for _, a := range sel.Only {
		if !slices.Contains(out, a) {
			return nil, selectionFault(a.String(), "the plan has no step for it in this system", "make the plan from the system's own datasets")
		}
	}
	return out, nil
}

// named says which table or column is gone, when that is what stopped the work: the catalog is read again in a new session,
// because the one at hand has failed.
func (s *session) named(ctx context.Context, w *walk, err error) error {
	var e *connectors.Error
	if !errors.As(err, &e) || e.Code != connectors.ErrVanished && e.Code != connectors.ErrPrivilege && e.Code != connectors.ErrBusy {
		return err
	}
	var gone []string
	again := s.snapshot(ctx, func(s *session) error {
		now, err := s.catalog(ctx)
		for _, step := range w.sel.Plan.Steps {
			gone = append(gone, vanished(step.Address, w.cat[step.Address], now[step.Address])...)
		}
		return err
	})
	if again != nil || len(gone) == 0 {
		return err
	}
	return &connectors.Error{Code: connectors.ErrVanished, Where: strings.Join(gone, ", "),
		What: "it was there when the work began and is gone", Do: "restore it or change the dataset, then try again; the parts already stored are kept"}
}

// vanished compares a table's catalog entry before and now.
func vanished(a dataset.Address, before, now *table) []string {
	if before == nil {
		return nil
	}
	if now == nil {
		return []string{a.String()}
	}
	var gone []string
	for name := range before.columns {
		if _, there := now.columns[name]; !there {
			gone = append(gone, a.String()+"."+name)
		}
	}
	slices.Sort(gone)
	return gone
}

// count counts a collection's rows.
func (s *session) count(ctx context.Context, w *walk, t target) (int64, error) {
	q := w.query()
	cond, err := q.where(t)
	if err != nil {
		return 0, err
	}
	var n int64
	statement, args := q.whole(fmt.Sprintf("SELECT COUNT(*) FROM %s WHERE %s", t.from(), cond))
	err = s.each(ctx, t.step.Address.String(), statement, args, func(rows *sql.Rows) error { return rows.Scan(&n) })
	return n, err
}

// collection delivers one collection.
func (s *session) collection(ctx context.Context, w *walk, t target, sink connectors.Sink) error {
	a := t.step.Address
	total, err := s.count(ctx, w, t)
	if err != nil {
		return err
	}
	q := w.query()
	outs, list, err := q.outputs(t)
	if err != nil {
		return err
	}
	resume, done, err := sink.Begin(ctx, connectors.Opening{Address: a, Columns: columnsOf(outs), Total: total})
	if err != nil {
		return fmt.Errorf("open %s at the sink: %w", a, err)
	}
	if done {
		return nil
	}
	from, err := readMark(t, resume)
	if err != nil {
		return err
	}
	cond, err := q.where(t)
	if err != nil {
		return err
	}
	order := q.ordering(t, from)
	statement, args := q.whole(fmt.Sprintf("SELECT %s FROM %s WHERE %s%s ORDER BY %s",
		strings.Join(append(list, order.columns...), ", "), t.from(), cond, order.after, order.by))
	r := &reader{session: s, at: a, outs: outs, sink: sink, mark: from}
	if len(t.key()) == 0 {
		r.skip = from.Ties
	}
	if err := r.stream(ctx, statement, args); err != nil {
		return err
	}
	if err := sink.End(ctx, a, r.mark.Rows); err != nil {
		return fmt.Errorf("close %s at the sink: %w", a, err)
	}
	return nil
}
