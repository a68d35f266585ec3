package policies

import (
	"fmt"
	"regexp"
	"slices"
	"time"

	"github.com/privacy-docket/docket/privacy"
)

// checkBreach looks at the clocks of one breach rule.
func checkBreach(d *document, at string, r privacy.BreachRule) {
	checkZone(d, join(at, "zone"), r.Zone)
	checkCalendar(d, join(at, "calendar"), r.Calendar)
	checkBreachReach(d, join(at, "reach"), r.Reach)
	if len(r.Clocks) == 0 {
		d.at(join(at, "clocks"), "nothing is owed")
	}
	var seen []privacy.BreachKind
	for i, c := range r.Clocks {
		path := fmt.Sprintf("%s.clocks.%d", at, i)
		if slices.Contains(seen, c.Kind) {
			d.at(join(path, "kind"), "%s is owed twice", c.Kind)
		}
		seen = append(seen, c.Kind)
		checkLength(d, join(path, "period"), c.Period)
		checkFactor(d, join(path, "small_agent_factor"), c.SmallAgents)
		if c.Cap != nil {
			checkLength(d, join(path, "cap.period"), c.Cap.Period)
		}
		if c.ClockHours && c.Period.Unit != privacy.Hours {
			d.at(join(path, "clock_hours"), "only a period in hours can be read in clock hours")
		}
		if c.Cap != nil && (c.Cap.Period.Unit != privacy.Hours || c.Period.Unit != privacy.Hours) {
			d.at(join(path, "cap"), "a cap works on periods in hours")
		}
		if c.Content != nil {
			checkContent(d, join(path, "content.elements"), c.Content.Elements)
		}
	}
}

// place is how a reach names where people live: a country, a part of one, or the EEA.
var place = regexp.MustCompile(`^([A-Z]{2}(-[A-Z0-9]{1,3})?|EEA)$`)

const aPlace = "a place is a country (ISO 3166-1), a part of one (ISO 3166-2, as US-CA), or EEA"

// checkBreachReach wants places, or an organisation of a kind: no law reaches everybody.
func checkBreachReach(d *document, at string, r privacy.BreachReach) {
	checkPlaces(d, join(at, "established"), r.Established, place, aPlace)
	checkPlaces(d, join(at, "residents"), r.Residents, place, aPlace)
	if len(r.Established)+len(r.Residents)+len(r.Organisation) == 0 {
		d.at(at, "the rule would reach everybody: name places, or what the organisation has to be")
	}
}

// checkPlaces wants all to be of a form.
func checkPlaces(d *document, at string, all []string, form *regexp.Regexp, otherwise string) {
	for i, p := range all {
		if !form.MatchString(p) {
			d.at(fmt.Sprintf("%s.%d", at, i), "%s", otherwise)
		}
	}
}

// checkContent wants each element once.
func checkContent(d *document, at string, all []privacy.BreachElement) {
	if len(all) == 0 {
		d.at(at, "there is nothing to say")
	}
	for i, e := range all {
		if slices.Contains(all[:i], e) {
			d.at(fmt.Sprintf("%s.%d", at, i), "%s is asked for twice", e)
		}
	}
}

// checkRetention wants a record, a period, and a unit in which records are kept.
func checkRetention(d *document, at string, r privacy.RetentionRule) {
	if len(r.Keep) == 0 {
		d.at(join(at, "keep"), "there is no period")
	}
	if len(r.Kinds) == 0 {
		d.at(join(at, "kinds"), "the rule covers no record")
	}
	for i, k := range r.Keep {
		checkKept(d, fmt.Sprintf("%s.keep.%d.period", at, i), k.Period)
	}
	if r.Former != nil {
		checkKept(d, join(at, "former.period"), r.Former.Period)
	}
}

func checkKept(d *document, at string, p privacy.Period) {
	switch {
	case p.Unit == privacy.Hours || p.Unit == privacy.WorkingDays:
		d.at(at, "records are kept for days, weeks, months or years")
	case p.Count > longestRetention || p.Unit != privacy.Days && p.Count > longestPeriod*12:
		d.at(at, "%s is longer than any law's", p)
	}
}

// checkLadder wants steps in order of time, each with somebody to tell.
func checkLadder(d *document, at string, l privacy.Ladder) {
	if len(l.Steps) == 0 {
		d.at(join(at, "steps"), "a ladder needs a step")
	}
	for i, before := range l.Reminders {
		if before <= 0 {
			d.at(fmt.Sprintf("%s.reminders.%d", at, i), "a reminder comes some time before the date")
		}
	}
	var last time.Duration
	for i, step := range l.Steps {
		path := fmt.Sprintf("%s.steps.%d", at, i)
		if i > 0 && step.After <= last {
			d.at(join(path, "after"), "steps are climbed in order of time")
		}
		last = step.After
		if len(step.Roles) == 0 {
			d.at(join(path, "roles"), "nobody is told")
		}
	}
	if l.Repeat < time.Minute {
		d.at(join(at, "repeat"), "repeating more often than every minute helps nobody")
	}
}

// checkVerification keeps the one-time code within what is safe.
func checkVerification(d *document, at string, r privacy.VerificationRule) {
	checkLength(d, join(at, "ask_within"), r.AskWithin)
	checkLength(d, join(at, "remind_after"), r.RemindFrom)
	checkLength(d, join(at, "close_after"), r.CloseAfter)
	if r.Code.Lifetime <= 0 {
		d.at(join(at, "code.lifetime"), "a code must live some time")
	}
	if r.Code.Attempts < 1 || r.Code.Attempts > 10 {
		d.at(join(at, "code.attempts"), "between 1 and 10 tries")
	}
	if r.Code.Digits < 6 || r.Code.Digits > 12 {
		d.at(join(at, "code.digits"), "between 6 and 12 digits")
	}
	if len(r.Tiers) == 0 {
		d.at(join(at, "tiers"), "there is no tier")
	}
	for i, t := range r.Tiers {
		if len(t.Requests) == 0 {
			d.at(fmt.Sprintf("%s.tiers.%d.requests", at, i), "the tier is for no request")
		}
	}
}

func checkCalendar(d *document, at, id string) { checkCalendars(d, at, []string{id}) }
