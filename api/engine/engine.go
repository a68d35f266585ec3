// Package engine is how the API reaches the workflows: it starts them, gives them commands and has systems checked.
// Everything in it goes through Temporal's history, so it takes ids and codes and no texts.
package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"

	"github.com/privacy-docket/docket/workflows/contract"
)

// How long the API waits for Temporal.
const (
	// reachTime is for finding out whether Temporal is there at all, before anything is done.
	reachTime = 2 * time.Second
	// startTime bounds the start of a workflow after an accepted request; the relay starts what was not.
	startTime = 2 * time.Second
	// commandTime bounds a command: the workflow answers once the register has changed.
	commandTime = 20 * time.Second
	// checkTime bounds the check of a system, which may have to run into the system's own timeouts.
	checkTime = 25 * time.Second
)

var (
	// ErrUnreachable says that Temporal does not answer; nothing was changed.
	ErrUnreachable = errors.New("the workflow engine cannot be reached")
	// ErrPending says that a command was handed over and no answer came in time: it may still be carried out. The same
	// command with the same key tells how it ended.
	ErrPending = errors.New("no answer came in time; the command may still be carried out")
	// ErrNotRunning says that the case has no running workflow.
	ErrNotRunning = errors.New("the case has no running workflow")
)

// Workflows is what the engine needs of a Temporal client.
type Workflows interface {
	UpdateWorkflow(ctx context.Context, options client.UpdateWorkflowOptions) (client.WorkflowUpdateHandle, error)
	SignalWorkflow(ctx context.Context, workflowID, runID, signalName string, arg any) error
	contract.Starter
	CheckHealth(ctx context.Context, request *client.CheckHealthRequest) (*client.CheckHealthResponse, error)
}

// Engine talks to Temporal. It is safe for concurrent use.
type Engine struct{ workflows Workflows }

// New makes an engine on a client, which may be a lazy one: Temporal need not be up.
func New(workflows Workflows) *Engine { return &Engine{workflows: workflows} }

// Reach says whether Temporal answers; otherwise it is ErrUnreachable.
func (e *Engine) Reach(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, reachTime)
	defer cancel()
	if _, err := e.workflows.CheckHealth(ctx, &client.CheckHealthRequest{}); err != nil {
		return fmt.Errorf("%w: %w", ErrUnreachable, err)
	}
	return nil
}

// Start starts the workflow of a request, or finds it started.
func (e *Engine) Start(ctx context.Context, ref contract.Ref, run int32) error {
	ctx, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	return contract.Start(ctx, e.workflows, contract.RequestInput{Ref: ref, Run: run})
}

// Signal tells a workflow that the register knows something new.
func (e *Engine) Signal(ctx context.Context, workflowID, name string) error {
	ctx, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	if err := e.workflows.SignalWorkflow(ctx, workflowID, "", name, nil); err != nil {
		return fmt.Errorf("signal the workflow: %w", err)
	}
	return nil
}

// Command has the case's workflow carry out a command and waits until the register has changed. The same key gives the
// same answer. A command that a rule or the state refuses is a *Refused.
func (e *Engine) Command(ctx context.Context, caseID uuid.UUID, c contract.Command) error {
	waiting, cancel := context.WithTimeout(ctx, commandTime)
	defer cancel()
	handle, err := e.workflows.UpdateWorkflow(waiting, client.UpdateWorkflowOptions{
		UpdateID: c.Key, WorkflowID: contract.RequestID(caseID), UpdateName: contract.CommandUpdate, Args: []any{c},
		WaitForStage: client.WorkflowUpdateStageCompleted,
	})
	if err == nil {
		err = handle.Get(waiting, nil)
	}
	return named(err)
}

// Check asks a system what it says, through the worker, which alone connects to systems.
func (e *Engine) Check(ctx context.Context, in contract.CheckInput) (result contract.CheckResult, err error) {
	err = e.ask(ctx, "check/", contract.CheckWorkflow, in, &result)
	return result, err
}

// Scan has an annotation drafted from what a system says of itself, through the worker as well.
func (e *Engine) Scan(ctx context.Context, in contract.ScanInput) (result contract.ScanResult, err error) {
	err = e.ask(ctx, "scan/", contract.ScanWorkflow, in, &result)
	return result, err
}

// Reapply starts to erase again in a restored system. The register says how it ends; a relay starts what was not started.
func (e *Engine) Reapply(ctx context.Context, in contract.ReapplyInput) error {
	ctx, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	return named(contract.StartReapplication(ctx, e.workflows, in))
}

// Transmit starts to send a package to another controller. The register says how it ends; a relay starts what was not started.
func (e *Engine) Transmit(ctx context.Context, in contract.TransmissionInput) error {
	ctx, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	return named(contract.StartTransmission(ctx, e.workflows, in))
}

// Import starts a step of an import of consents. The register says how it ends; a relay starts what was not started.
func (e *Engine) Import(ctx context.Context, in contract.ConsentImportInput) error {
	ctx, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	return named(contract.StartConsentImport(ctx, e.workflows, in))
}

// TestReceiver sees whether another system can be told whom it may write to no more, through the worker; empty where it can, or why it can't.
func (e *Engine) TestReceiver(ctx context.Context, in contract.HandoverInput) (problem string, err error) {
	err = e.ask(ctx, "test-receiver/", contract.TestReceiverWorkflow, in, &problem)
	return problem, err
}

// ask runs a short workflow and waits for what it says. Each question is asked anew.
func (e *Engine) ask(ctx context.Context, prefix, workflow string, in, result any) error {
	waiting, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	id, err := uuid.NewV7()
	if err != nil {
		return fmt.Errorf("make the question's id: %w", err)
	}
	run, err := e.workflows.ExecuteWorkflow(waiting, client.StartWorkflowOptions{
		ID: prefix + id.String(), TaskQueue: contract.TaskQueue, WorkflowExecutionTimeout: checkTime,
	}, workflow, in)
	if err != nil {
		return named(err)
	}
	return named(run.Get(waiting, result))
}

// named gives Temporal's errors the names that callers decide on.
func named(err error) error {
	var gone *serviceerror.NotFound
	var down *serviceerror.Unavailable
	var late *serviceerror.DeadlineExceeded
	var full *serviceerror.ResourceExhausted
	var inner *serviceerror.Internal
	switch {
	case err == nil:
		return nil
	case errors.As(err, &gone):
		return fmt.Errorf("%w: %w", ErrNotRunning, err)
	case errors.As(err, &down), errors.As(err, &late), errors.As(err, &full), errors.As(err, &inner), errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return fmt.Errorf("%w: %w", ErrPending, err)
	default:
		return refusedBy(err)
	}
}
