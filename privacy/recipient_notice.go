package privacy

import (
	"fmt"
	"slices"
)

// RecipientState is how far a recipient of data has been told of what was done with it (Art. 19 GDPR).
type RecipientState string

// The states.
const (
	RecipientToTell    RecipientState = "to_tell"
	RecipientTold      RecipientState = "told"
	RecipientConfirmed RecipientState = "confirmed" // the recipient has said that it followed
	RecipientNotTold   RecipientState = "not_told"  // for a reason that Art. 19 allows
)

// The two reasons for which Art. 19 lets a recipient go untold.
const (
	ReasonImpossible       = "impossible"
	ReasonDisproportionate = "disproportionate"
)

// Step checks that a recipient may go from one state to another. Who was told is never taken back; who could not be told may be told after all.
func (s RecipientState) Step(to RecipientState, reason string) error {
	allowed := map[RecipientState][]RecipientState{
		RecipientToTell:  {RecipientTold, RecipientConfirmed, RecipientNotTold},
		RecipientTold:    {RecipientConfirmed},
		RecipientNotTold: {RecipientTold, RecipientConfirmed},
	}
	article := Citation{Text: "Art. 19 GDPR", Mark: Verified}
	if !slices.Contains(allowed[s], to) {
		return &RuleError{Code: "recipient_state", Citation: article, Message: fmt.Sprintf("a recipient that is %s cannot become %s", s, to)}
	}
	excused := reason == ReasonImpossible || reason == ReasonDisproportionate
	switch {
	case to == RecipientNotTold && !excused:
		return &RuleError{Code: "recipient_reason", Citation: article, Message: "a recipient goes untold only where telling it is impossible or takes disproportionate effort: give one of the two as the reason"}
	case to != RecipientNotTold && reason != "":
		return &RuleError{Code: "recipient_reason", Citation: article, Message: "only a recipient that is not told needs a reason: leave it out"}
	}
	return nil
}
