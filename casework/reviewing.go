package casework

import (
	"context"
	"time"

	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// RecordHumanReview puts on record what a human came to who looked at the decision, once per key. The newest one of whoever concludes is the answer.
func (d *Desk) RecordHumanReview(ctx context.Context, tx *storage.Tx, ref contract.Ref, key string, review storage.HumanReview) (recorded storage.HumanReview, err error) {
	err = d.once(ctx, tx, ref, key, func(ctx context.Context, f *file) error {
		if err := f.reviewable(); err != nil {
			return err
		}
		if err := f.mayReview(ctx); err != nil {
			return err
		}
		if recorded, err = f.tx.AddHumanReview(ctx, f.row.ID, f.subject, review); err != nil {
			return err
		}
		return f.tx.RecordStep(ctx, f.row, key, "record_human_review", string(review.Outcome))
	})
	return recorded, err
}

// HumanReviewSum is the hash of a review, by which it is concluded as it was read.
func HumanReviewSum(r storage.HumanReview) string {
	return sumOf([]string{r.ID.String(), string(r.Outcome), r.Considered, r.Data, r.Reasons})
}

// newestReview is the last review that was recorded since the request was taken up; ok is false when there is none.
func newestReview(all []storage.HumanReview, began time.Time) (review storage.HumanReview, ok bool) {
	if len(all) == 0 || all[0].At.Before(began) {
		return review, false
	}
	return all[0], true
}

// concludeReview answers with the newest review: by whoever recorded it, and as it was read.
func (f *file) concludeReview(ctx context.Context, c contract.Command) error {
	if err := f.mayReview(ctx); err != nil {
		return err
	}
	contested, err := f.tx.Contested(ctx, f.row.ID, f.subject)
	if err != nil {
		return err
	}
	if err := makersSaid(contested); err != nil {
		return err
	}
	review, err := f.reviewToConclude(ctx)
	if err != nil {
		return err
	}
	if review.By != f.tx.Actor().ID {
		return &privacy.RuleError{Code: codeFourEyes, Message: "whoever recorded the review concludes it; record one of your own, or leave it to them"}
	}
	if c.Plan != HumanReviewSum(review) {
		return &privacy.RuleError{Code: "review_changed", Message: "the review is another one than was read; look at it once more"}
	}
	c.Reason = string(review.Outcome)
	if err := f.move(ctx, c, privacy.EventSettled); err != nil {
		return err
	}
	if err := f.tellReviewed(ctx, c, review); err != nil {
		return err
	}
	return f.end(ctx, "answered", privacy.Respond, privacy.Inform, privacy.Verify)
}

func (f *file) reviewToConclude(ctx context.Context) (review storage.HumanReview, err error) {
	began, err := f.runBegan(ctx)
	if err != nil {
		return review, err
	}
	all, err := f.tx.HumanReviews(ctx, f.row.ID, f.subject)
	if err != nil {
		return review, err
	}
	review, ok := newestReview(all, began)
	if !ok {
		return review, &privacy.RuleError{Code: "not_reviewed", Message: "put a review on record first: that the person's view was considered, which data the decision used, what it comes to and why"}
	}
	return review, nil
}

// tellReviewed writes to the person what the review came to, who made it, and where they can turn if they see it otherwise.
func (f *file) tellReviewed(ctx context.Context, c contract.Command, review storage.HumanReview) error {
	frame, link, err := f.linkedFrame(ctx)
	if err != nil {
		return err
	}
	letter := &notify.DecisionReviewed{
		Frame: frame, On: f.tx.Now(), Outcome: review.Outcome, Reviewer: review.Role, Reasons: review.Reasons, Remedy: f.remedy(),
	}
	if f.regime.AppealKind() != privacy.NoAppeal {
		letter.AppealLink = link + "/appeal"
	}
	return f.write(ctx, c.Key, letter)
}
