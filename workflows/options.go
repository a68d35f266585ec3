package workflows

import (
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"github.com/privacy-docket/docket/workflows/contract"
)

// looking is for a look at the register within the workflow's own task: one try, over before Temporal would give the task
// to another worker.
func looking(ctx workflow.Context) workflow.Context {
	return workflow.WithLocalActivityOptions(ctx, workflow.LocalActivityOptions{
		ScheduleToCloseTimeout: 4 * time.Second, RetryPolicy: &temporal.RetryPolicy{MaximumAttempts: 1},
	})
}

// register is for reading the register and for what only it has to do with: quick, safe to repeat, tried until it
// succeeds, because a case must not stop over a database that was away for a night.
func register(ctx workflow.Context) workflow.Context {
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		StartToCloseTimeout: 30 * time.Second,
		RetryPolicy: &temporal.RetryPolicy{
			InitialInterval: 200 * time.Millisecond, BackoffCoefficient: 2, MaximumInterval: time.Minute,
			NonRetryableErrorTypes: []string{contract.ErrorRule, contract.ErrorGone},
		},
	})
}

// step is for a transaction that the workflow takes by itself: a few tries in a row, then others get their turn.
func step(ctx workflow.Context) workflow.Context {
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		StartToCloseTimeout: 30 * time.Second,
		RetryPolicy: &temporal.RetryPolicy{
			InitialInterval: 200 * time.Millisecond, BackoffCoefficient: 2, MaximumAttempts: 5,
			NonRetryableErrorTypes: []string{contract.ErrorRule, contract.ErrorGone},
		},
	})
}

// answer is for the transaction behind a person's command: it fails while the person still waits for the answer, so that
// they hear "try again" and not silence.
func answer(ctx workflow.Context) workflow.Context {
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		StartToCloseTimeout: 10 * time.Second, ScheduleToCloseTimeout: 20 * time.Second,
		RetryPolicy: &temporal.RetryPolicy{
			InitialInterval: 200 * time.Millisecond, BackoffCoefficient: 2,
			NonRetryableErrorTypes: []string{contract.ErrorRule, contract.ErrorGone},
		},
	})
}

// collecting is for reading a data system: hours at most, alive by heartbeat, a few tries; then a person decides.
func collecting(ctx workflow.Context) workflow.Context {
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		StartToCloseTimeout: 6 * time.Hour, HeartbeatTimeout: 30 * time.Second,
		RetryPolicy: &temporal.RetryPolicy{
			InitialInterval: 2 * time.Second, BackoffCoefficient: 2, MaximumInterval: 2 * time.Minute, MaximumAttempts: 6,
			NonRetryableErrorTypes: []string{contract.ErrorSystem, contract.ErrorGone, contract.ErrorAsked},
		},
	})
}

// erasing is for changing a data system: as long as collecting, and as often tried before a person decides.
func erasing(ctx workflow.Context) workflow.Context { return collecting(ctx) }

// building is for writing a package: long, alive by heartbeat, tried until the object store takes it.
func building(ctx workflow.Context) workflow.Context {
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		StartToCloseTimeout: 6 * time.Hour, HeartbeatTimeout: 30 * time.Second,
		RetryPolicy: &temporal.RetryPolicy{
			InitialInterval: time.Second, BackoffCoefficient: 2, MaximumInterval: 5 * time.Minute,
			NonRetryableErrorTypes: []string{contract.ErrorGone, contract.ErrorReview},
		},
	})
}

// destroying is for taking objects and keys away: alive by heartbeat, so that another worker goes on at once when one
// dies, and tried until it is done, since the person was promised that it is.
func destroying(ctx workflow.Context) workflow.Context {
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		StartToCloseTimeout: time.Hour, HeartbeatTimeout: 30 * time.Second,
		RetryPolicy: &temporal.RetryPolicy{
			InitialInterval: time.Second, BackoffCoefficient: 2, MaximumInterval: 10 * time.Minute,
			NonRetryableErrorTypes: []string{contract.ErrorGone},
		},
	})
}

// transmitting is for sending a package to another controller: an hour a try, alive by heartbeat, for about a day; then the person is told that it did
// not work. What a receiver has said for good is not tried again.
func transmitting(ctx workflow.Context) workflow.Context {
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		StartToCloseTimeout: time.Hour, HeartbeatTimeout: 30 * time.Second,
		RetryPolicy: &temporal.RetryPolicy{
			InitialInterval: 10 * time.Second, BackoffCoefficient: 3, MaximumInterval: 6 * time.Hour, MaximumAttempts: 11,
			NonRetryableErrorTypes: []string{contract.ErrorGone, contract.ErrorRule},
		},
	})
}

// asking is for a question that a person waits for: one try, soon over.
func asking(ctx workflow.Context) workflow.Context {
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		StartToCloseTimeout: 25 * time.Second, ScheduleToCloseTimeout: 28 * time.Second,
		RetryPolicy: &temporal.RetryPolicy{MaximumAttempts: 1},
	})
}
