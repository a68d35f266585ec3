package workflows_test

import (
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jonboulle/clockwork"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"github.com/privacy-docket/docket/activities"
	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/casework/casetest"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows"
	"github.com/privacy-docket/docket/workflows/contract"
)

// Monday is when every play begins: a Monday morning in Berlin and London, no holiday near.
func monday() time.Time { return time.Date(2026, time.March, 2, 9, 0, 0, 0, time.UTC) }

const day = casetest.Day

// play is a request that runs through the real workflows, activities, register and object store while time is skipped:
// the register goes by the clock of Temporal's test environment, which jumps to the next timer whenever nothing is to do.
type play struct {
	*casetest.Request
	t   *testing.T
	env *testsuite.TestWorkflowEnvironment
	// filing is what a company has filed the request by, where one has.
	filing storage.FiledRequest
}

// skipping is a clock that shows the environment's time.
type skipping struct {
	clockwork.Clock
	env atomic.Pointer[testsuite.TestWorkflowEnvironment]
}

func (c *skipping) Now() time.Time                  { return c.env.Load().Now() }
func (c *skipping) Since(t time.Time) time.Duration { return c.Now().Sub(t) }

// After is over at once: a play waits for no system.
func (c *skipping) After(time.Duration) <-chan time.Time {
	over := make(chan time.Time, 1)
	over <- c.Now()
	return over
}

// stage is what a play is set up with.
type stage struct {
	tenant  func(*storage.NewTenant)
	request []func(*casework.NewRequest)
	// instead replaces activities by name.
	instead map[string]any
}

// replacing registers activities, some of them replaced by name.
type replacing struct {
	worker.ActivityRegistry
	instead map[string]any
}

func (r replacing) RegisterActivityWithOptions(do any, options activity.RegisterOptions) {
	if other, ok := r.instead[options.Name]; ok {
		do = other
	}
	r.ActivityRegistry.RegisterActivityWithOptions(do, options)
}

// idleTime is how long, by the real clock, nothing at all may happen.
const idleTime = 30 * time.Second

func newPlay(t *testing.T, s stage) *play {
	t.Helper()
	p := &play{t: t}
	if s.tenant == nil {
		s.tenant = func(*storage.NewTenant) {}
	}
	clock := &skipping{Clock: clockwork.NewRealClock()}
	p.open(clock, monday())
	world := casetest.New(t, clock, s.tenant)
	workflows.Register(p.env)
	activities.Register(replacing{p.env, s.instead}, world.Desk, world.Objects, true)
	p.Request = world.File(s.request...)
	return p
}

// open makes the environment and has the clock show its time.
func (p *play) open(clock *skipping, from time.Time) {
	var suite testsuite.WorkflowTestSuite
	suite.SetLogger(quiet{})
	p.env = suite.NewTestWorkflowEnvironment()
	p.env.SetStartTime(from)
	p.env.SetTestTimeout(idleTime).SetWorkerOptions(worker.Options{WorkflowPanicPolicy: worker.FailWorkflow, DeadlockDetectionTimeout: idleTime})
	clock.env.Store(p.env)
}

// again goes on in another environment where this one has ended, for a workflow that follows.
func (p *play) again(t *testing.T) *play {
	t.Helper()
	next := &play{t: t, Request: p.Request}
	clock, ok := p.Clock.(*skipping)
	require.True(t, ok)
	next.open(clock, p.env.Now())
	workflows.Register(next.env)
	activities.Register(next.env, p.Desk, p.Objects, true)
	return next
}

