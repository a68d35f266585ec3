package postgres

import (
	"context"
	"sync"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/relational"
	"github.com/privacy-docket/docket/privacy/erasure"
)

// Erase carries the orders out, one after the other. Rows are found in snapshots over the kept connection and changed over further ones, in batches
// that each are a transaction of their own.
func (c *Connector) Erase(ctx context.Context, e connectors.Errand, ledger connectors.Ledger) error {
	if !c.cfg.AllowWrites {
		return relational.ReadOnly()
	}
	var checked *walk
	err := c.errand(ctx, e, func(s *session, w *walk) error {
		checked = w
		return s.allPossible(ctx, w, e.Orders)
	})
	if err != nil {
		return err
	}
	writers := make([]*writer, c.cfg.EraseWriters)
	for i := range writers {
		writers[i] = &writer{Connector: c}
		defer writers[i].close(ctx)
	}
	for i := range e.Orders {
		j := &job{Connector: c, writers: writers, walk: checked.Elsewhere(), orders: e.Orders, order: &e.Orders[i], ledger: ledger}
		if err := relational.CarryOut(ctx, j.order, ledger, j.look); err != nil {
			return err
		}
	}
	return nil
}

// job is one order at work.
type job struct {
	*Connector
	writers []*writer
	walk    *walk // without settings
	orders  []erasure.Order
	order   *erasure.Order

	mutex  sync.Mutex // held while the ledger is told
	ledger connectors.Ledger
	deaf   bool // the ledger has failed
}

// look finds the rows of a pass in one snapshot and changes them. What was found and not changed, somebody else has changed meanwhile.
func (j *job) look(ctx context.Context, p pass) (found, changed int64, err error) {
	err = j.snapshot(ctx, func(s *session) error {
		w := j.walk.Elsewhere()
		if err := s.settle(ctx, w, []erasure.Order{*j.order}); err != nil {
			return w.Named(ctx, err)
		}
		found, changed, err = j.inSnapshot(ctx, s, w, p)
		return w.Named(ctx, err)
	})
	return found, changed, err
}

// inSnapshot finds the rows and hands them to the writers.
func (j *job) inSnapshot(ctx context.Context, s *session, w *walk, p pass) (found, changed int64, err error) {
	t, err := w.Target(j.order.Address)
	if err != nil {
		return 0, 0, err
	}
	if p.Delete {
		if err := w.TakesAlong(ctx, s, t, p, j.orders); err != nil {
			return 0, 0, err
		}
	}
	way := toldOf(t)
	if way == byCondition {
		n, err := j.change(ctx, j.writers[0], t, p, nil)
		return n, n, err
	}
	find, args, err := newQuery(w).find(t, p)
	if err != nil {
		return 0, 0, err
	}
	return j.sideBySide(func(hand func([][]string) bool) error {
		return s.batches(ctx, j.order.Address, find, args, way, hand)
	}, func(writer *writer, rows [][]string) (int64, error) {
		return j.change(ctx, writer, t, p, rows)
	})
}

// sideBySide has the writers work on batches while the next are found. After the first error no more are begun; those at work are finished.
func (j *job) sideBySide(find func(hand func([][]string) bool) error, change func(*writer, [][]string) (int64, error)) (found, changed int64, err error) {
	batches, stop := make(chan [][]string), make(chan struct{})
	var mutex sync.Mutex
	var wrong error
	failed := func(err error) {
		mutex.Lock()
		defer mutex.Unlock()
		if err != nil && wrong == nil {
			wrong = err
			close(stop)
		}
	}
	var working sync.WaitGroup
	for _, w := range j.writers {
		working.Go(func() {
			for rows := range batches {
				n, err := change(w, rows)
				mutex.Lock()
				found, changed = found+int64(len(rows[0])), changed+n
				mutex.Unlock()
				if failed(err); err != nil {
					return
				}
			}
		})
	}
	err = find(func(rows [][]string) bool {
		select {
		case batches <- rows:
			return true
		case <-stop:
			return false
		}
	})
	close(batches)
	working.Wait()
	failed(err)
	return found, changed, wrong
}

// change does one batch and tells the ledger.
func (j *job) change(ctx context.Context, writer *writer, t target, p pass, rows [][]string) (int64, error) {
	change, args, err := newQuery(j.walk).carryOut(t, p, rows)
	if err != nil {
		return 0, err
	}
	n, err := writer.batch(ctx, change, args)
	if err != nil {
		return 0, j.refused(ctx, t, err)
	}
	if n == 0 {
		return 0, nil
	}
	j.mutex.Lock()
	defer j.mutex.Unlock()
	if j.deaf {
		return n, nil
	}
	err = p.Changed(ctx, j.order, j.ledger, n)
	j.deaf = err != nil
	return n, err
}
