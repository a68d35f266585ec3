package consent

import (
	"time"

	"github.com/privacy-docket/docket/privacy"
)

// Ask is the message of which somebody wants to know whether it may be sent.
type Ask struct {
	// Day is the day of sending.
	Day   privacy.Date
	Class privacy.MessageClass
	// Similar says that it is about the sender's own goods or services like those that were bought.
	Similar bool
	// Relevant says that it concerns the person's business or official role.
	Relevant bool
	// Corporate says that the subscriber is a company and no individual.
	Corporate bool
}

// Bar stands against messages, whatever laws on messages say: an objection, a restriction, a suppression.
type Bar struct {
	// Kind is that of the limit.
	Kind     privacy.LimitKind
	Since    time.Time
	Citation privacy.Citation
	// Interests says that it stands only against what rests on legitimate interests: whoever has consented expressly is written to on their consent.
	Interests bool
}

// yields says whether somebody has asked for messages after they, or somebody for them, had set the bar: what they confirmed themselves counts and nothing
// that others say of them. A restriction yields to nothing.
func (b Bar) yields(s *Standing) bool {
	if b.Interests && (!s.Given.IsZero() || !s.Confirmed.IsZero()) {
		return true
	}
	return s.Confirmed.After(b.Since) && (b.Kind == privacy.LimitMarketing || b.Kind == privacy.LimitSuppressed)
}

// sending is none of the operations that Art 18(2) GDPR lets through: a consent of before the restriction is not one to be written to during it.
const sending privacy.RestrictedOp = "send"

// Bars are the limits and suppressions of somebody that stand against a message of a class.
func Bars(class privacy.MessageClass, standing []privacy.StandingLimit) (out []Bar) {
	use := privacy.Use{Purpose: privacy.UseMarketing, Basis: "consent", Operation: sending}
	if class == privacy.Transactional {
		use = privacy.Use{Purpose: privacy.UseService, Basis: "contract"}
	}
	for _, b := range privacy.MayUse(use, standing) {
		out = append(out, Bar{Kind: b.Kind, Since: b.Since, Citation: b.Citation})
	}
	if class == privacy.Transactional {
		return out
	}
	for _, l := range standing {
		if l.Kind == privacy.LimitInterests {
			out = append(out, Bar{Kind: l.Kind, Since: l.Since, Citation: l.Citation, Interests: true})
		}
	}
	return out
}
