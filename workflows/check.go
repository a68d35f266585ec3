package workflows

import (
	"go.temporal.io/sdk/workflow"

	"github.com/privacy-docket/docket/workflows/contract"
)

// CheckSystem asks a system whether it can be reached as declared and what a request would touch. It exists because the
// API reaches no data system itself.
func CheckSystem(ctx workflow.Context, in contract.CheckInput) (contract.CheckResult, error) {
	var result contract.CheckResult
	err := workflow.ExecuteActivity(asking(ctx), contract.ActivityCheck, in).Get(ctx, &result)
	return result, err
}
