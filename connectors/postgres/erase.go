package postgres

import (
	"context"
	"fmt"
	"sync"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/erasure"
)

// Erase carries the orders out, one after the other. Rows are found in a snapshot and changed over further connections, in batches that each
// are a transaction of their own.
func (c *Connector) Erase(ctx context.Context, e connectors.Errand, ledger connectors.Ledger) error {
	if !c.cfg.AllowWrites {
		return &connectors.Error{Code: connectors.ErrReadOnly, What: "the system is connected for reading only", Do: "connect it for erasing"}
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
		j := &job{Connector: c, writers: writers, walk: checked.elsewhere(), orders: e.Orders, order: &e.Orders[i], ledger: ledger}
		if err := j.carryOut(ctx); err != nil {
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
	if err := j.ledger.End(ctx, a); err != nil {
		return fmt.Errorf("end %s: %w", a, err)
	}
	return nil
}

// maxLooks is how often rows are looked for again that others changed before their turn came.
const maxLooks = 10

// pass looks for rows and changes them, until a look finds none that somebody else changed meanwhile.
func (j *job) pass(ctx context.Context, p pass) error {
	for range maxLooks {
		found, changed, err := j.look(ctx, p)
		if err != nil || found == changed {
			return err
		}
		if changed == 0 {
			break
		}
	}
	return &connectors.Error{Code: connectors.ErrBusy, Where: j.order.Address.String(), What: "rows are left that could not be changed, because others change them all the time or a trigger or policy of the table keeps them",
		Do: "try again; if it goes on, look at the table's triggers and policies"}
}

// look finds the rows of a pass in one snapshot and changes them. What was found and not changed, somebody else has changed meanwhile.
func (j *job) look(ctx context.Context, p pass) (found, changed int64, err error) {
	err = j.snapshot(ctx, func(s *session) error {
		w := j.walk.elsewhere()
		if err := s.settle(ctx, w, []erasure.Order{*j.order}); err != nil {
			return s.named(ctx, w, err)
		}
		found, changed, err = j.inSnapshot(ctx, s, w, p)
		return s.named(ctx, w, err)
	})
	return found, changed, err
}

// inSnapshot finds the rows and hands them to the writers.
func (j *job) inSnapshot(ctx context.Context, s *session, w *walk, p pass) (found, changed int64, err error) {
	t, err := w.target(j.order.Address)
	if err != nil {
		return 0, 0, err
	}
	if p.delete {
		if err := s.takesAlong(ctx, w, t, p, j.orders); err != nil {
			return 0, 0, err
		}
	}
	way := t.told()
	if way == byCondition {
		n, err := j.change(ctx, j.writers[0], t, p, nil)
		return n, n, err
	}
	q := w.query()
	sql, err := q.find(t, p)
	if err != nil {
		return 0, 0, err
	}
	return j.sideBySide(func(hand func([][]string) bool) error {
		return s.batches(ctx, j.order.Address, sql, q.args, way, hand)
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
	q := j.walk.query()
	sql, err := q.carryOut(t, p, rows)
	if err != nil {
		return 0, err
	}
	n, err := writer.batch(ctx, sql, q.args)
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
	var tally connectors.Tally
	*p.count(&tally) = n
	if err := j.ledger.Changed(ctx, j.order.Address, tally); err != nil {
		j.deaf = true
		return n, fmt.Errorf("note what was changed in %s: %w", j.order.Address, err)
	}
	return n, nil
}
