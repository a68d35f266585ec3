package storage

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage/internal/db"
)

// Rows of obligations as they are read.
type (
	// ObligationDate is one date that stands or stood.
	ObligationDate = db.ObligationDatesRow
	// BoardLine is one obligation on the board.
	BoardLine = db.BoardRow
	// MilestoneLine is something the clock did.
	MilestoneLine = db.MilestonesRow
	// PauseLine is one pause of a case.
	PauseLine = db.PausesRow
	// ExtensionLine is an extension of a case.
	ExtensionLine = db.ExtensionsRow
)

// States of an obligation, as its row has them.
const (
	ObligationOpen    = string(privacy.ObligationOpen)
	ObligationPaused  = string(privacy.ObligationPaused)
	ObligationMet     = string(privacy.ObligationMet)
	ObligationOverdue = string(privacy.ObligationOverdue)
	ObligationWaived  = string(privacy.ObligationWaived)
)

// Obligation is something owed, with the deadline and the ladder it was given.
type Obligation struct {
	db.Obligation
	Deadline privacy.Deadline
	Ladder   privacy.Ladder
}

// Standing says whether the obligation is still owed.
func (o Obligation) Standing() bool {
	return privacy.ObligationState(o.State).Standing()
}

// AddObligations stores deadlines as what a case owes.
func (t *Tx) AddObligations(ctx context.Context, caseID uuid.UUID, ladder privacy.Ladder, deadlines ...privacy.Deadline) error {
	rungs, err := json.Marshal(ladder)
	if err != nil {
		return fmt.Errorf("write the ladder: %w", err)
	}
	t.owed = nil
	owed := db.InsertObligationsParams{TenantID: t.tenant.ID, CaseID: caseID, Ladder: rungs, At: t.now}
	for _, d := range deadlines {
		deadline, err := json.Marshal(d)
		if err != nil {
			return fmt.Errorf("write the deadline: %w", err)
		}
		id := newID()
		owed.Ids, owed.Kinds, owed.Citations = append(owed.Ids, id), append(owed.Kinds, string(d.Kind)), append(owed.Citations, d.Citation.Text)
		owed.States, owed.Explanations = append(owed.States, stateOf(d)), append(owed.Explanations, deadline)
		owed.Dues, owed.EarliestSafes = append(owed.Dues, d.Due), append(owed.EarliestSafes, d.EarliestSafe)
		if err := t.auditObligation(ctx, audit.ObligationCreated, caseID, id, d, nil); err != nil {
			return err
		}
	}
	if err := t.later.InsertObligations(ctx, owed); err != nil {
		return fmt.Errorf("add the obligations: %w", err)
	}
	return nil
}

func stateOf(d privacy.Deadline) string {
	if d.Paused {
		return ObligationPaused
	}
	return ObligationOpen
}

func (t *Tx) auditObligation(ctx context.Context, action audit.Action, caseID, id uuid.UUID, d privacy.Deadline, was *time.Time) error {
	facts := map[audit.FactKey]string{
		audit.FactDue: d.Due.Format(time.RFC3339), audit.FactRule: string(d.Kind), audit.FactPolicy: d.Regime + "/" + d.Version,
	}
	if was != nil {
		facts[audit.FactPreviousDue] = was.UTC().Format(time.RFC3339)
	}
	return t.Audit(ctx, audit.Event{
		Action: action, CaseID: caseID.String(), Object: audit.Object{Kind: "obligation", ID: id.String()}, Facts: facts,
	})
}

// Obligations reads what a case owes, soonest first.
func (t *Tx) Obligations(ctx context.Context, caseID uuid.UUID) ([]Obligation, error) {
	if known, ok := t.owed[caseID]; ok {
		return slices.Clone(known), nil
	}
	rows, err := t.q.Obligations(ctx, t.tenant.ID, caseID)
	if err != nil {
		return nil, fmt.Errorf("read obligations: %w", err)
	}
	obligations := make([]Obligation, 0, len(rows))
	for _, row := range rows {
		o, err := openObligation(row)
		if err != nil {
			return nil, err
		}
		obligations = append(obligations, o)
	}
	t.owed = map[uuid.UUID][]Obligation{caseID: obligations}
	return slices.Clone(obligations), nil
}

func openObligation(row db.Obligation) (Obligation, error) {
	o := Obligation{Obligation: row}
	if err := json.Unmarshal(row.Explanation, &o.Deadline); err != nil {
		return o, fmt.Errorf("read the deadline of %s: %w", row.Kind, err)
	}
	if err := json.Unmarshal(row.Ladder, &o.Ladder); err != nil {
		return o, fmt.Errorf("read the ladder of %s: %w", row.Kind, err)
	}
	return o, nil
}

