package storage

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage/internal/db"
)

// InquiryFile is a file that came with an answer.
type InquiryFile struct {
	db.InquiryFilesRow
	Name string
}

func inquiryFileField(id uuid.UUID) seal.Field {
	return seal.Field{Table: "inquiry_files", Column: "name", Row: id.String()}
}

// AddInquiryFile records a file that was stored sealed.
func (t *Tx) AddInquiryFile(ctx context.Context, i Inquiry, s Subject, n NewDocument, name string) error {
	sealed, err := s.Key.Seal([]byte(name), inquiryFileField(n.ID))
	if err != nil {
		return fmt.Errorf("seal the name of a file: %w", err)
	}
	err = t.q.InsertInquiryFile(ctx, db.InsertInquiryFileParams{
		ID: n.ID, TenantID: t.tenant.ID, InquiryID: i.ID, CaseID: i.Case, NameSealed: sealed, ObjectKey: n.ObjectKey, WrappedKey: n.WrappedKey, MediaType: n.MediaType,
		Bytes: n.Bytes, Sha256: n.SHA256, CreatedBy: t.actor.ID, CreatedAt: t.now,
	})
	if err != nil {
		return fmt.Errorf("record a file: %w", err)
	}
	return t.Audit(ctx, audit.Event{
		Action: audit.InquiryFileAdded, CaseID: i.Case.String(), Object: audit.Object{Kind: "inquiry", ID: i.ID.String()}, Evidence: n.SHA256,
		Facts: map[audit.FactKey]string{audit.FactBytes: fmt.Sprint(n.Bytes)},
	})
}

// InquiryFiles opens the names of the files that came for a case, oldest first.
func (t *Tx) InquiryFiles(ctx context.Context, caseID uuid.UUID, s Subject) ([]InquiryFile, error) {
	rows, err := t.q.InquiryFiles(ctx, t.tenant.ID, caseID)
	if err != nil {
		return nil, fmt.Errorf("read the files: %w", err)
	}
	out := make([]InquiryFile, len(rows))
	for i, row := range rows {
		out[i].InquiryFilesRow = row
		if len(row.NameSealed) == 0 {
			continue
		}
		name, err := s.Key.Open(row.NameSealed, inquiryFileField(row.ID))
		if err != nil {
			return nil, fmt.Errorf("open the name of a file: %w", err)
		}
		out[i].Name = string(name)
	}
	return out, nil
}

// RemoveInquiryFile takes a file away again that came by mistake. What lies in the object store is the caller's to delete.
func (t *Tx) RemoveInquiryFile(ctx context.Context, f InquiryFile) error {
	if err := one(t.q.DeleteInquiryFile(ctx, t.tenant.ID, f.InquiryID, f.ID)); err != nil {
		return fmt.Errorf("remove a file: %w", err)
	}
	return t.Audit(ctx, audit.Event{
		Action: audit.InquiryFileRemoved, CaseID: f.CaseID.String(), Object: audit.Object{Kind: "inquiry", ID: f.InquiryID.String()}, Evidence: f.Sha256,
	})
}

// InquiryFileKey opens the key of a file; seal.ErrNoKey when it was destroyed.
func (t *Tx) InquiryFileKey(f InquiryFile) (*seal.StreamKey, error) {
	key, err := t.tenant.Keys.StreamKey(f.WrappedKey, DocumentKeyID(f.ID))
	if err != nil {
		return nil, fmt.Errorf("open the key of a file: %w", err)
	}
	return key, nil
}

// ForgetInquiryFiles destroys the keys of the files of a case.
func (t *Tx) ForgetInquiryFiles(ctx context.Context, caseID uuid.UUID) error {
	if err := t.q.ForgetInquiryFiles(ctx, t.tenant.ID, caseID); err != nil {
		return fmt.Errorf("destroy the keys of the files: %w", err)
	}
	return nil
}
