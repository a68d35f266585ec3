package workflows

import (
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"github.com/privacy-docket/docket/workflows/contract"
)

// Register makes the workflows known under their names, to a worker, a replayer or a test alike. A case moves to new code
// as soon as that runs (it lives too long to wait); the short ones stay with the build they began on.
func Register(r worker.WorkflowRegistry) {
	r.RegisterWorkflowWithOptions(Request, workflow.RegisterOptions{
		Name: contract.RequestWorkflow, VersioningBehavior: workflow.VersioningBehaviorAutoUpgrade,
	})
	r.RegisterWorkflowWithOptions(Package, workflow.RegisterOptions{
		Name: contract.PackageWorkflow, VersioningBehavior: workflow.VersioningBehaviorAutoUpgrade,
	})
	r.RegisterWorkflowWithOptions(DeferredErasure, workflow.RegisterOptions{
		Name: contract.DeferredErasureWorkflow, VersioningBehavior: workflow.VersioningBehaviorAutoUpgrade,
	})
	r.RegisterWorkflowWithOptions(Inquiry, workflow.RegisterOptions{
		Name: contract.InquiryWorkflow, VersioningBehavior: workflow.VersioningBehaviorAutoUpgrade,
	})
	r.RegisterWorkflowWithOptions(ReapplyErasures, workflow.RegisterOptions{
		Name: contract.ReapplyWorkflow, VersioningBehavior: workflow.VersioningBehaviorPinned,
	})
	r.RegisterWorkflowWithOptions(Transmission, workflow.RegisterOptions{
		Name: contract.TransmissionWorkflow, VersioningBehavior: workflow.VersioningBehaviorAutoUpgrade,
	})
	r.RegisterWorkflowWithOptions(ConsentDay, workflow.RegisterOptions{
		Name: contract.ConsentDayWorkflow, VersioningBehavior: workflow.VersioningBehaviorPinned,
	})
	r.RegisterWorkflowWithOptions(SignUps, workflow.RegisterOptions{
		Name: contract.SignUpsWorkflow, VersioningBehavior: workflow.VersioningBehaviorPinned,
	})
	r.RegisterWorkflowWithOptions(ConsentImport, workflow.RegisterOptions{
		Name: contract.ConsentImportWorkflow, VersioningBehavior: workflow.VersioningBehaviorPinned,
	})
	r.RegisterWorkflowWithOptions(ConsentHandover, workflow.RegisterOptions{
		Name: contract.HandoverWorkflow, VersioningBehavior: workflow.VersioningBehaviorPinned,
	})
	r.RegisterWorkflowWithOptions(TestReceiver, workflow.RegisterOptions{
		Name: contract.TestReceiverWorkflow, VersioningBehavior: workflow.VersioningBehaviorPinned,
	})
	r.RegisterWorkflowWithOptions(CheckSystem, workflow.RegisterOptions{
		Name: contract.CheckWorkflow, VersioningBehavior: workflow.VersioningBehaviorPinned,
	})
	r.RegisterWorkflowWithOptions(ScanSystem, workflow.RegisterOptions{
		Name: contract.ScanWorkflow, VersioningBehavior: workflow.VersioningBehaviorPinned,
	})
}
