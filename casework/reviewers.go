package casework

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
)

// codeFourEyes says that somebody else has to do it.
const codeFourEyes privacy.RuleCode = "four_eyes"

// mayReview wants the reviewer to be a human, signed in, who had no part in the decision: not whoever took or prepared it, nor whoever reviewed it or
// answered the request before it was taken up again (Art. 22(3) GDPR; a review by a program, or by whoever is reviewed, is none).
func (f *file) mayReview(ctx context.Context) error {
	if who := f.tx.Actor(); who.Kind != audit.Person || who.Key != "" {
		return &privacy.RuleError{
			Code: "human_needed", Citation: privacy.Citation{Text: "Art. 22(3) GDPR", Mark: privacy.Knowledge},
			Message: "a human reviews the decision: sign in, a program's key does not do",
		}
	}
	if err := f.fourEyes(ctx); err != nil {
		return err
	}
	if err := f.notAMaker(ctx); err != nil {
		return err
	}
	return f.newToTheContest(ctx)
}

// mayTurnDown wants whoever ends a contest without a review to be one who may review: to refuse it is to leave the decision as it is.
func (f *file) mayTurnDown(ctx context.Context) error {
	if !f.contests() {
		return nil
	}
	return f.mayReview(ctx)
}

// mayDrop keeps whoever took or prepared a contested decision from ending the contest as filed by mistake.
func (f *file) mayDrop(ctx context.Context) error {
	if !f.contests() {
		return nil
	}
	return f.notAMaker(ctx)
}

func (f *file) notAMaker(ctx context.Context) error {
	contested, err := f.tx.Contested(ctx, f.row.ID, f.subject)
	if err != nil {
		return err
	}
	if slices.Contains(contested.Makers, f.tx.Actor().ID) {
		return &privacy.RuleError{Code: codeFourEyes, Message: "you are on record as having taken or prepared the decision, so somebody else reviews it"}
	}
	return nil
}

// newToTheContest wants somebody who did not judge on the decision in a run before this one.
func (f *file) newToTheContest(ctx context.Context) error {
	who := f.tx.Actor().ID
	began, err := f.runBegan(ctx)
	if err != nil {
		return err
	}
	reviews, err := f.tx.HumanReviews(ctx, f.row.ID, f.subject)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(reviews, func(r storage.HumanReview) bool { return r.By == who && r.At.Before(began) }) {
		return &privacy.RuleError{Code: codeFourEyes, Message: "you reviewed the decision before the request was taken up again, so somebody else does now"}
	}
	answered, err := f.answeredBefore(ctx, began)
	if err != nil {
		return err
	}
	if slices.Contains(answered, who) {
		return &privacy.RuleError{Code: codeFourEyes, Message: "you answered the request before it was taken up again, so somebody else reviews the decision now"}
	}
	return nil
}

// answeredBefore are those who refused a contest, or answered it with a review, before a moment: themselves or through a key that they made.
func (f *file) answeredBefore(ctx context.Context, began time.Time) ([]string, error) {
	steps, err := f.tx.Transitions(ctx, f.row.ID)
	if err != nil {
		return nil, fmt.Errorf("read the steps: %w", err)
	}
	answers := []string{string(privacy.EventRefused), string(privacy.EventSettled)}
	var by []string
	for _, step := range steps {
		if step.At.Before(began) && slices.Contains(answers, step.Event) {
			by = append(by, step.ActorID)
		}
	}
	return peopleBehind(ctx, f.tx, by)
}
