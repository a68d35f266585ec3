package workflows

import (
	"go.temporal.io/sdk/workflow"

	"github.com/privacy-docket/docket/workflows/contract"
)

// ConsentHandover tells one receiver whom it may write to no more, until it has confirmed all or does not answer. The register says when it is tried again.
func ConsentHandover(ctx workflow.Context, in contract.HandoverInput) error {
	for {
		var more bool
		if err := workflow.ExecuteActivity(building(ctx), contract.ActivityHandOver, in).Get(ctx, &more); err != nil || !more {
			return err
		}
	}
}

// TestReceiver sees whether a receiver can be told. It exists because the API reaches no other system itself.
func TestReceiver(ctx workflow.Context, in contract.HandoverInput) (problem string, err error) {
	err = workflow.ExecuteActivity(asking(ctx), contract.ActivityTestReceiver, in).Get(ctx, &problem)
	return problem, err
}
