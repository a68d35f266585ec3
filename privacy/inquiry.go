package privacy

import (
	"fmt"
	"slices"
	"time"
)

// InquiryPurpose is what somebody else is asked to do with a person's data: a processor, or another recipient.
type InquiryPurpose string

// The purposes.
const (
	// InquireCopy asks for a copy of the data (Art. 15 and 20 GDPR), InquireErase to erase it (Art. 17), InquireCorrect to correct it (Art. 16).
	InquireCopy    InquiryPurpose = "copy"
	InquireErase   InquiryPurpose = "erase"
	InquireCorrect InquiryPurpose = "correct"
	// InquireLimit asks to keep to a restriction, an objection or an opt-out (Art. 18 and 21), InquireLift says that it has ended.
	InquireLimit InquiryPurpose = "limit"
	InquireLift  InquiryPurpose = "lift"
)

// InquiryPurposes lists them.
func InquiryPurposes() []InquiryPurpose {
	return []InquiryPurpose{InquireCopy, InquireErase, InquireCorrect, InquireLimit, InquireLift}
}

// InquiryOutcome is what came of it, in the words of whoever was asked.
type InquiryOutcome string

// The outcomes.
const (
	InquiryDone    InquiryOutcome = "done"
	InquiryNothing InquiryOutcome = "nothing" // they hold nothing of the person
	InquiryPartly  InquiryOutcome = "partly"  // and say what is missing
	InquiryRefused InquiryOutcome = "refused" // and say why
)

// InquiryOutcomes lists them in the order in which they are offered.
func InquiryOutcomes() []InquiryOutcome {
	return []InquiryOutcome{InquiryDone, InquiryNothing, InquiryPartly, InquiryRefused}
}

// Check wants an answer that can be worked with: one of the outcomes, and reasons where not all was done. The error is a *RuleError.
func (o InquiryOutcome) Check(words string) error {
	switch {
	case !slices.Contains(InquiryOutcomes(), o):
		return &RuleError{Code: "inquiry_outcome", Message: fmt.Sprintf("%q is no outcome: say done, nothing, partly or refused", o)}
	case (o == InquiryPartly || o == InquiryRefused) && words == "":
		return &RuleError{Code: "inquiry_words", Message: "say what was not done, and why: the person has to hear of it"}
	}
	return nil
}

// Settled says that nothing is left to do behind the answer.
func (o InquiryOutcome) Settled() bool { return o == InquiryDone || o == InquiryNothing }

// InquiryWithin is how long whoever is asked usually has. A processor helps its controller without undue delay (Art. 28(3)(e) GDPR); the period is
// ours, so that a month's answer still has half of its time behind it.
const InquiryWithin = 14 * 24 * time.Hour

// InquiryReminders are when an unanswered inquiry is asked anew: at half of its time, at its end, and a week behind it.
func InquiryReminders(asked, due time.Time) []time.Time {
	return []time.Time{asked.Add(due.Sub(asked) / 2), due, due.Add(7 * 24 * time.Hour)}
}
