package records

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/document"
	"github.com/privacy-docket/docket/privacy/erasure"
)

// Pass is one thing that is done to some rows of a collection.
type Pass struct {
	as   belonging
	kept bool // the rows that days leave, and not the others
	// Delete deletes the rows; otherwise they are changed.
	Delete bool
	masks  []erasure.Mask
	days   *erasure.Days
	count  func(*connectors.Tally) *int64
}

// Sets reports whether a pass does nothing but set fields.
func (p Pass) Sets() bool {
	return !p.Delete && !slices.ContainsFunc(p.masks, func(m erasure.Mask) bool { return m.Treatment != erasure.Set })
}

// passes lists what an order comes to.
func passes(o *erasure.Order) (out []Pass) {
	switch {
	case o.Delete:
		out = append(out, Pass{as: own, Delete: true, days: o.Days, count: func(t *connectors.Tally) *int64 { return &t.Deleted }})
	case len(o.Masks) > 0:
		out = append(out, Pass{as: own, masks: o.Masks, days: o.Days, count: func(t *connectors.Tally) *int64 { return &t.Masked }})
	}
	if len(o.Trim) > 0 {
		out = append(out, Pass{as: own, kept: true, masks: o.Trim, days: o.Days, count: func(t *connectors.Tally) *int64 { return &t.Trimmed }})
	}
	if len(o.Parts) > 0 {
		out = append(out, Pass{as: part, masks: o.Parts, count: func(t *connectors.Tally) *int64 { return &t.Parts }})
	}
	return out
}

// Change is a row in which a pass has something to do, as it was and with the columns that become others.
type Change struct {
	Raw     json.RawMessage
	Columns map[string]json.RawMessage
}

// reaches says whether a pass has something to do in a row, and what.
func (w *walk) reaches(ctx context.Context, t *Table, f found, p Pass) (c Change, any bool, err error) {
	if f.as != p.as {
		return c, false, nil
	}
	if p.days != nil {
		on, err := w.day(ctx, t, f.raw, p.days)
		if err != nil {
			return c, false, err
		}
		if in := on.known && p.days.Has(on.day); in == p.kept {
			return c, false, nil
		}
	}
	if p.Delete {
		return Change{Raw: f.raw}, true, nil
	}
	c = Change{Raw: f.raw, Columns: map[string]json.RawMessage{}}
	for _, m := range p.masks {
		if err := w.apply(t, f, m, c); err != nil {
			return c, false, err
		}
	}
	return c, len(c.Columns) > 0, nil
}

// apply treats one field of a row.
func (w *walk) apply(t *Table, f found, m erasure.Mask, c Change) error {
	field, err := w.field(t, m.Path)
	if err != nil {
		return err
	}
	was, treated := c.Columns[m.Path[0]]
	if !treated {
		was = field.column(f.raw)
	}
	if m.Treatment == erasure.Set && !w.source.Current(f.raw) {
		return nil
	}
	if m.Treatment == erasure.Set {
		if value, differs := (masked{m, field}).set(was); differs {
			c.Columns[m.Path[0]] = value
		}
		return nil
	}
	if empty(was) || m.Treatment == erasure.Null && !(masked{m, field}).meant(was) {
		return nil
	}
	var is json.RawMessage
	if m.Elements {
		is, err = takenOut(t, f.by, m, was)
	} else {
		leaf := masked{m, field}.leaf(w.tokens)
		whole := m.Treatment == erasure.Null || m.Treatment == erasure.Fixed && !field.inside()
		is, err = document.Within(was, m.Path[1:], leaf, whole)
	}
	if err != nil {
		return &connectors.Error{Code: connectors.ErrServer, Where: field.Where(), What: "a value can't be treated", Do: "report the form of this field's values"}
	}
	if !bytes.Equal(is, was) {
		c.Columns[m.Path[0]] = is
	}
	return nil
}

// takenOut takes those elements out of the innermost array around what rows are found by.
func takenOut(t *Table, asks []Asked, m erasure.Mask, raw json.RawMessage) (json.RawMessage, error) {
	for i := range t.Step.FoundBy {
		e := &t.Step.FoundBy[i]
		if len(e.Path) < len(m.Path) || !slices.Equal(e.Path[:len(m.Path)], m.Path) {
			continue
		}
		by := slices.DeleteFunc(slices.Clone(asks), func(q Asked) bool { return !slices.Equal(q.Field.Path, e.Path) })
		if len(by) == 0 || by[0].Field.outer == 0 {
			continue
		}
		depth := by[0].Field.outer
		var err error
		raw, err = document.Within(raw, e.Path[1:depth], func(raw json.RawMessage) (json.RawMessage, error) { return without(raw, e.Path[depth:], by) }, true)
		if err != nil {
			return nil, err
		}
	}
	return raw, nil
}

// without takes the elements out of an array, and out of arrays in it; what is none and holds one of the values is emptied.
func without(raw json.RawMessage, path []string, by []Asked) (json.RawMessage, error) {
	holds := func(raw json.RawMessage) (in bool) {
		document.Leaves(raw, path, func(v json.RawMessage) {
			in = in || slices.ContainsFunc(by, func(q Asked) bool { return q.is(document.Text(v)) })
		})
		return in
	}
	switch {
	case !holds(raw):
		return raw, nil
	case document.Kind(raw) != '[':
		return json.RawMessage("null"), nil
	}
	items, err := document.Items(raw)
	if err != nil {
		return nil, err
	}
	rest := make([]json.RawMessage, 0, len(items))
	for _, item := range items {
		if document.Kind(item) == '[' {
			if item, err = without(item, path, by); err != nil {
				return nil, err
			}
		} else if holds(item) {
			continue
		}
		rest = append(rest, item)
	}
	return document.Array(rest), nil
}

// Survey counts what the orders would reach. Every row of the person's is read for it.
func (c *Reader) Survey(ctx context.Context, e connectors.Errand) ([]connectors.Survey, error) {
	w, err := c.errand(ctx, e)
	if err != nil {
		return nil, err
	}
	surveys := []connectors.Survey{}
	for i := range e.Orders {
		s, err := w.survey(ctx, &e.Orders[i])
		if err != nil {
			return nil, err
		}
		surveys = append(surveys, s)
	}
	return surveys, nil
}

func (w *walk) survey(ctx context.Context, o *erasure.Order) (connectors.Survey, error) {
	out := connectors.Survey{Address: o.Address}
	t, err := w.step(o.Address)
	if err != nil {
		return out, err
	}
	days := map[dated]int64{}
	err = w.each(ctx, o.Address, func(f found) error {
		switch f.as {
		case own:
			out.Own++
			if o.Days != nil {
				on, err := w.day(ctx, t, f.raw, o.Days)
				if err != nil {
					return err
				}
				days[on]++
			}
		case part:
			out.Parts++
		case pointed:
			out.Others++
		}
		for _, p := range passes(o) {
			_, any, err := w.reaches(ctx, t, f, p)
			if err != nil {
				return err
			}
			if any {
				out.Left++
			}
		}
		return nil
	})
	for on, rows := range days {
		if !on.known {
			out.Undated = rows
			continue
		}
		out.Days = append(out.Days, connectors.DayCount{Day: on.day, Rows: rows})
	}
	slices.SortFunc(out.Days, func(a, b connectors.DayCount) int { return strings.Compare(a.Day.String(), b.Day.String()) })
	return out, err
}
