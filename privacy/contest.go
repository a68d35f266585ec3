package privacy

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Contest is what a person says of a decision that was taken about them by a machine alone, and wants a human to look at (Art. 22(3) GDPR). All of
// it is in their own words.
type Contest struct {
	// Decision says which it was, such as a refused credit.
	Decision string `json:"decision"`
	// Taken says when, as far as they know.
	Taken string `json:"taken,omitempty"`
	// Effect is what it did to them.
	Effect string `json:"effect,omitempty"`
	// View is what they think of it, and why.
	View string `json:"view,omitempty"`
}

// The most characters of each part.
const (
	MaxContestLine = 500
	MaxContestText = 4_000
)

// Complete holds what a request says to its right: one that contests a decision names it, and no other has one. The error is a *RuleError that says
// what to add.
func (c Contest) Complete(right Right) (Contest, error) {
	c.Decision, c.Taken, c.Effect, c.View = strings.TrimSpace(c.Decision), strings.TrimSpace(c.Taken), strings.TrimSpace(c.Effect), strings.TrimSpace(c.View)
	if right != AutomatedDecision {
		if c != (Contest{}) {
			return c, askError("only a request about an automated decision names one", "")
		}
		return c, nil
	}
	if c.Decision == "" {
		return c, askError("say which decision it is about", "Art. 22(3) GDPR")
	}
	for _, part := range []struct {
		name, text string
		most       int
	}{{"which decision it is", c.Decision, MaxContestLine}, {"when it was taken", c.Taken, MaxContestLine}, {"what it did", c.Effect, MaxContestText}, {"the person's view", c.View, MaxContestText}} {
		if utf8.RuneCountInString(part.text) > part.most {
			return c, askError(fmt.Sprintf("%s has at most %d characters", part.name, part.most), "")
		}
	}
	return c, nil
}

// ReviewOutcome is what a human came to who looked at an automated decision.
type ReviewOutcome string

// The outcomes of a review.
const (
	ReviewUpheld   ReviewOutcome = "upheld"   // it stays as it is
	ReviewChanged  ReviewOutcome = "changed"  // another one takes its place
	ReviewAnnulled ReviewOutcome = "annulled" // it is of no effect any more
)

// ReviewOutcomes lists every outcome.
func ReviewOutcomes() []ReviewOutcome {
	return []ReviewOutcome{ReviewUpheld, ReviewChanged, ReviewAnnulled}
}
