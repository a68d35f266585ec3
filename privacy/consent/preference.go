package consent

import (
	"slices"

	"github.com/privacy-docket/docket/privacy"
)

// Frequency is how often somebody wants to hear of a sender at most. The sender keeps to it: the answer to a question tells it.
type Frequency string

// The frequencies. They are stored and never renamed.
const (
	AnyFrequency  Frequency = "any"
	AtMostWeekly  Frequency = "weekly"
	AtMostMonthly Frequency = "monthly"
)

// Frequencies lists them.
func Frequencies() []Frequency { return []Frequency{AnyFrequency, AtMostWeekly, AtMostMonthly} }

// Valid reports whether f is one of them.
func (f Frequency) Valid() bool { return slices.Contains(Frequencies(), f) }

// Pauses are for how many days somebody can pause everything.
func Pauses() []int { return []int{30, 60, 90} }

// Paused is a decision as it stands with the pause that somebody has chosen: nothing comes before the day until, whatever was agreed to. What they need because of
// something that they did themselves is no such message. A no stays the no that it is.
func Paused(d Decision, a Ask, until privacy.Date) Decision {
	if !d.Allowed || a.Class == privacy.Transactional || !a.Day.Before(until) {
		return d
	}
	return Decision{Reason: OnPause, Law: d.Law, Version: d.Version, PausedUntil: until}
}
