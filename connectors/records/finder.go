package records

import (
	"encoding/json"
	"slices"
)

// finder tells by which of many values a row is found, without comparing it with each.
type finder struct{ fields []*foundBy }

// foundBy are the values of one field that are compared in one way, each with its first place.
type foundBy struct {
	asked Asked
	first map[string]int
}

// newFinder indexes values in their order.
func newFinder(asks []Asked) *finder {
	f := &finder{}
	for i, q := range asks {
		at := slices.IndexFunc(f.fields, func(b *foundBy) bool {
			return b.asked.Fold == q.Fold && slices.Equal(b.asked.Field.Path, q.Field.Path)
		})
		if at < 0 {
			at = len(f.fields)
			f.fields = append(f.fields, &foundBy{asked: q, first: map[string]int{}})
		}
		like := q.likeness(q.Value)
		if _, known := f.fields[at].first[like]; !known {
			f.fields[at].first[like] = i
		}
	}
	return f
}

// in is the first of the values up to one that a row is found by, by what stands in it; -1 when there is none.
func (f *finder) in(raw json.RawMessage, to int) int {
	best := -1
	for _, b := range f.fields {
		b.asked.Field.texts(raw, func(text string) {
			if i, found := b.first[b.asked.likeness(text)]; found && i <= to && (best < 0 || i < best) {
				best = i
			}
		})
	}
	return best
}
