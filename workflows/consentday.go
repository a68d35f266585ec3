package workflows

import (
	"go.temporal.io/sdk/workflow"

	"github.com/privacy-docket/docket/workflows/contract"
)

// ConsentDay looks at a tenant's implied consents whose day has come, stretch by stretch, and tells the staff once. It costs what is due, not how many there are.
func ConsentDay(ctx workflow.Context, in contract.ConsentDayInput) error {
	for {
		var more bool
		if err := workflow.ExecuteActivity(building(ctx), contract.ActivityLookAtConsents, in).Get(ctx, &more); err != nil {
			return err
		}
		if !more {
			break
		}
	}
	return workflow.ExecuteActivity(register(ctx), contract.ActivityTellConsents, in).Get(ctx, nil)
}
