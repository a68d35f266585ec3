package postgres

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

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
		if err := s.settle(ctx, w, e.Orders); err != nil {
			return w.Named(ctx, err)
		}
		return w.Named(ctx, work(s, w))
	})
}

// allPossible looks whether all orders can be carried out, before anything is changed.
func (s *session) allPossible(ctx context.Context, w *walk, orders []erasure.Order) error {
	for i := range orders {
		if err := s.possible(ctx, w, &orders[i]); err != nil {
			return err
		}
	}
	return nil
}

// possible looks whether an order can be carried out, with the server's help where its types decide.
func (s *session) possible(ctx context.Context, w *walk, o *erasure.Order) error {
	if err := w.Sound(o); err != nil {
		return err
	}
	t, err := w.Target(o.Address)
	if err != nil {
		return err
	}
	for _, m := range slices.Concat(o.Masks, o.Trim, o.Parts) {
		mf, err := t.Masked(m)
		if err != nil {
			return err
		}
		if err := s.fits(ctx, mf); err != nil {
			return err
		}
	}
	return s.compiles(ctx, w, t, o)
}

// fits tries a fixed value in the column's type.
func (s *session) fits(ctx context.Context, m masked) error {
	if !m.Whole() || m.Treatment == erasure.Null && m.Only == nil {
		return nil
	}
	var err error
	if m.Writes() {
		err = s.tried(ctx, "SELECT ($1::text::"+m.Field.Col.Full+")::text", m.Value)
	}
	if err == nil && m.Only != nil {
		err = s.tried(ctx, "SELECT ($1::text::"+m.Field.Col.Full+")::text", *m.Only)
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) && (strings.HasPrefix(pg.Code, "22") || strings.HasPrefix(pg.Code, "23")) {
		return m.Refuse("the fixed value doesn't fit the type "+m.Field.Col.Full, "give one that does")
	}
	return fault(m.Target.Where(nil), err)
}

// compiles has the server read the statements of an order without running them: what doesn't fit a type shows now.
func (s *session) compiles(ctx context.Context, w *walk, t target, o *erasure.Order) error {
	if o.Days != nil {
		err := s.tried(ctx, "SELECT now() AT TIME ZONE $1::text", o.Days.Zone)
		if pg := (*pgconn.PgError)(nil); errors.As(err, &pg) && pg.Code == "22023" {
			return relational.SelectionFault(o.Address.String(), "the zone in which its moments are days is none that the server knows", "give an IANA zone, as Europe/Berlin")
		}
		if err != nil {
			return fault(o.Address.String(), err)
		}
	}
	for _, p := range relational.Passes(o) {
		q := newQuery(w)
		find, args, err := q.find(t, p)
		if err != nil {
			return err
		}
		if err := s.tried(ctx, "EXPLAIN "+find, args...); err != nil {
			return fault(t.Where(nil), err)
		}
		q = newQuery(w)
		change, args, err := q.carryOut(t, p, nil)
		if err != nil {
			return err
		}
		if err := s.tried(ctx, "EXPLAIN "+change, args...); err != nil {
			return writeFault(t.Where(nil), err)
		}
	}
	return nil
}

// tried runs a statement and takes it back, so that the snapshot lives on when it fails.
func (s *session) tried(ctx context.Context, sql string, args ...any) error {
	return pgx.BeginFunc(ctx, s.tx, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, sql, args...)
		if err != nil {
			return err
		}
		rows.Close()
		return rows.Err()
	})
}
