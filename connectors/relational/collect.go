package relational

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// collect streams the selection's rows.
func (s *System) collect(ctx context.Context, sel connectors.Selection, sink connectors.Sink) error {
	return s.walked(ctx, sel, func(session Session, w *Walk, t Target) error {
		return w.collect(ctx, session, t, sink)
	})
}

// preview counts them.
func (s *System) preview(ctx context.Context, sel connectors.Selection) ([]connectors.CollectionCount, error) {
	counts := []connectors.CollectionCount{}
	err := s.walked(ctx, sel, func(session Session, w *Walk, t Target) error {
		n, err := w.count(ctx, session, t)
		counts = append(counts, connectors.CollectionCount{Address: t.Step.Address, Rows: n})
		return err
	})
	if err != nil {
		return nil, err
	}
	return counts, nil
}

// walked opens a snapshot and visits the selection's collections in it.
func (s *System) walked(ctx context.Context, sel connectors.Selection, visit func(Session, *Walk, Target) error) error {
	addresses, err := s.chosen(sel)
	if err != nil {
		return err
	}
	return s.snapshot(ctx, func(session Session) error {
		w, err := s.walk(ctx, session, sel)
		if err != nil {
			return err
		}
		for _, a := range addresses {
			t, err := w.Target(a)
			if err == nil {
				err = visit(session, w, t)
			}
			if err != nil {
				return w.Named(ctx, err)
			}
		}
		return nil
	})
}

// chosen lists the selection's collections of this system in the plan's order.
func (s *System) chosen(sel connectors.Selection) ([]dataset.Address, error) {
	var out []dataset.Address
	for _, step := range sel.Plan.Steps {
		if s.Here(step.Address) && (len(sel.Only) == 0 || slices.Contains(sel.Only, step.Address)) {
			out = append(out, step.Address)
		}
	}
	for _, a := range sel.Only {
		if !slices.Contains(out, a) {
			return nil, SelectionFault(a.String(), "the plan has no step for it in this system", "make the plan from the system's own datasets")
		}
	}
	return out, nil
}

// count counts a collection's rows.
func (w *Walk) count(ctx context.Context, s Session, t Target) (int64, error) {
	q := w.Query()
	cond, err := q.Where(t)
	if err != nil {
		return 0, err
	}
	return q.Count(ctx, s, t, cond)
}

// Count counts the rows of the target for which a condition holds.
func (q *Query) Count(ctx context.Context, s Session, t Target, cond string) (n int64, err error) {
	err = q.one(ctx, s, t.Where(nil), fmt.Sprintf("SELECT COUNT(*) FROM %s WHERE %s", t.From(), cond), &n)
	return n, err
}

// collect delivers one collection.
func (w *Walk) collect(ctx context.Context, s Session, t Target, sink connectors.Sink) error {
	a := t.Step.Address
	total, err := w.count(ctx, s, t)
	if err != nil {
		return err
	}
	q := w.Query()
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
	from, err := readMark(w.Dialect, t, resume)
	if err != nil {
		return err
	}
	cond, err := q.Where(t)
	if err != nil {
		return err
	}
	order := q.ordering(t, from)
	statement, args := q.Whole(fmt.Sprintf("SELECT %s FROM %s WHERE %s%s ORDER BY %s",
		strings.Join(append(list, order.columns...), ", "), t.From(), cond, order.after, order.by))
	r := &reader{System: w.System, at: a, outs: outs, sink: sink, mark: from, hashed: len(t.Key()) == 0}
	if r.hashed {
		r.skip = from.Ties
	}
	if err := r.stream(ctx, s, statement, args); err != nil {
		return err
	}
	if err := sink.End(ctx, a, r.mark.Rows); err != nil {
		return fmt.Errorf("close %s at the sink: %w", a, err)
	}
	return nil
}
