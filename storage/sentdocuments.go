package storage

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage/internal/db"
)

// SentDocument is a document that the person of a case sent to show what they say. Its name is sealed: see SentName.
type SentDocument = db.SentDocumentsRow

func sentNameField(id uuid.UUID) seal.Field {
	return seal.Field{Table: "sent_documents", Column: "name", Row: id.String()}
}

// AddSentDocument records a document that was stored sealed as one that the person sent.
func (t *Tx) AddSentDocument(ctx context.Context, s Subject, n NewDocument, name string) error {
	sealed, err := s.Key.Seal([]byte(name), sentNameField(n.ID))
	if err != nil {
		return fmt.Errorf("seal the name of a document: %w", err)
	}
	err = t.later.InsertSentDocument(ctx, db.InsertSentDocumentParams{
		ID: n.ID, TenantID: t.tenant.ID, CaseID: n.CaseID, NameSealed: sealed, ObjectKey: n.ObjectKey, WrappedKey: n.WrappedKey, Sha256: n.SHA256,
		Bytes: n.Bytes, MediaType: n.MediaType, CreatedBy: t.actor.ID, CreatedAt: t.now,
	})
	if err != nil {
		return fmt.Errorf("record the document: %w", err)
	}
	return t.Audit(ctx, audit.Event{
		Action: audit.DocumentSent, CaseID: n.CaseID.String(), Object: audit.Object{Kind: "document", ID: n.ID.String()}, Evidence: n.SHA256,
		Facts: map[audit.FactKey]string{audit.FactBytes: fmt.Sprint(n.Bytes)},
	})
}

// SentDocuments lists what the person of a case sent, oldest first.
func (t *Tx) SentDocuments(ctx context.Context, caseID uuid.UUID) ([]SentDocument, error) {
	rows, err := t.q.SentDocuments(ctx, t.tenant.ID, caseID)
	if err != nil {
		return nil, fmt.Errorf("read what the person sent: %w", err)
	}
	return rows, nil
}

// SentName opens the name that the person's file had.
func (t *Tx) SentName(d SentDocument, s Subject) (string, error) {
	name, err := s.Key.Open(d.NameSealed, sentNameField(d.ID))
	if err != nil {
		return "", fmt.Errorf("open the name of a document: %w", err)
	}
	return string(name), nil
}

// SeeSentDocument keeps when somebody of the staff first looked at a document. That they looked is for the caller to record.
func (t *Tx) SeeSentDocument(ctx context.Context, id uuid.UUID) error {
	if err := t.later.SeeSentDocument(ctx, t.tenant.ID, id, t.now); err != nil {
		return fmt.Errorf("mark the document as seen: %w", err)
	}
	return nil
}
