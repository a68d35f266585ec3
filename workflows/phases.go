package workflows

import (
	"fmt"

	"go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"github.com/privacy-docket/docket/workflows/contract"
)

// verify waits for the person to prove who they are: reminds them once, and closes the request when nobody does.
func (r *request) verify(ctx workflow.Context) error {
	if r.view.Amendments > 0 {
		// What stands from the receipt on does not wait for the proof.
		workflow.Go(ctx, func(ctx workflow.Context) {
			if err := r.amend(ctx); err != nil && !temporal.IsCanceledError(err) {
				workflow.GetLogger(ctx).Error("the systems could not be marked before the proof of identity", "error", err)
			}
		})
	}
	remindAt, closeAt := r.since.Add(r.view.Policy.VerifyRemind), r.since.Add(r.view.Policy.VerifyClose)
	for {
		switch r.view.Identity {
		case "proven":
			return r.command(ctx, contract.ConfirmIdentity)
		case "checking":
			// The person has done their part: the rest is the staff's, and no reason to close the request.
			return r.wait(ctx)
		}
		next := closeAt
		if !r.reminded && remindAt.Before(closeAt) {
			next = remindAt
		}
		woken, err := r.awaitChange(ctx, next)
		if err != nil {
			return err
		}
		if woken {
			continue
		}
		if !next.Before(closeAt) {
			return r.command(ctx, contract.LapseIdentity)
		}
		if err := r.command(ctx, contract.RemindIdentity); err != nil {
			return err
		}
		r.reminded = true
	}
}

// collect reads every system side by side, then hands the result to a reviewer.
func (r *request) collect(ctx workflow.Context) error {
	if r.view.Limits {
		return r.limit(ctx)
	}
	if r.view.Contests {
		return r.command(ctx, contract.FinishCollection)
	}
	var runs []contract.Run
	round := contract.CollectInput{Ref: r.in.Ref, Round: r.nextRound()}
	err := workflow.ExecuteActivity(register(ctx), contract.ActivityRound, round).Get(ctx, &runs)
	if isType(err, contract.ErrorRule) {
		return r.load(ctx) // the case has left this state
	}
	if err != nil {
		return err
	}
	left := len(runs)
	var failed error
	for _, run := range runs {
		in := round
		in.System = run.System
		workflow.Go(ctx, func(ctx workflow.Context) {
			if err := r.collectFrom(ctx, in); err != nil && failed == nil {
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
	return r.command(ctx, contract.FinishCollection)
}

// nextRound numbers the collections of a case: each entry into the phase is a round of its own.
func (r *request) nextRound() int32 { return r.view.Round + 1 }

// collectFrom reads one system. When it can't be read, a person decides: try again, or leave it out. The decision can come
// as soon as the failure is on record, or, to leave it out, at any time before.
func (r *request) collectFrom(ctx workflow.Context, in contract.CollectInput) error {
	system := in.System.String()
	for {
		delete(r.decided, system)
		seen := r.seen
		err := workflow.ExecuteActivity(collecting(ctx), contract.ActivityCollect, in).Get(ctx, nil)
		if isType(err, contract.ErrorAsked) {
			if err := r.awaitAnswer(ctx, seen, system); err != nil {
				return err
			}
			if r.decided[system] == string(contract.ExcludeSystem) {
				return nil
			}
			continue
		}
		if err == nil || temporal.IsCanceledError(err) || r.decided[system] == string(contract.ExcludeSystem) {
			return cancelled(err)
		}
		delete(r.decided, system)
		failure := contract.Failure{CollectInput: in}
		failure.Code, failure.Problem = problemOf(err)
		if err := workflow.ExecuteActivity(register(ctx), contract.ActivityFail, failure).Get(ctx, nil); err != nil {
			return err
		}
		if err := workflow.Await(ctx, func() bool { return r.decided[system] != "" }); err != nil {
			return err
		}
		if r.decided[system] == string(contract.ExcludeSystem) {
			return nil
		}
	}
}

// cancelled keeps an error only when it says that the phase was left.
func cancelled(err error) error {
	if temporal.IsCanceledError(err) {
		return err
	}
	return nil
}

// build writes the package, and starts the workflow that will destroy it when its time is over: from the moment it
// exists, its end is certain.
func (r *request) build(ctx workflow.Context) error {
	var pkg contract.PackageInput
	in := contract.CollectInput{Ref: r.in.Ref, Round: r.view.Round}
	err := workflow.ExecuteActivity(building(ctx), contract.ActivityPackage, in).Get(ctx, &pkg)
	switch {
	case isType(err, contract.ErrorRule):
		return r.load(ctx) // the case has left this state
	case isType(err, contract.ErrorReview):
		return r.command(ctx, contract.ReturnToReview)
	case err != nil:
		return err
	}
	// Leaving the phase cancels what was begun in it. The end of the package is not to be called off by that.
	lasting, _ := workflow.NewDisconnectedContext(ctx)
	child := workflow.ExecuteChildWorkflow(workflow.WithChildOptions(lasting, workflow.ChildWorkflowOptions{
		WorkflowID: contract.PackageID(pkg.Package), ParentClosePolicy: enums.PARENT_CLOSE_POLICY_ABANDON,
	}), contract.PackageWorkflow, pkg)
	err = child.GetChildWorkflowExecution().Get(lasting, nil)
	if err != nil && !temporal.IsWorkflowExecutionAlreadyStartedError(err) {
		return fmt.Errorf("start the package's expiry: %w", err)
	}
	return r.command(ctx, contract.FinishPackage)
}

// deliver hands the package over. One that is past its time by now, because the register or a worker was away for as long
// as packages live, goes back to the reviewer: what it holds is old, so it is collected again.
func (r *request) deliver(ctx workflow.Context) error {
	err := r.command(ctx, contract.Deliver)
	if isType(err, contract.ErrorReview) {
		return r.command(ctx, contract.ReturnToReview)
	}
	return err
}
