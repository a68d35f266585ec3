package workflows

import (
	"go.temporal.io/sdk/workflow"

	"github.com/privacy-docket/docket/workflows/contract"
)

// SignUps has mailboxes confirm what somebody has entered with their address (double opt-in): it asks those that came in, asks once more, and ends what nobody
// confirmed, as far as anything of that is due. It runs when something is, and costs that, not how many sign-ups wait.
func SignUps(ctx workflow.Context, in contract.SignUpsInput) error {
	for more := true; more; {
		if err := workflow.ExecuteActivity(building(ctx), contract.ActivityLookAtSignUps, in).Get(ctx, &more); err != nil {
			return err
		}
	}
	return nil
}
