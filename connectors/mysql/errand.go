package mysql

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/erasure"
)

// errand opens a snapshot and does the work in it, with whose rows are whose.
func (c *Connector) errand(ctx context.Context, e connectors.Errand, work func(*session, *walk) error) error {
	tokens, err := connectors.NewTokens(e.Secret)
	if err != nil {
		return selectionFault("", err.Error(), "give the case's own secret")
	}
	return c.snapshot(ctx, func(s *session) error {
		cat, err := s.catalog(ctx)
		if err != nil {
			return err
		}
		w := newWalk(s, cat, e.Selection)
		w.tokens = tokens
		if err := s.own(ctx, w, e); err != nil {
			return err
		}
		return s.named(ctx, w, work(s, w))
	})
}

// allPossible looks whether all orders can be carried out, before anything is changed.
func (w *walk) allPossible(orders []erasure.Order) error {
	for i := range orders {
		if err := w.possible(&orders[i]); err != nil {
			return err
		}
	}
	return nil
}

// possible looks whether an order makes sense by the annotation and the catalog, and writes all that would be done.
func (w *walk) possible(o *erasure.Order) error {
	t, err := w.target(o.Address)
	if err != nil {
		return err
	}
	where := o.Address.String()
	switch {
	case o.Delete && len(o.Masks) > 0:
		return selectionFault(where, "its rows are to be deleted and masked", "order one of the two")
	case slices.ContainsFunc(o.Parts, func(m erasure.Mask) bool { return !m.Elements }):
		return selectionFault(where, "a part of somebody else's row can only be taken out of its array", "set elements")
	case len(o.Trim) > 0 && o.Days == nil:
		return selectionFault(where, "the rows that stay are to be trimmed, and no days say which stay", "give the days, or leave trim away")
	case o.Days != nil && slices.ContainsFunc(slices.Concat(o.Masks, o.Trim), func(m erasure.Mask) bool { return overlap(m.Path, o.Days.Field) }):
		return selectionFault(where+"."+strings.Join(o.Days.Field, "."), "the days in it decide which rows are erased, and it is to be masked itself", "leave it as it is, or delete the rows")
	}
	for _, m := range slices.Concat(o.Masks, o.Trim, o.Parts) {
		if err := t.sound(m, o); err != nil {
			return err
		}
	}
	for _, p := range passes(o) {
		q := w.query()
		if _, err := q.reach(t, p); err != nil {
			return err
		}
		if _, err := q.changes(t, p.masks); err != nil {
			return err
		}
	}
	return nil
}

// sound looks at one mask.
func (t target) sound(m erasure.Mask, o *erasure.Order) error {
	f, err := t.maskable(m)
	if err != nil {
		return err
	}
	mf := masked{Mask: m, field: f, target: t}
	if err := mf.once(o); err != nil {
		return err
	}
	if limit, n := f.col.length(), utf8.RuneCountInString(m.Value); m.Treatment == erasure.Fixed && len(m.Path) == 1 && limit > 0 && n > limit {
		return mf.refuse(fmt.Sprintf("the fixed value has %d characters and the column takes %d", n, limit), "give a shorter one")
	}
	return nil
}

// overlap reports whether one path leads through the other.
func overlap(a, b []string) bool {
	n := min(len(a), len(b))
	return slices.Equal(a[:n], b[:n])
}

// once refuses two masks of which one treats what the other does.
func (m masked) once(o *erasure.Order) error {
	for _, list := range [][]erasure.Mask{o.Masks, o.Trim, o.Parts} {
		n := 0
		for _, other := range list {
			if overlap(other.Path, m.Path) {
				n++
			}
		}
		if n > 1 {
			return selectionFault(m.target.step.Address.String()+"."+strings.Join(m.Path, "."), "it is masked twice", "order one mask for it")
		}
	}
	return nil
}

// maskable looks up a mask's field, which must be one that can be written.
func (t target) maskable(m erasure.Mask) (field, error) {
	if len(m.Path) == 0 {
		return field{}, selectionFault(t.step.Address.String(), "a mask names no field", "make the order again")
	}
	f, err := t.field(m.Path)
	if err != nil {
		return field{}, err
	}
	where := t.step.Address.String() + "." + strings.Join(m.Path, ".")
	for i := range m.Path {
		if around, _ := t.collection.At(m.Path[:i+1]); around.ReadOnly {
			return field{}, &connectors.Error{Code: connectors.ErrReadOnly, Where: where, What: "the annotation says that it is never written", Do: "leave it out of the order, or take read_only away"}
		}
	}
	if f.col.generated {
		return field{}, &connectors.Error{Code: connectors.ErrType, Where: where, What: "the server computes the column", Do: "mask the columns that it is computed from"}
	}
	if !f.col.nullable && m.Treatment == erasure.Null && !m.Elements && len(m.Path) == 1 {
		return field{}, &connectors.Error{Code: connectors.ErrType, Where: where, What: "the column has to have a value", Do: "treat it with something else than null"}
	}
	return f, nil
}
