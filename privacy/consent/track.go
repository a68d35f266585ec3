package consent

import "github.com/privacy-docket/docket/privacy"

// Track decides whether a message may tell its sender who opened it and what they followed. Where the law wants consent for that, it is consent of its own
// (Directive 2002/58/EC Art 5(3)): s is what stands for tracking. A law that wants none says yes until somebody withdraws; without a law the answer is no.
func Track(s *Standing, laws []privacy.MessageRule) Decision {
	out := Decision{Reason: NoLaw}
	for i := range laws {
		law := &laws[i]
		switch {
		case law.Consent == privacy.TermsModel:
		case !s.Withdrawn.IsZero():
			return no(law, WasWithdrawn, law.Unsubscribe.Citation)
		case law.Tracking == nil && out.Reason == NoLaw:
			out = yes(law, ByOptOut, law.Citation)
		case law.Tracking == nil:
		case s.Given.IsZero() && s.Confirmed.IsZero():
			return no(law, NoConsent, law.Tracking.Citation)
		default:
			out = yes(law, ByExpress, law.Tracking.Citation)
		}
	}
	return out
}
