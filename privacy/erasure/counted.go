package erasure

import (
	"slices"
	"strings"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// counting is what tells the day that a rule counts from: the fields of its events, and those events of which nobody said a field. A rule with
// several events counts from the latest of them.
type counting struct {
	fields  []string
	missing []string
}

// countingOf finds the fields of a rule's events: those that were declared, or that of the day the record was made where it leads to the event.
// An event that is never later than another one with a field needs none.
func countingOf(r privacy.RetentionRule, declared map[string]string) (c counting) {
	for _, k := range r.Keep {
		field := declared[k.Event]
		switch {
		case field != "":
		case neverLater(k, r, declared):
			continue
		case derived(k.Event):
			field = declared[created]
		}
		if field == "" {
			c.missing = append(c.missing, k.Event)
			continue
		}
		c.fields = append(c.fields, field)
	}
	slices.Sort(c.fields)
	c.fields = slices.Compact(c.fields)
	return c
}

// field is the one that all of the rule's events are told by; empty when there is none, or when the latest of several would have to be looked for row by row.
func (c counting) field() string {
	if len(c.fields) == 1 && len(c.missing) == 0 {
		return c.fields[0]
	}
	return ""
}

// date finds the field that all of the rules count from. Where there is none, or more than one, nobody can say which rows may go: all stay.
func (d *designer) date(l *Line, terms dataset.ErasureTerms, rules []privacy.RetentionRule) {
	l.Days = &Days{Zone: d.Zone.String(), Spans: []Span{}}
	fields, at := map[string]bool{}, l.Address.String()
	for _, r := range rules {
		c := countingOf(r, terms.Events)
		if c.field() == "" {
			l.Problems = append(l.Problems, c.uncounted(r, at))
		}
		fields[c.field()] = true
	}
	switch {
	case fields[""]:
	case len(fields) > 1:
		l.Problems = append(l.Problems, Problem{ProblemNoEvent, at, "the rules that keep these rows count from different fields", "let one field tell the day, or split the collection by a view"})
	default:
		for field := range fields {
			l.Days.Field = strings.Split(field, ".")
		}
	}
}

// neverLater says whether a period of a rule ends by another one of it whose event was declared: the one event comes before the other, or is told by it.
func neverLater(k privacy.RetentionPeriod, r privacy.RetentionRule, declared map[string]string) bool {
	longer := func(events ...string) bool {
		return len(events) > 0 && !slices.ContainsFunc(events, func(event string) bool {
			return declared[event] == "" || !slices.Contains(r.Keep, privacy.RetentionPeriod{Event: event, Period: k.Period, Runs: k.Runs})
		})
	}
	switch k.Event {
	case created:
		return longer(lastUsed) || longer("last_effective")
	case lastUsed: // what is sent after it was withdrawn is not sent on it
		return longer(withdrawn)
	case "received":
		return longer("responded")
	case taxDue, taxPaid:
		return longer(taxDueOrPaid)
	case taxDueOrPaid:
		return longer(taxDue, taxPaid)
	}
	return false
}

// uncounted says why a rule counts from no field, and what helps. Nobody is advised to do what was done.
func (c counting) uncounted(r privacy.RetentionRule, at string) Problem {
	p := Problem{Code: ProblemNoEvent, Where: at}
	several := len(r.Keep) > 1
	switch {
	case len(c.fields) > 1:
		p.What = "the rule " + r.ID + " keeps these rows from the latest of " + eventsOf(r) + ", which different fields tell (" + strings.Join(c.fields, ", ") + "); only one field can be counted from"
		p.Do = "have one column hold the later day, which the database can work out" + inForce(r) + ", and name it under each of these events in the system's declaration"
	case len(c.fields) == 1:
		p.What = "the rule " + r.ID + " keeps these rows from the latest of " + eventsOf(r) + ", and no field tells the day of " + strings.Join(c.missing, ", ") + ": counted from " + c.fields[0] + " alone they could go too early"
		p.Do = "have one column hold the later day" + inForce(r) + ", and name it under each of these events in the system's declaration; where no later day is possible, name " + c.fields[0] + " under each of them"
	case several:
		p.What = "the rule " + r.ID + " keeps these rows and no field tells the day it counts from (the latest of " + eventsOf(r) + ")"
		p.Do = "name the field that holds the latest" + inForce(r) + " under each of these events in the system's declaration"
	default:
		p.What = "the rule " + r.ID + " keeps these rows and no field tells the day it counts from (" + eventsOf(r) + ")"
		p.Do = "name the field under events in the system's declaration"
	}
	return p
}

// inForce reminds of the consents that nobody has withdrawn: they end with the erasure, and a day in the column would have their proof go before.
func inForce(r privacy.RetentionRule) string {
	if slices.ContainsFunc(r.Keep, func(k privacy.RetentionPeriod) bool { return k.Event == withdrawn }) {
		return ", and nothing while the consent is not withdrawn"
	}
	return ""
}
