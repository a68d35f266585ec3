package contract

import (
	"context"
	"fmt"

	"go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
)

// Starter is the part of Temporal's client that starts workflows.
type Starter interface {
	ExecuteWorkflow(ctx context.Context, options client.StartWorkflowOptions, workflow any, args ...any) (client.WorkflowRun, error)
	SignalWithStartWorkflow(ctx context.Context, workflowID, signalName string, signalArg any, options client.StartWorkflowOptions,
		workflow any, args ...any) (client.WorkflowRun, error)
}

// StartTransmission has a package sent to another controller, unless it is being sent.
func StartTransmission(ctx context.Context, temporal Starter, in TransmissionInput) error {
	return startOnce(ctx, temporal, TransmissionID(in.Transmission), TransmissionWorkflow, in)
}

// StartReapplication has a restored system searched for those who were erased, unless it is being searched.
func StartReapplication(ctx context.Context, temporal Starter, in ReapplyInput) error {
	return startOnce(ctx, temporal, ReapplyID(in.Reapplication), ReapplyWorkflow, in)
}

// startOnce starts a workflow that reads in the register what is left to do, unless it runs.
func startOnce(ctx context.Context, temporal Starter, id, workflow string, in any) error {
	_, err := temporal.ExecuteWorkflow(ctx, client.StartWorkflowOptions{
		ID: id, TaskQueue: TaskQueue, WorkflowIDReusePolicy: enums.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE,
		WorkflowIDConflictPolicy: enums.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
	}, workflow, in)
	if err != nil {
		return fmt.Errorf("start %s: %w", workflow, err)
	}
	return nil
}

// Start has the workflow of a request run: it is started, or, when one runs already, left to go on.
//
// A case that was reopened, or has something left to do, is more than that. Its workflow may run still, at the very end of its work, and a start
// that only found the old run would be lost with it. So it is signalled and started in one: the server lets no workflow end that has
// not read all of its signals, and either the old run sees the reopening or a new one begins.
func Start(ctx context.Context, temporal Starter, in RequestInput) error {
	in.Version = NewestVersion
	options := client.StartWorkflowOptions{
		ID: RequestID(in.Case), TaskQueue: TaskQueue, WorkflowIDReusePolicy: enums.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE,
	}
	var err error
	if in.Run <= 1 && in.Resume == nil {
		options.WorkflowIDConflictPolicy = enums.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING
		options.EnableEagerStart = true // a worker that starts it is given the first task with the answer
		_, err = temporal.ExecuteWorkflow(ctx, options, RequestWorkflow, in)
	} else {
		_, err = temporal.SignalWithStartWorkflow(ctx, RequestID(in.Case), SignalFacts, nil, options, RequestWorkflow, in)
	}
	if err != nil {
		return fmt.Errorf("start the request's workflow: %w", err)
	}
	return nil
}
