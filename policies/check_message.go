package policies

import (
	"fmt"
	"regexp"
	"slices"

	"github.com/privacy-docket/docket/privacy"
)

// checkMessage sees to it that an event opens one window only, counted in months or years, and that it can be told whom the rule reaches.
func checkMessage(d *document, at string, r privacy.MessageRule) {
	checkZone(d, join(at, "zone"), r.Zone)
	checkCalendar(d, join(at, "calendar"), r.Calendar)
	checkLength(d, join(at, "unsubscribe.period"), r.Unsubscribe.Period)
	if r.Mechanism != nil {
		checkPeriod(d, join(at, "mechanism.period"), r.Mechanism.Period)
	}
	checkReach(d, at, r)
	checkWindows(d, at, r)
	checkGrounds(d, at, r)
}

// country is how a reach names one; EEA stands for several.
var country = regexp.MustCompile(`^([A-Z]{2}|EEA)$`)

const aCountry = "a country has two capital letters (ISO 3166-1), or is EEA"

// checkReach wants channels and countries of every law on whom may be written to. What a provider's terms say is of no country.
func checkReach(d *document, at string, r privacy.MessageRule) {
	path := join(at, "reach")
	switch {
	case r.Consent == privacy.TermsModel:
		if r.Reach != nil {
			d.at(path, "a provider's terms don't say who may be written to, and so reach nobody")
		}
		return
	case r.Reach == nil:
		d.at(path, "missing: the rule would apply to nobody")
		return
	}
	if len(r.Reach.Channels) == 0 {
		d.at(join(path, "channels"), "there is no channel")
	}
	checkPlaces(d, join(path, "recipients"), r.Reach.Recipients, country, aCountry)
	checkPlaces(d, join(path, "senders"), r.Reach.Senders, country, aCountry)
	if named := len(r.Reach.Recipients)+len(r.Reach.Senders) > 0; named == r.Reach.Otherwise {
		d.at(path, "name countries, or have it apply where no other rule does (otherwise)")
	}
}

func checkWindows(d *document, at string, r privacy.MessageRule) {
	seen := map[privacy.ConsentEvent]bool{}
	for i, w := range r.Windows {
		path := fmt.Sprintf("%s.windows.%d", at, i)
		if w.Period.Unit != privacy.Months && w.Period.Unit != privacy.Years {
			d.at(join(path, "period"), "a window looks back by months or years")
		}
		checkPeriod(d, join(path, "period"), w.Period)
		for _, event := range w.Events {
			if seen[event] {
				d.at(join(path, "events"), "%s opens a window already", event)
			}
			seen[event] = true
		}
	}
}

// checkGrounds sees to it that a law that lets messages go without consent has no grounds of consent, and that each ground can be met.
func checkGrounds(d *document, at string, r privacy.MessageRule) {
	if r.Consent != privacy.OptInModel && (len(r.Windows) > 0 || r.InForce != nil || r.Published != nil || r.SoftOptIn != nil || r.Confirmation != nil) {
		d.at(join(at, "consent"), "only a law that wants consent first (opt_in) has grounds on which it is given")
	}
	for _, g := range []struct {
		path   string
		ground *privacy.MessageGround
	}{{"in_force", r.InForce}, {"soft_opt_in", softGround(r)}, {"soft_opt_in.charitable", charitableGround(r)}} {
		if g.ground != nil && len(g.ground.Events) == 0 {
			d.at(join(at, g.path), "name the relations (events) that it is about")
		}
	}
	var seen []privacy.MessageClass
	for i, e := range r.Exempt {
		path := fmt.Sprintf("%s.exempt.%d.classes", at, i)
		if len(e.Classes) == 0 {
			d.at(path, "the exemption is of no class")
		}
		for _, c := range e.Classes {
			if slices.Contains(seen, c) {
				d.at(path, "%s is exempt already", c)
			}
			seen = append(seen, c)
		}
	}
}

func softGround(r privacy.MessageRule) *privacy.MessageGround {
	if r.SoftOptIn == nil {
		return nil
	}
	return &r.SoftOptIn.MessageGround
}

func charitableGround(r privacy.MessageRule) *privacy.MessageGround {
	if r.SoftOptIn == nil {
		return nil
	}
	return r.SoftOptIn.Charitable
}
