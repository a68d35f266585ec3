package storage

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage/internal/db"
)

// Redaction is something that is left out of the answer, and why. Field "" is the whole row. KeyField and
// KeyValue narrow it to the rows in which that column has that text; both empty means every row.
type Redaction struct {
	ID         uuid.UUID
	System     string
	Dataset    string
	Collection string
	Field      string
	KeyField   string
	KeyValue   string
	Ground     string
	Citation   string
	Note       string
	By         string
	At         time.Time
}

// AddRedaction records what is left out; row key and note are sealed under the subject's key.
func (t *Tx) AddRedaction(ctx context.Context, c Case, s Subject, r Redaction) (uuid.UUID, error) {
	id := newID()
	row := db.InsertRedactionParams{
		ID: id, TenantID: t.tenant.ID, CaseID: c.ID, SystemKey: r.System, Dataset: r.Dataset, Collection: r.Collection,
		Field: r.Field, KeyField: r.KeyField, Ground: r.Ground, Citation: r.Citation, CreatedBy: t.actor.ID, CreatedAt: t.now,
	}
	var err error
	if row.RowKeySealed, err = sealOptional(s.Key, r.KeyValue, redactionField("row_key", id)); err != nil {
		return uuid.Nil, err
	}
	if row.NoteSealed, err = sealOptional(s.Key, r.Note, redactionField("note", id)); err != nil {
		return uuid.Nil, err
	}
	if err := t.q.InsertRedaction(ctx, row); err != nil {
		return uuid.Nil, fmt.Errorf("record the redaction: %w", err)
	}
	return id, t.Audit(ctx, audit.Event{
		Action: audit.RedactionMade, CaseID: c.ID.String(), Object: audit.Object{Kind: "redaction", ID: id.String()},
		Reason: r.Ground, Facts: map[audit.FactKey]string{audit.FactSystem: r.System},
	})
}

func redactionField(column string, id uuid.UUID) seal.Field {
	return seal.Field{Table: "redactions", Column: column, Row: id.String()}
}

func sealOptional(key *seal.Key, value string, at seal.Field) ([]byte, error) {
	if value == "" {
		return nil, nil
	}
	sealed, err := key.Seal([]byte(value), at)
	if err != nil {
		return nil, fmt.Errorf("seal %s.%s: %w", at.Table, at.Column, err)
	}
	return sealed, nil
}

func openOptional(key *seal.Key, sealed []byte, at seal.Field) (string, error) {
	if sealed == nil {
		return "", nil
	}
	clear, err := key.Open(sealed, at)
	if err != nil {
		return "", fmt.Errorf("open %s.%s: %w", at.Table, at.Column, err)
	}
	return string(clear), nil
}

// Redactions opens what is left out of a case's answer.
func (t *Tx) Redactions(ctx context.Context, c Case, s Subject) ([]Redaction, error) {
	rows, err := t.q.Redactions(ctx, t.tenant.ID, c.ID)
	if err != nil {
		return nil, fmt.Errorf("read redactions: %w", err)
	}
	redactions := make([]Redaction, 0, len(rows))
	for _, row := range rows {
		r := Redaction{
			ID: row.ID, System: row.SystemKey, Dataset: row.Dataset, Collection: row.Collection, Field: row.Field,
			KeyField: row.KeyField, Ground: row.Ground, Citation: row.Citation, By: row.CreatedBy, At: row.CreatedAt,
		}
		if r.KeyValue, err = openOptional(s.Key, row.RowKeySealed, redactionField("row_key", row.ID)); err != nil {
			return nil, err
		}
		if r.Note, err = openOptional(s.Key, row.NoteSealed, redactionField("note", row.ID)); err != nil {
			return nil, err
		}
		redactions = append(redactions, r)
	}
	return redactions, nil
}

// RemoveRedaction puts back what was left out.
func (t *Tx) RemoveRedaction(ctx context.Context, caseID, id uuid.UUID) error {
	err := one(t.q.RemoveRedaction(ctx, t.tenant.ID, caseID, id, &t.now))
	if err != nil {
		return fmt.Errorf("remove the redaction: %w", err)
	}
	return t.Audit(ctx, audit.Event{
		Action: audit.RedactionMade, CaseID: caseID.String(), Object: audit.Object{Kind: "redaction", ID: id.String()},
		Reason: "removed",
	})
}
