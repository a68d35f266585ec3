package casework

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/erasure"
	"github.com/privacy-docket/docket/protocol/opendsr"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// beginExecution is the last moment at which something can stand against an erasure. What does sends the plan back, with the reason as a note.
func (f *file) beginExecution(ctx context.Context, c contract.Command) error {
	plan, err := f.tx.ErasurePlan(ctx, f.subject, f.row.ID)
	if err != nil {
		return err
	}
	if err := f.unblocked(ctx, plan.Plan); err != nil {
		refusal, ok := RefusalOf(err)
		if !ok {
			return err
		}
		if _, err := f.tx.AddNote(ctx, f.row, f.subject, storage.NoteReason, refusal.Message); err != nil {
			return err
		}
		c.Reason = refusal.Code
		return f.returnPlan(ctx, c)
	}
	systems, err := f.systemsOf(ctx, plan.Plan)
	if err != nil {
		return err
	}
	if err := f.tx.BeginPlan(ctx, plan, systems); err != nil {
		return err
	}
	if err := f.oweConfirmation(ctx); err != nil {
		return err
	}
	return f.move(ctx, c, privacy.EventExecutionBegun)
}

// systemsOf are the systems in which the plan has something to do, or a person has.
func (f *file) systemsOf(ctx context.Context, plan erasure.Plan) (ids []uuid.UUID, err error) {
	for _, s := range plan.Systems {
		if s.Key == erasure.LedgerSystem || s.Manual == "" && !s.Touches() && !s.Keeps() && !s.Asks() {
			continue
		}
		system, err := f.tx.SystemByKey(ctx, s.Key)
		if err != nil {
			return nil, err
		}
		ids = append(ids, system.ID)
	}
	return ids, nil
}

// ErasureFailed records that a system could not be erased in, and asks a person: try again, or do it by hand.
func (d *Desk) ErasureFailed(ctx context.Context, failure contract.ErasureFailure) error {
	return d.change(ctx, failure.Ref, System("eraser"), func(ctx context.Context, f *file) error {
		if f.row.State != string(privacy.RequestExecuting) {
			return nil
		}
		run, err := f.tx.ErasureRunOn(ctx, failure.Plan, failure.System)
		if err != nil || run.State == storage.RunByHand || run.State == storage.RunDone {
			return err
		}
		if err := f.tx.FailErasure(ctx, run, failure.Code, failure.Problem); err != nil {
			return err
		}
		work := fmt.Sprintf("erase/%s/%s", failure.Plan, failure.System)
		return f.askAgent(ctx, storage.TaskErasureFailed, work, failure.System, &notify.ErasureFailed{
			Notice: f.noticeFrame(), System: run.SystemName, Problem: failure.Problem, At: f.tx.Now(),
		})
	})
}

// doneByHand ends the work on a system by a person's word, which a note explains.
func (f *file) doneByHand(ctx context.Context, c contract.Command) error {
	if c.System == nil {
		return fmt.Errorf("%s needs a system", c.Kind)
	}
	if f.limits() || f.corrects() {
		return f.amendedByHand(ctx, c)
	}
	plan, err := f.tx.ErasurePlanState(ctx, f.row.ID)
	if err != nil {
		return err
	}
	run, err := f.tx.ErasureRunOn(ctx, plan.ID, *c.System)
	if err != nil {
		return err
	}
	if run.State != storage.RunFailed {
		return &privacy.RuleError{Code: "not_failed", Message: "the system is being erased in; only where that has failed does a person do it"}
	}
	if err := f.tx.ErasedByHand(ctx, run); err != nil {
		return err
	}
	return f.endSystemTask(ctx, c, storage.RunByHand)
}

// finishExecution compares what was read back with what the plan kept. Where they differ the case goes back to be planned anew; else it is
// closed, and the person hears what was erased, and what is kept under which law until when.
func (f *file) finishExecution(ctx context.Context, c contract.Command) error {
	if f.corrects() {
		return f.finishCorrecting(ctx, c)
	}
	plan, err := f.tx.ErasurePlan(ctx, f.subject, f.row.ID)
	if err != nil {
		return err
	}
	steps, err := f.tx.ErasureSteps(ctx, plan.ID)
	if err != nil {
		return err
	}
	var changed, unfinished int64
	for _, s := range steps {
		changed += s.Deleted + s.Masked + s.Trimmed + s.Parts
		if s.Unfinished != nil {
			unfinished += *s.Unfinished
		}
	}
	ledger, err := f.ledgerUnfinished(ctx, plan)
	if err != nil {
		return err
	}
	if unfinished += ledger; unfinished > 0 {
		if err := f.tx.EndPlan(ctx, plan, false, changed); err != nil {
			return err
		}
		return f.mismatched(ctx, c, unfinished)
	}
	forgotten, err := f.forgetConsents(ctx, plan)
	if err != nil {
		return err
	}
	if err := f.tx.EndPlan(ctx, plan, true, changed+forgotten); err != nil {
		return err
	}
	answers, err := ErasureAnswers(ctx, f.tx, f.row.ID, plan.ID)
	if err != nil {
		return err
	}
	if err := f.certify(ctx, plan, steps, answers, forgotten); err != nil {
		return err
	}
	if err := f.oweErased(ctx, plan); err != nil {
		return err
	}
	return f.erased(ctx, c, plan, answers)
}

