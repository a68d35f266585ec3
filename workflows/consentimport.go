package workflows

import (
	"go.temporal.io/sdk/workflow"

	"github.com/privacy-docket/docket/workflows/contract"
)

// ConsentImport does a step of an import to its end. What keeps it from that is put on record, for whoever imports to read.
func ConsentImport(ctx workflow.Context, in contract.ConsentImportInput) error {
	err := workflow.ExecuteActivity(building(ctx), contract.ActivityImportConsents, in).Get(ctx, nil)
	if err == nil {
		return nil
	}
	failure := contract.ConsentImportFailure{ConsentImportInput: in}
	_, failure.Problem = problemOf(err)
	return workflow.ExecuteActivity(register(ctx), contract.ActivityImportFailed, failure).Get(ctx, nil)
}