// aside plays another workflow for a while at this moment of the play, leaves it there, and comes back. It may be of another request, in another world that
// goes by the same clock.
func (p *play) aside(of *casetest.Request, id string, length time.Duration, prepare func(*play), run func(workflow.Context) error) {
	p.t.Helper()
	clock, ok := p.Clock.(*skipping)
	require.True(p.t, ok)
	next := &play{t: p.t, Request: of}
	before := clock.env.Load()
	next.open(clock, before.Now())
	defer clock.env.Store(before)
	for _, outlasts := range []string{contract.PackageWorkflow, contract.DeferredErasureWorkflow} { // which the environment would play to its end
		next.env.RegisterWorkflowWithOptions(func(workflow.Context, any) error { return nil }, workflow.RegisterOptions{Name: outlasts})
	}
	activities.Register(next.env, of.Desk, of.Objects, true)
	prepare(next)
	next.env.SetStartWorkflowOptions(client.StartWorkflowOptions{ID: id, TaskQueue: contract.TaskQueue})
	next.env.ExecuteWorkflow(func(ctx workflow.Context) (err error) {
		ended := false
		workflow.Go(ctx, func(ctx workflow.Context) { err, ended = run(ctx), true })
		_, waiting := workflow.AwaitWithTimeout(ctx, length, func() bool { return ended })
		return errors.Join(err, waiting)
	})
	require.True(p.t, next.env.IsWorkflowCompleted())
	require.NoError(p.t, next.env.GetWorkflowError())
}

// after is the same world some time later.
func (p *play) after(t *testing.T, d time.Duration) *play {
	t.Helper()
	next := &play{t: t, Request: p.Request}
	clock, ok := p.Clock.(*skipping)
	require.True(t, ok)
	next.open(clock, p.env.Now().Add(d))
	return next
}

// at has something happen a time after the request was received.
func (p *play) at(after time.Duration, do func()) { p.env.RegisterDelayedCallback(do, after) }

// run plays to the end: until the case is closed and what it left behind has been destroyed.
func (p *play) run() {
	p.t.Helper()
	p.runAs(contract.RequestInput{Ref: p.Ref, Run: 1, Version: contract.NewestVersion})
	require.NoError(p.t, p.env.GetWorkflowError())
}

func (p *play) runAs(in contract.RequestInput) {
	p.t.Helper()
	p.env.SetStartWorkflowOptions(startOptions(in))
	p.env.ExecuteWorkflow(contract.RequestWorkflow, in)
	require.True(p.t, p.env.IsWorkflowCompleted())
}

// reply is the answer to a command, once there is one.
type reply struct {
	view     contract.View
	err      error
	answered bool
	then     func() // called with the answer, if set
}

// command gives a command now; its answer is there when the play is over.
func (p *play) command(c contract.Command) *reply {
	r := &reply{}
	p.update(c.Key, r, c)
	return r
}

func (p *play) update(id string, r *reply, c contract.Command) {
	p.env.UpdateWorkflow(contract.CommandUpdate, id, &testsuite.TestUpdateCallback{
		OnAccept: func() {},
		OnReject: func(err error) { r.err, r.answered = err, true },
		OnComplete: func(result any, err error) {
			r.err, r.answered = err, true
			if view, ok := result.(contract.View); ok {
				r.view = view
			}
			if r.then != nil {
				r.then()
			}
		},
	}, c)
}

// accepted is command for one that must succeed.
func (p *play) accepted(c contract.Command) {
	r := p.command(c)
	p.t.Cleanup(func() {
		if !r.answered || r.err != nil {
			p.t.Errorf("%s: answered %t, %v", c.Kind, r.answered, r.err)
		}
	})
}

// proves has the person answer their code, and the workflow told.
func (p *play) proves() {
	p.ProveIdentity()
	p.told()
}

func (p *play) told() { p.env.SignalWorkflow(contract.SignalFacts, nil) }

// reviewed checks that the case is in review and has it approved.
func (p *play) reviewed() {
	require.Equal(p.t, privacy.RequestReviewing, p.State())
	p.accepted(casetest.Command(contract.Approve))
}

// is checks the state at this point of the play.
func (p *play) is(state privacy.RequestState) { require.Equal(p.t, state, p.State()) }

// quiet drops what the SDK logs.
type quiet struct{}

func (quiet) Debug(string, ...any) {}
func (quiet) Info(string, ...any)  {}
func (quiet) Warn(string, ...any)  {}
func (quiet) Error(string, ...any) {}

// refusalOf reads why a command was refused.
func refusalOf(t *testing.T, err error) (refusal contract.Refusal) {
	t.Helper()
	var app *temporal.ApplicationError
	require.ErrorAs(t, err, &app)
	require.Equal(t, contract.ErrorRule, app.Type(), "%v", err)
	require.NoError(t, app.Details(&refusal))
	return refusal
}
