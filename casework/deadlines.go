package casework

import (
	"context"
	"fmt"
	"time"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
)

// facts gathers what the dates of the case depend on.
func (f *file) facts(ctx context.Context) (privacy.Facts, error) {
	zone, err := time.LoadLocation(f.row.Zone)
	if err != nil {
		return privacy.Facts{}, fmt.Errorf("zone of the case: %w", err)
	}
	own, err := storage.FactsOf(f.row)
	if err != nil {
		return privacy.Facts{}, err
	}
	facts := privacy.Facts{
		Right: privacy.Right(f.row.RequestRight), Received: f.row.ReceivedAt, Zone: zone, Calendar: f.row.Calendar,
		Holidays: own.Holidays, SmallAgent: f.tx.Tenant().Settings.SmallAgent, FeePaid: own.FeePaid,
		IdentityInfoReceived: own.IdentityInfoReceived, ExtendedUntil: own.ExtendedUntil,
	}
	switch f.regime.AppealKind() {
	case privacy.Appealed:
		facts.AppealReceived, facts.AppealExtended = own.AppealReceived, own.AppealExtended
	case privacy.Complained:
		facts.ComplaintReceived = own.AppealReceived
	case privacy.NoAppeal:
	}
	pauses, err := f.tx.Pauses(ctx, f.row.ID)
	if err != nil {
		return privacy.Facts{}, fmt.Errorf("read pauses: %w", err)
	}
	for _, p := range pauses {
		facts.Pauses = append(facts.Pauses, privacy.Pause{Kind: privacy.PauseKind(p.Kind), From: p.FromAt, Until: p.UntilAt})
	}
	extensions, err := f.tx.Extensions(ctx, f.row.ID)
	if err != nil {
		return privacy.Facts{}, fmt.Errorf("read extensions: %w", err)
	}
	facts.Extended = len(extensions) > 0
	return facts, nil
}

// recompute brings the obligations in line with the facts as they are now. Dates that move are superseded, never lost;
// obligations that are met or waived stay as they are.
func (f *file) recompute(ctx context.Context, cause string) error {
	facts, err := f.facts(ctx)
	if err != nil {
		return err
	}
	deadlines, err := f.regime.Deadlines(facts)
	if err != nil {
		return fmt.Errorf("compute the dates: %w", err)
	}
	owed, err := f.obligations(ctx)
	if err != nil {
		return err
	}
	var moved []storage.NewDate
	for _, deadline := range deadlines {
		o, ok := owed[deadline.Kind]
		switch {
		case !ok:
			err = f.owe(ctx, deadline)
		case moves(o, deadline, cause):
			moved = append(moved, storage.NewDate{Obligation: o, Deadline: deadline, State: standingState(o, deadline, f.tx.Now())})
		case redated(o, cause):
			err = f.tx.MoveObligation(ctx, o, standingState(o, deadline, f.tx.Now()), "")
		}
		if err != nil {
			return err
		}
	}
	if err := f.tx.SetDeadlines(ctx, cause, moved...); err != nil {
		return err
	}
	return f.tx.RefreshNextDue(ctx, f.row.ID)
}

func (f *file) obligations(ctx context.Context) (map[privacy.ObligationKind]storage.Obligation, error) {
	list, err := f.tx.Obligations(ctx, f.row.ID)
	if err != nil {
		return nil, err
	}
	byKind := make(map[privacy.ObligationKind]storage.Obligation, len(list))
	for _, o := range list {
		byKind[privacy.ObligationKind(o.Kind)] = o
	}
	return byKind, nil
}

// redated says whether an obligation follows the facts: what is met or waived does so only when the case is taken up again.
func redated(o storage.Obligation, cause string) bool {
	return o.Standing() || cause == causeReopening && !stays(o) || cause == causeAppeal && ofAppeal(o)
}

// ofAppeal says whether an obligation is owed because of an appeal or a complaint: each new one is owed anew.
func ofAppeal(o storage.Obligation) bool {
	return o.Kind == string(privacy.AppealDecision) || o.Kind == string(privacy.ComplaintAcknowledge)
}

