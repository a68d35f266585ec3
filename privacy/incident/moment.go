package incident

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/privacy-docket/docket/privacy"
)

// Moment is a decision that something happened at a time, which starts clocks. It is never changed: a later one about the same takes its place, with a reason, and both
// stay on record.
type Moment struct {
	Of privacy.BreachTrigger `json:"of"`
	At time.Time             `json:"at"`
	// Reasons say why it was then: what was known, and by whom.
	Reasons string `json:"reasons"`
	// Recorded is when it was decided.
	Recorded time.Time `json:"recorded"`
}

// Moments are those of an incident in the order in which they were decided.
type Moments []Moment

// InForce are the moments that count, by what they are of.
func (m Moments) InForce() map[privacy.BreachTrigger]time.Time {
	out := map[privacy.BreachTrigger]time.Time{}
	for _, one := range m {
		out[one.Of] = one.At
	}
	return out
}

// What keeps a moment from being recorded.
var (
	ErrMomentUnknown = errors.New("no clock of any law starts with this")
	ErrMomentAhead   = errors.New("this would be in the future: record it when it has happened")
	ErrMomentReasons = errors.New("say why it was then: an authority may ask years later")
	ErrMomentSame    = errors.New("this is on record already")
	ErrMomentOrder   = errors.New("this does not fit the other moments")
)

// clockSlack is how far the clock of whoever records may be ahead.
const clockSlack = time.Minute

// May says whether a moment may be recorded behind the others.
func (m Moments) May(one Moment) error {
	force := m.InForce()
	before, known := force[one.Of]
	switch {
	case !one.Of.Valid():
		return fmt.Errorf("%w: %q", ErrMomentUnknown, one.Of)
	case one.At.After(one.Recorded.Add(clockSlack)):
		return ErrMomentAhead
	case one.Reasons == "":
		return ErrMomentReasons
	case known && before.Equal(one.At):
		return ErrMomentSame
	}
	force[one.Of] = one.At
	return ordered(force)
}

// orders are chains of moments of which none can come before the one in front of it.
func orders() [][]privacy.BreachTrigger {
	return [][]privacy.BreachTrigger{
		{privacy.TriggerSuspicion, privacy.TriggerAwareness, privacy.TriggerHighRisk},
		{privacy.TriggerSuspicion, privacy.TriggerDetermination},
		{privacy.TriggerInitialReport, privacy.TriggerIntermediateReport},
	}
}

func ordered(force map[privacy.BreachTrigger]time.Time) error {
	for _, chain := range orders() {
		known := slices.DeleteFunc(chain, func(t privacy.BreachTrigger) bool { return force[t].IsZero() })
		for i := 1; i < len(known); i++ {
			if force[known[i]].Before(force[known[i-1]]) {
				return fmt.Errorf("%w: %s would come before %s", ErrMomentOrder, known[i], known[i-1])
			}
		}
	}
	return nil
}
