package casework

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

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

// SayDecisionMakers puts on record which members of the staff took or prepared the decision, once per key: none of them reviews it. Nobody takes
// their own name off it.
func (d *Desk) SayDecisionMakers(ctx context.Context, tx *storage.Tx, ref contract.Ref, key string, makers []uuid.UUID) error {
	return d.once(ctx, tx, ref, key, func(ctx context.Context, f *file) error {
		if !f.contests() || f.row.State == string(privacy.RequestClosed) {
			return &privacy.RuleError{Code: "nothing_to_review", Message: "only an open request about an automated decision takes this"}
		}
		names, err := f.members(ctx, makers)
		if err != nil {
			return err
		}
		before, err := f.tx.Contested(ctx, f.row.ID, f.subject)
		if err != nil {
			return err
		}
		acting, err := peopleBehind(ctx, f.tx, []string{f.tx.Actor().ID})
		if err != nil {
			return err
		}
		for _, one := range acting {
			if slices.Contains(before.Makers, one) && !slices.Contains(names, one) {
				return &privacy.RuleError{Code: codeFourEyes, Message: "you are on record as having taken or prepared the decision; somebody else takes your name off it"}
			}
		}
		if err := f.tx.SetDecisionMakers(ctx, f.row.ID, names); err != nil {
			return err
		}
		return f.tx.RecordStep(ctx, f.row, key, "say_decision_makers", "")
	})
}

// members are the ids of members of the staff as the register keeps them, each once.
func (f *file) members(ctx context.Context, ids []uuid.UUID) ([]string, error) {
	staff, err := f.tx.Staff(ctx)
	if err != nil {
		return nil, err
	}
	names := make([]string, 0, len(ids))
	for _, id := range ids {
		if !slices.ContainsFunc(staff, func(m storage.Staff) bool { return m.ID == id }) {
			return nil, fmt.Errorf("member of the staff: %w", storage.ErrNotFound)
		}
		names = append(names, id.String())
	}
	slices.Sort(names)
	return slices.Compact(names), nil
}
