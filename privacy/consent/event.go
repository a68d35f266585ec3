// Package consent derives from a ledger what somebody has agreed to, and decides whether a message may be sent to them on a day. It is pure: the ledger,
// the moment and the laws are parameters, and every answer carries the citation that it rests on.
package consent

import (
	"cmp"
	"slices"
	"time"

	"github.com/privacy-docket/docket/privacy"
)

// EventKind is what happened to a consent.
type EventKind string

// The kinds. They are stored and never renamed.
const (
	Requested EventKind = "requested" // a confirmation was asked for (double opt-in); grants nothing
	Given     EventKind = "given"     // express consent; alone it grants where the law asks for no confirmation
	Confirmed EventKind = "confirmed" // the mailbox has confirmed what was requested or given
	Refreshed EventKind = "refreshed" // something happened on which consent is implied: a purchase, an inquiry
	Began     EventKind = "began"     // a relation began on which consent is implied while it lasts: a contract, a membership
	Ended     EventKind = "ended"     // such a relation has ended: the window opens on that day
	Published EventKind = "published" // the address was found published, or was disclosed to the sender (CASL s.10(9)(b), (c))
	Withdrawn EventKind = "withdrawn"
	Expired   EventKind = "expired" // put on record that an implied consent is over; the windows decide, not this
)

// EventKinds lists them.
func EventKinds() []EventKind {
	return []EventKind{Requested, Given, Confirmed, Refreshed, Began, Ended, Published, Withdrawn, Expired}
}

// Event is one line of the ledger of one address, for one purpose on one channel.
type Event struct {
	Kind EventKind
	// At is when it happened, Recorded when Docket came to know of it: an import may tell of years ago.
	At, Recorded time.Time
	// Day is At by the calendar of whoever keeps the ledger: the windows of implied consent are counted in days.
	Day privacy.Date
	// Relation is what a Refreshed, Began or Ended is about.
	Relation privacy.ConsentEvent
	// NoSolicitation says of a Published that a statement against unsolicited messages stood beside it.
	NoSolicitation bool
	// Refusable says of a Refreshed that a simple way to refuse was offered when the address was taken (PECR reg 22(3)(c), Directive 2002/58/EC Art 13(2)).
	Refusable bool
}

// Standing is what somebody has agreed to at a moment. The zero value is nobody's.
type Standing struct {
	// Given is express consent, Confirmed its confirmation; zero where there is none. Requested waits for a confirmation.
	Requested, Given, Confirmed time.Time
	// Withdrawn is the last withdrawal, after which nothing was given; it ends every other ground, too.
	Withdrawn time.Time
	// Relations are those on which consent may be implied, each kind once.
	Relations []Relation
	// Published is zero where the address was not found published.
	Published Publication
}

// Relation is the newest of its kind.
type Relation struct {
	Kind privacy.ConsentEvent
	// Day is the last on which it was refreshed, or on which it ended.
	Day privacy.Date
	// InForce says that it lasts: a contract that runs, a membership.
	InForce   bool
	Refusable bool
}

// Publication is an address that was found published or disclosed.
type Publication struct {
	Found          bool
	NoSolicitation bool
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
	slices.SortStableFunc(then, func(a, b Event) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.rank(), b.rank()), a.Recorded.Compare(b.Recorded))
	})
	for _, e := range then {
		s.Add(e)
	}
	return s
}

// rank orders what happened in the same moment: whoever withdraws then has withdrawn.
func (e Event) rank() int {
	if e.Kind == Withdrawn {
		return 1
	}
	return 0
}

// Add takes in an event that is not older than those before it.
func (s *Standing) Add(e Event) {
	switch e.Kind {
	case Requested:
		s.Requested = e.At
	case Given:
		s.Given, s.Confirmed, s.Withdrawn = e.At, time.Time{}, time.Time{}
	case Confirmed:
		if s.Given.IsZero() {
			s.Given = e.At
		}
		s.Confirmed, s.Requested, s.Withdrawn = e.At, time.Time{}, time.Time{}
	case Refreshed, Began, Ended:
		s.relate(e)
	case Published:
		s.Published = Publication{Found: true, NoSolicitation: e.NoSolicitation}
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
	at := slices.IndexFunc(s.Relations, func(o Relation) bool { return o.Kind == r.Kind })
	switch {
	case at < 0:
		s.Relations = append(s.Relations, r)
	case e.Kind == Refreshed && s.Relations[at].InForce: // it lasts, whatever happens beside
	default:
		s.Relations[at] = r
	}
}
