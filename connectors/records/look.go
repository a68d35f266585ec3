package records

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// found is a row with whose it is.
type found struct {
	raw json.RawMessage
	as  belonging
	// by are all values that its collection is looked for by.
	by []Asked
}

// each reads a collection's rows, each once, and keeps the values that something else is found by. Reading and erasing on behalf of one person
// alone, it passes over what isn't theirs; otherwise everything comes along that was found.
func (w *walk) each(ctx context.Context, a dataset.Address, take func(found) error) error {
	t, err := w.step(a)
	if err != nil {
		return err
	}
	asks, err := w.asks(ctx, t)
	if err != nil {
		return err
	}
	notice := Notice{Address: a}
	seen := map[rowKey]bool{}
	sets := map[string]*valueSet{}
	for _, path := range w.wanted[a] {
		sets[dataset.FieldAddress{Address: a, Path: path}.String()] = &valueSet{has: map[string]bool{}}
	}
	listed, finder := false, newFinder(asks)
	for i := range asks {
		err := w.look(ctx, t, asks, i, &listed, func(raw json.RawMessage, by int) error {
			first := finder.in(raw, by)
			if first < 0 {
				notice.Foreign++
				return nil
			}
			key, keyed := t.key(raw)
			switch {
			case !keyed && first < by:
				return nil // it was found by that
			case keyed && seen[key]:
				if first == by {
					notice.Twice++
				}
				return nil
			case keyed && len(seen) == w.cfg.RowLimit:
				return &connectors.Error{Code: connectors.ErrTooLarge, Where: a.String(), What: fmt.Sprintf("one person has more than %d rows here", w.cfg.RowLimit), Do: "have a person look at the system's document: it may find everybody's rows"}
			case keyed:
				seen[key] = true
			}
			f := found{raw: raw, as: asks[first].as, by: asks}
			if f.as == own || !w.own {
				w.note(t, raw, asks, sets)
			}
			return take(f)
		})
		if err != nil {
			return err
		}
	}
	for name, set := range sets {
		w.sets[name] = set
	}
	if notice.Foreign+notice.Twice > 0 {
		w.cfg.Report(ctx, notice)
	}
	return nil
}

// note keeps the values by which something else is found.
func (w *walk) note(t *Table, raw json.RawMessage, asks []Asked, sets map[string]*valueSet) {
	for _, path := range w.wanted[t.Step.Address] {
		f, err := w.field(t, path)
		if err != nil {
			continue // the step that needs it says so
		}
		set := sets[dataset.FieldAddress{Address: t.Step.Address, Path: path}.String()]
		only := f.narrowed(asks)
		f.texts(raw, func(text string) {
			if only == nil || slices.ContainsFunc(only, func(q Asked) bool { return q.is(text) }) {
				set.add(text, w.cfg.KeyLimit)
			}
		})
	}
}

// look asks for the rows of one value: by its field, or where rows can't be found by that among all of them. These are asked for once, and serve
// all values.
func (w *walk) look(ctx context.Context, t *Table, asks []Asked, i int, listed *bool, take func(raw json.RawMessage, by int) error) error {
	q := asks[i]
	if w.found(t, q.Field.Path) {
		return w.source.Find(ctx, Query{Table: t, By: &q, Own: w.own}, func(raw json.RawMessage) error { return take(raw, i) })
	}
	if !w.found(t, nil) {
		return documentFault(q.Field.Where(), "the system's document has no way to find rows by it", "add one, or one that goes through all rows")
	}
	if *listed {
		return nil
	}
	*listed = true
	return w.source.Find(ctx, Query{Table: t, Own: w.own}, func(raw json.RawMessage) error {
		for j := range asks { // of a list of all rows most are others'
			if !w.found(t, asks[j].Field.Path) && asks[j].Matches(raw) {
				return take(raw, j)
			}
		}
		return nil
	})
}
