package workflows

import (
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"github.com/privacy-docket/docket/workflows/contract"
)

// schedule waits for the time of an approved plan. Until then the person can take the request back, and a hold stops it.
func (r *request) schedule(ctx workflow.Context) error {
	for {
		woken, err := r.awaitChange(ctx, r.view.NotBefore)
		if err != nil {
			return err
		}
		if !woken {
			return r.command(ctx, contract.BeginExecution)
		}
	}
}

// execute carries an approved plan out, on all systems side by side. What rows are found by is put on record first, for every system that
// another one's rows lead to: once those are masked, nothing leads there any more.
func (r *request) execute(ctx workflow.Context) error {
	if r.view.Corrects {
		return r.correct(ctx)
	}
	var plan contract.ErasureRuns
	if err := workflow.ExecuteActivity(register(ctx), contract.ActivityErasureRuns, r.in.Ref).Get(ctx, &plan); err != nil {
		return err
	}
	e := &execution{request: r, plan: plan, found: map[uuid.UUID]bool{}}
	left := len(plan.Runs)
	var failed error
	for _, run := range plan.Runs {
		workflow.Go(ctx, func(ctx workflow.Context) {
			if err := e.erase(ctx, run); err != nil && failed == nil {
				failed = err
			}
			left--
		})
	}
	if err := workflow.Await(ctx, func() bool { return left == 0 || failed != nil }); err != nil {
		return err
	}
	if failed != nil {
		return failed
	}
	if err := e.deferRest(ctx); err != nil {
		return err
	}
	return r.command(ctx, contract.FinishExecution)
}

// execution is a plan on its way.
type execution struct {
	*request
	plan contract.ErasureRuns
	// found says of a system that what its rows are found by is on record, or that a person sees to them.
	found map[uuid.UUID]bool
}

func (e *execution) erase(ctx workflow.Context, run contract.ErasureRun) error {
	in := contract.ErasureInput{Ref: e.in.Ref, Plan: e.plan.Plan, System: run.System}
	byHand, err := e.attempt(ctx, contract.ActivityWarrant, in)
	if err != nil {
		return err
	}
	e.found[run.System] = true
	if byHand {
		return nil
	}
	err = workflow.Await(ctx, func() bool {
		return !slices.ContainsFunc(e.plan.Runs, func(other contract.ErasureRun) bool {
			return slices.Contains(other.Needs, run.System) && !e.found[other.System]
		})
	})
	if err != nil {
		return err
	}
	_, err = e.attempt(ctx, contract.ActivityErase, in)
	return err
}

// attempt does one step of a plan on one system.
func (e *execution) attempt(ctx workflow.Context, step string, in contract.ErasureInput) (byHand bool, err error) {
	return e.persist(ctx, in.System, step, in, func(err error) workflow.Future {
		failure := contract.ErasureFailure{ErasureInput: in}
		failure.Code, failure.Problem = problemOf(err)
		return workflow.ExecuteActivity(register(ctx), contract.ActivityErasureFail, failure)
	})
}

// persist changes one system until it is done or a person says that it was done by hand. failed puts a failure on record and asks for that
// decision; while somebody decides, the other systems go on.
func (r *request) persist(ctx workflow.Context, id uuid.UUID, step string, in any, failed func(error) workflow.Future) (byHand bool, err error) {
	system := id.String()
	for {
		delete(r.decided, system)
		seen := r.seen
		err := workflow.ExecuteActivity(erasing(ctx), step, in).Get(ctx, nil)
		if isType(err, contract.ErrorAsked) {
			if err := r.awaitAnswer(ctx, seen, system); err != nil {
				return false, err
			}
			if r.decided[system] == string(contract.DoneByHand) {
				return true, nil
			}
			continue
		}
		if err == nil || temporal.IsCanceledError(err) {
			return false, err
		}
		delete(r.decided, system)
		if err := failed(err).Get(ctx, nil); err != nil {
			return false, err
		}
		if err := workflow.Await(ctx, func() bool { return r.decided[system] != "" }); err != nil {
			return false, err
		}
		if r.decided[system] == string(contract.DoneByHand) {
			return true, nil
		}
	}
}

// deferRest starts the workflow that erases what is kept when its time is over: before the person is promised it, its end is certain.
func (e *execution) deferRest(ctx workflow.Context) error {
	var rest contract.DeferralInput
	in := contract.ErasureInput{Ref: e.in.Ref, Plan: e.plan.Plan}
	if err := workflow.ExecuteActivity(register(ctx), contract.ActivityDefer, in).Get(ctx, &rest); err != nil {
		return err
	}
	if rest.Deferral == uuid.Nil {
		return nil
	}
	lasting, _ := workflow.NewDisconnectedContext(ctx)
	child := workflow.ExecuteChildWorkflow(workflow.WithChildOptions(lasting, workflow.ChildWorkflowOptions{
		WorkflowID: contract.DeferralID(rest.Deferral), ParentClosePolicy: enums.PARENT_CLOSE_POLICY_ABANDON,
	}), contract.DeferredErasureWorkflow, rest)
	err := child.GetChildWorkflowExecution().Get(lasting, nil)
	if err != nil && !temporal.IsWorkflowExecutionAlreadyStartedError(err) {
		return fmt.Errorf("start the deferred erasure: %w", err)
	}
	return nil
}

// deferralPause is how long a deferred erasure waits that could not be done: somebody was told.
const deferralPause = 24 * time.Hour

// DeferredErasure erases what an exception kept, when its time is over: it sleeps, for years if need be, and then asks the register what is to
// be done by the rules and holds of that day. It does not heed a cancellation: the person was promised the end.
func DeferredErasure(ctx workflow.Context, in contract.DeferralInput) error {
	ctx, _ = workflow.NewDisconnectedContext(ctx)
	for !workflow.GetInfo(ctx).GetContinueAsNewSuggested() {
		if wait := in.Due.Sub(workflow.Now(ctx)); wait > 0 {
			if err := workflow.Sleep(ctx, wait); err != nil {
				return err
			}
		}
		var next contract.DeferralInput
		err := workflow.ExecuteActivity(erasing(ctx), contract.ActivityDeferred, in).Get(ctx, &next)
		switch {
		case isType(err, contract.ErrorGone):
			return nil // it was done, or is no longer known
		case err != nil:
			failure := contract.ErasureFailure{ErasureInput: contract.ErasureInput{Ref: in.Ref, Plan: in.Deferral}}
			failure.Code, failure.Problem = problemOf(err)
			if err := workflow.ExecuteActivity(register(ctx), contract.ActivityDeferredFailed, failure).Get(ctx, nil); err != nil {
				return err
			}
			in.Due = workflow.Now(ctx).Add(deferralPause)
		case next.Deferral == uuid.Nil:
			return nil
		default:
			in = next
		}
	}
	return workflow.NewContinueAsNewError(ctx, contract.DeferredErasureWorkflow, in)
}
