package casework

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// ErrTaskEnded says that a task is not to be done any more.
var ErrTaskEnded = errors.New("this task has been done or is no longer needed")

// Attach stores a file beside an open task, sealed as documents are: encrypted on its way, under a key of its own. What is attached
// to check an identity is destroyed with the decision; everything else stays with the case.
func (d *Desk) Attach(ctx context.Context, tenant uuid.UUID, actor audit.Actor, task uuid.UUID, file io.Reader) (uuid.UUID, error) {
	var found storage.Task
	err := d.db.Read(ctx, tenant, func(ctx context.Context, tx *storage.Tx) (err error) {
		found, err = stillOpen(tx.Task(ctx, task))
		return err
	})
	if err != nil {
		return uuid.Nil, err
	}
	stored, err := d.sealFile(ctx, contract.Ref{Tenant: tenant, Case: found.CaseID}, "attachments", file)
	if err != nil {
		return uuid.Nil, err
	}
	err = d.db.Change(ctx, tenant, actor, func(ctx context.Context, tx *storage.Tx) error {
		if _, err := stillOpen(tx.LockTask(ctx, task)); err != nil {
			return err
		}
		return tx.AddAttachment(ctx, task, stored)
	})
	if err != nil {
		return uuid.Nil, errors.Join(err, d.objects.Delete(context.WithoutCancel(ctx), stored.ObjectKey))
	}
	return stored.ID, nil
}

func stillOpen(task storage.Task, err error) (storage.Task, error) {
	if err == nil && task.State != "open" {
		err = ErrTaskEnded
	}
	return task, err
}

// ViewAttachment opens a file beside a task, and records who looked at it.
func (d *Desk) ViewAttachment(ctx context.Context, tenant uuid.UUID, actor audit.Actor, task, id uuid.UUID) (body io.ReadCloser, media string, err error) {
	var found storage.Attachment
	var key *seal.StreamKey
	err = d.db.Change(ctx, tenant, actor, func(ctx context.Context, tx *storage.Tx) error {
		all, err := tx.Attachments(ctx, task)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(all, func(a storage.Attachment) bool { return a.ID == id })
		if i < 0 {
			return fmt.Errorf("attachment: %w", storage.ErrNotFound)
		}
		found = all[i]
		if key, err = tx.Tenant().Keys.StreamKey(found.WrappedKey, storage.DocumentKeyID(id)); err != nil {
			return fmt.Errorf("open the attachment's key: %w", err)
		}
		return tx.Audit(ctx, audit.Event{
			Action: audit.RequestViewed, CaseID: found.CaseID.String(), Object: audit.Object{Kind: "attachment", ID: id.String()},
		})
	})
	if err != nil {
		return nil, "", err
	}
	body, err = d.openSealed(ctx, found.ObjectKey, key)
	return body, found.MediaType, err
}
