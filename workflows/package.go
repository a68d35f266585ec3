package workflows

import (
	"go.temporal.io/sdk/workflow"

	"github.com/privacy-docket/docket/workflows/contract"
)

// Package destroys a package and its key when its time is over, whatever has become of the case. It does not heed a
// cancellation: the person was promised the end.
func Package(ctx workflow.Context, in contract.PackageInput) error {
	ctx, _ = workflow.NewDisconnectedContext(ctx)
	wait := in.Expires.Sub(workflow.Now(ctx))
	if wait > 0 {
		if err := workflow.Sleep(ctx, wait); err != nil {
			return err
		}
	}
	return workflow.ExecuteActivity(destroying(ctx), contract.ActivityDestroy, in).Get(ctx, nil)
}
