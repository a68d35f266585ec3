// Package workflows holds the long-running processes. They decide what comes next and when; everything that touches the
// world is an activity, and every date was computed before and is only obeyed here.
package workflows

import (
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/workflows/contract"
)

// Request drives one data-subject request from receipt to its end. It runs as long as the case does, for weeks or
// months; the register holds the truth, and the workflow holds what it last saw of it.
func Request(ctx workflow.Context, in contract.RequestInput) error {
	r := &request{
		in: in, since: workflow.Now(ctx), turn: workflow.NewMutex(ctx), facts: workflow.GetSignalChannel(ctx, contract.SignalFacts),
		decided: map[string]string{}, reached: map[string]time.Time{},
	}
	if in.Resume != nil {
		r.since, r.reminded = in.Resume.PhaseSince, in.Resume.Reminded
		if in.Resume.Reached != nil {
			r.reached = in.Resume.Reached
		}
	}
	if err := r.setup(ctx); err != nil {
		return err
	}
	return r.run(ctx)
}

// request is the state of one run.
type request struct {
	in       contract.RequestInput
	view     contract.View
	since    time.Time            // when the phase began
	reminded bool                 // whether the person was reminded to prove who they are
	reached  map[string]time.Time // the last milestone of each clock
	// turn is held by whoever asks the register about the case or changes it, so that views arrive in the order of the
	// states they show: an older one that came late would throw the case back.
	turn    workflow.Mutex
	facts   workflow.ReceiveChannel
	doubt   bool // a command ended unclearly: the register may have moved
	reading bool
	bell    bell
	seen    int // counts how often view was replaced, so that waiters notice
	decided map[string]string
	leave   workflow.CancelFunc
}

// setup loads the case and opens the doors for commands and facts.
func (r *request) setup(ctx workflow.Context) error {
	// The door for commands opens before anything else: an update that finds none is refused for good.
	err := workflow.SetUpdateHandlerWithOptions(ctx, contract.CommandUpdate, r.obey, workflow.UpdateHandlerOptions{
		Validator: r.validate, Description: "a command of a person",
	})
	if err != nil {
		return err
	}
	r.hearAll() // what was told before the first look is part of it
	if err := r.load(ctx); err != nil {
		return err
	}
	workflow.Go(ctx, r.listen)
	if r.in.Version >= contract.OneTimer {
		workflow.GoNamed(ctx, "bell", r.ring)
	}
	r.startClocks(ctx)
	return nil
}

// listen reads the register anew whenever something outside has changed it.
func (r *request) listen(ctx workflow.Context) {
	for workflow.Await(ctx, r.told) == nil {
		r.reading = true
		r.hearAll()
		if err := r.load(ctx); err != nil {
			workflow.GetLogger(ctx).Error("could not read the case after a signal", "error", err)
		}
		r.reading = false
	}
}

// told says whether there is reason to believe that the register has moved.
func (r *request) told() bool { return r.doubt || r.facts.Len() > 0 }

// hearAll takes the signals that have come in: one look answers them all.
func (r *request) hearAll() {
	r.doubt = false
	for r.facts.ReceiveAsync(nil) {
	}
}

func (r *request) load(ctx workflow.Context) error {
	if err := r.turn.Lock(ctx); err != nil {
		return err
	}
	defer r.turn.Unlock()
	view, err := r.look(ctx)
	if err != nil {
		return err
	}
	r.see(ctx, view)
	return nil
}

// look asks the register about the case: quickly, and when that fails for as long as it takes.
func (r *request) look(ctx workflow.Context) (view contract.View, err error) {
	if r.in.Version >= contract.QuickLook {
		err = workflow.ExecuteLocalActivity(looking(ctx), contract.ActivityLoad, r.in.Ref).Get(ctx, &view)
		if err == nil || temporal.IsCanceledError(err) || isType(err, contract.ErrorGone) {
			return view, err
		}
	}
	err = workflow.ExecuteActivity(register(ctx), contract.ActivityLoad, r.in.Ref).Get(ctx, &view)
	return view, err
}

