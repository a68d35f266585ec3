package privacy

import "slices"

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
