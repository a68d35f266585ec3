package privacy

import (
	"fmt"
	"slices"
)

// ConsentEvent is what implied consent rests on (CASL s.10(10), (13)).
type ConsentEvent string

// ConsentWindow is how long a message may follow an event. The window looks back from the day of sending.
type ConsentWindow struct {
	Events   []ConsentEvent `json:"events"`
	Period   Period         `json:"period"`
	Citation Citation       `json:"citation"`
}

// Window finds the window that an event opens.
func (m MessageRule) Window(event ConsentEvent) (ConsentWindow, bool) {
	for _, w := range m.Windows {
		if slices.Contains(w.Events, event) {
			return w, true
		}
	}
	return ConsentWindow{}, false
}

// Covers reports whether a message sent on a day falls within the window of an event: the event lies no further back
// than the same day number, or the last day, N months before the sending. Adding N months to the event is not the same
// at month ends and gives wrong answers.
func (w ConsentWindow) Covers(event, send Date) bool {
	return !event.After(send) && !event.Before(send.AddMonths(-w.months()))
}

// months is the length of the window; the loader lets only months and years through.
func (w ConsentWindow) months() int {
	if w.Period.Unit == Years {
		return 12 * w.Period.Count
	}
	return w.Period.Count
}

// SendWindow is what one event permits.
type SendWindow struct {
	LastPermitted   Date `json:"last_permitted_send"`
	Conservative    Date `json:"conservative_last_send"` // forward count, last day not used
	FirstProhibited Date `json:"first_prohibited_send"`
}

// Sends finds the last day that the window of an event covers.
func (w ConsentWindow) Sends(event Date) SendWindow {
	forward := event.AddMonths(w.months())
	last := forward
	for w.Covers(event, last.AddDays(1)) {
		last = last.AddDays(1)
	}
	return SendWindow{LastPermitted: last, Conservative: forward.AddDays(-1), FirstProhibited: last.AddDays(1)}
}

// ConsentBasis is what a commercial message is sent on.
type ConsentBasis string

// The bases of CASL ss.6 and 10.
const (
	ConsentExpress   ConsentBasis = "express"
	ConsentImplied   ConsentBasis = "implied" // an event opened a window
	ConsentInForce   ConsentBasis = "contract_in_force"
	ConsentPublished ConsentBasis = "conspicuous_publication"
	ConsentDisclosed ConsentBasis = "disclosed_to_sender"
	ConsentNone      ConsentBasis = "none"
)

// ConsentClaim is the consent a sender relies on for one message.
type ConsentClaim struct {
	Basis          ConsentBasis
	Given          Date // express consent
	Withdrawn      Date // zero while it stands
	Event          ConsentEvent
	EventDate      Date
	Window         Period // replaces the policy's window when set
	NoSolicitation bool   // published or disclosed with a statement against unsolicited messages
	RelevantToRole bool   // the message concerns the person's business or official role
}

// MaySend decides whether a message may go out on a day. It tests consent alone; form and unsubscribe duties are
// separate. A withdrawal ends every basis from the day it is made.
func (m MessageRule) MaySend(c ConsentClaim, send Date) (bool, string, error) {
	if !c.Withdrawn.IsZero() && !send.Before(c.Withdrawn) {
		return false, "withdrawn", nil
	}
	switch c.Basis {
	case ConsentExpress:
		if c.Given.IsZero() || send.Before(c.Given) {
			return false, "not_given", nil
		}
		return true, "express", nil
	case ConsentInForce:
		return true, "contract_in_force", nil
	case ConsentPublished, ConsentDisclosed:
		return publishedAddress(c)
	case ConsentImplied:
		return m.withinWindow(c, send)
	case ConsentNone:
		return false, "no_consent", nil
	}
	return false, "", fmt.Errorf("consent basis %q is not known", c.Basis)
}

// publishedAddress is CASL s.10(9)(b) and (c).
func publishedAddress(c ConsentClaim) (bool, string, error) {
	switch {
	case c.NoSolicitation:
		return false, "no_solicit_statement", nil
	case !c.RelevantToRole:
		return false, "not_relevant_to_role", nil
	}
	return true, string(c.Basis), nil
}

// withinWindow is CASL s.10(9)(a) with (10) and (13): an event that is recent enough on the day of sending.
func (m MessageRule) withinWindow(c ConsentClaim, send Date) (bool, string, error) {
	w, known := m.Window(c.Event)
	if !c.Window.IsZero() {
		w.Period = c.Window
	} else if !known {
		return false, "", fmt.Errorf("the event %q opens no window under %s", c.Event, m.ID)
	}
	if c.EventDate.IsZero() {
		return false, "", fmt.Errorf("the event %q has no date", c.Event)
	}
	if !w.Covers(c.EventDate, send) {
		return false, "outside_window", nil
	}
	return true, "within_window", nil
}