// moves says whether a deadline that was computed anew is another than the obligation has.
func moves(o storage.Obligation, d privacy.Deadline, cause string) bool {
	return redated(o, cause) &&
		(!o.Due.Equal(d.Due) || !o.EarliestSafe.Equal(d.EarliestSafe) || o.Deadline.Paused != d.Paused || o.Deadline.Extended != d.Extended)
}

// stays says of something that was done whether it remains so when the case is taken up again: the person has heard that
// the request arrived, is who they are, and knows of the extension.
func stays(o storage.Obligation) bool {
	switch privacy.ObligationKind(o.Kind) {
	case privacy.Acknowledge, privacy.Verify, privacy.ExtensionNotice, privacy.AppealDecision, privacy.ComplaintAcknowledge:
		return o.State == storage.ObligationMet
	default:
		return false
	}
}

// standingState is the state of an obligation that is still owed. Overdue is for the clock to say, when its time comes;
// a date that has moved into the future is open again.
func standingState(o storage.Obligation, d privacy.Deadline, now time.Time) string {
	switch {
	case d.Paused:
		return storage.ObligationPaused
	case o.State == storage.ObligationOverdue && !now.Before(d.Due):
		return storage.ObligationOverdue
	default:
		return storage.ObligationOpen
	}
}

// owe adds an obligation with the tenant's ladder.
func (f *file) owe(ctx context.Context, d privacy.Deadline) error {
	ladder, err := f.rules.Ladder(f.tx.Tenant().Settings.Ladder)
	if err != nil {
		return fmt.Errorf("the tenant's ladder: %w", err)
	}
	return f.tx.AddObligations(ctx, f.row.ID, ladder, d)
}

// Causes for a date to move, as the register knows them.
const (
	causePause      = "pause"
	causeResume     = "resume"
	causeExtension  = "extension"
	causeStartReset = "start_reset"
	causeReopening  = "reopening"
	causeAppeal     = "appeal"
	causeExecution  = "execution"
)

// settle ends what is owed: the kinds in met are met, everything else that stands is waived for the reason.
func (f *file) settle(ctx context.Context, reason string, met ...privacy.ObligationKind) error {
	if err := f.stopPauses(ctx); err != nil {
		return err
	}
	owed, err := f.obligations(ctx)
	if err != nil {
		return err
	}
	for _, kind := range met {
		o, ok := owed[kind]
		if !ok || !o.Standing() {
			continue
		}
		if err := f.tx.MoveObligation(ctx, o, storage.ObligationMet, ""); err != nil {
			return err
		}
		delete(owed, kind)
	}
	for _, o := range sorted(owed) {
		// The acknowledgement is owed until the mail server has taken it, whatever became of the case.
		if !o.Standing() || o.Kind == string(privacy.Acknowledge) {
			continue
		}
		if err := f.tx.MoveObligation(ctx, o, storage.ObligationWaived, reason); err != nil {
			return err
		}
	}
	return f.tx.RefreshNextDue(ctx, f.row.ID)
}

// stopPauses ends what the case waited for: nobody waits for an answer to a closed case, and one that is reopened begins
// with its clocks running.
func (f *file) stopPauses(ctx context.Context) error {
	for _, kind := range []privacy.PauseKind{privacy.PauseIdentity, privacy.PauseClarification, privacy.PauseFee} {
		if _, err := f.tx.ClosePause(ctx, f.row.ID, kind); err != nil {
			return err
		}
	}
	return nil
}

// meet ends one obligation if it stands.
func (f *file) meet(ctx context.Context, kind privacy.ObligationKind) error {
	owed, err := f.obligations(ctx)
	if err != nil {
		return err
	}
	o, ok := owed[kind]
	if !ok || !o.Standing() {
		return nil
	}
	if err := f.tx.MoveObligation(ctx, o, storage.ObligationMet, ""); err != nil {
		return err
	}
	return f.tx.RefreshNextDue(ctx, f.row.ID)
}
