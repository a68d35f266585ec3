package records

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// walk goes through a plan for one person. What it has found out it keeps: the values of fields by which later collections are found.
type walk struct {
	*Reader
	sel   connectors.Selection
	place map[dataset.Address]int
	// wanted are fields by which something else is found; sets are their values, once their collection was read.
	wanted map[dataset.Address][][]string
	sets   map[string]*valueSet

	// errand is set where rows are told apart by whose they are.
	own     bool
	roots   []connectors.KeySet
	claimed map[dataset.Address]bool
	tokens  connectors.Tokens
	days    map[string][]dated
}

// valueSet are distinct values of a field, in the order in which they were found.
type valueSet struct {
	values []string
	has    map[string]bool
	over   bool
}

func (s *valueSet) add(v string, limit int) {
	if s.has[v] || v == "" {
		return
	}
	if len(s.values) == limit {
		s.over = true
		return
	}
	s.has[v] = true
	s.values = append(s.values, v)
}

// newWalk indexes a selection.
func (c *Reader) newWalk(sel connectors.Selection) *walk {
	w := &walk{Reader: c, sel: sel, own: sel.Own, place: map[dataset.Address]int{}, wanted: map[dataset.Address][][]string{}, sets: map[string]*valueSet{},
		claimed: map[dataset.Address]bool{}, days: map[string][]dated{}}
	want := func(f dataset.FieldAddress) {
		if c.datasets[f.Dataset] && !slices.ContainsFunc(w.wanted[f.Address], func(p []string) bool { return slices.Equal(p, f.Path) }) {
			w.wanted[f.Address] = append(w.wanted[f.Address], f.Path)
		}
	}
	for i, s := range sel.Plan.Steps {
		w.place[s.Address] = i
		for _, e := range s.FoundBy {
			if e.From != nil {
				want(*e.From)
			}
		}
	}
	for _, f := range sel.Exports {
		want(f)
	}
	return w
}

// step finds a collection's step, annotation and document.
func (w *walk) step(a dataset.Address) (*Table, error) {
	i, planned := w.place[a]
	decl := w.collections[a]
	if !planned || decl == nil {
		return nil, selectionFault(a.String(), "the plan has no step for it in this system", "make the plan from the system's own datasets")
	}
	return w.Table(w.sel.Plan.Steps[i], decl)
}

// Asked is one value by which rows are looked for.
type Asked struct {
	Field *Field
	Value string
	// as is whose the rows are that it finds.
	as belonging
	// Fold compares without regard to case.
	Fold bool
}

// belonging is whose a row is.
type belonging int

const (
	own     belonging = iota // the person's
	part                     // somebody else's, in which elements are the person's
	pointed                  // somebody else's, or shared, that a row of the person's points at
)

// asks lists all values by which a collection's rows are looked for: first those that find the person's own.
func (w *walk) asks(ctx context.Context, t *Table) ([]Asked, error) {
	var out []Asked
	for i := range t.Step.FoundBy {
		e := &t.Step.FoundBy[i]
		as := map[dataset.Belonging]belonging{dataset.Own: own, dataset.Part: part, dataset.Pointed: pointed}[e.Belonging]
		if as == pointed && w.claimed[t.Step.Address] {
			as = own
		}
		f, err := w.field(t, e.Path)
		if err != nil {
			return nil, err
		}
		values, err := w.entry(ctx, t, f, e)
		if err != nil {
			return nil, err
		}
		for _, v := range values {
			out = append(out, Asked{Field: f, Value: v, as: as, Fold: e.Identity == "email"})
		}
	}
	for _, set := range w.roots {
		if set.Field.Address != t.Step.Address {
			continue
		}
		f, err := w.field(t, set.Field.Path)
		if err != nil {
			return nil, err
		}
		values, err := usable(f, set.Values)
		if err != nil {
			return nil, err
		}
		if !w.found(t, f.Path) && !w.found(t, nil) {
			continue // what was deleted is not there, and what is masked keeps a way back: see possible
		}
		for _, v := range values {
			out = append(out, Asked{Field: f, Value: v, as: own})
		}
	}
	slices.SortStableFunc(out, func(a, b Asked) int { return int(a.as) - int(b.as) })
	return out, nil
}

