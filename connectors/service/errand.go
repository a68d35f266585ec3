package service

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

// pass is one thing that is done to some rows of a collection.
type pass struct {
	as     belonging
	kept   bool // the rows that days leave, and not the others
	delete bool
	masks  []erasure.Mask
	days   *erasure.Days
	count  func(*connectors.Tally) *int64
}

// passes lists what an order comes to.
func passes(o *erasure.Order) (out []pass) {
	switch {
	case o.Delete:
		out = append(out, pass{as: own, delete: true, days: o.Days, count: func(t *connectors.Tally) *int64 { return &t.Deleted }})
	case len(o.Masks) > 0:
		out = append(out, pass{as: own, masks: o.Masks, days: o.Days, count: func(t *connectors.Tally) *int64 { return &t.Masked }})
	}
	if len(o.Trim) > 0 {
		out = append(out, pass{as: own, kept: true, masks: o.Trim, days: o.Days, count: func(t *connectors.Tally) *int64 { return &t.Trimmed }})
	}
	if len(o.Parts) > 0 {
		out = append(out, pass{as: part, masks: o.Parts, count: func(t *connectors.Tally) *int64 { return &t.Parts }})
	}
	return out
}

// change is a row in which a pass has something to do, as it was and with the columns that become others.
type change struct {
	raw     json.RawMessage
	columns map[string]json.RawMessage
}

// reaches says whether a pass has something to do in a row, and what.
func (w *walk) reaches(ctx context.Context, t *table, f found, p pass) (c change, any bool, err error) {
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
	if p.delete {
		return change{raw: f.raw}, true, nil
	}
	c = change{raw: f.raw, columns: map[string]json.RawMessage{}}
	for _, m := range p.masks {
		if err := w.apply(t, f, m, c); err != nil {
			return c, false, err
		}
	}
	return c, len(c.columns) > 0, nil
}

// apply treats one field of a row.
func (w *walk) apply(t *table, f found, m erasure.Mask, c change) error {
	field, err := w.field(t, m.Path)
	if err != nil {
		return err
	}
	was, treated := c.columns[m.Path[0]]
	if !treated {
		was = field.column(f.raw)
	}
	if m.Treatment == erasure.Set {
		if value, differs := (masked{m, field}).set(was); differs {
			c.columns[m.Path[0]] = value
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
		return &connectors.Error{Code: connectors.ErrServer, Where: field.where(), What: "a value can't be treated", Do: "report the form of this field's values"}
	}
	if !bytes.Equal(is, was) {
		c.columns[m.Path[0]] = is
	}
	return nil
}

// takenOut takes those elements out of the innermost array around what rows are found by.
func takenOut(t *table, asks []asked, m erasure.Mask, raw json.RawMessage) (json.RawMessage, error) {
	for i := range t.step.FoundBy {
		e := &t.step.FoundBy[i]
		if len(e.Path) < len(m.Path) || !slices.Equal(e.Path[:len(m.Path)], m.Path) {
			continue
		}
		by := slices.DeleteFunc(slices.Clone(asks), func(q asked) bool { return !slices.Equal(q.field.path, e.Path) })
		if len(by) == 0 || by[0].field.outer == 0 {
			continue
		}
		depth := by[0].field.outer
		var err error
		raw, err = document.Within(raw, e.Path[1:depth], func(raw json.RawMessage) (json.RawMessage, error) { return without(raw, e.Path[depth:], by) }, true)
		if err != nil {
			return nil, err
		}
	}
	return raw, nil
}

// without takes the elements out of an array; what is none and holds one of the values is emptied.
func without(raw json.RawMessage, path []string, by []asked) (json.RawMessage, error) {
	holds := func(raw json.RawMessage) (in bool) {
		document.Leaves(raw, path, func(v json.RawMessage) {
			in = in || slices.ContainsFunc(by, func(q asked) bool { return q.is(document.Text(v)) })
		})
		return in
	}
	if document.Kind(raw) != '[' {
		if holds(raw) {
			return json.RawMessage("null"), nil
		}
		return raw, nil
	}
	items, err := document.Items(raw)
	if err != nil {
		return nil, err
	}
	rest := slices.DeleteFunc(slices.Clone(items), holds)
	if len(rest) == len(items) {
		return raw, nil
	}
	return document.Array(rest), nil
}

// Survey counts what the orders would reach. Every row of the person's is read for it.
func (c *Connector) Survey(ctx context.Context, e connectors.Errand) ([]connectors.Survey, error) {
	w, err := c.errand(e)
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
