package service

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/document"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// found is a row with whose it is.
type found struct {
	raw json.RawMessage
	as  belonging
	// by are all values that its collection is looked for by.
	by []asked
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
	listed := false
	for i := range asks {
		err := w.look(ctx, t, asks, i, &listed, func(raw json.RawMessage, by int) error {
			first := t.first(raw, asks, by)
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
				return &connectors.Error{Code: connectors.ErrTooLarge, Where: a.String(), What: fmt.Sprintf("one person has more than %d rows here", w.cfg.RowLimit), Do: "have a person look at the service document: it may find everybody's rows"}
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
func (w *walk) note(t *table, raw json.RawMessage, asks []asked, sets map[string]*valueSet) {
	for _, path := range w.wanted[t.step.Address] {
		f, err := w.field(t, path)
		if err != nil {
			continue // the step that needs it says so
		}
		set := sets[dataset.FieldAddress{Address: t.step.Address, Path: path}.String()]
		only := f.narrowed(asks)
		f.texts(raw, func(text string) {
			if only == nil || slices.ContainsFunc(only, func(q asked) bool { return q.is(text) }) {
				set.add(text, w.cfg.KeyLimit)
			}
		})
	}
}

// look asks for the rows of one value: by the request that finds rows by its field, or where there is none by the one that lists all. That one is
// sent once, and serves all values.
func (w *walk) look(ctx context.Context, t *table, asks []asked, i int, listed *bool, take func(raw json.RawMessage, by int) error) error {
	q := asks[i]
	f := filler{where: t.step.Address.String()}
	read := t.readBy(q.field.path)
	if read == nil {
		if read = t.readBy(nil); read == nil {
			return documentFault(q.field.where(), "the service document has no read by it", "add one, or one with all: true")
		}
		if *listed {
			return nil
		}
		*listed = true
	} else {
		f.value = q.field.literal(q.value)
	}
	return w.rows(ctx, read, f, func(raw json.RawMessage) error {
		if read.By != nil {
			if read.Implied {
				var err error
				if raw, err = t.implied(raw, q.field, q.value); err != nil {
					return err
				}
			}
			return take(raw, i)
		}
		for j := range asks { // of a list of all rows most are others'
			if t.readBy(asks[j].field.path) == nil && asks[j].matches(raw) {
				return take(raw, j)
			}
		}
		return nil
	})
}

// rows sends a read's requests and hands on each row.
func (w *walk) rows(ctx context.Context, read *dataset.ServiceRead, f filler, take func(json.RawMessage) error) error {
	o, err := w.order(&read.ServiceRequest, f)
	if err != nil {
		return err
	}
	p := &pages{client: w.client, read: read, where: f.where}
	return p.each(ctx, o, func(rows []json.RawMessage) error {
		for _, raw := range rows {
			if document.Kind(raw) != '{' {
				return answerFault(p.where, "a row is no object", "correct rows in the service document")
			}
			if err := take(raw); err != nil {
				return err
			}
		}
		return nil
	})
}
