package storage

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage/internal/db"
)

// RecipientNotice is a recipient of data that must hear of its rectification, its erasure or its restriction.
type RecipientNotice = db.RecipientNoticesRow

// NewRecipientNotice is one that is owed.
type NewRecipientNotice struct {
	Recipient, Role, System string
	Categories              []string
	// Turn tells the notices of later looks at what an erasure left to its time from the first one, which has none.
	Turn string
	// Through is the system over whose connector it hears of it.
	Through *uuid.UUID
}

// OweRecipient puts on record that a recipient must hear of what was done for a case; plan is that of an erasure.
func (t *Tx) OweRecipient(ctx context.Context, caseID uuid.UUID, plan *uuid.UUID, n NewRecipientNotice) (uuid.UUID, error) {
	id := newID()
	err := t.q.InsertRecipientNotice(ctx, db.InsertRecipientNoticeParams{
		ID: id, TenantID: t.tenant.ID, CaseID: caseID, PlanID: plan, Recipient: n.Recipient, Role: n.Role, SystemKey: n.System, Categories: n.Categories, Turn: n.Turn, ThroughID: n.Through, CreatedAt: t.now,
	})
	if err != nil {
		return id, fmt.Errorf("owe a recipient: %w", err)
	}
	return id, t.auditRecipient(ctx, id, caseID, n.System, "", privacy.RecipientToTell, "")
}

// RecipientNotices lists the recipients of a case by name.
func (t *Tx) RecipientNotices(ctx context.Context, caseID uuid.UUID) ([]RecipientNotice, error) {
	rows, err := t.q.RecipientNotices(ctx, t.tenant.ID, caseID)
	if err != nil {
		return nil, fmt.Errorf("read the recipients: %w", err)
	}
	return rows, nil
}

// MoveRecipient says how far a recipient has been told.
func (t *Tx) MoveRecipient(ctx context.Context, n RecipientNotice, to privacy.RecipientState, reason string) error {
	err := one(t.q.MoveRecipientNotice(ctx, db.MoveRecipientNoticeParams{
		TenantID: t.tenant.ID, ID: n.ID, FromState: n.State, ToState: string(to), Reason: optional(reason), By: t.actor.ID, At: t.now,
	}))
	if err != nil {
		return fmt.Errorf("move a recipient: %w", err)
	}
	return t.auditRecipient(ctx, n.ID, n.CaseID, n.SystemKey, privacy.RecipientState(n.State), to, reason)
}

func (t *Tx) auditRecipient(ctx context.Context, id, caseID uuid.UUID, system string, from, to privacy.RecipientState, reason string) error {
	facts := map[audit.FactKey]string{audit.FactSystem: system, audit.FactTo: string(to)}
	if from != "" {
		facts[audit.FactFrom] = string(from)
	}
	return t.Audit(ctx, audit.Event{
		Action: audit.RecipientMoved, CaseID: caseID.String(), Object: audit.Object{Kind: "recipient_notice", ID: id.String()}, Reason: reason, Facts: facts,
	})
}
