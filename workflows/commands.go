package workflows

import (
	"errors"
	"fmt"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"github.com/privacy-docket/docket/workflows/contract"
)

// validate refuses a command before it leaves a trace: what the state does not allow, or what no person may say.
func (r *request) validate(_ workflow.Context, c contract.Command) error {
	if c.Key == "" || !c.Kind.ByPeople() {
		return refused("command", fmt.Sprintf("%q is no command for people, or has no key", c.Kind), nil)
	}
	if r.seen == 0 || r.turn.IsLocked() {
		return nil // not known yet, or just about to change: the register checks the state in any case
	}
	if err := c.Kind.AllowedIn(r.view.State); err != nil {
		return refused("state", err.Error(), err)
	}
	return nil
}

func refused(code, message string, cause error) error {
	return temporal.NewNonRetryableApplicationError(message, contract.ErrorRule, cause, contract.Refusal{Code: code, Message: message})
}

// obey carries out a person's command and answers with the case as it stands then.
func (r *request) obey(ctx workflow.Context, c contract.Command) (contract.View, error) {
	if err := workflow.Await(ctx, func() bool { return r.seen > 0 }); err != nil {
		return contract.View{}, err
	}
	if err := r.do(answer(ctx), ctx, c); err != nil {
		// What was refused by the state, or ended without a word, may have happened: look, beside the answer.
		r.doubt = r.doubt || unclear(err)
		return contract.View{}, err
	}
	if c.System != nil {
		r.decided[c.System.String()] = string(c.Kind)
	}
	return r.view, nil
}

// command is a step the workflow takes by itself. Its key says which step of which run it is, so that a second try is
// the same step. A step that can't be taken now is tried again later and less and less often, and gives up its turn in
// between: people can still end a request that is stuck.
func (r *request) command(ctx workflow.Context, kind contract.CommandKind) error {
	c := contract.Command{
		Key: fmt.Sprintf("%d/%s/%d", r.in.Run, kind, r.since.UnixMilli()), Kind: kind,
		Actor: contract.Actor{Kind: "system", ID: "workflow"},
	}
	for pause := time.Second; ; pause = min(2*pause, longestPause) {
		err := r.do(step(ctx), ctx, c)
		switch {
		case err == nil, temporal.IsCanceledError(err), isType(err, contract.ErrorGone), isType(err, contract.ErrorReview):
			return err
		case isType(err, contract.ErrorRule):
			// Somebody was quicker: the state has moved, so look again and go on from there.
			return r.load(ctx)
		}
		workflow.GetLogger(ctx).Error("a step of the workflow could not be taken; it is tried again", "step", string(kind), "error", err)
		if _, err := r.awaitChange(ctx, workflow.Now(ctx).Add(pause)); err != nil {
			return err
		}
	}
}

// longestPause is how long a step that keeps failing rests at most.
const longestPause = 15 * time.Minute

// do sends a command to the register, one at a time.
func (r *request) do(options, ctx workflow.Context, c contract.Command) error {
	if err := r.turn.Lock(ctx); err != nil {
		return err
	}
	defer r.turn.Unlock()
	var view contract.View
	in := contract.CommandInput{Ref: r.in.Ref, Command: c}
	if err := workflow.ExecuteActivity(options, contract.ActivityCommand, in).Get(ctx, &view); err != nil {
		return plainly(err)
	}
	r.see(ctx, view)
	return nil
}

// plainly gives a refusal without the wrapping of the activity, so that whoever commanded can read it.
func plainly(err error) error {
	var app *temporal.ApplicationError
	if isType(err, contract.ErrorRule) && errors.As(err, &app) {
		return app
	}
	return err
}

func isType(err error, kind string) bool {
	var app *temporal.ApplicationError
	return errors.As(err, &app) && app.Type() == kind
}

// unclear says of a command that failed whether the register may have moved without the workflow's knowing.
func unclear(err error) bool {
	var app *temporal.ApplicationError
	var refusal contract.Refusal
	if !errors.As(err, &app) || app.Type() != contract.ErrorRule {
		return true
	}
	return app.Details(&refusal) != nil || refusal.Code == "state"
}