// LockObligation reads one obligation and keeps others from changing it until the transaction ends.
func (t *Tx) LockObligation(ctx context.Context, id uuid.UUID) (Obligation, error) {
	row, err := t.q.LockObligation(ctx, t.tenant.ID, id)
	if err != nil {
		return Obligation{}, fmt.Errorf("obligation: %w", translate(err))
	}
	return openObligation(row)
}

// MoveObligation changes the state of an obligation, with its audit event. It does nothing when the state is that already.
// A move that the state machine does not know is a *privacy.ObligationError.
func (t *Tx) MoveObligation(ctx context.Context, o Obligation, to, reason string) error {
	if o.State == to {
		return nil
	}
	if err := privacy.ObligationState(o.State).MayBecome(privacy.ObligationState(to)); err != nil {
		return err
	}
	t.owed = nil
	row := db.MoveObligationParams{TenantID: t.tenant.ID, ID: o.ID, FromState: o.State, ToState: to, At: t.now}
	switch to {
	case ObligationMet:
		row.MetAt = &t.now
	case ObligationWaived:
		row.WaivedReason = &reason
	}
	if err := one(t.sure.MoveObligation(ctx, row)); err != nil {
		return fmt.Errorf("move the obligation %s: %w", o.Kind, err)
	}
	return t.auditObligation(ctx, obligationAction(to), o.CaseID, o.ID, o.Deadline, nil)
}

func obligationAction(state string) audit.Action {
	switch state {
	case ObligationMet:
		return audit.ObligationMet
	case ObligationOverdue:
		return audit.ObligationOverdue
	case ObligationWaived:
		return audit.ObligationWaived
	case ObligationPaused:
		return audit.ObligationPaused
	default:
		return audit.ObligationResumed
	}
}

// NewDate is the date that an obligation gets, and the state that goes with it.
type NewDate struct {
	Obligation Obligation
	Deadline   privacy.Deadline
	State      string
}

// SetDeadlines gives obligations new dates; the register keeps those that stood. cause is pause, resume, extension,
// start_reset or reopening.
func (t *Tx) SetDeadlines(ctx context.Context, cause string, dates ...NewDate) error {
	if len(dates) == 0 {
		return nil
	}
	set := db.SetObligationDuesParams{TenantID: t.tenant.ID, At: t.now, Cause: cause}
	for _, n := range dates {
		if err := n.mayBe(); err != nil {
			return err
		}
		deadline, err := json.Marshal(n.Deadline)
		if err != nil {
			return fmt.Errorf("write the deadline: %w", err)
		}
		set.ObligationIds, set.Dues = append(set.ObligationIds, n.Obligation.ID), append(set.Dues, n.Deadline.Due)
		set.EarliestSafes, set.Explanations = append(set.EarliestSafes, n.Deadline.EarliestSafe), append(set.Explanations, deadline)
		set.FromStates, set.ToStates = append(set.FromStates, n.Obligation.State), append(set.ToStates, n.State)
		if err := t.auditObligation(ctx, redatedAction(cause), n.Obligation.CaseID, n.Obligation.ID, n.Deadline, &n.Obligation.Due); err != nil {
			return err
		}
	}
	rows, err := t.q.SetObligationDues(ctx, set)
	if err == nil && len(rows) < len(dates) {
		err = ErrConflict
	}
	if err != nil {
		return fmt.Errorf("set the dates: %w", err)
	}
	if err := t.QueueCallbacks(ctx, dates[0].Obligation.CaseID); err != nil {
		return err
	}
	return t.learn(rows)
}

// learn takes over how obligations of the case that was asked about last have changed.
func (t *Tx) learn(rows []db.Obligation) error {
	for _, row := range rows {
		changed, err := openObligation(row)
		if err != nil {
			return err
		}
		for i, o := range t.owed[row.CaseID] {
			if o.ID == row.ID {
				t.owed[row.CaseID][i] = changed
			}
		}
	}
	for _, obligations := range t.owed {
		slices.SortFunc(obligations, func(a, b Obligation) int { return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.Kind, b.Kind)) })
	}
	return nil
}

func (n NewDate) mayBe() error {
	if n.Obligation.State == n.State {
		return nil
	}
	return privacy.ObligationState(n.Obligation.State).MayBecome(privacy.ObligationState(n.State))
}

func redatedAction(cause string) audit.Action {
	switch cause {
	case "extension":
		return audit.ObligationExtended
	case "pause":
		return audit.ObligationPaused
	default:
		return audit.ObligationResumed
	}
}