// mismatched has what remains planned anew: somebody wrote while it was being erased, or the system did not do what it said.
func (f *file) mismatched(ctx context.Context, c contract.Command, rows int64) error {
	words := fmt.Sprintf("Reading back found %d rows that should have been erased. The systems are counted again, and a new plan is made of what is left.", rows)
	if _, err := f.tx.AddNote(ctx, f.row, f.subject, storage.NoteReason, words); err != nil {
		return err
	}
	c.Reason = "rows_left"
	return f.move(ctx, c, privacy.EventMismatched)
}

func (f *file) erased(ctx context.Context, c contract.Command, plan storage.ErasurePlan, answers map[string]storage.InquiryState) error {
	person, err := f.whom(ctx)
	if err != nil {
		return err
	}
	if plan.Totals.Rows.Kept > 0 || len(notErased(plan.Plan)) > 0 || leftElsewhere(answers) {
		c.Reason = opendsr.ReasonKept
	}
	if err := f.move(ctx, c, privacy.EventExecuted); err != nil {
		return err
	}
	if err := f.tx.Suppress(ctx, Proven(person, f.row), storage.SuppressAll, storage.SuppressedErased, &f.row.ID); err != nil {
		return err
	}
	if err := f.tx.ForgetWarrants(ctx, f.row.ID); err != nil {
		return err
	}
	letter, err := f.erasureLetter(ctx, plan, answers)
	if err != nil {
		return err
	}
	if err := f.write(ctx, c.Key, letter); err != nil {
		return err
	}
	if err := f.tx.EndTasks(ctx, f.row.ID, "", "answered"); err != nil {
		return err
	}
	return f.settle(ctx, "answered", privacy.Respond, privacy.Inform, privacy.Verify, privacy.ConfirmErasure)
}

// erasureLetter tells the person what was erased, and what is kept under which law until when.
func (f *file) erasureLetter(ctx context.Context, plan storage.ErasurePlan, answers map[string]storage.InquiryState) (*notify.Erased, error) {
	frame, err := f.frame(ctx)
	if err != nil {
		return nil, err
	}
	letter := &notify.Erased{Frame: frame, On: f.tx.Now(), Remedy: f.remedy()}
	for _, s := range plan.Plan.Systems {
		answer, asked := answers[s.Key]
		if asked && !answer.Outcome.Settled() {
			letter.Elsewhere = append(letter.Elsewhere, notify.Elsewhere{Where: s.Called(f.row.Language), Said: answer.Outcome})
		}
		if s.Manual != "" && !s.Waits() || s.Erases() || s.Asks() && (!asked || erasedThere(answer.Outcome)) {
			letter.Erased = append(letter.Erased, s.Called(f.row.Language))
		}
		letter.Kept = append(letter.Kept, keptIn(s, f.row.Language, f.tx.Tenant().Zone)...)
	}
	return letter, nil
}

// notErased are the fields of a plan that stay as they are because they can't be written.
func notErased(plan erasure.Plan) (fields []string) {
	for _, s := range plan.Systems {
		for _, l := range s.Lines {
			fields = append(fields, l.NotErased()...)
		}
	}
	return fields
}

// keptIn sums up what stays in a system: one line for each rule or hold, and one for what of it has no end that anybody knows.
func keptIn(s erasure.SystemPlan, language string, zone *time.Location) (out []notify.Kept) {
	for _, l := range s.Lines {
		if len(l.NotErased()) > 0 && !slices.ContainsFunc(out, func(o notify.Kept) bool { return o.Ground == notify.KeptImpossible }) {
			out = append(out, notify.Kept{Where: s.Called(language), Ground: notify.KeptImpossible})
		}
		for _, k := range l.Kept {
			if k.Rows == 0 {
				continue
			}
			kept := notify.Kept{Where: s.Called(language), Ground: string(k.Ground), Citation: k.Citation.Text}
			if !k.Until.IsZero() {
				kept.Until = k.Until.EndIn(zone)
			}
			i := slices.IndexFunc(out, func(o notify.Kept) bool {
				return o.Ground == kept.Ground && o.Citation == kept.Citation && o.Until.IsZero() == kept.Until.IsZero()
			})
			if i < 0 {
				out = append(out, kept)
				continue
			}
			if kept.Until.After(out[i].Until) {
				out[i].Until = kept.Until
			}
		}
	}
	return out
}

// DeferralFailed tells the data protection officer, once a day, that what was promised to be erased could not be.
func (d *Desk) DeferralFailed(ctx context.Context, failure contract.ErasureFailure) error {
	return d.db.Change(ctx, failure.Tenant, System("eraser"), func(ctx context.Context, tx *storage.Tx) error {
		f, err := d.withoutPerson(ctx, tx, failure.Case)
		if err != nil {
			return err
		}
		key := fmt.Sprintf("deferred/%s/%s", failure.Plan, f.tx.Now().UTC().Format(time.DateOnly))
		return f.notice(ctx, key, []string{"dpo"}, &notify.ErasureFailed{Notice: f.noticeFrame(), System: "what was left to its time", Problem: failure.Problem, At: f.tx.Now()})
	})
}
