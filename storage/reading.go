package storage

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/storage/internal/db"
)

// APIKeyLine is a key in a list; its secret is nowhere.
type APIKeyLine = db.APIKeysRow

// APIKeys lists the tenant's keys, revoked ones included, oldest first.
func (t *Tx) APIKeys(ctx context.Context) ([]APIKeyLine, error) {
	keys, err := t.q.APIKeys(ctx, t.tenant.ID)
	if err != nil {
		return nil, fmt.Errorf("read API keys: %w", err)
	}
	return keys, nil
}

// Dataset reads the annotation of one data set.
func (t *Tx) Dataset(ctx context.Context, key string) (Dataset, error) {
	row, err := t.q.Dataset(ctx, t.tenant.ID, key)
	if err != nil {
		return Dataset{}, fmt.Errorf("dataset %q: %w", key, translate(err))
	}
	return Dataset(row), nil
}

// DropNote deletes the text that came with a command which was then refused: nobody acted on it.
func (t *Tx) DropNote(ctx context.Context, caseID, id uuid.UUID) error {
	if err := one(t.q.DeleteNote(ctx, t.tenant.ID, caseID, id)); err != nil {
		return fmt.Errorf("drop the note: %w", err)
	}
	return t.Audit(ctx, audit.Event{
		Action: audit.RequestNoted, CaseID: caseID.String(), Object: audit.Object{Kind: "note", ID: id.String()},
		Outcome: audit.Refused, Reason: "dropped",
	})
}

// ForgetTenant drops what this process remembers of a tenant, so that a change of its settings is seen at once.
func (d *DB) ForgetTenant(id uuid.UUID) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.keys, id)
}
