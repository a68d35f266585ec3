package storage

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/storage/internal/db"
)

// Rows that wait for Temporal.
type (
	// Start is a workflow that has to be started.
	Start = db.ClaimStartsRow
	// Signal is a fact that a workflow has to be told.
	Signal = db.ClaimSignalsRow
)

const (
	// ownTime is how long a row is left to the process that wrote it, which hands it over itself right after the commit.
	ownTime = 3 * time.Second
	// claimTime is how long a row belongs to the relay that claimed it. It comes back by itself if that dies.
	claimTime = 30 * time.Second
	// retryPause is how long a row rests that could not be handed over.
	retryPause = 2 * time.Second
)

func isNotFound(err error) bool { return errors.Is(err, ErrNotFound) }

// StartWorkflow has the case's workflow started once the transaction has committed: by a relay.
func (t *Tx) StartWorkflow(ctx context.Context, caseID uuid.UUID, run int32) error {
	return t.startWorkflow(ctx, caseID, run, t.now)
}

// StartWorkflowOurselves is StartWorkflow for a process that will start the workflow at once. A relay does it when that
// does not happen.
func (t *Tx) StartWorkflowOurselves(ctx context.Context, caseID uuid.UUID, run int32) error {
	return t.startWorkflow(ctx, caseID, run, t.now.Add(ownTime))
}

func (t *Tx) startWorkflow(ctx context.Context, caseID uuid.UUID, run int32, next time.Time) error {
	err := t.later.InsertStart(ctx, db.InsertStartParams{
		ID: idAt(t.now), TenantID: t.tenant.ID, CaseID: caseID, Run: run, CreatedAt: t.now, NextAttemptAt: next,
	})
	if err != nil {
		return fmt.Errorf("ask for the workflow: %w", err)
	}
	return nil
}

// SignalWorkflow has a workflow told a fact once the transaction has committed: by a relay.
func (t *Tx) SignalWorkflow(ctx context.Context, caseID uuid.UUID, workflowID, name string) error {
	_, err := t.signalWorkflow(ctx, caseID, workflowID, name, t.now)
	return err
}

// SignalWorkflowOurselves is SignalWorkflow for a process that will tell the workflow at once. A relay does it when that
// does not happen.
func (t *Tx) SignalWorkflowOurselves(ctx context.Context, caseID uuid.UUID, workflowID, name string) (Signal, error) {
	return t.signalWorkflow(ctx, caseID, workflowID, name, t.now.Add(ownTime))
}

func (t *Tx) signalWorkflow(ctx context.Context, caseID uuid.UUID, workflowID, name string, next time.Time) (Signal, error) {
	id := newID()
	err := t.later.InsertSignal(ctx, db.InsertSignalParams{
		ID: id, TenantID: t.tenant.ID, CaseID: caseID, WorkflowID: workflowID, Name: name, CreatedAt: t.now, NextAttemptAt: next,
	})
	if err != nil {
		return Signal{}, fmt.Errorf("ask for the signal: %w", err)
	}
	return Signal{TenantID: t.tenant.ID, ID: id, CaseID: caseID, WorkflowID: workflowID, Name: name}, nil
}

// TenantsWithStarts lists the tenants that have workflows to start.
func (d *DB) TenantsWithStarts(ctx context.Context) ([]uuid.UUID, error) {
	ids, err := db.New(d.pool).TenantsWithStarts(ctx, d.now())
	return ids, translate(err)
}

// TenantsWithSignals lists the tenants whose workflows have to be told something.
func (d *DB) TenantsWithSignals(ctx context.Context) ([]uuid.UUID, error) {
	ids, err := db.New(d.pool).TenantsWithSignals(ctx, d.now())
	return ids, translate(err)
}

// ClaimStarts takes workflows that are to be started, longest waiting first. No other relay takes them meanwhile.
func (t *Tx) ClaimStarts(ctx context.Context, limit int32) ([]Start, error) {
	before := t.now
	surge, err := surges(ctx, t.q, t.tenant.ID, t.now)
	if err != nil {
		return nil, err
	}
	if surge {
		before = before.Add(-surgeWait)
	}
	return t.q.ClaimStarts(ctx, db.ClaimStartsParams{
		TenantID: t.tenant.ID, LeaseUntil: t.now.Add(claimTime), DueBefore: before, At: t.now, Wanted: limit,
	})
}

// ClaimSignals takes facts that workflows have to be told, like ClaimStarts.
func (t *Tx) ClaimSignals(ctx context.Context, limit int32) ([]Signal, error) {
	return t.q.ClaimSignals(ctx, t.tenant.ID, t.now.Add(claimTime), t.now, limit)
}

// StartDone records that the workflow runs.
func (t *Tx) StartDone(ctx context.Context, s Start) error {
	return t.later.StartDone(ctx, t.tenant.ID, s.CaseID, s.Run, t.now)
}

// StartFailed records why the workflow could not be started this time.
func (t *Tx) StartFailed(ctx context.Context, s Start, problem string) error {
	return t.later.StartFailed(ctx, db.StartFailedParams{
		TenantID: t.tenant.ID, CaseID: s.CaseID, Run: s.Run, NextAttemptAt: t.now.Add(retryPause), Problem: problem,
	})
}

// SignalDone records that the workflow was told.
func (t *Tx) SignalDone(ctx context.Context, s Signal) error {
	return t.later.SignalDone(ctx, t.tenant.ID, s.ID, t.now)
}

// SignalFailed records why the workflow could not be told this time.
func (t *Tx) SignalFailed(ctx context.Context, s Signal, problem string) error {
	return t.later.SignalFailed(ctx, t.tenant.ID, s.ID, t.now.Add(retryPause), problem)
}