// see takes over what the register says. A state that has moved ends the phase that is under way.
func (r *request) see(ctx workflow.Context, view contract.View) {
	moved := view.State != r.view.State
	r.view, r.in.Run = view, view.Run
	r.seen++
	if !moved || r.seen == 1 {
		return
	}
	r.since, r.reminded = workflow.Now(ctx), false
	if r.leave != nil {
		r.leave()
	}
}

// run goes through the phases until the case is closed and nothing is left to do. A case that is reopened before that
// goes on here: its new start finds this run.
func (r *request) run(ctx workflow.Context) error {
	for {
		state := r.view.State
		if err := r.phase(ctx); err != nil {
			return err
		}
		if r.shouldContinueAsNew(ctx) {
			return r.continueAsNew(ctx)
		}
		if r.view.State != state {
			continue
		}
		done, err := r.finished(ctx)
		if err != nil || done {
			return err
		}
		if r.view.State != state {
			continue
		}
		// A phase that ended and moved nothing would otherwise be begun again at once, without end.
		if _, err := r.awaitChange(ctx, workflow.Now(ctx).Add(rest)); err != nil {
			return err
		}
	}
}

// rest is the pause before a phase that moved nothing is tried again.
const rest = time.Minute

// phase works at the state the case is in until the state moves. What was under way then is cancelled: a request that
// was withdrawn is not collected any further.
func (r *request) phase(ctx workflow.Context) error {
	inner, leave := workflow.WithCancel(ctx)
	r.leave = leave
	defer leave()
	state := r.view.State
	var err error
	switch state {
	case privacy.RequestReceived:
		err = r.command(inner, contract.Begin)
	case privacy.RequestVerifying:
		err = r.verify(inner)
	case privacy.RequestCollecting:
		err = r.collect(inner)
	case privacy.RequestPackaging:
		err = r.build(inner)
	case privacy.RequestDelivering:
		err = r.deliver(inner)
	case privacy.RequestClarifying, privacy.RequestReviewing, privacy.RequestApproving:
		err = r.wait(inner)
	case privacy.RequestScheduled:
		err = r.schedule(inner)
	case privacy.RequestExecuting:
		err = r.execute(inner)
	case privacy.RequestClosed:
		err = r.tidy(inner)
	}
	if r.view.State != state {
		return ctx.Err()
	}
	return err
}

// wait lasts until the case moves, or the history has grown so long that it should be begun afresh.
func (r *request) wait(ctx workflow.Context) error {
	state := r.view.State
	return workflow.Await(ctx, func() bool { return r.view.State != state || r.shouldContinueAsNew(ctx) })
}

// tidy sets in the systems what the end of the case changes there, takes away what it no longer needs, and stays while something is owed all the same: the confirmation
// of receipt, until a mail server has taken it.
func (r *request) tidy(ctx workflow.Context) error {
	if err := r.amend(ctx); err != nil {
		return err
	}
	if err := workflow.ExecuteActivity(destroying(ctx), contract.ActivityTidy, r.in.Ref).Get(ctx, nil); err != nil {
		return err
	}
	return workflow.Await(ctx, func() bool { return !r.view.Owed() || r.view.Amendments > 0 || r.shouldContinueAsNew(ctx) })
}

// finished says whether the run may end, once no command is under way and everything that was told has been read.
// Between the answer and the end the workflow does not wait, so nothing can come in unread.
func (r *request) finished(ctx workflow.Context) (bool, error) {
	if !r.view.State.Terminal() {
		return false, nil
	}
	err := workflow.Await(ctx, func() bool { return workflow.AllHandlersFinished(ctx) && !r.told() && !r.reading })
	return r.view.State.Terminal() && !r.view.Owed() && r.view.Amendments == 0, err
}

func (r *request) shouldContinueAsNew(ctx workflow.Context) bool {
	return workflow.GetInfo(ctx).GetContinueAsNewSuggested()
}

func (r *request) continueAsNew(ctx workflow.Context) error {
	if err := workflow.Await(ctx, func() bool { return workflow.AllHandlersFinished(ctx) }); err != nil {
		return err
	}
	in := r.in
	in.Version = contract.NewestVersion
	in.Resume = &contract.Resume{PhaseSince: r.since, Reminded: r.reminded, Reached: r.reached}
	return workflow.NewContinueAsNewError(ctx, contract.RequestWorkflow, in)
}
