package contract

import (
	"context"
	"fmt"

	"go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
)

// Starter is the part of Temporal's client that starts workflows.
type Starter interface {
	SignalWithStartWorkflow(ctx context.Context, workflowID, signalName string, signalArg any, options client.StartWorkflowOptions,
		workflow any, args ...any) (client.WorkflowRun, error)
}

// Start has the workflow of a request run: it is started, or, when one runs already, told to look into the register. A
// closed one is followed by another, for a case that was reopened. The signal is what makes this safe at the very end of
// a run: the server lets no workflow end that has not read all of its signals, so either the old run sees the reopening
// or a new one begins. A start that only found the old run would be lost with it.
func Start(ctx context.Context, temporal Starter, in RequestInput) error {
	in.Version = NewestVersion
	_, err := temporal.SignalWithStartWorkflow(ctx, RequestID(in.Case), SignalFacts, nil, client.StartWorkflowOptions{
		ID: RequestID(in.Case), TaskQueue: TaskQueue, WorkflowIDReusePolicy: enums.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE,
	}, RequestWorkflow, in)
	if err != nil {
		return fmt.Errorf("start the request's workflow: %w", err)
	}
	return nil
}
