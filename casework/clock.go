package casework

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// extend puts the answer off, once, within the legal cut-off, and tells the person (Art. 12(3) GDPR): the notice is part
// of the same transaction, so there is no extension without it.
func (f *file) extend(ctx context.Context, c contract.Command) error {
	facts, err := f.facts(ctx)
	if err != nil {
		return err
	}
	if err := f.regime.MayExtend(facts, f.tx.Now()); err != nil {
		return err
	}
	if err := f.regime.MayExtendBecause(facts.Right, c.Reason); err != nil {
		return err
	}
	before, err := f.respond(ctx)
	if err != nil {
		return err
	}
	if err := f.nameDay(ctx, c.Until); err != nil {
		return err
	}
	if _, err := f.tx.AddExtension(ctx, f.row.ID, c.Reason); err != nil {
		return err
	}
	if err := f.recompute(ctx, causeExtension); err != nil {
		return err
	}
	if err := f.writeExtension(ctx, c, before.Due); err != nil {
		return err
	}
	if err := f.meet(ctx, privacy.ExtensionNotice); err != nil {
		return err
	}
	return f.step(ctx, c)
}

// nameDay keeps the day that a notice names, for regimes whose extension has no cap.
func (f *file) nameDay(ctx context.Context, until privacy.Date) error {
	if until.IsZero() {
		return nil
	}
	own, err := storage.FactsOf(f.row)
	if err != nil {
		return err
	}
	own.ExtendedUntil = until
	if err := f.tx.SetFacts(ctx, f.row.ID, own); err != nil {
		return err
	}
	f.row, err = f.tx.Case(ctx, f.row.ID)
	return err
}

func (f *file) writeExtension(ctx context.Context, c contract.Command, before time.Time) error {
	frame, err := f.frame(ctx)
	if err != nil {
		return err
	}
	after, err := f.respond(ctx)
	if err != nil {
		return err
	}
	return f.write(ctx, c.Key, &notify.Extension{
		Frame: frame, OldDate: before, NewDate: after.Due, Reasons: []notify.ExtensionReason{notify.ExtensionReason(c.Reason)},
		Remedy: f.remedy(),
	})
}

// pause stops the clock for a reason that the law accepts.
func (f *file) pause(ctx context.Context, c contract.Command) error {
	facts, err := f.facts(ctx)
	if err != nil {
		return err
	}
	if err := f.regime.MayPause(facts, c.PauseKind, f.tx.Now()); err != nil {
		return err
	}
	if _, err := f.tx.OpenPause(ctx, f.row.ID, c.PauseKind); err != nil {
		return err
	}
	if err := f.recompute(ctx, causePause); err != nil {
		return err
	}
	return f.step(ctx, c)
}

// unpause lets the clock run again.
func (f *file) unpause(ctx context.Context, c contract.Command) error {
	closed, err := f.tx.ClosePause(ctx, f.row.ID, c.PauseKind)
	if err != nil {
		return err
	}
	if !closed {
		return &privacy.RuleError{Code: "not_paused", Message: "the clock is not waiting for " + string(c.PauseKind)}
	}
	if err := f.recompute(ctx, causeResume); err != nil {
		return err
	}
	return f.step(ctx, c)
}

// acknowledge records that somebody took an escalation over, which ends its repetition.
func (f *file) acknowledge(ctx context.Context, c contract.Command) error {
	if c.Obligation == nil {
		return fmt.Errorf("acknowledging needs the obligation: %w", storage.ErrNotFound)
	}
	o, err := f.tx.LockObligation(ctx, *c.Obligation)
	if errors.Is(err, storage.ErrNotFound) || err == nil && o.CaseID != f.row.ID {
		return &privacy.RuleError{Code: "no_such_obligation", Message: "the request owes nothing with this id; its obligations are listed with it"}
	}
	if err != nil {
		return err
	}
	escalated, err := f.tx.Acknowledge(ctx, o)
	if err != nil {
		return err
	}
	if !escalated {
		return &privacy.RuleError{Code: "not_escalated", Message: "nothing has escalated yet that could be taken over"}
	}
	return f.step(ctx, c)
}

// Reach records what a clock has come to, once: a reminder, the due moment, a rung of the ladder. Whoever the ladder
// names hears of it. It tells how the case stands, so that the workflow goes by the dates of now.
func (d *Desk) Reach(ctx context.Context, m contract.Milestone) (view contract.View, err error) {
	actor := contract.Actor{Kind: "timer", ID: "clock"}
	err = d.change(ctx, m.Ref, actorOf(actor), func(ctx context.Context, f *file) error {
		if err := f.reach(ctx, m); err != nil {
			return err
		}
		view, err = viewOf(ctx, f.tx, f.row)
		return err
	})
	return view, err
}

func (f *file) reach(ctx context.Context, m contract.Milestone) error {
	o, err := f.tx.LockObligation(ctx, m.Obligation)
	if err != nil {
		return err
	}
	if !o.Standing() || o.State == storage.ObligationPaused || stale(o, m.Milestone) {
		return nil
	}
	if lastDay(o) {
		return f.passLastDay(ctx, o, m.Milestone)
	}
	if m.Milestone.Kind == privacy.MilestoneDue {
		// Also when the moment is on record already: what was met late and reopened is late again.
		if err := f.tx.MoveObligation(ctx, o, storage.ObligationOverdue, ""); err != nil {
			return err
		}
	}
	first, err := f.tx.ReachMilestone(ctx, o, m.Milestone)
	if err != nil || !first {
		return err
	}
	if o.Kind == string(privacy.ConfirmErasure) && (m.Milestone.Kind == privacy.MilestoneSafe || m.Milestone.Kind == privacy.MilestoneDue) { // no clock may have run at the first
		return f.confirmSoFar(ctx, o)
	}
	return f.announce(ctx, o, m.Milestone)
}

// lastDay says of an obligation that it is the last day for something that may be done and need not be: extending, refusing
// (Art. 12(3) and (4) GDPR). Whoever simply answers is late with neither.
func lastDay(o storage.Obligation) bool {
	kind := privacy.ObligationKind(o.Kind)
	return kind == privacy.ExtensionNotice || kind == privacy.RefusalNotice
}

// passLastDay reminds of a last day and lets it go by: there is nobody to escalate to, and nothing is overdue.
func (f *file) passLastDay(ctx context.Context, o storage.Obligation, m privacy.Milestone) error {
	if m.Kind == privacy.MilestoneEscalation || m.Kind == privacy.MilestoneRepeat {
		return nil
	}
	first, err := f.tx.ReachMilestone(ctx, o, m)
	if err != nil {
		return err
	}
	if m.Kind == privacy.MilestoneDue {
		if err := f.tx.MoveObligation(ctx, o, storage.ObligationWaived, "last_day_passed"); err != nil {
			return err
		}
		return f.tx.RefreshNextDue(ctx, f.row.ID)
	}
	if !first {
		return nil
	}
	return f.announce(ctx, o, m)
}

// stale says that the date has moved since the timer was set: the milestone is none of the ladder's any more.
func stale(o storage.Obligation, m privacy.Milestone) bool {
	if m.Kind == privacy.MilestoneRepeat {
		return m.At.Before(o.Due)
	}
	for _, known := range o.Ladder.Milestones(o.Deadline) {
		if known.Kind == m.Kind && known.At.Equal(m.At) {
			return false
		}
	}
	return true
}
