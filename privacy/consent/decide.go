package consent

import (
	"slices"

	"github.com/privacy-docket/docket/privacy"
)

// Decision is whether a message may be sent, why, and on which law the answer rests.
type Decision struct {
	Allowed  bool
	Reason   Reason
	Law      string // id of the law, and Version the edition of its rules
	Version  string
	Citation privacy.Citation
	// Until is the last day on which a yes holds that ends by itself; zero where it has no end.
	Until privacy.Date
	// Bar is what stands against it.
	Bar *Bar
	// PausedUntil is the day on which messages may come again; zero where nothing is paused.
	PausedUntil privacy.Date
}

// Decide answers under all laws that apply: each of them has to say yes. Of several that say no the first is given; of several that say yes, the one that
// ends first. Without a law the answer is no.
func Decide(a Ask, s *Standing, bars []Bar, laws []privacy.MessageRule) Decision {
	if d, barred := barred(s, bars); barred {
		return d
	}
	out := Decision{Reason: NoLaw}
	for i := range laws {
		if laws[i].Consent == privacy.TermsModel {
			continue
		}
		d := under(a, s, &laws[i])
		if !d.Allowed {
			return d
		}
		if out.Reason == NoLaw || sooner(d.Until, out.Until) {
			out = d
		}
	}
	return out
}

// Explain answers under each law in turn.
func Explain(a Ask, s *Standing, bars []Bar, laws []privacy.MessageRule) (out []Decision) {
	if d, barred := barred(s, bars); barred {
		return []Decision{d}
	}
	for i := range laws {
		if laws[i].Consent != privacy.TermsModel {
			out = append(out, under(a, s, &laws[i]))
		}
	}
	return out
}

func barred(s *Standing, bars []Bar) (Decision, bool) {
	for _, b := range bars {
		if !b.yields(s) {
			return Decision{Reason: Barred, Citation: b.Citation, Bar: &b}, true
		}
	}
	return Decision{}, false
}

// Stopped says whether anything of what stands against messages holds against what somebody has agreed to.
func Stopped(s *Standing, bars []Bar) bool {
	_, stopped := barred(s, bars)
	return stopped
}

// sooner says whether a yes until a day ends before another.
func sooner(a, b privacy.Date) bool { return !a.IsZero() && (b.IsZero() || a.Before(b)) }

// under decides by one law: what ends everything, what needs no consent, what the person has said, and then what the law reads into their conduct.
func under(a Ask, s *Standing, law *privacy.MessageRule) Decision {
	e, exempt := exemption(a, law)
	switch {
	case exempt && !e.Objectable:
		return yes(law, ByExemption, e.Citation)
	case !s.Withdrawn.IsZero():
		return no(law, WasWithdrawn, law.Unsubscribe.Citation)
	case exempt:
		return yes(law, ByExemption, e.Citation)
	case law.Consent == privacy.OptOutModel:
		return yes(law, ByOptOut, law.Citation)
	case !s.Confirmed.IsZero():
		return yes(law, ByConfirmed, law.Citation)
	case !s.Given.IsZero() && law.Confirmation == nil:
		return yes(law, ByExpress, law.Citation)
	}
	if d, found := inferred(a, s, law); found && (d.Allowed || !unconfirmed(s)) {
		return d
	}
	if unconfirmed(s) && law.Confirmation != nil {
		return no(law, Unconfirmed, law.Confirmation.Citation)
	}
	if unconfirmed(s) {
		return no(law, Unconfirmed, law.Citation)
	}
	return no(law, NoConsent, law.Citation)
}

func unconfirmed(s *Standing) bool { return !s.Given.IsZero() || !s.Requested.IsZero() }

// exemption is that of the message's class, or of who is written to.
func exemption(a Ask, law *privacy.MessageRule) (privacy.MessageExemption, bool) {
	at := slices.IndexFunc(law.Exempt, func(e privacy.MessageExemption) bool { return slices.Contains(e.Classes, a.Class) })
	if at >= 0 {
		return law.Exempt[at], true
	}
	if a.Corporate && law.Corporate != nil {
		return privacy.MessageExemption{Objectable: true, Citation: law.Corporate.Citation}, true
	}
	return privacy.MessageExemption{}, false
}

func yes(law *privacy.MessageRule, why Reason, c privacy.Citation) Decision {
	return Decision{Allowed: true, Reason: why, Law: law.ID, Version: law.Version, Citation: c}
}

func no(law *privacy.MessageRule, why Reason, c privacy.Citation) Decision {
	return Decision{Reason: why, Law: law.ID, Version: law.Version, Citation: c}
}
