package casework

import (
	"context"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// contests says whether the request is about an automated decision (Art. 22(3) GDPR).
func (f *file) contests() bool { return f.row.RequestRight == string(privacy.AutomatedDecision) }

// contest keeps the decision that a new case is about, where it is about one.
func contest(ctx context.Context, tx *storage.Tx, row storage.NewCase, c privacy.Contest) error {
	if row.Right != privacy.AutomatedDecision {
		return nil
	}
	return tx.AddContest(ctx, row.ID, row.Subject, c)
}

// askForReview gives a human the decision to look at. No system is read for it: whoever reviews looks where the decision was taken.
func (f *file) askForReview(ctx context.Context, c contract.Command) error {
	task := storage.NewTask{Key: c.Key, Kind: storage.TaskHumanReview, Role: roleAgent}
	return f.giveTask(ctx, task, "Look at the decision that the person contests, with their view of it, and say what it comes to")
}

// errNoContest says that there is no decision that could be looked at.
var errNoContest = &privacy.RuleError{Code: "nothing_to_review", Message: "only a request about an automated decision that waits for its review takes this"}

// reviewable wants the case to be one about a decision, and to wait for its review.
func (f *file) reviewable() error {
	if !f.contests() || f.row.State != string(privacy.RequestReviewing) {
		return errNoContest
	}
	return nil
}
