package storage

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/privacy/correction"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage/internal/db"
)

// Correction is a value of a person's rows that is to become another, with what became of it.
type Correction struct {
	ID uuid.UUID
	correction.Proposal
	SystemID   uuid.UUID
	SystemName string
	Round      int32
	// Why says what shows that the new value is right, or why it was refused.
	Why        string
	State      string
	Reason     string
	ProposedBy string
	ProposedAt time.Time
	DecidedBy  string
	DecidedAt  *time.Time
	Rows       *int64
	EndedAt    *time.Time
}

// States of a correction.
const (
	CorrectionProposed  = "proposed"
	CorrectionAccepted  = "accepted"
	CorrectionRefused   = "refused"
	CorrectionTakenBack = "taken_back"
	CorrectionWritten   = "written"
	CorrectionByHand    = "by_hand"
	CorrectionOvertaken = "overtaken" // the rows said something else by the time it was to be written
)

type correctionBody struct {
	Was     *string `json:"was"`
	Becomes *string `json:"becomes"`
	Why     string  `json:"why,omitempty"`
}

func correctionField(id uuid.UUID) seal.Field {
	return seal.Field{Table: "corrections", Column: "body", Row: id.String()}
}

// SaveHolding keeps what the person's rows in one system of a round say, and by what they are found again.
func (t *Tx) SaveHolding(ctx context.Context, run Run, s Subject, h correction.Holding, warrant any) error {
	sealed, err := sealJSON(s.Key, holdingField(run.ID), h)
	if err != nil {
		return fmt.Errorf("seal what rows say: %w", err)
	}
	found, err := sealJSON(s.Key, holdingWarrantField(run.ID), warrant)
	if err != nil {
		return fmt.Errorf("seal what rows are found by: %w", err)
	}
	err = t.q.SaveHolding(ctx, db.SaveHoldingParams{TenantID: t.tenant.ID, RunID: run.ID, BodySealed: sealed, WarrantSealed: found, At: t.now})
	if err != nil {
		return fmt.Errorf("keep what rows say: %w", err)
	}
	return nil
}

func holdingField(run uuid.UUID) seal.Field {
	return seal.Field{Table: "holdings", Column: "body", Row: run.String()}
}

func holdingWarrantField(run uuid.UUID) seal.Field {
	return seal.Field{Table: "holdings", Column: "warrant", Row: run.String()}
}

// HoldingWarrant opens by what the rows that were read in a system in a round are found again.
func (t *Tx) HoldingWarrant(ctx context.Context, s Subject, caseID, system uuid.UUID, round int32, into any) error {
	row, err := t.q.HoldingWarrant(ctx, t.tenant.ID, caseID, round, system)
	if err != nil {
		return fmt.Errorf("read what rows are found by: %w", translate(err))
	}
	if err := openJSON(s.Key, holdingWarrantField(row.RunID), row.WarrantSealed, into); err != nil {
		return fmt.Errorf("open what rows are found by: %w", err)
	}
	return nil
}

// Holdings gives what the person's rows said in a round, system by system.
func (t *Tx) Holdings(ctx context.Context, s Subject, caseID uuid.UUID, round int32) ([]correction.Holding, error) {
	rows, err := t.q.Holdings(ctx, t.tenant.ID, caseID, round)
	if err != nil {
		return nil, fmt.Errorf("read what rows say: %w", err)
	}
	out := make([]correction.Holding, len(rows))
	for i, row := range rows {
		if err := openJSON(s.Key, holdingField(row.RunID), row.BodySealed, &out[i]); err != nil {
			return nil, fmt.Errorf("open what rows say: %w", err)
		}
	}
	return out, nil
}

// AddCorrection puts a correction on record: proposed, or accepted by the same word where the system lets the person correct the field.
func (t *Tx) AddCorrection(ctx context.Context, caseID uuid.UUID, s Subject, system System, round int32, p correction.Proposal, why string, accepted bool) (uuid.UUID, error) {
	id := newID()
	sealed, err := sealJSON(s.Key, correctionField(id), correctionBody{Was: p.Was, Becomes: p.Becomes, Why: why})
	if err != nil {
		return id, fmt.Errorf("seal the correction: %w", err)
	}
	row := db.InsertCorrectionParams{
		ID: id, TenantID: t.tenant.ID, CaseID: caseID, SystemID: system.ID, Round: round, Dataset: p.Dataset, Collection: p.Collection, Field: p.Field,
		BodySealed: sealed, State: CorrectionProposed, ProposedBy: t.actor.ID, ProposedAt: t.now,
	}
	if accepted {
		row.State, row.DecidedBy, row.DecidedAt = CorrectionAccepted, &t.actor.ID, &t.now
	}
	if err := t.q.InsertCorrection(ctx, row); err != nil {
		return id, fmt.Errorf("add the correction: %w", err)
	}
	return id, t.auditCorrection(ctx, audit.CorrectionProposed, caseID, id, p, row.State, "")
}

