package consent

import "time"

// Handover is the withdrawals of one day that one other system has to confirm. The zero value is that of a day without any.
type Handover struct {
	// Laws are those whose time runs, by id.
	Laws map[string]LawClock
	// Begins is when the oldest came to be known that is not confirmed, Due the earliest moment that a law sets for these, DueLaw that law.
	Begins, Due time.Time
	DueLaw      string
	// Withdrawals counts all, Confirmed those that the system has taken, Late those of them that it took after their own time, which is Due or later.
	Withdrawals, Confirmed, Late int
	// ConfirmedAt is when the last was taken, Ended when the system was retired before that. Zero where it is not so.
	ConfirmedAt, Ended time.Time
	// Letter is when staff are told next; zero where they are not. Warned and Overdue are when they were told.
	Letter, Warned, Overdue time.Time
}

// LawClock is what one law says of a handover.
type LawClock struct {
	Version string `json:"version"`
	// Due is the earliest moment that it sets, Withdrawals to how many it applies.
	Due         time.Time `json:"due"`
	Withdrawals int       `json:"withdrawals"`
}

// Open says that something of it has yet to be confirmed.
func (h *Handover) Open() bool { return h.Confirmed < h.Withdrawals && h.Ended.IsZero() }

// Add takes in n withdrawals of which the first came to be known at a moment, with the earliest times that run for them, the shortest first. Where all before was confirmed their
// time is a new one.
func (h *Handover) Add(n int, clocks []Clock, known time.Time) {
	if h.Confirmed == h.Withdrawals {
		h.Begins, h.Due, h.DueLaw, h.ConfirmedAt, h.Warned, h.Overdue = known, time.Time{}, "", time.Time{}, time.Time{}, time.Time{}
	}
	h.Withdrawals += n
	if known.Before(h.Begins) {
		h.Begins = known
	}
	if h.Laws == nil {
		h.Laws = map[string]LawClock{}
	}
	for _, c := range clocks {
		law, there := h.Laws[c.Law]
		if !there || c.Due.Before(law.Due) {
			law.Version, law.Due = c.Version, c.Due
		}
		law.Withdrawals += n
		h.Laws[c.Law] = law
		if h.Due.IsZero() || c.Due.Before(h.Due) {
			h.Due, h.DueLaw = c.Due, c.Law
		}
	}
	h.schedule()
}

// Confirm takes in that the system has taken n more, of which some came after their own time.
func (h *Handover) Confirm(n, late int, now time.Time) {
	n = min(n, h.Withdrawals-h.Confirmed)
	h.Confirmed += n
	h.Late += min(late, n)
	if n > 0 && h.Confirmed == h.Withdrawals {
		h.ConfirmedAt = now
	}
	h.schedule()
}

// schedule says when staff are told next: when half of the time has gone, and when all of it has.
func (h *Handover) schedule() {
	switch {
	case !h.Open() || !h.Overdue.IsZero():
		h.Letter = time.Time{}
	case h.Warned.IsZero():
		h.Letter = h.Begins.Add(max(h.Due.Sub(h.Begins), 0) / 2)
	default:
		h.Letter = h.Due.Add(time.Second) // its last moment is still in time
	}
}

// Told takes in that staff are told now, and says whether it is that the time is over.
func (h *Handover) Told(now time.Time) (over bool) {
	over = now.After(h.Due)
	if over {
		h.Overdue = now
	} else {
		h.Warned = now
	}
	h.schedule()
	return over
}

// HandoverState is how a handover stands.
type HandoverState string

// The states. Half is said when half of the time has gone and Overdue when all of it has; Late is what was confirmed after that.
const (
	HandoverOpen      HandoverState = "open"
	HandoverHalf      HandoverState = "half_gone"
	HandoverOverdue   HandoverState = "overdue"
	HandoverConfirmed HandoverState = "confirmed"
	HandoverLate      HandoverState = "confirmed_late"
	HandoverRetired   HandoverState = "retired"
)

// State is how it stands at a moment.
func (h *Handover) State(now time.Time) HandoverState {
	switch {
	case h.Confirmed == h.Withdrawals && h.Late > 0:
		return HandoverLate
	case h.Confirmed == h.Withdrawals:
		return HandoverConfirmed
	case !h.Ended.IsZero():
		return HandoverRetired
	case now.After(h.Due):
		return HandoverOverdue
	case !now.Before(h.Begins.Add(h.Due.Sub(h.Begins) / 2)):
		return HandoverHalf
	default:
		return HandoverOpen
	}
}
