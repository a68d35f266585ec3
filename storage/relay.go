package storage

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/storage/internal/db"
)

// Rows that wait for Temporal.
type (
	// Start is a workflow that has to be started.
	Start = db.PendingStartsRow
	// Signal is a fact that a workflow has to be told.
	Signal = db.PendingSignalsRow
)

func isNotFound(err error) bool { return errors.Is(err, ErrNotFound) }

// StartWorkflow has the case's workflow started once the transaction has committed, even if nobody is there to do it now.
func (t *Tx) StartWorkflow(ctx context.Context, caseID uuid.UUID, run int32) error {
	err := t.later.InsertStart(ctx, db.InsertStartParams{ID: newID(), TenantID: t.tenant.ID, CaseID: caseID, Run: run, CreatedAt: t.now})
	if err != nil {
		return fmt.Errorf("ask for the workflow: %w", err)
	}
	return nil
}

// SignalWorkflow has a workflow told a fact once the transaction has committed.
func (t *Tx) SignalWorkflow(ctx context.Context, caseID uuid.UUID, workflowID, name string) (Signal, error) {
	id := newID()
	err := t.later.InsertSignal(ctx, db.InsertSignalParams{
		ID: id, TenantID: t.tenant.ID, CaseID: caseID, WorkflowID: workflowID, Name: name, CreatedAt: t.now,
	})
	if err != nil {
		return Signal{}, fmt.Errorf("ask for the signal: %w", err)
	}
	return Signal{TenantID: t.tenant.ID, ID: id, WorkflowID: workflowID, Name: name}, nil
}

// PendingStarts lists workflows that were asked for and not started, oldest first, of every tenant.
func (d *DB) PendingStarts(ctx context.Context, limit int32) ([]Start, error) {
	starts, err := db.New(d.pool).PendingStarts(ctx, limit)
	return starts, translate(err)
}

// PendingSignals lists facts that workflows were not told yet, oldest first, of every tenant.
func (d *DB) PendingSignals(ctx context.Context, limit int32) ([]Signal, error) {
	signals, err := db.New(d.pool).PendingSignals(ctx, limit)
	return signals, translate(err)
}

// StartDone records that the workflow runs.
func (t *Tx) StartDone(ctx context.Context, s Start) error {
	_, err := t.later.StartDone(ctx, t.tenant.ID, s.CaseID, s.Run, &t.now)
	return err
}

// StartFailed records why the workflow could not be started this time.
func (t *Tx) StartFailed(ctx context.Context, s Start, problem string) error {
	return t.later.StartFailed(ctx, t.tenant.ID, s.CaseID, s.Run, &problem)
}

// SignalDone records that the workflow was told.
func (t *Tx) SignalDone(ctx context.Context, s Signal) error {
	_, err := t.later.SignalDone(ctx, t.tenant.ID, s.ID, &t.now)
	return err
}

// SignalFailed records why the workflow could not be told this time.
func (t *Tx) SignalFailed(ctx context.Context, s Signal, problem string) error {
	return t.later.SignalFailed(ctx, t.tenant.ID, s.ID, &problem)
}