// RefreshNextDue brings the case's soonest date in line with its obligations.
func (t *Tx) RefreshNextDue(ctx context.Context, caseID uuid.UUID) error {
	return t.later.SetCaseNextDue(ctx, t.tenant.ID, caseID, t.now)
}

// Acknowledge records that somebody took an escalation over; escalated is false when there is none under the present date.
func (t *Tx) Acknowledge(ctx context.Context, o Obligation) (escalated bool, err error) {
	t.owed = nil
	rows, err := t.q.AcknowledgeObligation(ctx, t.tenant.ID, o.ID, &t.now, &t.actor.ID)
	if err != nil {
		return false, fmt.Errorf("acknowledge the escalation: %w", err)
	}
	if rows == 0 {
		return false, nil
	}
	return true, t.auditObligation(ctx, audit.EscalationAccepted, o.CaseID, o.ID, o.Deadline, nil)
}

// ReachMilestone records that the clock reached a milestone; first is false when that was recorded before.
func (t *Tx) ReachMilestone(ctx context.Context, o Obligation, m privacy.Milestone) (first bool, err error) {
	rows, err := t.q.InsertMilestone(ctx, db.InsertMilestoneParams{
		ID: newID(), TenantID: t.tenant.ID, ObligationID: o.ID, Key: string(m.Kind) + "@" + m.At.UTC().Format(time.RFC3339),
		Kind: string(m.Kind), At: m.At, RecordedAt: t.now,
	})
	if err != nil {
		return false, fmt.Errorf("record the milestone: %w", err)
	}
	if rows == 0 {
		return false, nil
	}
	action := audit.ObligationReminded
	if m.Kind == privacy.MilestoneEscalation || m.Kind == privacy.MilestoneRepeat {
		action = audit.ObligationEscalated
	}
	return true, t.auditObligation(ctx, action, o.CaseID, o.ID, o.Deadline, nil)
}

// ObligationDates lists every date that stood for the obligations of a case.
func (t *Tx) ObligationDates(ctx context.Context, caseID uuid.UUID) ([]ObligationDate, error) {
	return t.q.ObligationDates(ctx, t.tenant.ID, caseID)
}

// Milestones lists what the clocks of a case did.
func (t *Tx) Milestones(ctx context.Context, caseID uuid.UUID) ([]MilestoneLine, error) {
	return t.q.Milestones(ctx, t.tenant.ID, caseID)
}

// OpenPause begins a pause; opened is false when one of the kind is open already.
func (t *Tx) OpenPause(ctx context.Context, caseID uuid.UUID, kind privacy.PauseKind) (opened bool, err error) {
	rows, err := t.q.InsertPause(ctx, db.InsertPauseParams{
		ID: newID(), TenantID: t.tenant.ID, CaseID: caseID, Kind: string(kind), FromAt: t.now, OpenedBy: t.actor.ID,
	})
	if err != nil {
		return false, fmt.Errorf("open the pause: %w", err)
	}
	return rows > 0, nil
}

// ClosePause ends the open pause of the kind; closed is false when there is none.
func (t *Tx) ClosePause(ctx context.Context, caseID uuid.UUID, kind privacy.PauseKind) (closed bool, err error) {
	rows, err := t.q.ClosePause(ctx, db.ClosePauseParams{
		TenantID: t.tenant.ID, CaseID: caseID, Kind: string(kind), UntilAt: &t.now, ClosedBy: &t.actor.ID,
	})
	if err != nil {
		return false, fmt.Errorf("close the pause: %w", err)
	}
	return rows > 0, nil
}

// Pauses lists the pauses of a case.
func (t *Tx) Pauses(ctx context.Context, caseID uuid.UUID) ([]PauseLine, error) {
	return t.q.Pauses(ctx, t.tenant.ID, caseID)
}

// AddExtension records the extension of a case; added is false when it has one.
func (t *Tx) AddExtension(ctx context.Context, caseID uuid.UUID, reason string) (added bool, err error) {
	rows, err := t.q.InsertExtension(ctx, db.InsertExtensionParams{
		ID: newID(), TenantID: t.tenant.ID, CaseID: caseID, ReasonCode: reason, GrantedBy: t.actor.ID, GrantedAt: t.now,
	})
	if err != nil {
		return false, fmt.Errorf("record the extension: %w", err)
	}
	return rows > 0, nil
}

// Extensions lists the extensions of a case: one at most.
func (t *Tx) Extensions(ctx context.Context, caseID uuid.UUID) ([]ExtensionLine, error) {
	return t.q.Extensions(ctx, t.tenant.ID, caseID)
}
