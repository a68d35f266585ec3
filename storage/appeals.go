package storage

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage/internal/db"
)

// Appeal is what a person makes to the controller against its answer, with what became of it.
type Appeal struct {
	ID      uuid.UUID
	Kind    privacy.AppealKind
	State   string
	Channel string
	// Text is what the person says, Explanation what they were answered.
	Text        string
	Explanation string
	ReceivedAt  time.Time
	DecidedBy   string
	DecidedAt   *time.Time
}

// States of an appeal.
const (
	AppealOpen      = "open"
	AppealGranted   = "granted"
	AppealDenied    = "denied"
	AppealWithdrawn = "withdrawn"
)

func appealField(id uuid.UUID, column string) seal.Field {
	return seal.Field{Table: "appeals", Column: column, Row: id.String()}
}

// AddAppeal puts an appeal on record.
func (t *Tx) AddAppeal(ctx context.Context, caseID uuid.UUID, s Subject, a Appeal) (uuid.UUID, error) {
	id := newID()
	sealed, err := s.Key.Seal([]byte(a.Text), appealField(id, "body"))
	if err != nil {
		return id, fmt.Errorf("seal the appeal: %w", err)
	}
	err = t.q.InsertAppeal(ctx, db.InsertAppealParams{
		ID: id, TenantID: t.tenant.ID, CaseID: caseID, Kind: string(a.Kind), Channel: a.Channel, BodySealed: sealed, ReceivedAt: a.ReceivedAt,
	})
	if err != nil {
		return id, fmt.Errorf("add the appeal: %w", translate(err))
	}
	return id, t.auditAppeal(ctx, audit.AppealReceived, caseID, id, string(a.Kind), AppealOpen)
}

// Appeals opens those of a case, newest first.
func (t *Tx) Appeals(ctx context.Context, caseID uuid.UUID, s Subject) ([]Appeal, error) {
	rows, err := t.q.Appeals(ctx, t.tenant.ID, caseID)
	if err != nil {
		return nil, fmt.Errorf("read the appeals: %w", err)
	}
	out := make([]Appeal, len(rows))
	for i, row := range rows {
		text, err := s.Key.Open(row.BodySealed, appealField(row.ID, "body"))
		if err != nil {
			return nil, fmt.Errorf("open an appeal: %w", err)
		}
		out[i] = Appeal{
			ID: row.ID, Kind: privacy.AppealKind(row.Kind), State: row.State, Channel: row.Channel, Text: string(text), ReceivedAt: row.ReceivedAt,
			DecidedBy: given(row.DecidedBy), DecidedAt: row.DecidedAt,
		}
		if row.ExplanationSealed == nil {
			continue
		}
		if text, err = s.Key.Open(row.ExplanationSealed, appealField(row.ID, "explanation")); err != nil {
			return nil, fmt.Errorf("open the answer to an appeal: %w", err)
		}
		out[i].Explanation = string(text)
	}
	return out, nil
}

// DecideAppeal ends an open appeal.
func (t *Tx) DecideAppeal(ctx context.Context, caseID uuid.UUID, s Subject, a Appeal, state, explanation string) error {
	sealed, err := s.Key.Seal([]byte(explanation), appealField(a.ID, "explanation"))
	if err != nil {
		return fmt.Errorf("seal the answer to the appeal: %w", err)
	}
	err = one(t.q.DecideAppeal(ctx, db.DecideAppealParams{TenantID: t.tenant.ID, ID: a.ID, State: state, Explanation: sealed, By: t.actor.ID, At: t.now}))
	if err != nil {
		return fmt.Errorf("decide on the appeal: %w", err)
	}
	return t.auditAppeal(ctx, audit.AppealDecided, caseID, a.ID, string(a.Kind), state)
}

func (t *Tx) auditAppeal(ctx context.Context, action audit.Action, caseID, id uuid.UUID, kind, state string) error {
	return t.Audit(ctx, audit.Event{
		Action: action, CaseID: caseID.String(), Object: audit.Object{Kind: "appeal", ID: id.String()},
		Facts: map[audit.FactKey]string{audit.FactMethod: kind, audit.FactTo: state},
	})
}
