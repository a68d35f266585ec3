package notify

import (
	"slices"
	"time"

	"github.com/privacy-docket/docket/privacy"
)

// DecisionReviewed tells what a human came to who looked at an automated decision, why, and where the person can turn if they see it otherwise
// (Art. 22(3) and 12(3) GDPR).
type DecisionReviewed struct {
	Frame
	On      time.Time
	Outcome privacy.ReviewOutcome
	// Reviewer is the role of whoever looked: nobody is named.
	Reviewer string
	// Reasons are what the reviewer writes; lines are kept.
	Reasons string
	// AppealLink leads to where the person can appeal to the controller; empty where the law has no such appeal.
	AppealLink string
	Remedy     Remedy
}

// By is the key of the words for whoever looked.
func (d *DecisionReviewed) By() string {
	if slices.Contains([]string{"dpo", "admin"}, d.Reviewer) {
		return "reviewer." + d.Reviewer
	}
	return "reviewer.agent"
}

// What is the key of the words for the outcome.
func (d *DecisionReviewed) What() string { return "reviewed." + string(d.Outcome) }

// Kind of it.
func (*DecisionReviewed) Kind() Kind { return KindDecisionReviewed }

func (d *DecisionReviewed) whole() error {
	return need(!d.On.IsZero() && d.Outcome != "" && d.Reasons != "", "On, Outcome and Reasons")
}
