package casework

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/privacy/erasure"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// erases says whether the request is for erasure.
func (f *file) erases() bool { return f.row.RequestRight == string(privacy.Erasure) }

// counted says whether the systems of the latest round were all counted on the grounds that stand now: what is written about them, and the holds and
// recourses on anything their rows are known by. Else they are counted once more.
func (f *file) counted(ctx context.Context) (bool, error) {
	round, err := f.tx.LatestRound(ctx, f.row.ID)
	if err != nil {
		return false, fmt.Errorf("read the round: %w", err)
	}
	surveys, err := f.tx.Surveys(ctx, f.subject, f.row.ID, round)
	if err != nil {
		return false, err
	}
	circumstances, err := f.Circumstances(ctx, f.tx, f.row, f.subject)
	if err != nil {
		return false, err
	}
	for _, s := range surveys {
		if s.Basis != surveys[0].Basis || !slices.Equal(s.Holds, holdIDs(circumstances.Holds)) || !sameRecourses(s.Recourses, circumstances.Recourses) {
			return false, nil
		}
	}
	return true, nil
}

// finishPlan makes the plan of what the systems counted, and asks somebody to look at it.
func (f *file) finishPlan(ctx context.Context, c contract.Command) error {
	round, err := f.tx.LatestRound(ctx, f.row.ID)
	if err != nil {
		return fmt.Errorf("read the round: %w", err)
	}
	systems, err := f.tx.Surveys(ctx, f.subject, f.row.ID, round)
	if err != nil {
		return err
	}
	runs, err := f.tx.Runs(ctx, f.row.ID, round)
	if err != nil {
		return fmt.Errorf("read runs: %w", err)
	}
	circumstances, err := f.Circumstances(ctx, f.tx, f.row, f.subject)
	if err != nil {
		return err
	}
	for _, run := range runs {
		if run.State == storage.RunExcluded {
			site := erasure.Site{Key: run.SystemKey, Name: run.SystemName}
			systems = append(systems, erasure.DraftUncounted(site, "it could not be counted and was left to a person", circumstances))
		}
	}
	ledger, ok, err := f.LedgerToErase(ctx, f.tx, f.row, f.subject)
	if err != nil {
		return err
	}
	slices.SortFunc(systems, func(a, b erasure.SystemPlan) int { return strings.Compare(a.Key, b.Key) })
	plan := erasure.Plan{Made: f.tx.Now(), Systems: systems, Holds: circumstances.Holds, Recourses: circumstances.Recourses, Rules: rulesOf(circumstances)}
	for _, s := range systems {
		plan.Basis = orElse(plan.Basis, s.Basis)
	}
	if ok {
		plan.Systems = append(plan.Systems, ledger)
	}
	if len(systems) == 0 { // nothing was counted: the plan rests on what is there now, and has a number of its own each time
		if plan.Basis, err = f.basis(ctx); err != nil {
			return err
		}
		if round, err = f.planRound(ctx, round); err != nil {
			return err
		}
	}
	if err := f.tx.AddErasurePlan(ctx, f.row, f.subject, round, plan); err != nil {
		return err
	}
	return f.giveTask(ctx, storage.NewTask{Key: c.Key, Kind: storage.TaskPlanReview, Role: roleAgent}, "Look through the plan of erasure and propose it")
}

// planRound is the number of a plan that rests on no round of counting: behind that of the one before.
func (f *file) planRound(ctx context.Context, round int32) (int32, error) {
	before, err := f.tx.ErasurePlan(ctx, f.subject, f.row.ID)
	switch {
	case errors.Is(err, storage.ErrNotFound):
		return round, nil
	case err != nil:
		return 0, err
	default:
		return max(round, before.Round+1), nil
	}
}

// DecideOnPlan adds a decision to the plan under review, once per key. The plan is to be made anew before it can be proposed.
func (d *Desk) DecideOnPlan(ctx context.Context, tx *storage.Tx, ref contract.Ref, key string, decision storage.ErasureDecision) error {
	return d.once(ctx, tx, ref, key, func(ctx context.Context, f *file) error {
		if err := f.reviewing(); err != nil {
			return err
		}
		plan, err := f.tx.ErasurePlan(ctx, f.subject, f.row.ID)
		if err != nil {
			return err
		}
		if !planned(plan.Plan, decision.Address) {
			return &privacy.RuleError{Code: "not_planned", Message: fmt.Sprintf("the plan has no collection %q; write it as the plan does", decision.Address.String())}
		}
		if _, err := f.tx.DecideOnPlan(ctx, f.row, f.subject, decision); err != nil {
			if errors.Is(err, storage.ErrExists) {
				return &privacy.RuleError{Code: "decided", Message: "that is decided already; take it back first"}
			}
			return err
		}
		return f.tx.RecordStep(ctx, f.row, key, "decide_on_plan", decision.Kind)
	})
}

