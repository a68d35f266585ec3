package postgres

import (
	"context"
	"fmt"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/erasure"
)

// Erase carries the orders out, one after the other. Rows are found in a snapshot and changed over a second connection, in batches that each are
// a transaction of their own.
func (c *Connector) Erase(ctx context.Context, e connectors.Errand, ledger connectors.Ledger) error {
	if !c.cfg.AllowWrites {
		return &connectors.Error{Code: connectors.ErrReadOnly, What: "the system is connected for reading only", Do: "connect it for erasing"}
	}
	if err := c.errand(ctx, e, func(s *session, w *walk) error { return s.allPossible(ctx, w, e.Orders) }); err != nil {
		return err
	}
	return c.writing(ctx, func(w *writer) error {
		for i := range e.Orders {
			job := &job{writer: w, errand: e, order: &e.Orders[i], ledger: ledger}
			if err := job.carryOut(ctx); err != nil {
				return err
			}
		}
		return nil
	})
}

// job is one order at work.
type job struct {
	*writer
	errand connectors.Errand
	order  *erasure.Order
	ledger connectors.Ledger
	tally  connectors.Tally
}

func (j *job) carryOut(ctx context.Context) error {
	a := j.order.Address
	done, err := j.ledger.Begin(ctx, a)
	if err != nil {
		return fmt.Errorf("begin %s: %w", a, err)
	}
	if done {
		return nil
	}
	for _, p := range passes(j.order) {
		if err := j.pass(ctx, p); err != nil {
			return err
		}
	}
	if err := j.ledger.End(ctx, a, j.tally); err != nil {
		return fmt.Errorf("end %s: %w", a, err)
	}
	return nil
}

// maxLooks is how often rows are looked for again that others changed before their turn came.
const maxLooks = 10

// pass looks for rows and changes them, until a look finds none that somebody else changed meanwhile.
func (j *job) pass(ctx context.Context, p pass) error {
	for range maxLooks {
		missed, changed, err := j.look(ctx, p)
		if err != nil || missed == 0 {
			return err
		}
		if changed == 0 {
			break
		}
	}
	return &connectors.Error{Code: connectors.ErrBusy, Where: j.order.Address.String(), What: "rows are left that could not be changed, because others change them all the time or a trigger or policy of the table keeps them",
		Do: "try again; if it goes on, look at the table's triggers and policies"}
}

// look finds the rows of a pass in one snapshot and changes them. Missed counts those that were found and not changed.
func (j *job) look(ctx context.Context, p pass) (missed, changed int64, err error) {
	err = j.Connector.errand(ctx, j.errand, func(s *session, w *walk) error {
		t, err := w.target(j.order.Address)
		if err != nil {
			return err
		}
		if p.delete {
			if err := s.takesAlong(ctx, w, t, p, j.errand.Orders); err != nil {
				return err
			}
		}
		if _, told := t.handle(); !told {
			changed, err = j.change(ctx, w, t, p, nil)
			return err
		}
		q := w.query()
		sql, err := q.find(t, p)
		if err != nil {
			return err
		}
		return s.batches(ctx, j.order.Address, sql, q.args, func(rows [][]string) error {
			n, err := j.change(ctx, w, t, p, rows)
			changed, missed = changed+n, missed+int64(len(rows[0]))-n
			return err
		})
	})
	return missed, changed, err
}

// change does one batch and tells the ledger.
func (j *job) change(ctx context.Context, w *walk, t target, p pass, rows [][]string) (int64, error) {
	q := w.query()
	sql, err := q.carryOut(t, p, rows)
	if err != nil {
		return 0, err
	}
	n, err := j.batch(ctx, sql, q.args)
	if err != nil {
		return 0, j.refused(ctx, t, err)
	}
	*p.count(&j.tally) += n
	if n == 0 {
		return 0, nil
	}
	if err := j.ledger.Changed(ctx, j.order.Address, n); err != nil {
		return n, fmt.Errorf("note what was changed in %s: %w", j.order.Address, err)
	}
	return n, nil
}
