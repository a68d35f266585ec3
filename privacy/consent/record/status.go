package record

import (
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/consent"
)

// State is what a consent has come to.
type State string

// The states.
const (
	Unknown   State = "unknown" // nothing stands and nothing was withdrawn
	Asked     State = "asked"   // a confirmation is awaited
	Granted   State = "granted" // expressly
	Implied   State = "implied"
	Withdrawn State = "withdrawn"
	Expired   State = "expired" // what was implied is over
)

// Status is the state at the moment that a document is issued, and the last day of it where it ends by itself.
type Status struct {
	State State
	Until privacy.Date
}

// StatusOf is what a standing and the decision on a commercial message of the day come to. What a law lets go without anybody's consent, such as the soft
// opt-in and an exemption, is no consent.
func StatusOf(s *consent.Standing, d *consent.Decision) Status {
	switch {
	case !s.Withdrawn.IsZero():
		return Status{State: Withdrawn}
	case d.Reason == consent.ByExpress || d.Reason == consent.ByConfirmed:
		return Status{State: Granted}
	case d.Reason == consent.ByImplied || d.Reason == consent.ByInForce || d.Reason == consent.ByPublished || d.Reason == consent.ByDisclosed:
		return Status{State: Implied, Until: d.Until}
	case d.Reason == consent.WindowOver:
		return Status{State: Expired}
	case !s.Requested.IsZero() || d.Reason == consent.Unconfirmed:
		return Status{State: Asked}
	case !s.Given.IsZero():
		return Status{State: Granted}
	default:
		return Status{State: Unknown}
	}
}

// stands says whether there is consent.
func (s Status) stands() bool { return s.State == Granted || s.State == Implied }
