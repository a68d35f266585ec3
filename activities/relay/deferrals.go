package relay

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"

	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// deferrals starts what was left to its time and should be erased by now. Each has a workflow that waits for years; this is for a Temporal that
// has lost it, or never had it: the person was promised the end, and nobody has to remember it.
func (r *Relay) deferrals(ctx context.Context) (int, error) {
	return r.each(ctx, r.db().TenantIDs, func(ctx context.Context, tenant uuid.UUID) (int, error) {
		var past []storage.PastDeferral
		err := r.db().Read(ctx, tenant, func(ctx context.Context, tx *storage.Tx) (err error) {
			past, err = tx.DeferralsPast(ctx, r.Clock.Now().Add(-expireEvery), expiriesAtOnce)
			return err
		})
		for _, p := range past {
			failed := r.takeUp(ctx, contract.DeferralInput{Ref: contract.Ref{Tenant: tenant, Case: p.CaseID}, Deferral: p.ID, Due: p.Due})
			err = errors.Join(err, failed)
			if away(failed) {
				break
			}
		}
		return 0, err
	})
}

func (r *Relay) takeUp(ctx context.Context, in contract.DeferralInput) error {
	_, err := r.Temporal.ExecuteWorkflow(ctx, client.StartWorkflowOptions{
		ID: contract.DeferralID(in.Deferral), TaskQueue: contract.TaskQueue,
		WorkflowIDReusePolicy:    enums.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE,
		WorkflowIDConflictPolicy: enums.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
	}, contract.DeferredErasureWorkflow, in)
	if err != nil {
		return fmt.Errorf("take a deferred erasure up: %w", err)
	}
	return nil
}
