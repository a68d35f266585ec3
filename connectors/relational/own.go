package relational

import (
	"context"
	"slices"
	"strings"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// owning is what telling rows apart by whose they are needs beside the plan.
type owning struct {
	// declared are collections to which the annotation knows a way by which rows are the person's own, whether or not it can be gone this time.
	declared map[dataset.Address]bool
	// claimed are collections whose pointed rows somebody has looked at and found to be the person's.
	claimed map[dataset.Address]bool
	roots   []connectors.KeySet
	// referrers are, by collection, what refers to its rows.
	referrers map[dataset.Address][]Referrer
	// unseen are tables of which the user may see too little to know what they refer to.
	unseen []Spot
}

// Own readies a walk to tell rows apart.
func (w *Walk) Own(ctx context.Context, s Session, e connectors.Errand) error {
	o := &owning{declared: map[dataset.Address]bool{}, claimed: map[dataset.Address]bool{}, roots: e.Roots, referrers: map[dataset.Address][]Referrer{}}
	w.owning = o
	for i := range e.Orders {
		if e.Orders[i].Claimed {
			o.claimed[e.Orders[i].Address] = true
		}
	}
	graph, all, err := w.Graph()
	if err != nil {
		return err
	}
	for _, step := range append(slices.Clone(all.Steps), w.Selection.Plan.Steps...) {
		for _, entry := range step.FoundBy {
			if w.belonging(step.Address, entry) == dataset.Own {
				o.declared[step.Address] = true
			}
		}
	}
	return w.refer(ctx, s, graph)
}

// Claimed reports whether the rows that are pointed at have been found to be the person's.
func (w *Walk) Claimed(a dataset.Address) bool { return w.owning.claimed[a] }

// belonging says whose the rows are that an entry finds. Where the annotation is silent about a primary key that the table has, the
// table is believed: a row that is found by its whole key, from a field that is none, is only pointed at.
func (w *Walk) belonging(a dataset.Address, e dataset.Entry) dataset.Belonging {
	t := w.Catalog[a]
	if e.Belonging != dataset.Own || e.From == nil || t == nil || !slices.Equal(e.Path, t.Primary) {
		return e.Belonging
	}
	if source := w.Catalog[e.From.Address]; source != nil && !slices.Equal(e.From.Path, source.Primary) {
		return dataset.Pointed
	}
	return e.Belonging
}

// StoodIn reports whether values that were read before stand in for looking into the collection that they come from.
func (w *Walk) StoodIn(from dataset.FieldAddress) bool {
	return w.owning != nil && slices.ContainsFunc(w.Selection.Keys, func(k connectors.KeySet) bool { return sameField(k.Field, from) })
}

func sameField(a, b dataset.FieldAddress) bool {
	return a.Address == b.Address && slices.Equal(a.Path, b.Path)
}

// counts reports whether an entry can be followed at the moment: not when what it follows from is being told apart itself.
func (q *Query) counts(e dataset.Entry) bool {
	return e.From == nil || !slices.Contains(q.without, e.From.Address) || q.StoodIn(*e.From)
}

// maxAsked is how often one statement may ask whose the rows of a collection are. Collections that are only pointed at and refer to each
// other ask about each other; an annotation in which all of them do would never come to an end.
const maxAsked = 5000

// Owned writes the condition under which a row is the person's own.
func (q *Query) Owned(t Target) (string, error) {
	a := t.Step.Address
	if q.asked++; q.asked > maxAsked {
		return "", SelectionFault(a.String(), "too many collections refer to each other to tell whose its rows are", "give the references a direction, or mark collections without personal data skip_processing")
	}
	claimed := q.owning.claimed[a]
	conds, err := q.conditions(t, func(e dataset.Entry) bool {
		b := q.belonging(a, e)
		return q.counts(e) && (b == dataset.Own || claimed && b == dataset.Pointed)
	})
	if err != nil {
		return "", err
	}
	if !claimed && !q.owning.declared[a] {
		if conds, err = q.alone(t, conds); err != nil {
			return "", err
		}
	}
	if conds, err = q.rooted(t, conds); err != nil {
		return "", err
	}
	return q.anyOf(t, conds), nil
}

// alone adds the condition for a collection that is only ever pointed at: rows that the person's rows of this system point at, and nobody else's.
func (q *Query) alone(t Target, conds []string) ([]string, error) {
	if len(q.owning.unseen) > 0 { // one of them may be somebody else's that refers to the row
		return conds, nil
	}
	pointed, err := q.conditions(t, func(e dataset.Entry) bool { return q.counts(e) && q.pointsHere(t.Step.Address, e) })
	if err != nil || len(pointed) == 0 {
		return conds, err
	}
	cond := q.anyOf(t, pointed)
	shared, err := q.shared(t, cond)
	if err != nil {
		return nil, err
	}
	return append(conds, strings.Join(append([]string{cond}, shared...), " AND ")), nil
}

// pointsHere reports whether an entry finds rows that rows of this system point at.
func (q *Query) pointsHere(a dataset.Address, e dataset.Entry) bool {
	return q.belonging(a, e) == dataset.Pointed && q.Here(e.From.Address)
}

// rooted adds the rows that were the person's when the work began.
func (q *Query) rooted(t Target, conds []string) ([]string, error) {
	for _, set := range q.owning.roots {
		if set.Field.Address != t.Step.Address || len(set.Values) == 0 {
			continue
		}
		f, err := t.Field(set.Field.Path)
		if err != nil {
			return nil, err
		}
		k, err := q.Dialect.Given(q, Given{Where: set.Field.String(), Name: set.Field.String(), Field: f, Values: set.Values})
		if err != nil {
			return nil, err
		}
		conds = append(conds, q.Holds(f, k))
	}
	return conds, nil
}
