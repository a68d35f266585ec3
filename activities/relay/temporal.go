package relay

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/google/uuid"
	"go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
	"golang.org/x/sync/errgroup"

	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// handAtOnce is how many rows are handed to Temporal at the same time: more than one worker can drive on, and few enough
// not to take the servers from those who wait for an answer. What is started before its time waits in Temporal instead.
const handAtOnce = 4

// handBatch is how many rows one look takes: few, for a surge is noticed by the next.
const handBatch = 25

// starts starts the workflows that were asked for. The API does so itself right after the commit; this is for what was
// left over.
func (r *Relay) starts(ctx context.Context) (int, error) {
	return r.each(ctx, r.db().TenantsWithStarts, func(ctx context.Context, tenant uuid.UUID) (int, error) {
		return handOver(ctx, r.db(), tenant, handing[storage.Start]{
			claim: (*storage.Tx).ClaimStarts, hand: r.start, done: (*storage.Tx).StartDone, failed: (*storage.Tx).StartFailed,
			problem: "temporal did not start the workflow",
		})
	})
}

func (r *Relay) start(ctx context.Context, start storage.Start) error {
	in := contract.RequestInput{Ref: contract.Ref{Tenant: start.TenantID, Case: start.CaseID}, Run: start.Run}
	if start.Begun {
		var err error
		if in.Resume, err = r.Desk.Resume(ctx, in.Ref); err != nil {
			return fmt.Errorf("see where a workflow begins: %w", err)
		}
	}
	return contract.Start(ctx, r.Temporal, in)
}

// expiriesAtOnce is how many packages past their end one look takes.
const expiriesAtOnce = 100

// expiries starts the end of packages that should be gone. Each package has a workflow that waits for its end from the
// moment it exists; this is for a Temporal that has lost it, or never had it: after a restore it begins empty.
func (r *Relay) expiries(ctx context.Context) (int, error) {
	past, err := r.db().PackagesPast(ctx, r.Clock.Now(), expiriesAtOnce)
	if err != nil {
		return 0, fmt.Errorf("list packages past their end: %w", err)
	}
	for _, p := range past {
		failed := r.expire(ctx, p)
		err = errors.Join(err, failed)
		if away(failed) {
			break
		}
	}
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

// signals tells workflows the facts they wait for.
func (r *Relay) signals(ctx context.Context) (int, error) {
	return r.each(ctx, r.db().TenantsWithSignals, func(ctx context.Context, tenant uuid.UUID) (int, error) {
		return handOver(ctx, r.db(), tenant, handing[storage.Signal]{
			claim: (*storage.Tx).ClaimSignals, hand: r.signal, done: (*storage.Tx).SignalDone, failed: (*storage.Tx).SignalFailed,
			problem: "temporal did not take the signal",
		})
	})
}

// signal tells a workflow a fact. A workflow that has ended needs no telling.
func (r *Relay) signal(ctx context.Context, signal storage.Signal) error {
	if signal.Name == contract.SignalInquiry {
		return r.lookAfter(ctx, signal)
	}
	err := r.Temporal.SignalWorkflow(ctx, signal.WorkflowID, "", signal.Name, nil)
	var gone *serviceerror.NotFound
	if err != nil && !errors.As(err, &gone) {
		return fmt.Errorf("signal a workflow: %w", err)
	}
	return nil
}

// lookAfter starts the workflow of an inquiry, or has it look at the register.
func (r *Relay) lookAfter(ctx context.Context, signal storage.Signal) error {
	inquiry, err := contract.InquiryOf(signal.WorkflowID)
	if err != nil {
		return err
	}
	_, err = r.Temporal.SignalWithStartWorkflow(ctx, signal.WorkflowID, signal.Name, nil, client.StartWorkflowOptions{
		TaskQueue: contract.TaskQueue, WorkflowIDReusePolicy: enums.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE,
	}, contract.InquiryWorkflow, contract.InquiryInput{Ref: contract.Ref{Tenant: signal.TenantID, Case: signal.CaseID}, Inquiry: inquiry})
	if err != nil {
		return fmt.Errorf("start the workflow of an inquiry: %w", err)
	}
	return nil
}

// handing is how rows of one kind are claimed, handed over and recorded.
type handing[T any] struct {
	claim   func(*storage.Tx, context.Context, int32) ([]T, error)
	hand    func(context.Context, T) error
	done    func(*storage.Tx, context.Context, T) error
	failed  func(*storage.Tx, context.Context, T, string) error
	problem string // what the register keeps of a failure
}

// handOver claims rows of a tenant, hands them to Temporal side by side and records in one transaction what became of
// them. What Temporal would not take is passed over, so that nothing waits behind it; when it does not answer at all, the
// rest is left for the next look.
func handOver[T any](ctx context.Context, db *storage.DB, tenant uuid.UUID, h handing[T]) (done int, err error) {
	var rows []T
	err = db.Change(ctx, tenant, actor, func(ctx context.Context, tx *storage.Tx) error {
		rows, err = h.claim(tx, ctx, handBatch)
		return err
	})
	if err != nil || len(rows) == 0 {
		return 0, err
	}
	failures := h.handAll(ctx, rows)
	kept := db.Change(context.WithoutCancel(ctx), tenant, actor, func(ctx context.Context, tx *storage.Tx) error {
		return h.record(ctx, tx, rows, failures)
	})
	for _, failure := range failures {
		if failure == nil {
			done++
		} else if err == nil {
			err = failure // the others mostly say the same
		}
	}
	return done, errors.Join(err, kept)
}

func (h handing[T]) handAll(ctx context.Context, rows []T) []error {
	failures := make([]error, len(rows))
	var down atomic.Pointer[error]
	var group errgroup.Group
	group.SetLimit(handAtOnce)
	for i, row := range rows {
		group.Go(func() error {
			if why := down.Load(); why != nil {
				failures[i] = *why
				return nil
			}
			err := h.hand(ctx, row)
			if away(err) {
				down.Store(&err)
			}
			failures[i] = err
			return nil
		})
	}
	_ = group.Wait() // the errors stand in failures
	return failures
}

func (h handing[T]) record(ctx context.Context, tx *storage.Tx, rows []T, failures []error) (err error) {
	for i, row := range rows {
		if failures[i] != nil {
			err = errors.Join(err, h.failed(tx, ctx, row, h.problem))
		} else {
			err = errors.Join(err, h.done(tx, ctx, row))
		}
	}
	return err
}

// away says that Temporal, or the way there, is down.
func away(err error) bool {
	var down *serviceerror.Unavailable
	var late *serviceerror.DeadlineExceeded
	return errors.As(err, &down) || errors.As(err, &late) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled)
}
