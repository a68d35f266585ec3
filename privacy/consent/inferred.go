package consent

import "github.com/privacy-docket/docket/privacy"

// inferred is what a law reads into what somebody did, without their having said yes: the ground that lasts longest of those that hold; else why the nearest
// does not. found is false where there is none at all.
func inferred(a Ask, s *Standing, law *privacy.MessageRule) (best Decision, found bool) {
	consider := func(d Decision, applies bool) {
		switch {
		case !applies:
		case !found, d.Allowed && !best.Allowed, d.Allowed && sooner(best.Until, d.Until):
			best, found = d, true
		}
	}
	consider(published(a, s, law))
	for _, r := range s.Relations {
		consider(inForce(r, a, law))
		consider(windowed(r, a, law))
		consider(soft(r, a, law))
	}
	return best, found
}

// published is an address that its owner has published, or given to the sender (CASL s.10(9)(b), (c)).
func published(a Ask, s *Standing, law *privacy.MessageRule) (Decision, bool) {
	if law.Published == nil || s.Address.Found == "" {
		return Decision{}, false
	}
	c := law.Published.Citation
	switch {
	case s.Address.NoSolicitation:
		return no(law, NoSolicitation, c), true
	case !a.Relevant:
		return no(law, NotRelevant, c), true
	case s.Address.Found == Disclosed:
		return yes(law, ByDisclosed, c), true
	default:
		return yes(law, ByPublished, c), true
	}
}

// inForce is a relation that lasts.
func inForce(r Relation, a Ask, law *privacy.MessageRule) (Decision, bool) {
	if !r.InForce || a.Day.Before(r.Day) || !law.InForce.Applies(r.Kind, a.Day) {
		return Decision{}, false
	}
	return yes(law, ByInForce, law.InForce.Citation), true
}

// windowed is a test that looks back from the day of sending.
func windowed(r Relation, a Ask, law *privacy.MessageRule) (Decision, bool) {
	w, opens := law.Window(r.Kind)
	if !opens || r.InForce || a.Day.Before(r.Day) {
		return Decision{}, false
	}
	if !w.Covers(r.Day, a.Day) {
		return no(law, WindowOver, w.Citation), true
	}
	d := yes(law, ByImplied, w.Citation)
	d.Until = w.Sends(r.Day).LastPermitted
	return d, true
}

// soft is the soft opt-in of customers, and that of whoever supports a charity.
func soft(r Relation, a Ask, law *privacy.MessageRule) (Decision, bool) {
	ground := law.SoftOptIn
	if ground == nil {
		return Decision{}, false
	}
	charity := a.Class == privacy.Charitable // and no fundraising, which may be a party's: the soft opt-in is for charities alone
	switch {
	case charity && ground.Charitable.Applies(r.Kind, a.Day): // for addresses taken while it is law
		return refusable(r.Refusable && ground.Charitable.Applies(r.Kind, r.Offered), law, ground.Charitable.Citation), true
	case !ground.Applies(r.Kind, a.Day):
		return Decision{}, false
	case !a.Similar:
		return no(law, NotSimilar, ground.Citation), true
	default:
		return refusable(r.Refusable, law, ground.Citation), true
	}
}

func refusable(offered bool, law *privacy.MessageRule, c privacy.Citation) Decision {
	if !offered {
		return no(law, NotRefusable, c)
	}
	return yes(law, BySoftOptIn, c)
}
