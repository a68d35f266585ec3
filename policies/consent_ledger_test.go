package policies_test

import (
	"time"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/consent"
)

// slowLedger is a ledger as the slow model of consent reads it: whole, for every question, and in any order. It keeps nothing between two questions.
type slowLedger []consent.Event

// asOf leaves out what had not happened at a moment, and what was not known at another.
func (l slowLedger) asOf(moment, known time.Time) (out slowLedger) {
	for _, e := range l {
		if e.At.After(moment) || e.Recorded.After(known) {
			continue
		}
		out = append(out, e)
	}
	return out
}

func speaks(e consent.Event) bool { return e.Kind == consent.Given || e.Kind == consent.Confirmed }

// undone says whether somebody withdrew in the moment of an event or after it.
func (l slowLedger) undone(e consent.Event) bool {
	for _, w := range l {
		if w.Kind == consent.Withdrawn && !w.At.Before(e.At) {
			return true
		}
	}
	return false
}

// unheard says whether something happened while a withdrawal stood: conduct does not lift one, only a word of the person does.
func (l slowLedger) unheard(e consent.Event) bool {
	for _, w := range l {
		if w.Kind != consent.Withdrawn || !w.At.Before(e.At) {
			continue
		}
		spoken := false
		for _, x := range l {
			if speaks(x) && x.At.After(w.At) && !x.At.After(e.At) {
				spoken = true
			}
		}
		if !spoken {
			return true
		}
	}
	return false
}

// withdrawn says whether there is a withdrawal after which nobody spoke.
func (l slowLedger) withdrawn() bool {
	for _, w := range l {
		if w.Kind != consent.Withdrawn {
			continue
		}
		spoken := false
		for _, x := range l {
			if speaks(x) && x.At.After(w.At) {
				spoken = true
			}
		}
		if !spoken {
			return true
		}
	}
	return false
}

// express says whether there is express consent after which nothing was withdrawn.
func (l slowLedger) express() bool {
	for _, e := range l {
		if speaks(e) && !l.undone(e) {
			return true
		}
	}
	return false
}

// confirmed says whether the mailbox confirmed after a moment, with no withdrawal since.
func (l slowLedger) confirmed(after time.Time) bool {
	for _, e := range l {
		if e.Kind == consent.Confirmed && e.At.After(after) && !l.undone(e) {
			return true
		}
	}
	return false
}

// awaited says whether a confirmation was asked for that has not come.
func (l slowLedger) awaited() bool {
	for _, e := range l {
		if e.Kind != consent.Requested || l.undone(e) {
			continue
		}
		came := false
		for _, c := range l {
			if c.Kind == consent.Confirmed && !c.At.Before(e.At) {
				came = true
			}
		}
		if !came {
			return true
		}
	}
	return false
}

// conduct is what happened of a relation, no withdrawal standing then or since.
func (l slowLedger) conduct(of privacy.ConsentEvent) (out []consent.Event) {
	for _, e := range l {
		related := e.Kind == consent.Refreshed || e.Kind == consent.Began || e.Kind == consent.Ended
		if related && e.Relation == of && !l.undone(e) && !l.unheard(e) {
			out = append(out, e)
		}
	}
	return out
}

// lasts says whether a relation began and has not ended.
func (l slowLedger) lasts(of privacy.ConsentEvent) bool {
	all := l.conduct(of)
	for _, b := range all {
		if b.Kind != consent.Began {
			continue
		}
		ended := false
		for _, e := range all {
			if e.Kind == consent.Ended && !e.At.Before(b.At) {
				ended = true
			}
		}
		if !ended {
			return true
		}
	}
	return false
}

// offered says whether a relation is on record, and whether a way to refuse was offered with it on a day or after it.
func (l slowLedger) offered(of []privacy.ConsentEvent, from privacy.Date) (found, offered bool) {
	for _, relation := range of {
		for _, e := range l.conduct(relation) {
			found = true
			if e.Refusable && !e.Day.Before(from) {
				offered = true
			}
		}
	}
	return found, offered
}

// address is what was last found out of how the address came to be known.
func (l slowLedger) address() (last consent.Event, found bool) {
	for _, e := range l {
		if e.Kind != consent.Published && e.Kind != consent.Disclosed || l.undone(e) || l.unheard(e) {
			continue
		}
		later := e.At.After(last.At)
		if e.At.Equal(last.At) { // the more cautious of two in one moment
			later = e.Kind == consent.Published && last.Kind == consent.Disclosed || e.Kind == last.Kind && e.NoSolicitation
		}
		if !found || later {
			last, found = e, true
		}
	}
	return last, found
}

// monthsBack walks back month by month, and takes the last day of a month that is too short.
func monthsBack(day privacy.Date, months int) privacy.Date {
	year, month := day.Year, day.Month
	for range months {
		month--
		if month == 0 {
			year, month = year-1, time.December
		}
	}
	number := day.Day
	for time.Date(year, month, number, 0, 0, 0, 0, time.UTC).Month() != month {
		number--
	}
	return privacy.Date{Year: year, Month: month, Day: number}
}

// looksBack says whether a day lies within the months before the day of sending.
func looksBack(event, send privacy.Date, months int) bool {
	return !event.After(send) && !event.Before(monthsBack(send, months))
}

func tomorrow(day privacy.Date) privacy.Date {
	return privacy.NewDate(day.Year, day.Month, day.Day+1)
}
