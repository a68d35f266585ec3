package storage

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/storage/internal/db"
)

// Callback is something that a requester is to be told, as it stood when it happened.
type Callback = db.ClaimCallbacksRow

// Ends of a callback.
const (
	CallbackSent   = "sent"
	CallbackSame   = "same" // says what was said before, and is not sent
	CallbackFailed = "failed"
)

// CallbacksKept is how long the record of a callback that has ended is kept.
const CallbacksKept = 30 * 24 * time.Hour

// QueueCallbacks has whoever filed a case told how it stands now, once the transaction has committed. For every other case it does nothing.
func (t *Tx) QueueCallbacks(ctx context.Context, caseID uuid.UUID) error {
	if err := t.later.QueueCallbacks(ctx, t.tenant.ID, caseID, t.now); err != nil {
		return fmt.Errorf("queue the callbacks: %w", err)
	}
	return nil
}

// ClaimCallbacks takes callbacks that are due, the first in turn of each address. They come back by themselves when lease runs out.
func (t *Tx) ClaimCallbacks(ctx context.Context, limit int32, lease time.Duration) ([]Callback, error) {
	rows, err := t.q.ClaimCallbacks(ctx, t.tenant.ID, t.now.Add(lease), t.now, limit)
	if err != nil {
		return nil, fmt.Errorf("claim callbacks: %w", err)
	}
	return rows, nil
}

// EndCallback records what became of it, and what was said where something was. That one is given up on goes into the log.
func (t *Tx) EndCallback(ctx context.Context, c Callback, requester uuid.UUID, ended, status, said string) error {
	rows, err := t.q.EndCallback(ctx, db.EndCallbackParams{TenantID: t.tenant.ID, ID: c.ID, Ended: ended, At: t.now, Status: status, Said: optional(said)})
	if err != nil {
		return fmt.Errorf("end the callback: %w", err)
	}
	if rows == 0 || ended != CallbackFailed {
		return nil
	}
	return t.Audit(ctx, audit.Event{Action: audit.CallbackFailed, Object: requesterObject(requester), Outcome: audit.Failed, Reason: "not_taken"})
}

// RetryCallback has it tried again at a time.
func (t *Tx) RetryCallback(ctx context.Context, id uuid.UUID, at time.Time, status string) error {
	_, err := t.q.RetryCallback(ctx, t.tenant.ID, id, at, status)
	return err
}

// ForgetCallbacks deletes what ended before a time.
func (t *Tx) ForgetCallbacks(ctx context.Context, before time.Time) error {
	return t.q.ForgetCallbacks(ctx, t.tenant.ID, &before)
}

// TenantsWithCallbacks lists the tenants that have something to tell requesters.
func (d *DB) TenantsWithCallbacks(ctx context.Context) ([]uuid.UUID, error) {
	ids, err := db.New(d.pool).TenantsWithCallbacks(ctx, d.now())
	return ids, translate(err)
}