// entry are the values that an entry of the plan looks for.
func (w *walk) entry(ctx context.Context, t *Table, f *Field, e *dataset.Entry) ([]string, error) {
	where := t.Step.Address.String() + "." + f.name()
	switch {
	case w.sel.Bound && e.From == nil:
		return nil, nil
	case e.Identity != "":
		return w.known(where, f, w.sel.Subject.Identities[e.Identity])
	case e.RequestField != "":
		return w.known(where, f, w.sel.Subject.Request[e.RequestField])
	case e.From == nil:
		return nil, selectionFault(where, "the plan doesn't say by what it is found", "make the plan again")
	}
	if i := slices.IndexFunc(w.sel.Keys, func(k connectors.KeySet) bool { return k.Field.String() == e.From.String() }); i >= 0 {
		if len(w.sel.Keys[i].Values) > w.cfg.KeyLimit {
			return nil, tooManyKeys(*e.From, w.cfg.KeyLimit)
		}
		return usable(f, w.sel.Keys[i].Values)
	}
	if !w.datasets[e.From.Dataset] {
		return nil, selectionFault(where, "the values of "+e.From.String()+", in another system, were not handed over", "collect that system first and pass its keys on")
	}
	if place, planned := w.place[e.From.Address]; !planned || place >= w.place[t.Step.Address] {
		return nil, selectionFault(where, "the plan finds it from "+e.From.Address.String()+", which comes later", "make the plan again")
	}
	values, err := w.values(ctx, *e.From)
	if err != nil {
		return nil, err
	}
	return usable(f, values)
}

// known are values of the person's own.
func (w *walk) known(where string, f *Field, values []string) ([]string, error) {
	out, err := usable(f, values)
	if err == nil && len(out) == 0 {
		err = selectionFault(where, "the plan finds rows by something that is not known of the person", "make the plan from what is known")
	}
	return out, err
}

// values are those of a field in the rows that the walk finds; its collection is read when it was not.
func (w *walk) values(ctx context.Context, from dataset.FieldAddress) ([]string, error) {
	set := w.sets[from.String()]
	if set == nil {
		if err := w.each(ctx, from.Address, func(found) error { return nil }); err != nil {
			return nil, err
		}
		set = w.sets[from.String()]
	}
	if set == nil {
		return nil, selectionFault(from.String(), "it is no field that anything is found by", "make the plan again")
	}
	if set.over {
		return nil, tooManyKeys(from, w.cfg.KeyLimit)
	}
	return set.values, nil
}

// tooManyKeys is the error for a reference that carries more values than the limit.
func tooManyKeys(from dataset.FieldAddress, limit int) error {
	return &connectors.Error{Code: connectors.ErrTooManyKeys, Where: from.String(),
		What: fmt.Sprintf("one person's rows have more than %d different values here, which other collections are searched by", limit),
		Do:   "reverse the reference's direction, or raise the key limit"}
}

// usable drops empty values and refuses those that a field of the type can't hold. The error doesn't quote them.
func usable(f *Field, texts []string) ([]string, error) {
	out := make([]string, 0, len(texts))
	for _, text := range texts {
		switch {
		case text == "":
			continue
		case strings.ContainsRune(text, 0):
			return nil, selectionFault(f.Where(), "a value to find rows by holds a zero character", "give it without")
		case !utf8.ValidString(text):
			return nil, selectionFault(f.Where(), "a value to find rows by is no text", "give it as UTF-8")
		case !f.takes(text):
			return nil, &connectors.Error{Code: connectors.ErrType, Where: f.Where(), What: "the field is declared as " + f.Type + " and a value to find rows by is not",
				Do: "correct the annotation: the identity or reference belongs to another field"}
		}
		out = append(out, text)
	}
	return out, nil
}
