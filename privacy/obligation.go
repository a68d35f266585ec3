package privacy

import (
	"fmt"
	"slices"
)

// ObligationState is where something owed stands. The register lets rows make the same transitions and
// no others.
type ObligationState string

// The states of an obligation.
const (
	// ObligationOpen runs towards its due date.
	ObligationOpen ObligationState = "open"
	// ObligationPaused stands still until the person answers, where the law lets it.
	ObligationPaused ObligationState = "paused"
	// ObligationOverdue is still owed, and late.
	ObligationOverdue ObligationState = "overdue"
	// ObligationMet is done.
	ObligationMet ObligationState = "met"
	// ObligationWaived is owed no more: the request was withdrawn, or another duty took its place.
	ObligationWaived ObligationState = "waived"
)

// ObligationStates lists every state.
func ObligationStates() []ObligationState {
	return []ObligationState{ObligationOpen, ObligationPaused, ObligationOverdue, ObligationMet, ObligationWaived}
}

// Standing says whether the obligation is still owed.
func (s ObligationState) Standing() bool {
	return s == ObligationOpen || s == ObligationPaused || s == ObligationOverdue
}

// ObligationBegins lists the states that an obligation can be born in. It is never born late: a due date in the past
// becomes overdue when its clock says so, with the alarm that belongs to it.
func ObligationBegins() []ObligationState { return []ObligationState{ObligationOpen, ObligationPaused} }

// follows gives the states an obligation can go to. Only an open one becomes overdue, because a clock that stands still
// reaches nothing. What was met or waived is owed again when its request is reopened (Art. 12(3) GDPR counts from the
// receipt, which has not changed).
func (s ObligationState) follows() []ObligationState {
	switch s {
	case ObligationOpen:
		return []ObligationState{ObligationMet, ObligationOverdue, ObligationPaused, ObligationWaived}
	case ObligationPaused:
		return []ObligationState{ObligationMet, ObligationOpen, ObligationWaived}
	case ObligationOverdue:
		return []ObligationState{ObligationMet, ObligationOpen, ObligationPaused, ObligationWaived}
	case ObligationMet, ObligationWaived:
		return []ObligationState{ObligationOpen}
	default:
		return nil
	}
}

// ObligationError says that an obligation cannot go from one state to another.
type ObligationError struct{ From, To ObligationState }

func (e *ObligationError) Error() string {
	return fmt.Sprintf("an obligation that is %q cannot become %q", e.From, e.To)
}

// MayBecome is nil when an obligation may go from s to another state, else an *ObligationError.
func (s ObligationState) MayBecome(to ObligationState) error {
	if slices.Contains(s.follows(), to) {
		return nil
	}
	return &ObligationError{From: s, To: to}
}

// ObligationTransitions lists every permitted pair of states, sorted; the register's trigger holds the same pairs.
func ObligationTransitions() [][2]ObligationState {
	var pairs [][2]ObligationState
	for _, from := range ObligationStates() {
		for _, to := range from.follows() {
			pairs = append(pairs, [2]ObligationState{from, to})
		}
	}
	slices.SortFunc(pairs, func(a, b [2]ObligationState) int { return slices.Compare(a[:], b[:]) })
	return pairs
}
