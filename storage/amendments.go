package storage

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/privacy/amendment"
	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage/internal/db"
)

// Amendment is what is to be set in one system for a case.
type Amendment = db.AmendmentsRow

// Purposes of an amendment.
const (
	AmendLimit = "limit" // marks that a limit stands
	AmendLift  = "lift"  // takes the marks away
	// AmendCorrect writes corrections, and AmendStatement what a person wants to be kept beside what was not corrected.
	AmendCorrect   = "correct"
	AmendStatement = "statement"
)

func amendmentField(id uuid.UUID) seal.Field {
	return seal.Field{Table: "amendments", Column: "orders", Row: id.String()}
}

// AddAmendment has something set in a system.
func (t *Tx) AddAmendment(ctx context.Context, caseID uuid.UUID, s Subject, system System, round int32, purpose string, orders []amendment.Order) error {
	id := newID()
	sealed, err := sealJSON(s.Key, amendmentField(id), orders)
	if err != nil {
		return fmt.Errorf("seal the amendment: %w", err)
	}
	err = t.q.InsertAmendment(ctx, db.InsertAmendmentParams{
		ID: id, TenantID: t.tenant.ID, CaseID: caseID, SystemID: system.ID, Round: round, Purpose: purpose, OrdersSealed: sealed, CreatedAt: t.now,
	})
	if err != nil {
		return fmt.Errorf("add the amendment: %w", err)
	}
	return nil
}

// Amendments lists what is set for a case, round by round.
func (t *Tx) Amendments(ctx context.Context, caseID uuid.UUID) ([]Amendment, error) {
	rows, err := t.q.Amendments(ctx, t.tenant.ID, caseID)
	if err != nil {
		return nil, fmt.Errorf("read amendments: %w", err)
	}
	return rows, nil
}

// AmendmentOrders opens what an amendment sets.
func (t *Tx) AmendmentOrders(a Amendment, s Subject) (orders []amendment.Order, err error) {
	if err := openJSON(s.Key, amendmentField(a.ID), a.OrdersSealed, &orders); err != nil {
		return nil, fmt.Errorf("open the amendment: %w", err)
	}
	return orders, nil
}

// KeepAmendmentOrders keeps how far the orders of an amendment under way have come.
func (t *Tx) KeepAmendmentOrders(ctx context.Context, a Amendment, s Subject, orders []amendment.Order) error {
	sealed, err := sealJSON(s.Key, amendmentField(a.ID), orders)
	if err != nil {
		return fmt.Errorf("seal the amendment: %w", err)
	}
	if err := one(t.q.KeepAmendmentOrders(ctx, t.tenant.ID, a.ID, sealed)); err != nil {
		return fmt.Errorf("keep how far the amendment is: %w", err)
	}
	return nil
}

// BeginAmendment puts on record that a system is about to be changed.
func (t *Tx) BeginAmendment(ctx context.Context, a Amendment) error {
	if err := t.setAmendment(ctx, a, RunRunning, ""); err != nil {
		return err
	}
	return t.auditAmendment(ctx, a, audit.Amended, audit.Intent, "")
}

// FinishAmendment ends one that was done: in how many of the person's rows something was changed, and how many there are.
func (t *Tx) FinishAmendment(ctx context.Context, a Amendment, changed, found int64) error {
	if err := one(t.q.CountAmended(ctx, t.tenant.ID, a.ID, changed, found)); err != nil {
		return fmt.Errorf("count what was amended: %w", err)
	}
	if err := t.setAmendment(ctx, a, RunDone, ""); err != nil {
		return err
	}
	return t.auditAmendment(ctx, a, audit.Amended, audit.Done, "")
}

// FailAmendment ends a try that failed; problem explains it without naming a person.
func (t *Tx) FailAmendment(ctx context.Context, a Amendment, code, problem string) error {
	if err := t.setAmendment(ctx, a, RunFailed, problem); err != nil {
		return err
	}
	return t.auditAmendment(ctx, a, audit.Amended, audit.Failed, code)
}

// AmendedByHand says that a person has done what the system could not be made to do.
func (t *Tx) AmendedByHand(ctx context.Context, a Amendment) error {
	if err := t.setAmendment(ctx, a, RunByHand, ""); err != nil {
		return err
	}
	return t.auditAmendment(ctx, a, audit.AmendedByHand, audit.Done, "")
}

func (t *Tx) setAmendment(ctx context.Context, a Amendment, state, problem string) error {
	if err := one(t.q.SetAmendment(ctx, db.SetAmendmentParams{TenantID: t.tenant.ID, ID: a.ID, State: state, Error: optional(problem), At: t.now})); err != nil {
		return fmt.Errorf("set the amendment: %w", err)
	}
	return nil
}

func (t *Tx) auditAmendment(ctx context.Context, a Amendment, action audit.Action, outcome audit.Outcome, reason string) error {
	return t.Audit(ctx, audit.Event{
		Action: action, CaseID: a.CaseID.String(), Object: audit.Object{Kind: "amendment", ID: a.ID.String()}, Outcome: outcome, Reason: reason,
		Facts: map[audit.FactKey]string{audit.FactSystem: a.SystemKey, audit.FactMethod: a.Purpose},
	})
}

// RestartWorkflow has the workflow of a case run once more, whether or not it has ended: there is something left to do.
func (t *Tx) RestartWorkflow(ctx context.Context, c Case) error {
	err := t.q.RestartWorkflow(ctx, db.RestartWorkflowParams{
		ID: idAt(t.now), TenantID: t.tenant.ID, CaseID: c.ID, Run: c.Run, CreatedAt: t.now, NextAttemptAt: t.now,
	})
	if err != nil {
		return fmt.Errorf("ask for the workflow: %w", err)
	}
	return nil
}
