package workflows

import (
	"go.temporal.io/sdk/workflow"

	"github.com/privacy-docket/docket/workflows/contract"
)

// ScanSystem has an annotation drafted from what a system's own catalogue says. It exists because the API reaches no data
// system itself, and it keeps nothing: a person corrects the draft and saves it.
func ScanSystem(ctx workflow.Context, in contract.ScanInput) (contract.ScanResult, error) {
	var result contract.ScanResult
	err := workflow.ExecuteActivity(asking(ctx), contract.ActivityScan, in).Get(ctx, &result)
	return result, err
}
