package records

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/erasure"
)

// Erase carries the orders out, one after the other. There are no transactions: each row is a request of its own, and what was done is seen by reading
// the rows again until a look finds nothing left to do.
func (c *Reader) Erase(ctx context.Context, e connectors.Errand, ledger connectors.Ledger) error {
	if !c.cfg.AllowWrites {
		return &connectors.Error{Code: connectors.ErrReadOnly, What: "the system is connected for reading only", Do: "connect it for erasing"}
	}
	if _, err := c.errand(ctx, e); err != nil {
		return err
	}
	for i := range e.Orders {
		j := &job{Reader: c, errand: e, order: &e.Orders[i], ledger: ledger, treated: map[string]bool{}, asked: map[string]bool{}}
		if err := j.carryOut(ctx); err != nil {
			return err
		}
	}
	return nil
}

// job is one order at work.
type job struct {
	*Reader
	errand connectors.Errand
	order  *erasure.Order
	ledger connectors.Ledger
	// treated are the rows of which the system has said that it did what was asked, asked all that it was asked about: one that says nothing of a row
	// is not asked without end either.
	treated, asked map[string]bool
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
		clear(j.treated)
		clear(j.asked)
		if err := j.pass(ctx, p); err != nil {
			return err
		}
	}
	if err := j.ledger.End(ctx, a); err != nil {
		return fmt.Errorf("end %s: %w", a, err)
	}
	return nil
}

const (
	// maxStale is how many looks in a row may find nothing but rows that the system was asked to treat: some show what they did only after a while.
	maxStale   = 6
	firstStale = time.Second
	// maxLooks ends the work on rows that come faster than they go.
	maxLooks = 1000
)

// pass looks for rows and changes them, until a look finds none in which there is something to do.
func (j *job) pass(ctx context.Context, p Pass) error {
	for stale, looks := 0, 0; stale < maxStale && looks < maxLooks; looks++ {
		t, pending, err := j.look(ctx, p)
		if err != nil || len(pending) == 0 {
			return err
		}
		fresh := slices.ContainsFunc(pending, func(c Change) bool { return !j.asked[t.name(c.Raw)] })
		if fresh {
			stale = 0
		} else {
			if err := j.cfg.Wait(ctx, firstStale<<stale); err != nil {
				return Stopped(j.order.Address.String(), err)
			}
			stale++
			if stale == 1 {
				continue // it may have been done by now
			}
		}
		if err := j.change(ctx, t, p, pending); err != nil {
			return err
		}
	}
	return &connectors.Error{Code: connectors.ErrBusy, Where: j.order.Address.String(), What: "the system says that it did what was asked, and reading the rows again shows that there is something to do",
		Do: "try again; if it goes on, compare delete and update in the system's document with the system's own description"}
}

// errFull ends a look that has found as much as is held at a time.
var errFull = errors.New("enough was found")

// look finds rows in which there is something to do.
func (j *job) look(ctx context.Context, p Pass) (t *Table, pending []Change, err error) {
	w, err := j.Reader.errand(ctx, j.errand)
	if err != nil {
		return nil, nil, err
	}
	if t, err = w.step(j.order.Address); err != nil {
		return nil, nil, err
	}
	size := 0
	err = w.each(ctx, j.order.Address, func(f found) error {
		c, any, err := w.reaches(ctx, t, f, p)
		if err != nil || !any {
			return err
		}
		pending = append(pending, c)
		if size += 2 * len(f.raw); size > j.cfg.BatchBytes {
			return errFull
		}
		return nil
	})
	if errors.Is(err, errFull) {
		err = nil
	}
	return t, pending, err
}

// name tells a row from others while it is being treated.
func (t *Table) name(raw json.RawMessage) string {
	if key, keyed := t.key(raw); keyed {
		return hex.EncodeToString(key[:])
	}
	return string(raw)
}

// change has the system do what a look has found, so much at a time, and tells the ledger.
func (j *job) change(ctx context.Context, t *Table, p Pass, pending []Change) error {
	for _, c := range pending {
		j.asked[t.name(c.Raw)] = true
	}
	if p.Delete && t.Form.DeletesBy != nil {
		return j.deleteAll(ctx, t, pending)
	}
	for batch := range slices.Chunk(pending, j.cfg.EraseRows) {
		if err := ctx.Err(); err != nil {
			return Stopped(j.order.Address.String(), err)
		}
		done, err := j.source.Change(ctx, t, p, batch)
		var tally connectors.Tally
		for i, c := range batch {
			if name := t.name(c.Raw); i < len(done) && done[i] && !j.treated[name] {
				j.treated[name] = true
				*p.count(&tally)++
			}
		}
		if told := j.tell(ctx, tally); told != nil {
			return told
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// deleteAll deletes all rows of each value by which they are found.
func (j *job) deleteAll(ctx context.Context, t *Table, pending []Change) error {
	w, err := j.Reader.errand(ctx, j.errand)
	if err != nil {
		return err
	}
	asks, err := w.asks(ctx, t)
	if err != nil {
		return err
	}
	for _, q := range asks {
		if q.as != own || !slices.Equal(q.Field.Path, t.Form.DeletesBy) {
			continue
		}
		done, err := j.source.DeleteBy(ctx, t, q)
		if err != nil {
			return err
		}
		var tally connectors.Tally
		for _, c := range pending {
			if name := t.name(c.Raw); done && q.Matches(c.Raw) && !j.treated[name] {
				j.treated[name] = true
				tally.Deleted++
			}
		}
		if err := j.tell(ctx, tally); err != nil {
			return err
		}
	}
	return nil
}

func (j *job) tell(ctx context.Context, tally connectors.Tally) error {
	if tally == (connectors.Tally{}) {
		return nil
	}
	if err := j.ledger.Changed(context.WithoutCancel(ctx), j.order.Address, tally); err != nil {
		return fmt.Errorf("record what was done in %s: %w", j.order.Address, err)
	}
	return nil
}
