package consent

import (
	"cmp"
	"slices"
	"time"

	"github.com/privacy-docket/docket/privacy"
)

// Standing is what somebody has agreed to at a moment. The zero value is nobody's. It is kept beside the ledger, and always the same as what the ledger says.
type Standing struct {
	// Requested waits for a confirmation; Given is express consent, and Confirmed its confirmation. Zero where there is none.
	Requested time.Time `json:"requested,omitzero"`
	Given     time.Time `json:"given,omitzero"`
	Confirmed time.Time `json:"confirmed,omitzero"`
	// Withdrawn is the last withdrawal, after which nothing was given; it ends every other ground, too.
	Withdrawn time.Time `json:"withdrawn,omitzero"`
	// Relations are those on which consent may be implied, each kind once, by name.
	Relations []Relation `json:"relations,omitempty"`
	// Address is how it came to be known, where it was published or disclosed.
	Address Address `json:"address,omitzero"`
}

// Relation is the newest of its kind.
type Relation struct {
	Kind privacy.ConsentEvent `json:"kind"`
	// Day is the last on which it was refreshed, or on which it began or ended.
	Day privacy.Date `json:"day"`
	// InForce says that it lasts: a contract that runs, a membership.
	InForce bool `json:"in_force,omitempty"`
	// Refusable says that a simple way to refuse was offered when the address was taken: the first time is enough. Offered is the last day of that.
	Refusable bool         `json:"refusable,omitempty"`
	Offered   privacy.Date `json:"offered,omitzero"`
}

// Address is one that was found published or disclosed.
type Address struct {
	Found          Kind `json:"found"`
	NoSolicitation bool `json:"no_solicitation,omitempty"`
}

// At derives what stood at a moment from what was known at another: "was it allowed on 3 May, as far as we could know on that day?" asks with both the same.
// The order of the events does not matter.
func At(events []Event, moment, known time.Time) (s Standing) {
	then := make([]Event, 0, len(events))
	for _, e := range events {
		if !e.At.After(moment) && !e.Recorded.After(known) {
			then = append(then, e)
		}
	}
	return s.With(then)
}

// With is what stands once events have been added, none of which happened before those that the standing was made of. Their order among each other does not
// matter.
func (s Standing) With(later []Event) Standing {
	for _, e := range slices.SortedStableFunc(slices.Values(later), Event.compare) {
		s.Add(e)
	}
	return s
}

// compare orders events by when they happened. Of those of one moment a withdrawal is the last; the others follow each other in the order of kinds, and so
// on, so that the order in which they came to be known does not matter.
func (e Event) compare(o Event) int {
	return cmp.Or(
		e.At.Compare(o.At), cmp.Compare(e.rank(), o.rank()), cmp.Compare(e.Relation, o.Relation), e.Day.Compare(o.Day),
		order(e.NoSolicitation, o.NoSolicitation), order(o.Refusable, e.Refusable),
	)
}

// rank orders what happened in the same moment; the last one counts.
func (e Event) rank() int {
	return slices.Index([]Kind{Requested, Given, Confirmed, Began, Refreshed, Ended, Disclosed, Published, Expired, Withdrawn}, e.Kind)
}

// order puts false before true.
func order(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	default:
		return 1
	}
}

// Add takes in an event that happened after those before it. One of the same moment or of earlier is taken in by At, from the whole ledger.
func (s *Standing) Add(e Event) {
	switch e.Kind {
	case Requested:
		s.Requested = e.At
	case Given:
		s.Given, s.Withdrawn = e.At, time.Time{} // what the mailbox confirmed before stays proven
	case Confirmed:
		if s.Given.IsZero() {
			s.Given = e.At
		}
		s.Confirmed, s.Requested, s.Withdrawn = e.At, time.Time{}, time.Time{}
	case Refreshed, Began, Ended:
		s.relate(e)
	case Published, Disclosed:
		if s.Withdrawn.IsZero() {
			s.Address = Address{Found: e.Kind, NoSolicitation: e.NoSolicitation}
		}
	case Withdrawn:
		*s = Standing{Withdrawn: e.At}
	case Expired:
	}
}

// relate keeps the newest of each kind. After a withdrawal nothing is implied: only what somebody says themselves undoes it.
func (s *Standing) relate(e Event) {
	if !s.Withdrawn.IsZero() {
		return
	}
	r := Relation{Kind: e.Relation, Day: e.Day, InForce: e.Kind == Began, Refusable: e.Refusable}
	at, found := slices.BinarySearchFunc(s.Relations, r.Kind, func(o Relation, k privacy.ConsentEvent) int { return cmp.Compare(o.Kind, k) })
	if e.Refusable {
		r.Offered = e.Day
	}
	if !found {
		s.Relations = slices.Insert(slices.Clone(s.Relations), at, r)
		return
	}
	s.Relations = slices.Clone(s.Relations)
	s.Relations[at] = r.after(s.Relations[at], e.Kind)
}

// after joins a relation with what was known of it.
func (r Relation) after(before Relation, kind Kind) Relation {
	if kind == Refreshed && before.InForce { // it lasts, whatever happens beside
		r.Day, r.InForce = before.Day, true
	}
	if before.Refusable {
		r.Refusable = true
	}
	if r.Offered.Before(before.Offered) {
		r.Offered = before.Offered
	}
	return r
}

// Stands says whether there is anything that a message could rest on: a yes, or what a law may read one from.
func (s Standing) Stands() bool {
	return !s.Given.IsZero() || !s.Confirmed.IsZero() || len(s.Relations) > 0 || s.Address.Found != ""
}

// Under is what stands for one purpose of somebody who has also said something about all of them: who wants nothing any more has withdrawn everything that
// they had not given after that, and whatever is implied with it.
func (s Standing) Under(everything Standing) Standing {
	stop := everything.Withdrawn
	if stop.IsZero() || s.Withdrawn.After(stop) {
		return s
	}
	since := func(t time.Time) time.Time {
		if t.After(stop) {
			return t
		}
		return time.Time{}
	}
	out := Standing{Requested: since(s.Requested), Given: since(s.Given), Confirmed: since(s.Confirmed)}
	switch {
	case !out.Given.IsZero():
	case !out.Confirmed.IsZero():
		out.Given = out.Confirmed
	default:
		out.Withdrawn = stop
	}
	return out
}
