package casework

import (
	"context"
	"time"

	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/erasure"
	"github.com/privacy-docket/docket/storage"
)

// oweConfirmation has the person hear of an erasure that begins now, within the hours that were promised. One that begins anew, as rows were left,
// has hours of its own once they have heard of the first.
func (f *file) oweConfirmation(ctx context.Context) error {
	zone, err := time.LoadLocation(f.row.Zone)
	if err != nil {
		return err
	}
	deadline := privacy.Confirmation(f.tx.Now(), zone, f.row.Regime, f.row.RegimeVersion)
	owed, err := f.obligations(ctx)
	if err != nil {
		return err
	}
	switch o, ok := owed[privacy.ConfirmErasure]; {
	case !ok:
		err = f.owe(ctx, deadline)
	case !o.Standing():
		err = f.tx.SetDeadlines(ctx, causeExecution, storage.NewDate{Obligation: o, Deadline: deadline, State: storage.ObligationOpen})
	}
	if err != nil {
		return err
	}
	return f.tx.RefreshNextDue(ctx, f.row.ID)
}

// confirmSoFar tells the person how far an erasure has come that is not done in time: one slow vendor or failed system holds no word back about the
// others. The last letter follows when all of it is done.
func (f *file) confirmSoFar(ctx context.Context, o storage.Obligation) error {
	plan, err := f.tx.ErasurePlan(ctx, f.subject, f.row.ID)
	if err != nil {
		return err
	}
	runs, err := f.tx.ErasureRuns(ctx, plan.ID)
	if err != nil {
		return err
	}
	frame, link, err := f.linkedFrame(ctx)
	if err != nil {
		return err
	}
	letter := &notify.ErasureUnderWay{Frame: frame, Begun: o.EarliestSafe.Add(-privacy.ConfirmSafe), StatusLink: link}
	for _, s := range plan.Plan.Systems {
		if run := runOn(runs, s.Key); run != nil {
			letter.Add(s.Called(f.row.Language), progressOf(s, *run))
		}
	}
	if err := f.write(ctx, "confirm/"+plan.ID.String(), letter); err != nil {
		return err
	}
	return f.meet(ctx, privacy.ConfirmErasure)
}

func runOn(runs []storage.ErasureRun, key string) *storage.ErasureRun {
	for i := range runs {
		if runs[i].SystemKey == key {
			return &runs[i]
		}
	}
	return nil
}

// progressOf says how far a system is; nothing of one in which all is kept.
func progressOf(s erasure.SystemPlan, run storage.ErasureRun) notify.ErasureProgress {
	done := run.State == storage.RunDone || run.State == storage.RunByHand
	switch {
	case s.Manual == "" && !s.Erases() && !s.Asks():
		return notify.NothingErased
	case done:
		return notify.ErasureDone
	case s.Asks():
		return notify.ErasureElsewhere
	default:
		return notify.ErasureOpen
	}
}
