package storage

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/storage/internal/db"
)

// Attachment is a file beside a task.
type Attachment = db.AttachmentsRow

// AddAttachment records a file that was stored sealed as one beside a task.
func (t *Tx) AddAttachment(ctx context.Context, task uuid.UUID, n NewDocument) error {
	err := t.later.InsertAttachment(ctx, db.InsertAttachmentParams{
		ID: n.ID, TenantID: t.tenant.ID, CaseID: n.CaseID, TaskID: task, ObjectKey: n.ObjectKey, WrappedKey: n.WrappedKey,
		Sha256: n.SHA256, Bytes: n.Bytes, MediaType: n.MediaType, CreatedBy: t.actor.ID, CreatedAt: t.now,
	})
	if err != nil {
		return fmt.Errorf("record the attachment: %w", err)
	}
	return t.Audit(ctx, audit.Event{
		Action: audit.TaskAttached, CaseID: n.CaseID.String(), Object: audit.Object{Kind: "attachment", ID: n.ID.String()},
		Facts: map[audit.FactKey]string{audit.FactTask: task.String()}, Evidence: n.SHA256,
	})
}

// Attachments lists the files beside a task.
func (t *Tx) Attachments(ctx context.Context, task uuid.UUID) ([]Attachment, error) {
	rows, err := t.q.Attachments(ctx, t.tenant.ID, task)
	if err != nil {
		return nil, fmt.Errorf("read the attachments: %w", err)
	}
	return rows, nil
}

// CaseAttachments lists the files beside all tasks of a case.
func (t *Tx) CaseAttachments(ctx context.Context, caseID uuid.UUID) ([]Attachment, error) {
	rows, err := t.q.CaseAttachments(ctx, t.tenant.ID, caseID)
	if err != nil {
		return nil, fmt.Errorf("read the attachments: %w", err)
	}
	attachments := make([]Attachment, len(rows))
	for i, row := range rows {
		attachments[i] = Attachment(row)
	}
	return attachments, nil
}
