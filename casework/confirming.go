package casework

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

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
	frame, link, err := f.linkedFrame(ctx)
	if err != nil {
		return err
	}
	letter := &notify.ErasureUnderWay{Frame: frame, Begun: o.EarliestSafe.Add(-privacy.ConfirmSafe), StatusLink: link}
	if err := f.addProgress(ctx, plan, letter); err != nil {
		return err
	}
	if err := f.write(ctx, "confirm/"+plan.ID.String(), letter); err != nil {
		return err
	}
	return f.meet(ctx, privacy.ConfirmErasure)
}

// addProgress says of each system of a plan how far it is: as the last letter would, where it is done.
func (f *file) addProgress(ctx context.Context, plan storage.ErasurePlan, letter *notify.ErasureUnderWay) error {
	runs, err := f.tx.ErasureRuns(ctx, plan.ID)
	if err != nil {
		return err
	}
	answers, err := ErasureAnswers(ctx, f.tx, f.row.ID, plan.ID)
	if err != nil {
		return err
	}
	steps, err := f.tx.ErasureSteps(ctx, plan.ID)
	if err != nil {
		return err
	}
	for _, s := range plan.Plan.Systems {
		if s.Key == erasure.LedgerSystem || s.Manual == "" && !s.Erases() && !s.Asks() { // all of it is kept
			continue
		}
		run := runOn(runs, s.Key)
		done := run != nil && (run.State == storage.RunDone || run.State == storage.RunByHand) && !leftIn(steps, run.ID)
		answer, asked := answers[s.Key]
		place(letter, s.Called(f.row.Language), done, asked, answer)
	}
	return nil
}

// place names an area in the part of the letter that says how far it is.
func place(letter *notify.ErasureUnderWay, area string, done, asked bool, answer storage.InquiryState) {
	switch {
	case asked && answer.Open():
		letter.Elsewhere = append(letter.Elsewhere, area)
	case asked && done && !answer.Outcome.Settled():
		letter.Answered = append(letter.Answered, notify.Elsewhere{Where: area, Said: answer.Outcome, Ended: answer.Outcome == ""})
	case done:
		letter.Done = append(letter.Done, area)
	default:
		letter.Open = append(letter.Open, area)
	}
}

// leftIn says whether reading back found rows that a run should have erased.
func leftIn(steps []storage.ErasureStep, run uuid.UUID) bool {
	return slices.ContainsFunc(steps, func(s storage.ErasureStep) bool { return s.RunID == run && s.Unfinished != nil && *s.Unfinished > 0 })
}

func runOn(runs []storage.ErasureRun, key string) *storage.ErasureRun {
	for i := range runs {
		if runs[i].SystemKey == key {
			return &runs[i]
		}
	}
	return nil
}
