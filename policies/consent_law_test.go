package policies_test

import (
	"slices"
	"time"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/consent"
)

// verdict is what the slow model says by one law: the grounds that hold with their last day (zero without end), or what stands in the way.
type verdict struct {
	grounds map[consent.Reason]privacy.Date
	misses  []consent.Reason
}

func holds(why consent.Reason) verdict {
	return verdict{grounds: map[consent.Reason]privacy.Date{why: {}}}
}

func fails(why ...consent.Reason) verdict { return verdict{misses: why} }

// until is the last day of the ground that holds longest.
func (v verdict) until() (last privacy.Date) {
	for _, day := range v.grounds {
		if day.IsZero() {
			return privacy.Date{}
		}
		if day.After(last) {
			last = day
		}
	}
	return last
}

// slowLaws are the laws on messages, written down from what they say and without a look into the policies.
func slowLaws() map[string]func(slowLedger, consent.Ask) verdict {
	return map[string]func(slowLedger, consent.Ask) verdict{
		"casl": canada, "can-spam": unitedStates, "au-spam": australia, "uk-pecr": unitedKingdom, "eu-eprivacy": union, "elsewhere": nowhere,
	}
}

// slowReach says by which laws a message is decided.
func slowReach(recipient, sender string, by privacy.MessageChannel) (out []string) {
	mail := by == privacy.ByEmail
	text := mail || by == privacy.BySMS
	within := func(country string) bool { return recipient == country || recipient == "" || sender == country }
	if text && within("CA") { // s.12: sent from or read in Canada
		out = append(out, "casl")
	}
	if mail && within("US") {
		out = append(out, "can-spam")
	}
	if text && within("AU") {
		out = append(out, "au-spam")
	}
	if text && (recipient == "GB" || recipient == "") {
		out = append(out, "uk-pecr")
	}
	area := []string{
		"AT", "BE", "BG", "HR", "CY", "CZ", "DK", "EE", "FI", "FR", "DE", "GR", "HU", "IE", "IT", "LV", "LT", "LU", "MT", "NL", "PL", "PT", "RO", "SK", "SI",
		"ES", "SE", "IS", "LI", "NO", "",
	}
	if text && slices.Contains(area, recipient) {
		out = append(out, "eu-eprivacy")
	}
	if len(out) == 0 {
		out = append(out, "elsewhere")
	}
	return out
}

// canada is CASL ss.6 and 10.
func canada(l slowLedger, a consent.Ask) verdict {
	switch {
	case a.Class == privacy.Transactional: // s.6(6)
		return holds(consent.ByExemption)
	case l.withdrawn(): // s.11
		return fails(consent.WasWithdrawn)
	case a.Class == privacy.Fundraising: // SOR/2013-221 s.3
		return holds(consent.ByExemption)
	case l.confirmed(time.Time{}):
		return holds(consent.ByConfirmed)
	case l.express(): // s.6(1)(a)
		return holds(consent.ByExpress)
	}
	v := verdict{grounds: map[consent.Reason]privacy.Date{}}
	v.published(l, a) // s.10(9)(b), (c)
	lasting := []privacy.ConsentEvent{"contract", "written_contract", "membership", "subscription", "account", "loan"}
	v.inForce(l, lasting)
	v.lookBack(l, a, 24, lasting) // s.10(10), (13), (14): from their end
	v.lookBack(l, a, 24, []privacy.ConsentEvent{"purchase", "lease", "barter", "bargain", "business_opportunity", "accepted_opportunity"})
	v.lookBack(l, a, 24, []privacy.ConsentEvent{"donation", "gift", "volunteer", "volunteering", "volunteer_work", "meeting_attended"})
	v.lookBack(l, a, 6, []privacy.ConsentEvent{"inquiry", "enquiry", "application"})
	return v.or(l)
}

// unitedStates is 15 USC 7704: whoever has not opted out may be written to.
func unitedStates(l slowLedger, a consent.Ask) verdict {
	switch {
	case a.Class == privacy.Transactional: // 15 USC 7702(17)
		return holds(consent.ByExemption)
	case l.withdrawn():
		return fails(consent.WasWithdrawn)
	default:
		return holds(consent.ByOptOut)
	}
}

// australia is the Spam Act 2003 with its Schedule 2.
func australia(l slowLedger, a consent.Ask) verdict {
	switch {
	case a.Class == privacy.Transactional:
		return holds(consent.ByExemption)
	case l.withdrawn():
		return fails(consent.WasWithdrawn)
	case a.Class == privacy.Charitable || a.Class == privacy.Fundraising: // Sch 1 cl 3
		return holds(consent.ByExemption)
	case l.confirmed(time.Time{}):
		return holds(consent.ByConfirmed)
	case l.express():
		return holds(consent.ByExpress)
	}
	v := verdict{grounds: map[consent.Reason]privacy.Date{}}
	v.published(l, a)                                                                                             // Sch 2 cl 4
	v.inForce(l, []privacy.ConsentEvent{"contract", "written_contract", "membership", "subscription", "account"}) // Sch 2 cl 2
	return v.or(l)
}

