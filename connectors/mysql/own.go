package mysql

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
	referrers map[dataset.Address][]referrer
	// unseen are tables of which the user may see too little to know what they refer to.
	unseen []spot
}

// walk indexes a selection, with whose rows are whose when it asks for that.
func (s *session) walk(ctx context.Context, cat catalog, sel connectors.Selection) (*walk, error) {
	w := newWalk(s, cat, sel)
	if !sel.Own {
		return w, nil
	}
	return w, s.own(ctx, w, connectors.Errand{Selection: sel})
}

// own readies a walk to tell rows apart.
func (s *session) own(ctx context.Context, w *walk, e connectors.Errand) error {
	o := &owning{declared: map[dataset.Address]bool{}, claimed: map[dataset.Address]bool{}, roots: e.Roots, referrers: map[dataset.Address][]referrer{}}
	w.owning = o
	for i := range e.Orders {
		if e.Orders[i].Claimed {
			o.claimed[e.Orders[i].Address] = true
		}
	}
	graph, err := dataset.NewOpenGraph(s.cfg.Datasets...)
	if err != nil {
		return (&connectors.Error{Code: connectors.ErrSelection, What: "the datasets contradict each other", Do: "correct the annotation"}).Wrap(err)
	}
	all, err := graph.Plan(graph.Kinds())
	if err != nil {
		return (&connectors.Error{Code: connectors.ErrSelection, What: "the collections can't be put in order", Do: "correct after in the annotation"}).Wrap(err)
	}
	for _, step := range append(slices.Clone(all.Steps), w.sel.Plan.Steps...) {
		for _, entry := range step.FoundBy {
			if w.belonging(step.Address, entry) == dataset.Own {
				o.declared[step.Address] = true
			}
		}
	}
	return s.refer(ctx, w, graph)
}

// belonging says whose the rows are that an entry finds. Where the annotation is silent about a primary key that the table has, the
// table is believed: a row that is found by its whole key, from a field that is none, is only pointed at.
func (w *walk) belonging(a dataset.Address, e dataset.Entry) dataset.Belonging {
	t := w.cat[a]
	if e.Belonging != dataset.Own || e.From == nil || t == nil || !slices.Equal(e.Path, t.primary) {
		return e.Belonging
	}
	if source := w.cat[e.From.Address]; source != nil && !slices.Equal(e.From.Path, source.primary) {
		return dataset.Pointed
	}
	return e.Belonging
}

// stoodIn reports whether values that were read before stand in for looking into the collection that they come from.
func (q *query) stoodIn(from dataset.FieldAddress) bool {
	return q.owning != nil && slices.ContainsFunc(q.sel.Keys, func(k connectors.KeySet) bool { return sameField(k.Field, from) })
}

func sameField(a, b dataset.FieldAddress) bool {
	return a.Address == b.Address && slices.Equal(a.Path, b.Path)
}

// counts reports whether an entry can be followed at the moment: not when what it follows from is being told apart itself.
func (q *query) counts(e dataset.Entry) bool {
	return e.From == nil || !slices.Contains(q.without, e.From.Address) || q.stoodIn(*e.From)
}

// maxAsked is how often one statement may ask whose the rows of a collection are. Collections that are only pointed at and refer to each
// other ask about each other; an annotation in which all of them do would never come to an end.
const maxAsked = 5000

// owned writes the condition under which a row is the person's own.
func (q *query) owned(t target) (string, error) {
	a := t.step.Address
	if q.asked++; q.asked > maxAsked {
		return "", selectionFault(a.String(), "too many collections refer to each other to tell whose its rows are", "give the references a direction, or mark collections without personal data skip_processing")
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
	return t.anyOf(conds), nil
}

// alone adds the condition for a collection that is only ever pointed at: rows that the person's rows of this system point at, and nobody else's.
func (q *query) alone(t target, conds []string) ([]string, error) {
	if len(q.owning.unseen) > 0 { // one of them may be somebody else's that refers to the row
		return conds, nil
	}
	pointed, err := q.conditions(t, func(e dataset.Entry) bool { return q.counts(e) && q.pointsHere(t.step.Address, e) })
	if err != nil || len(pointed) == 0 {
		return conds, err
	}
	cond := t.anyOf(pointed)
	shared, err := q.shared(t, cond)
	if err != nil {
		return nil, err
	}
	return append(conds, strings.Join(append([]string{cond}, shared...), " AND ")), nil
}

// pointsHere reports whether an entry finds rows that rows of this system point at.
func (q *query) pointsHere(a dataset.Address, e dataset.Entry) bool {
	return q.belonging(a, e) == dataset.Pointed && q.here(e.From.Address)
}

// rooted adds the rows that were the person's when the work began.
func (q *query) rooted(t target, conds []string) ([]string, error) {
	for _, set := range q.owning.roots {
		if set.Field.Address != t.step.Address || len(set.Values) == 0 {
			continue
		}
		f, err := t.field(set.Field.Path)
		if err != nil {
			return nil, err
		}
		values, err := usable(set.Field.String(), f.class(), set.Values)
		if err != nil {
			return nil, err
		}
		conds = append(conds, q.holds(f, q.given(set.Field.String(), f, values)))
	}
	return conds, nil
}
