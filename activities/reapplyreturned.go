package activities

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/storage"
)

// errBackMeanwhile says that somebody has come back under the work, which heeds it when it begins again.
var errBackMeanwhile error = &connectors.Error{Code: connectors.ErrBusy, What: "the person has come back meanwhile", Do: "nothing: it is heeded at the next try"}

// old narrows what leads to somebody's rows to what leads to those of before the erasure, when they have come back since: the keys of rows. Keys that are what
// the person is known by are left out, as is what is known of them. Where somebody else was meant, neither that identity leads anywhere nor a key, which may be
// that one's; what else is known of the person does.
func (w *reapplying) old(id uuid.UUID, r storage.Returned) restored {
	all := w.found[id]
	out := restored{Subject: connectors.Subject{Identities: map[string][]string{}}}
	if !r.CameBack {
		out.Identities = maps.Clone(all.Identities)
		for _, kind := range r.Mistaken {
			delete(out.Identities, kind)
		}
	}
	switch {
	case !r.Is():
		out.keys, out.roots = all.keys, all.roots
	case len(r.Mistaken) == 0:
		out.keys, out.roots = w.oldKeys(id, all.keys), w.oldKeys(id, all.roots)
	}
	return out
}

// oldKeys are the keys of rows, without those that say who somebody is.
func (w *reapplying) oldKeys(id uuid.UUID, sets []connectors.KeySet) (out []connectors.KeySet) {
	for _, set := range sets {
		if !w.land.rowKey(set.Field) {
			continue
		}
		values := slices.DeleteFunc(slices.Clone(set.Values), func(v string) bool { return w.tombs.Knows(id, v) })
		if len(values) > 0 {
			out = append(out, connectors.KeySet{Field: set.Field, Values: values})
		}
	}
	return out
}

// leads reports whether anything leads to rows of theirs.
func (r restored) leads() bool { return len(r.Identities)+len(r.keys) > 0 }

// stops are fields that rows of a system are found by and that may say the same in rows of before an erasure and of after it, such as an address: without
// values, they stand in for looking into the rows. What is only pointed at is left to be told apart from what is shared, but where staff claimed it.
func (l *landscape) stops(system string, walk *dataset.Plan, claimed []dataset.Address) (out []connectors.KeySet) {
	for _, step := range walk.Steps {
		for _, e := range step.FoundBy {
			pointed := e.Belonging == dataset.Pointed && !slices.Contains(claimed, step.Address)
			if l.holder[step.Dataset] == system && e.From != nil && !pointed && !l.rowKey(*e.From) {
				out = joined(out, []connectors.KeySet{{Field: *e.From}})
			}
		}
	}
	return out
}

// instead puts sets in the place of those of the same fields.
func instead(all, by []connectors.KeySet) []connectors.KeySet {
	out := slices.DeleteFunc(slices.Clone(all), func(set connectors.KeySet) bool {
		return slices.ContainsFunc(by, func(o connectors.KeySet) bool { return o.Field.String() == set.Field.String() })
	})
	return append(out, by...)
}

// rowKey reports whether a field tells rows apart and nothing else: it is all of the primary key, and nobody is known by it.
func (l *landscape) rowKey(f dataset.FieldAddress) bool {
	datasets := l.datasets[l.holder[f.Dataset]]
	key, ok := soleKey(datasets, f.Address)
	known := slices.ContainsFunc(identityFields(datasets), func(i identityField) bool { return i.FieldAddress.String() == f.String() })
	return ok && slices.Equal(f.Path, []string{key}) && !known
}

// returns notes of somebody that they have come back, or never were the one.
func (w *reapplying) returns(r storage.Returned) {
	if r.CameBack {
		w.cameBack++
	}
	if len(r.Mistaken) > 0 {
		w.mistaken++
	}
}

// problem says of how many people not all was looked for, and why; "" when it was of everybody.
func (w *reapplying) problem() string {
	var all []string
	if s := w.unsearched(); s != "" {
		all = append(all, s)
	}
	if w.cameBack > 0 {
		all = append(all, fmt.Sprintf("%d people have come back since they were erased: only rows whose keys were noted then were erased again, and none by what the people are known by; "+
			"look for other rows of before the erasure by hand", w.cameBack))
	}
	if w.mistaken > 0 {
		all = append(all, fmt.Sprintf("of %d people it was said when a suppression ended that somebody else was meant: nothing was erased by that, nor by a key that was noted when they were erased; "+
			"look by hand whether rows are there that are to be erased", w.mistaken))
	}
	return strings.Join(all, ". ")
}
