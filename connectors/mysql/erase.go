package mysql

import (
	"context"
	"database/sql"
	"errors"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/relational"
	"github.com/privacy-docket/docket/privacy/erasure"
)

// Erase carries the orders out, one after the other. Rows are found in a snapshot and changed over a second connection, in batches that each are
// a transaction of their own.
func (c *Connector) Erase(ctx context.Context, e connectors.Errand, ledger connectors.Ledger) error {
	if !c.cfg.AllowWrites {
		return relational.ReadOnly()
	}
	if err := c.errand(ctx, e, func(_ *session, w *walk) error { return allPossible(w, e.Orders) }); err != nil {
		return err
	}
	return c.connected(ctx, func(s *session) error {
		w := &writer{s}
		if err := w.prepare(ctx); err != nil {
			return err
		}
		for i := range e.Orders {
			job := &job{writer: w, errand: e, order: &e.Orders[i], ledger: ledger}
			if err := relational.CarryOut(ctx, job.order, ledger, job.look); err != nil {
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

// look finds the rows of a pass in one snapshot and changes them. Rows without a key that are alike are found once and changed all.
func (j *job) look(ctx context.Context, p pass) (found, changed int64, err error) {
	err = j.Connector.errand(ctx, j.errand, func(s *session, w *walk) error {
		t, err := w.Target(j.order.Address)
		if err != nil {
			return err
		}
		if p.Delete {
			if err := w.TakesAlong(ctx, s, t, p, j.errand.Orders); err != nil {
				return err
			}
		}
		f, err := newQuery(w).find(t, p)
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
	err := s.each(ctx, t.Where(nil), f.statement, f.args, func(rows *sql.Rows) error {
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
