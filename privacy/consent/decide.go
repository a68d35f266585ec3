package consent

import (
	"slices"

	"github.com/privacy-docket/docket/privacy"
)

// Class is what kind of message is to be sent.
type Class string

// The classes.
const (
	Commercial    Class = "commercial"
	Transactional Class = "transactional" // facts about what the person has bought or asked for, and no advertising beside them
	AskingConsent Class = "asking_consent"
	Charitable    Class = "charitable" // furthers a charity's purposes
)

// Ask is the message of which somebody wants to know whether it may be sent.
type Ask struct {
	// Day is the day of sending.
	Day   privacy.Date
	Class Class
	// Similar says that it is about the sender's own goods or services like those that were bought.
	Similar bool
	// Relevant says that it concerns the person's business or official role.
	Relevant bool
}

// Reason is why a message may be sent or may not.
type Reason string

// The reasons. They are stored with what was decided and never renamed.
const (
	// Of a yes.
	ByExpress    Reason = "express"
	ByConfirmed  Reason = "confirmed"
	ByImplied    Reason = "implied"
	ByInForce    Reason = "relation_in_force"
	ByPublished  Reason = "published"
	BySoftOptIn  Reason = "soft_opt_in"
	ByOptOut     Reason = "opt_out_model" // the law wants no consent first, and nobody has objected
	ByExemption  Reason = "exempt"        // the class of the message needs no consent
	ByNoLaw      Reason = "no_law"        // no law of ours says anything

	// Of a no.
	Barred         Reason = "barred" // a suppression, an objection or a restriction stands against it
	WasWithdrawn   Reason = "withdrawn"
	Unconfirmed    Reason = "unconfirmed"
	WindowOver     Reason = "window_over"
	NoSolicitation Reason = "no_solicitation"
	NotRelevant    Reason = "not_relevant"
	NotSimilar     Reason = "not_similar"
	NotRefusable   Reason = "not_refusable"
	NoConsent      Reason = "no_consent"
)

// Decision is whether a message may be sent, why, and on which law the answer rests.
type Decision struct {
	Allowed  bool
	Reason   Reason
	Law      string
	Citation privacy.Citation
	// Until is the last day on which a yes holds that ends by itself; zero where it has no end.
	Until privacy.Date
}

// Bar stands against a message, whatever the ledger says.
type Bar struct {
	Citation privacy.Citation
}

// Decide answers under all laws that apply: each of them has to say yes. Of several that say no the first is given; of several that say yes, the one that
// ends first.
func Decide(a Ask, s *Standing, bars []Bar, laws []privacy.MessageRule) Decision {
	if len(bars) > 0 {
		return Decision{Reason: Barred, Citation: bars[0].Citation}
	}
	out := Decision{Allowed: true, Reason: ByNoLaw}
	for i := range laws {
		d := under(a, s, &laws[i])
		if !d.Allowed {
			return d
		}
		if out.Reason == ByNoLaw || sooner(d.Until, out.Until) {
			out = d
		}
	}
	return out
}

func sooner(a, b privacy.Date) bool { return !a.IsZero() && (b.IsZero() || a.Before(b)) }

// under decides by one law.
func under(a Ask, s *Standing, law *privacy.MessageRule) Decision {
	yes := func(why Reason, c privacy.Citation) Decision { return Decision{Allowed: true, Reason: why, Law: law.ID, Citation: c} }
	if at := slices.IndexFunc(law.Exempt, func(e privacy.MessageExemption) bool { return e.Class == string(a.Class) }); at >= 0 {
		return yes(ByExemption, law.Exempt[at].Citation)
	}
	switch {
	case !s.Withdrawn.IsZero():
		return Decision{Reason: WasWithdrawn, Law: law.ID, Citation: law.Unsubscribe.Citation}
	case law.Consent != privacy.OptInModel:
		return yes(ByOptOut, law.Citation)
	case !s.Confirmed.IsZero():
		return yes(ByConfirmed, law.Citation)
	case !s.Given.IsZero() && law.Confirmation == nil:
		return yes(ByExpress, law.Citation)
	}
	no := Decision{Reason: NoConsent, Law: law.ID, Citation: law.Citation}
	if !s.Given.IsZero() || !s.Requested.IsZero() {
		no.Reason = Unconfirmed
		if law.Confirmation != nil {
			no.Citation = law.Confirmation.Citation
		}
	}
	best := no
	for _, d := range []Decision{published(a, s, law), related(a, s, law)} {
		switch {
		case d.Allowed && (!best.Allowed || sooner(best.Until, d.Until)):
			best = d
		case !best.Allowed && best.Reason == NoConsent && d.Reason != "":
			best = d
		}
	}
	return best
}

// published is an address that its owner has published, or given to the sender (CASL s.10(9)(b), (c)); the zero value where it was not, or the law knows none.
func published(a Ask, s *Standing, law *privacy.MessageRule) Decision {
	if law.Published == nil || !s.Published.Found {
		return Decision{}
	}
	d := Decision{Law: law.ID, Citation: law.Published.Citation}
	switch {
	case s.Published.NoSolicitation:
		d.Reason = NoSolicitation
	case !a.Relevant:
		d.Reason = NotRelevant
	default:
		d.Allowed, d.Reason = true, ByPublished
	}
	return d
}

// related is the relation that lasts longest of those on which the law lets messages go; else why the nearest does not.
func related(a Ask, s *Standing, law *privacy.MessageRule) (best Decision) {
	for _, r := range s.Relations {
		for _, d := range []Decision{inForce(r, law), windowed(a, r, law), soft(a, r, law)} {
			switch {
			case d.Reason == "":
			case d.Allowed && (!best.Allowed || best.Until != (privacy.Date{}) && (d.Until.IsZero() || best.Until.Before(d.Until))):
				best = d
			case !d.Allowed && best.Reason == "":
				best = d
			}
		}
	}
	return best
}

func inForce(r Relation, law *privacy.MessageRule) Decision {
	if !r.InForce || law.InForce == nil || !slices.Contains(law.InForce.Events, r.Kind) {
		return Decision{}
	}
	return Decision{Allowed: true, Reason: ByInForce, Law: law.ID, Citation: law.InForce.Citation}
}

func windowed(a Ask, r Relation, law *privacy.MessageRule) Decision {
	w, opens := law.Window(r.Kind)
	switch {
	case !opens || r.InForce || a.Day.Before(r.Day):
		return Decision{}
	case !w.Covers(r.Day, a.Day):
		return Decision{Reason: WindowOver, Law: law.ID, Citation: w.Citation}
	}
	return Decision{Allowed: true, Reason: ByImplied, Law: law.ID, Citation: w.Citation, Until: w.Sends(r.Day).LastPermitted}
}

func soft(a Ask, r Relation, law *privacy.MessageRule) Decision {
	if law.SoftOptIn == nil || !slices.Contains(law.SoftOptIn.Events, r.Kind) {
		return Decision{}
	}
	d := Decision{Law: law.ID, Citation: law.SoftOptIn.Citation}
	switch {
	case !r.Refusable:
		d.Reason = NotRefusable
	case a.Class == Charitable && law.SoftOptIn.Charitable != nil:
		d.Allowed, d.Reason, d.Citation = true, BySoftOptIn, law.SoftOptIn.Charitable.Citation
	case !a.Similar:
		d.Reason = NotSimilar
	default:
		d.Allowed, d.Reason = true, BySoftOptIn
	}
	return d
}
