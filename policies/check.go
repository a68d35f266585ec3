package policies

import (
	"fmt"
	"regexp"
	"slices"
	"time"

	"github.com/privacy-docket/docket/privacy"
)

// The longest periods that a file may state; more is a slip of the pen. Working days are counted one by one.
const (
	longestPeriod    = 400    // in days or longer
	longestHours     = 10_000 // of a breach or a message
	longestRetention = 40_000 // a century of days
	largestFactor    = 10     // for small agents
)

// placeForm is a country or a part of one.
var placeForm = regexp.MustCompile(`^[A-Z]{2}(-[A-Z0-9]{1,3})?$`)

// checkRegime finds what the shape of a file cannot show: names that lead nowhere, dates and periods that cannot be.
func checkRegime(d *document, at string, r *privacy.Regime) {
	if !r.ValidTo.IsZero() && r.ValidTo.Before(r.ValidFrom) {
		d.at(join(at, "valid_to"), "the version ends before it begins (%s)", r.ValidFrom)
	}
	checkZone(d, join(at, "zone"), r.Zone)
	checkCalendars(d, join(at, "calendars"), r.Calendars)
	for i, place := range r.Places {
		if !placeForm.MatchString(place) {
			d.at(fmt.Sprintf("%s.%d", join(at, "places"), i), "%q is no code of ISO 3166, such as DE or US-CA", place)
		}
	}
	if len(r.Rights) == 0 {
		d.at(join(at, "rights"), "the regime gives no right")
	}
	for name, duties := range r.Duties {
		checkDuties(d, join(at, "duties."+name), duties)
	}
	checkObligations(d, join(at, "common"), r.Common)
	for right, rule := range r.Rights {
		checkRight(d, fmt.Sprintf("%s.rights.%s", at, right), rule, r.Duties)
	}
	checkRefusals(d, join(at, "refusals"), r.Refusals)
	checkRecourse(d, at, r)
}

func checkRight(d *document, at string, rule privacy.RightRule, sets map[string]privacy.Duties) {
	if _, ok := sets[rule.Duties]; !ok {
		d.at(join(at, "duties"), "no set of duties is called %q", rule.Duties)
	}
}

// checkDuties looks at one set of duties as a whole.
func checkDuties(d *document, at string, duties privacy.Duties) {
	if len(duties.Obligations) == 0 {
		d.at(join(at, "obligations"), "nothing is owed")
	}
	checkObligations(d, join(at, "obligations"), duties.Obligations)
	checkExtension(d, join(at, "extension"), duties)
	var seen []privacy.PauseKind
	for i, p := range duties.Pauses {
		path := fmt.Sprintf("%s.pauses.%d", at, i)
		if slices.Contains(seen, p.Kind) {
			d.at(path, "the pause for %s is given twice", p.Kind)
		}
		checkPeriod(d, path+".reflection", p.Reflection)
		if reflects := p.Effect == privacy.EffectReflection; reflects != (p.Reflection.Unit == privacy.Days) {
			d.at(path, "the effect %q needs a time of reflection in days, and no other effect has one", privacy.EffectReflection)
		}
		seen = append(seen, p.Kind)
	}
}

// checkObligations looks at each duty: a kind is owed once, and totals are counted in one unit.
func checkObligations(d *document, at string, duties []privacy.Duty) {
	var seen []privacy.ObligationKind
	for i, duty := range duties {
		path := fmt.Sprintf("%s.%d", at, i)
		if slices.Contains(seen, duty.Kind) {
			d.at(join(path, "kind"), "%s is owed twice", duty.Kind)
		}
		seen = append(seen, duty.Kind)
		checkPeriod(d, join(path, "period"), duty.Period)
		checkFactor(d, join(path, "small_agent_factor"), duty.SmallAgents)
		if duty.AppealBy == nil {
			continue
		}
		checkPeriod(d, join(path, "appeal_extension"), *duty.AppealBy)
		if duty.AppealBy.Unit != duty.Period.Unit {
			d.at(join(path, "appeal_extension"), "counted in %s, but the period in %s; the total is counted in one step", duty.AppealBy.Unit, duty.Period.Unit)
		}
	}
}

func checkFactor(d *document, at string, factor int) {
	switch {
	case factor == 1:
		d.at(at, "a factor of 1 changes nothing")
	case factor > largestFactor:
		d.at(at, "no law gives small agents more than %d times as long", largestFactor)
	}
}

// checkPeriod keeps hours out of request duties, which end with a day, and numbers that no law has.
func checkPeriod(d *document, at string, p privacy.Period) {
	switch {
	case p.Unit == privacy.Hours:
		d.at(at, "a duty to a person ends with a day; it cannot be counted in hours")
	default:
		checkLength(d, at, p)
	}
}

// checkLength is for periods that may be in hours too.
func checkLength(d *document, at string, p privacy.Period) {
	if p.Count > longestPeriod && (p.Unit != privacy.Hours || p.Count > longestHours) {
		d.at(at, "%s is longer than any law's", p)
	}
}

// checkExtension sees to it that base and extension can be counted in one step from the start.
func checkExtension(d *document, at string, duties privacy.Duties) {
	e := duties.Extension
	if e == nil {
		return
	}
	if e.Open == !e.By.IsZero() {
		d.at(at, "an extension either has a length (by) or is open, not both and not neither")
	}
	checkPeriod(d, join(at, "notice"), e.Notice)
	checkPeriod(d, join(at, "by"), e.By)
	respond := slices.IndexFunc(duties.Obligations, func(o privacy.Duty) bool { return o.Kind == privacy.Respond })
	if respond < 0 {
		d.at(at, "there is no answer (respond) to extend")
		return
	}
	if base := duties.Obligations[respond].Period; !e.Open && e.By.Unit != base.Unit {
		d.at(join(at, "by"), "counted in %s, but the answer in %s; the total is counted in one step", e.By.Unit, base.Unit)
	}
}

// checkRefusals wants at least one ground, and each only once for the same rights.
func checkRefusals(d *document, at string, refusals []privacy.Refusal) {
	if len(refusals) == 0 {
		d.at(at, "the regime knows no ground for refusing; that cannot be")
	}
	seen := map[string]bool{}
	for i, r := range refusals {
		key := fmt.Sprint(r.Reason, r.Rights)
		if seen[key] {
			d.at(fmt.Sprintf("%s.%d", at, i), "the ground %s is given twice", r.Reason)
		}
		seen[key] = true
	}
}

// checkZone refuses names that the IANA database does not have, and "Local", which means something else on every machine.
func checkZone(d *document, at, zone string) {
	if zone == "" {
		return
	}
	if _, err := time.LoadLocation(zone); err != nil || zone == "Local" {
		d.at(at, "%q is no time zone of the IANA database", zone)
	}
}

func checkCalendars(d *document, at string, ids []string) {
	if len(ids) == 0 {
		d.at(at, "name at least one calendar; %s has no holidays", privacy.Weekends)
	}
	known := privacy.CalendarIDs()
	if len(ids) > len(known) {
		d.at(at, "more calendars than there are; name each once")
		return
	}
	for i, id := range ids {
		if slices.Contains(known, id) {
			continue
		}
		if _, err := privacy.CalendarByID(id); err != nil {
			d.at(fmt.Sprintf("%s.%d", at, i), "%s", err.Error())
		}
	}
}
