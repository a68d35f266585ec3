package erasure

import (
	"slices"
	"strings"
	"time"

	"github.com/privacy-docket/docket/privacy"
)

// created is the event that most records have; the ends of the years that a record falls into are computed from it.
const created = "created"

// sameAsCreated are events that a record has on the day it is made.
func sameAsCreated() []string {
	return []string{"issued", "recorded", "transaction", "processed", "consented", "responded", "received", "incident"}
}

// A consent that was not withdrawn by the day of an erasure ends with it, and is used no more.
const (
	withdrawn = "withdrawn"
	lastUsed  = "last_used"
)

// The employment tax counts from when it was due or paid, whichever is later: a system knows the one day, or both.
const (
	taxDue       = "tax_due"
	taxPaid      = "tax_paid"
	taxDueOrPaid = "tax_due_or_paid"
)

// untilNow says whether a period counts from what has happened by the day of an erasure, or never will.
func untilNow(k privacy.RetentionPeriod) bool { return k.Event == withdrawn || k.Event == lastUsed }

// yearEnds are events that are the end of the financial year in which a record was made.
func yearEnds() []string {
	return []string{"financial_year_end", "accounting_period_end", "taxation_year_end"}
}

// britishTaxYear ends on 5 April.
const britishTaxYear = "tax_year_end"

// derived says whether an event's day follows from that on which the record was made.
func derived(event string) bool {
	return event == britishTaxYear || slices.Contains(sameAsCreated(), event) || slices.Contains(yearEnds(), event)
}

// daysOf gives the day of each of a rule's events, for a record of a day.
func daysOf(r privacy.RetentionRule, declared map[string]string, day privacy.Date, end YearEnd) map[string]privacy.Date {
	out := map[string]privacy.Date{}
	for _, k := range r.Keep {
		switch {
		case declared[k.Event] != "":
			out[k.Event] = day
		case k.Event == britishTaxYear:
			out[k.Event] = endOfYear(day, YearEnd{time.April, 5})
		case slices.Contains(yearEnds(), k.Event):
			out[k.Event] = endOfYear(day, end)
		case slices.Contains(sameAsCreated(), k.Event):
			out[k.Event] = day
		}
	}
	return out
}

// endOfYear is the end of the financial year that a day falls into.
func endOfYear(day privacy.Date, end YearEnd) privacy.Date {
	if end == (YearEnd{}) {
		end = YearEnd{time.December, 31}
	}
	last := privacy.NewDate(day.Year, end.Month, min(end.Day, 28)).AddDays(max(0, end.Day-28))
	if last.Month != end.Month { // 29 February in a common year
		last = privacy.NewDate(day.Year, end.Month+1, 1).AddDays(-1)
	}
	if last.Before(day) {
		return endOfYear(privacy.NewDate(day.Year+1, time.January, 1), end)
	}
	return last
}

func eventsOf(r privacy.RetentionRule) string {
	names := make([]string, len(r.Keep))
	for i, k := range r.Keep {
		names[i] = k.Event
	}
	return strings.Join(names, ", ")
}
