package workflows

import (
	"go.temporal.io/sdk/workflow"

	"github.com/privacy-docket/docket/workflows/contract"
)

// ReapplyErasures searches a restored system for those who were erased, and erases them again. What keeps it from its end is put on record,
// for whoever restored the backup to read.
func ReapplyErasures(ctx workflow.Context, in contract.ReapplyInput) error {
	err := workflow.ExecuteActivity(erasing(ctx), contract.ActivityReapply, in).Get(ctx, nil)
	if err == nil {
		return nil
	}
	failure := contract.ReapplyFailure{ReapplyInput: in}
	_, failure.Problem = problemOf(err)
	return workflow.ExecuteActivity(register(ctx), contract.ActivityReapplyFailed, failure).Get(ctx, nil)
}
