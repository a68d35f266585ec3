package storage

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/storage/internal/db"
)

// Stop says that a system is not to be read, since when, by whose word and why.
type Stop struct {
	At     time.Time
	By     string
	Reason string
}

// StopSystem has a system not read until it is let go on. One that is stopped stays as it was stopped first.
func (t *Tx) StopSystem(ctx context.Context, s System, reason string) error {
	rows, err := t.q.StopSystem(ctx, db.StopSystemParams{TenantID: t.tenant.ID, ID: s.ID, At: t.now, By: t.actor.ID, Reason: reason})
	if err != nil {
		return fmt.Errorf("stop the system: %w", err)
	}
	if rows == 0 {
		return nil
	}
	return t.auditSystem(ctx, audit.SystemStopped, s.ID, s.Key)
}

// ResumeSystem lets a system be read again.
func (t *Tx) ResumeSystem(ctx context.Context, s System) error {
	rows, err := t.q.ResumeSystem(ctx, t.tenant.ID, s.ID)
	if err != nil {
		return fmt.Errorf("let the system go on: %w", err)
	}
	if rows == 0 {
		return nil
	}
	return t.auditSystem(ctx, audit.SystemResumed, s.ID, s.Key)
}

// SystemStopped says whether a system is stopped now.
func (t *Tx) SystemStopped(ctx context.Context, id uuid.UUID) (bool, error) {
	stopped, err := t.q.SystemStopped(ctx, t.tenant.ID, id)
	if err != nil {
		return false, fmt.Errorf("ask whether the system is stopped: %w", translate(err))
	}
	return stopped, nil
}
