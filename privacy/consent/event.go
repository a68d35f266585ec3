// Package consent derives from a ledger what somebody has agreed to, and decides whether a message may be sent to them on a day. It is pure: the ledger,
// the moment and the laws are parameters, and every answer carries the citation that it rests on.
package consent

import (
	"slices"
	"time"

	"github.com/privacy-docket/docket/privacy"
)

// Kind is what happened to a consent.
type Kind string

// The kinds. They are stored and never renamed.
const (
	Requested Kind = "requested" // a confirmation was asked for (double opt-in); grants nothing
	Given     Kind = "given"     // express consent; alone it grants where the law asks for no confirmation
	Confirmed Kind = "confirmed" // the mailbox has confirmed what was requested or given
	Refreshed Kind = "refreshed" // something happened on which consent is implied: a purchase, an inquiry
	Began     Kind = "began"     // a relation began on which consent is implied while it lasts: a contract, a membership
	Ended     Kind = "ended"     // such a relation has ended: the window opens on that day
	Published Kind = "published" // the address was found published (CASL s.10(9)(b))
	Disclosed Kind = "disclosed" // the person gave their address to the sender (CASL s.10(9)(c))
	Withdrawn Kind = "withdrawn"
	Expired   Kind = "expired" // put on record that implied consent is over; the windows decide, not this
)

// What else stops messages to an address, and is not said in the ledger: other systems hear of it among the withdrawals. These, too, are stored and never renamed.
const (
	Objected   Kind = "objected"   // the person has objected (Art. 21 GDPR)
	Restricted Kind = "restricted" // the data are only kept (Art. 18 GDPR)
	Suppressed Kind = "suppressed" // they were erased, or are on a list of whom nobody may write to
	StopEnded  Kind = "stop_ended" // one of these has ended; what stands then is another question
)

// Stops says whether messages are to stop: somebody wants no more, or may not be written to.
func (k Kind) Stops() bool {
	return k == Withdrawn || k == Objected || k == Restricted || k == Suppressed
}

// Kinds lists those of the ledger.
func Kinds() []Kind {
	return []Kind{Requested, Given, Confirmed, Refreshed, Began, Ended, Published, Disclosed, Withdrawn, Expired}
}

// Valid reports whether k is one of the kinds.
func (k Kind) Valid() bool { return slices.Contains(Kinds(), k) }

// Relates says whether an event of the kind is about a relation, which it then names.
func (k Kind) Relates() bool { return k == Refreshed || k == Began || k == Ended }

// Event is one line of the ledger of one address, for one purpose on one channel.
type Event struct {
	Kind Kind
	// At is when it happened, Recorded when Docket came to know of it: an import may tell of years ago.
	At, Recorded time.Time
	// Day is At by the calendar of whoever keeps the ledger: the windows of implied consent are counted in days.
	Day privacy.Date
	// Relation is what a Refreshed, Began or Ended is about.
	Relation privacy.ConsentEvent
	// NoSolicitation says of a Published or Disclosed that a statement against unsolicited messages came with it.
	NoSolicitation bool
	// Refusable says of a relation that a simple way to refuse was offered when the address was taken (PECR reg 22(3)(c), Directive 2002/58/EC Art 13(2)).
	Refusable bool
}
