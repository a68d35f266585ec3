package relay

import (
	"context"
	"errors"
	"fmt"

	"go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"

	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// starts starts the workflows that were asked for. The API does so itself right after the commit; this is for what was
// left over.
func (r *Relay) starts(ctx context.Context) (int, error) {
	pending, err := r.db().PendingStarts(ctx, batch)
	if err != nil {
		return 0, fmt.Errorf("list workflow starts: %w", err)
	}
	return handOver(pending, func(s storage.Start) error { return r.start(ctx, s) })
}

func (r *Relay) start(ctx context.Context, start storage.Start) error {
	in := contract.RequestInput{Ref: contract.Ref{Tenant: start.TenantID, Case: start.CaseID}, Run: start.Run}
	var err error
	if in.Resume, err = r.Desk.Resume(ctx, in.Ref); err != nil {
		return fmt.Errorf("see where a workflow begins: %w", err)
	}
	err = contract.Start(ctx, r.Temporal, in)
	change := func(ctx context.Context, tx *storage.Tx) error {
		if err != nil {
			return tx.StartFailed(ctx, start, "temporal did not start the workflow")
		}
		return tx.StartDone(ctx, start)
	}
	if kept := r.db().Change(ctx, start.TenantID, actor, change); kept != nil {
		return fmt.Errorf("record the workflow start: %w", kept)
	}
	if err != nil {
		return fmt.Errorf("start a workflow: %w", err)
	}
	return nil
}

// expiries starts the end of packages that should be gone. Each package has a workflow that waits for its end from the
// moment it exists; this is for a Temporal that has lost it, or never had it: after a restore it begins empty.
func (r *Relay) expiries(ctx context.Context) (int, error) {
	past, err := r.db().PackagesPast(ctx, r.Clock.Now(), batch)
	if err != nil {
		return 0, fmt.Errorf("list packages past their end: %w", err)
	}
	_, err = handOver(past, func(p storage.PastPackage) error { return r.expire(ctx, p) })
	return 0, err // the next look waits for what was begun by this one
}

func (r *Relay) expire(ctx context.Context, p storage.PastPackage) error {
	_, err := r.Temporal.ExecuteWorkflow(ctx, client.StartWorkflowOptions{
		ID: contract.PackageID(p.ID), TaskQueue: contract.TaskQueue,
		WorkflowIDReusePolicy:    enums.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE,
		WorkflowIDConflictPolicy: enums.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
	}, contract.PackageWorkflow, contract.PackageInput{
		Ref: contract.Ref{Tenant: p.TenantID, Case: p.CaseID}, Package: p.ID, Expires: p.ExpiresAt,
	})
	if err != nil {
		return fmt.Errorf("start a package's expiry: %w", err)
	}
	return nil
}

// signals tells workflows the facts they wait for. A workflow that has ended needs no telling.
func (r *Relay) signals(ctx context.Context) (int, error) {
	pending, err := r.db().PendingSignals(ctx, batch)
	if err != nil {
		return 0, fmt.Errorf("list signals: %w", err)
	}
	return handOver(pending, func(s storage.Signal) error { return r.signal(ctx, s) })
}

// handOver goes through what is pending and counts what Temporal took. What it would not take is passed over, so that
// nothing waits behind it; when it does not answer at all, the rest is left for the next look.
func handOver[T any](pending []T, hand func(T) error) (done int, err error) {
	for _, p := range pending {
		failed := hand(p)
		if failed == nil {
			done++
			continue
		}
		err = errors.Join(err, failed)
		if away(failed) {
			break
		}
	}
	return done, err
}

// away says that Temporal, or the way there, is down.
func away(err error) bool {
	var down *serviceerror.Unavailable
	var late *serviceerror.DeadlineExceeded
	return errors.As(err, &down) || errors.As(err, &late) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled)
}

func (r *Relay) signal(ctx context.Context, signal storage.Signal) error {
	err := r.Temporal.SignalWorkflow(ctx, signal.WorkflowID, "", signal.Name, nil)
	var gone *serviceerror.NotFound
	if errors.As(err, &gone) {
		err = nil
	}
	change := func(ctx context.Context, tx *storage.Tx) error {
		if err != nil {
			return tx.SignalFailed(ctx, signal, "temporal did not take the signal")
		}
		return tx.SignalDone(ctx, signal)
	}
	if kept := r.db().Change(ctx, signal.TenantID, actor, change); kept != nil {
		return fmt.Errorf("record the signal: %w", kept)
	}
	if err != nil {
		return fmt.Errorf("signal a workflow: %w", err)
	}
	return nil
}
