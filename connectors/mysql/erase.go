package mysql

import (
	"context"
	"database/sql"
	"errors"
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
	if err := c.errand(ctx, e, func(_ *session, w *walk) error { return w.allPossible(e.Orders) }); err != nil {
		return err
	}
	return c.connected(ctx, func(s *session) error {
		w := &writer{s}
		if err := w.prepare(ctx); err != nil {
			return err
		}
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
		if err != nil || changed >= found {
			return err
		}
		if changed == 0 {
			break
		}
	}
	return &connectors.Error{Code: connectors.ErrBusy, Where: j.order.Address.String(), What: "rows are left that could not be changed, because others change them all the time or a trigger of the table keeps them",
		Do: "try again; if it goes on, look at the table's triggers"}
}

// look finds the rows of a pass in one snapshot and changes them. Rows without a key that are alike are found once and changed all.
func (j *job) look(ctx context.Context, p pass) (found, changed int64, err error) {
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
		f, err := w.query().find(t, p)
		if err != nil {
			return err
		}
		if err := s.ready(ctx, f.changes); err != nil {
			return err
		}
		if err := s.bound(ctx, streamTimeout); err != nil {
			return err
		}
		b := &bundle{job: j, walk: w, target: t, pass: p}
		err = s.listed(ctx, t, f, func(i item) error { return b.take(ctx, i) })
		if err == nil {
			err = b.flush(ctx)
		}
		found, changed = b.found, b.changed
		return err
	})
	return found, changed, err
}

// item is a row in which there is something to do: how it is told again, and the documents that are to stand in it.
type item struct {
	key       []string
	version   string
	documents []sql.NullString
	// rewritten are the documents that become others.
	rewritten []bool
	size      int
}

// listed reads rows that were found and hands on those in which there is something to do.
func (s *session) listed(ctx context.Context, t target, f found, take func(item) error) error {
	err := s.each(ctx, t.step.Address.String(), f.statement, f.args, func(rows *sql.Rows) error {
		i := item{key: make([]string, len(f.key)), documents: make([]sql.NullString, len(f.changes.documents)), rewritten: make([]bool, len(f.changes.documents))}
		var needs bool
		places := make([]any, 0, len(i.key)+2+len(i.documents))
		for k := range i.key {
			places = append(places, &i.key[k])
		}
		places = append(places, &i.version, &needs)
		for k := range i.documents {
			places = append(places, &i.documents[k])
		}
		if err := rows.Scan(places...); err != nil {
			return err
		}
		for k, d := range f.changes.documents {
			if !i.documents[k].Valid {
				continue
			}
			text, other, err := d.treat(i.documents[k].String)
			if err != nil {
				return err
			}
			i.documents[k].String, i.rewritten[k] = text, other
			i.size, needs = i.size+len(text), needs || other
		}
		if !needs {
			return nil
		}
		return handed{take(i)}.err()
	})
	var ours handed
	if errors.As(err, &ours) {
		return ours.error
	}
	return err
}

// handed is an error of whoever was handed a row: it is none of the server's.
type handed struct{ error }

func (h handed) err() error {
	if h.error == nil {
		return nil
	}
	return h
}
