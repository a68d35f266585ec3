package storage

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/storage/internal/db"
)

// Reapplication is a search of a restored system for those who were erased, and what was done.
type Reapplication = db.ReapplicationRow

// Reapplied is what a reapplication came to.
type Reapplied struct {
	// Searched counts the values that were looked at, People those who were found, Erased and Kept their rows.
	Searched, People, Erased, Kept int64
	// Problem says why it did not come to its end; "" when it did.
	Problem string
}

// Reapply puts on record that a restored system is about to be searched and erased in.
func (t *Tx) Reapply(ctx context.Context, s System, backupAt time.Time) (uuid.UUID, error) {
	id := newID()
	err := t.q.InsertReapplication(ctx, db.InsertReapplicationParams{ID: id, TenantID: t.tenant.ID, SystemID: s.ID, BackupAt: backupAt, AskedBy: t.actor.ID, AskedAt: t.now})
	if err != nil {
		return uuid.Nil, fmt.Errorf("begin to erase again: %w", err)
	}
	return id, t.auditReapplication(ctx, id, s.Key, audit.Intent, 0)
}

func (t *Tx) auditReapplication(ctx context.Context, id uuid.UUID, system string, outcome audit.Outcome, rows int64) error {
	return t.Audit(ctx, audit.Event{
		Action: audit.ErasureReapplied, Object: audit.Object{Kind: "reapplication", ID: id.String()}, Outcome: outcome,
		Facts: map[audit.FactKey]string{audit.FactSystem: system, audit.FactCount: fmt.Sprint(rows)},
	})
}

// Reapplication reads one.
func (t *Tx) Reapplication(ctx context.Context, id uuid.UUID) (Reapplication, error) {
	r, err := t.q.Reapplication(ctx, t.tenant.ID, id)
	if err != nil {
		return Reapplication{}, fmt.Errorf("reapplication: %w", translate(err))
	}
	return r, nil
}

// Reapplications lists those of a system, newest first.
func (t *Tx) Reapplications(ctx context.Context, system uuid.UUID) ([]Reapplication, error) {
	rows, err := t.q.Reapplications(ctx, t.tenant.ID, system)
	if err != nil {
		return nil, fmt.Errorf("read reapplications: %w", err)
	}
	out := make([]Reapplication, len(rows))
	for i, row := range rows {
		out[i] = Reapplication(row)
	}
	return out, nil
}

// OpenReapplication is one that has not ended.
type OpenReapplication = db.OpenReapplicationsRow

// OpenReapplications lists those that were asked for before a moment and have not ended, oldest first.
func (t *Tx) OpenReapplications(ctx context.Context, before time.Time, limit int32) ([]OpenReapplication, error) {
	return t.q.OpenReapplications(ctx, t.tenant.ID, before, limit)
}

// EndReapplication keeps what a reapplication came to.
func (t *Tx) EndReapplication(ctx context.Context, id uuid.UUID, system string, n Reapplied) error {
	state, outcome := "done", audit.Done
	if n.Problem != "" {
		state, outcome = "failed", audit.Failed
	}
	err := one(t.q.EndReapplication(ctx, db.EndReapplicationParams{
		TenantID: t.tenant.ID, ID: id, Ended: state, Searched: n.Searched, People: n.People, Erased: n.Erased, Kept: n.Kept, Problem: optional(n.Problem), At: t.now,
	}))
	if err != nil {
		return fmt.Errorf("end the reapplication: %w", err)
	}
	return t.auditReapplication(ctx, id, system, outcome, n.Erased)
}