// unitedKingdom is PECR reg 22.
func unitedKingdom(l slowLedger, a consent.Ask) verdict {
	switch {
	case a.Class == privacy.Transactional:
		return holds(consent.ByExemption)
	case l.withdrawn():
		return fails(consent.WasWithdrawn)
	case a.Corporate: // reg 22(1) protects individual subscribers
		return holds(consent.ByExemption)
	case l.confirmed(time.Time{}):
		return holds(consent.ByConfirmed)
	case l.express():
		return holds(consent.ByExpress)
	}
	v := verdict{grounds: map[consent.Reason]privacy.Date{}}
	v.customer(l, a, []privacy.ConsentEvent{ // reg 22(3): a sale, or negotiations for one
		"purchase", "lease", "barter", "bargain", "contract", "inquiry", "enquiry", "application", "negotiation",
	})
	commencement := privacy.Date{Year: 2026, Month: time.February, Day: 5}
	if charity := a.Class == privacy.Charitable; charity && !a.Day.Before(commencement) { // reg 22(3A)
		support := []privacy.ConsentEvent{"donation", "gift", "volunteer", "volunteering", "volunteer_work", "membership", "charity_interest"}
		switch found, offered := l.offered(support, commencement); {
		case offered:
			v.grounds[consent.BySoftOptIn] = privacy.Date{}
		case found:
			v.misses = append(v.misses, consent.NotRefusable)
		}
	}
	return v.or(l)
}

// union is Directive 2002/58/EC Art 13, with a confirmed mailbox as the proof of consent (GDPR Art 7(1)).
func union(l slowLedger, a consent.Ask) verdict {
	switch {
	case a.Class == privacy.Transactional:
		return holds(consent.ByExemption)
	case l.withdrawn():
		return fails(consent.WasWithdrawn)
	case l.confirmed(time.Time{}):
		return holds(consent.ByConfirmed)
	}
	v := verdict{grounds: map[consent.Reason]privacy.Date{}}
	v.customer(l, a, []privacy.ConsentEvent{"purchase", "lease", "barter", "bargain", "contract"}) // Art 13(2)
	return v.or(l)
}

// nowhere is the cautious rule for where no law is known: express consent alone.
func nowhere(l slowLedger, a consent.Ask) verdict {
	switch {
	case a.Class == privacy.Transactional:
		return holds(consent.ByExemption)
	case l.withdrawn():
		return fails(consent.WasWithdrawn)
	case l.confirmed(time.Time{}):
		return holds(consent.ByConfirmed)
	case l.express():
		return holds(consent.ByExpress)
	}
	return verdict{}.or(l)
}

// published: an address that its owner made known without a word against such messages, for what concerns their role.
func (v *verdict) published(l slowLedger, a consent.Ask) {
	e, found := l.address()
	switch {
	case !found:
	case e.NoSolicitation:
		v.misses = append(v.misses, consent.NoSolicitation)
	case !a.Relevant:
		v.misses = append(v.misses, consent.NotRelevant)
	case e.Kind == consent.Published:
		v.grounds[consent.ByPublished] = privacy.Date{}
	default:
		v.grounds[consent.ByDisclosed] = privacy.Date{}
	}
}

func (v *verdict) inForce(l slowLedger, of []privacy.ConsentEvent) {
	for _, relation := range of {
		if l.lasts(relation) {
			v.grounds[consent.ByInForce] = privacy.Date{}
		}
	}
}

// lookBack looks for something that happened within the months before the day of sending, and walks on day by day to the last on which it still would.
func (v *verdict) lookBack(l slowLedger, a consent.Ask, months int, of []privacy.ConsentEvent) {
	for _, relation := range of {
		if l.lasts(relation) {
			continue
		}
		for _, e := range l.conduct(relation) {
			if e.Kind == consent.Began {
				continue
			}
			if !looksBack(e.Day, a.Day, months) {
				v.misses = append(v.misses, consent.WindowOver)
				continue
			}
			last := a.Day
			for looksBack(e.Day, tomorrow(last), months) {
				last = tomorrow(last)
			}
			if last.After(v.grounds[consent.ByImplied]) {
				v.grounds[consent.ByImplied] = last
			}
		}
	}
}

// customer is the soft opt-in.
func (v *verdict) customer(l slowLedger, a consent.Ask, of []privacy.ConsentEvent) {
	switch found, offered := l.offered(of, privacy.Date{}); {
	case !found:
	case !a.Similar:
		v.misses = append(v.misses, consent.NotSimilar)
	case !offered:
		v.misses = append(v.misses, consent.NotRefusable)
	default:
		v.grounds[consent.BySoftOptIn] = privacy.Date{}
	}
}

// or fills in why not, where no ground holds: what the person began to say comes before what their conduct lacks.
func (v verdict) or(l slowLedger) verdict {
	switch {
	case len(v.grounds) > 0:
	case l.awaited() || l.express():
		v.misses = []consent.Reason{consent.Unconfirmed}
	case len(v.misses) == 0:
		v.misses = []consent.Reason{consent.NoConsent}
	}
	return v
}