// Corrections opens the corrections of a case, oldest first.
func (t *Tx) Corrections(ctx context.Context, caseID uuid.UUID, s Subject) ([]Correction, error) {
	rows, err := t.q.Corrections(ctx, t.tenant.ID, caseID)
	if err != nil {
		return nil, fmt.Errorf("read the corrections: %w", err)
	}
	out := make([]Correction, len(rows))
	for i, row := range rows {
		var body correctionBody
		if err := openJSON(s.Key, correctionField(row.ID), row.BodySealed, &body); err != nil {
			return nil, fmt.Errorf("open a correction: %w", err)
		}
		out[i] = Correction{
			ID: row.ID, SystemID: row.SystemID, SystemName: row.SystemName, Round: row.Round, Why: body.Why, State: row.State, Reason: given(row.Reason),
			ProposedBy: row.ProposedBy, ProposedAt: row.ProposedAt, DecidedBy: given(row.DecidedBy), DecidedAt: row.DecidedAt, Rows: row.Rows, EndedAt: row.EndedAt,
			Proposal: correction.Proposal{
				System: row.SystemKey, Address: dataset.Address{Dataset: row.Dataset, Collection: row.Collection}, Field: row.Field, Was: body.Was, Becomes: body.Becomes,
			},
		}
	}
	return out, nil
}

// DecideCorrection accepts or refuses a correction, opens it again, or takes it back. reason is the ground of a refusal.
func (t *Tx) DecideCorrection(ctx context.Context, caseID uuid.UUID, c Correction, state, reason string) error {
	err := one(t.q.DecideCorrection(ctx, db.DecideCorrectionParams{
		TenantID: t.tenant.ID, ID: c.ID, State: state, Reason: optional(reason), By: t.actor.ID, At: t.now,
	}))
	if err != nil {
		return fmt.Errorf("decide on the correction: %w", err)
	}
	return t.auditCorrection(ctx, audit.CorrectionDecided, caseID, c.ID, c.Proposal, state, reason)
}

// EndCorrection says what became of an accepted correction, and in how many rows it was written.
func (t *Tx) EndCorrection(ctx context.Context, caseID uuid.UUID, c Correction, state string, rows int64) error {
	if err := one(t.q.EndCorrection(ctx, db.EndCorrectionParams{TenantID: t.tenant.ID, ID: c.ID, State: state, Rows: rows, At: t.now})); err != nil {
		return fmt.Errorf("end the correction: %w", err)
	}
	return t.auditCorrection(ctx, audit.CorrectionEnded, caseID, c.ID, c.Proposal, state, "")
}

func (t *Tx) auditCorrection(ctx context.Context, action audit.Action, caseID, id uuid.UUID, p correction.Proposal, state, reason string) error {
	return t.Audit(ctx, audit.Event{
		Action: action, CaseID: caseID.String(), Object: audit.Object{Kind: "correction", ID: id.String()}, Reason: reason,
		Facts: map[audit.FactKey]string{audit.FactSystem: p.System, audit.FactCollection: p.Address.String(), audit.FactField: p.Field, audit.FactTo: state},
	})
}

// Statement is what a person wants to be kept beside data that was not corrected as they asked.
type Statement struct {
	Text   string
	MadeAt time.Time
}

func statementField(id uuid.UUID) seal.Field {
	return seal.Field{Table: "statements", Column: "body", Row: id.String()}
}

// AddStatement keeps a statement.
func (t *Tx) AddStatement(ctx context.Context, caseID uuid.UUID, s Subject, text string) error {
	id := newID()
	sealed, err := s.Key.Seal([]byte(text), statementField(id))
	if err != nil {
		return fmt.Errorf("seal the statement: %w", err)
	}
	if err := t.q.InsertStatement(ctx, db.InsertStatementParams{ID: id, TenantID: t.tenant.ID, CaseID: caseID, BodySealed: sealed, MadeAt: t.now}); err != nil {
		return fmt.Errorf("keep the statement: %w", err)
	}
	return t.Audit(ctx, audit.Event{Action: audit.StatementMade, CaseID: caseID.String(), Object: audit.Object{Kind: "statement", ID: id.String()}})
}

// Statements opens those of a case, newest first.
func (t *Tx) Statements(ctx context.Context, caseID uuid.UUID, s Subject) ([]Statement, error) {
	rows, err := t.q.Statements(ctx, t.tenant.ID, caseID)
	if err != nil {
		return nil, fmt.Errorf("read the statements: %w", err)
	}
	out := make([]Statement, len(rows))
	for i, row := range rows {
		text, err := s.Key.Open(row.BodySealed, statementField(row.ID))
		if err != nil {
			return nil, fmt.Errorf("open a statement: %w", err)
		}
		out[i] = Statement{Text: string(text), MadeAt: row.MadeAt}
	}
	return out, nil
}

// StatementsOn opens what the person behind a mailbox wanted to be kept beside their data, by whichever request, oldest first.
func (t *Tx) StatementsOn(ctx context.Context, email string) ([]Statement, error) {
	index, err := t.blindIndex(identityEmail, email)
	if err != nil {
		return nil, err
	}
	rows, err := t.q.StatementsOn(ctx, t.tenant.ID, index)
	if err != nil {
		return nil, fmt.Errorf("read a person's statements: %w", err)
	}
	out := make([]Statement, len(rows))
	for i, row := range rows {
		subject, err := t.Subject(ctx, row.SubjectID)
		if err != nil {
			return nil, err
		}
		text, err := subject.Key.Open(row.BodySealed, statementField(row.ID))
		if err != nil {
			return nil, fmt.Errorf("open a statement: %w", err)
		}
		out[i] = Statement{Text: string(text), MadeAt: row.MadeAt}
	}
	return out, nil
}
