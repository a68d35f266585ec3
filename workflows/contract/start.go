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
}

// Start starts the workflow of a request. One that runs already is left alone: a second start changes nothing. A closed
// one is followed by another, for a case that was reopened.
func Start(ctx context.Context, temporal Starter, in RequestInput) error {
	_, err := temporal.ExecuteWorkflow(ctx, client.StartWorkflowOptions{
		ID: RequestID(in.Case), TaskQueue: TaskQueue,
		WorkflowIDReusePolicy:    enums.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE,
		WorkflowIDConflictPolicy: enums.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
	}, RequestWorkflow, in)
	if err != nil {
		return fmt.Errorf("start the request's workflow: %w", err)
	}
	return nil
}