func (f *file) reviewing() error {
	if !f.erases() || f.row.State != string(privacy.RequestReviewing) {
		return &privacy.RuleError{Code: "no_plan", Message: "only the plan of an erasure that is under review can be decided on"}
	}
	return nil
}

func planned(p erasure.Plan, at dataset.Address) bool {
	return slices.ContainsFunc(p.Systems, func(s erasure.SystemPlan) bool {
		return slices.ContainsFunc(s.Lines, func(l erasure.Line) bool { return l.Address == at })
	})
}

// TakeBackDecision removes a decision on the plan under review.
func (d *Desk) TakeBackDecision(ctx context.Context, tx *storage.Tx, ref contract.Ref, decision storage.ErasureDecision) error {
	return d.within(ctx, tx, ref, func(ctx context.Context, f *file) error {
		if err := f.reviewing(); err != nil {
			return err
		}
		return f.tx.RemoveErasureDecision(ctx, f.row.ID, decision.ID)
	})
}

// proposePlan lays the plan before somebody else. It must be one that could be carried out as it stands.
func (f *file) proposePlan(ctx context.Context, c contract.Command) error {
	plan, err := f.tx.ErasurePlan(ctx, f.subject, f.row.ID)
	if err != nil {
		return err
	}
	if err := f.proposable(ctx, plan); err != nil {
		return err
	}
	if err := f.move(ctx, c, privacy.EventProposed); err != nil {
		return err
	}
	if err := f.tx.ProposePlan(ctx, plan); err != nil {
		return err
	}
	if err := f.tx.EndTasks(ctx, f.row.ID, storage.TaskPlanReview, "proposed"); err != nil {
		return err
	}
	return f.giveTask(ctx, storage.NewTask{Key: c.Key, Kind: storage.TaskApproval, Role: roleOfficer}, "Approve the plan of erasure, or send it back: who prepared it can't")
}

// approvePlan lets the plan be carried out that was read. Nobody approves what they prepared, and a program approves nothing.
func (f *file) approvePlan(ctx context.Context, c contract.Command) error {
	plan, err := f.tx.ErasurePlan(ctx, f.subject, f.row.ID)
	if err != nil {
		return err
	}
	if err := f.anotherPerson(ctx, c, plan); err != nil {
		return err
	}
	if err := sameAsRead(c, plan); err != nil {
		return err
	}
	if err := f.unblocked(ctx, plan.Plan); err != nil {
		return err
	}
	wait := day * timeDays(f.tx.Tenant().Settings.ErasureWaitDays)
	if err := f.tx.ApprovePlan(ctx, plan, f.tx.Now().Add(wait)); err != nil {
		return err
	}
	if err := f.move(ctx, c, privacy.EventScheduled); err != nil {
		return err
	}
	if wait > 0 {
		if err := f.announceErasure(ctx, c, f.tx.Now().Add(wait)); err != nil {
			return err
		}
	}
	return f.tx.EndTasks(ctx, f.row.ID, storage.TaskApproval, "approved")
}

// announceErasure tells the person when their data goes, and that they can take the request back until then.
func (f *file) announceErasure(ctx context.Context, c contract.Command, on time.Time) error {
	frame, link, err := f.linkedFrame(ctx)
	if err != nil {
		return err
	}
	return f.write(ctx, c.Key, &notify.ErasureScheduled{Frame: frame, On: on, StatusLink: link})
}

// returnPlan gives the plan back to whoever prepared it, or takes an approval back before its time has come.
func (f *file) returnPlan(ctx context.Context, c contract.Command) error {
	plan, err := f.tx.ErasurePlanState(ctx, f.row.ID)
	if err != nil {
		return err
	}
	if err := f.tx.ReturnPlan(ctx, plan); err != nil {
		return err
	}
	if err := f.move(ctx, c, privacy.EventSentBack); err != nil {
		return err
	}
	if err := f.tx.EndTasks(ctx, f.row.ID, storage.TaskApproval, "sent_back"); err != nil {
		return err
	}
	return f.giveTask(ctx, storage.NewTask{Key: c.Key, Kind: storage.TaskPlanReview, Role: roleAgent}, "Look at the plan of erasure again: it was sent back, and a note says why")
}
