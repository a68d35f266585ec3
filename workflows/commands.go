package workflows

import (
	"errors"
	"fmt"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"github.com/privacy-docket/docket/workflows/contract"
)

// validate refuses a command before it leaves a trace: what the state does not allow, or what no person may say.
func (r *request) validate(_ workflow.Context, c contract.Command) error {
	if c.Key == "" || !c.Kind.ByPeople() {
		return refused("command", fmt.Sprintf("%q is no command for people, or has no key", c.Kind), nil)
	}
	if r.seen == 0 {
		return nil // not loaded yet: the register checks the state in any case
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
		return contract.View{}, err
	}
	if c.System != nil {
		r.decided[c.System.String()] = string(c.Kind)
	}
	return r.view, nil
}

// command is a step the workflow takes by itself. Its key says which step of which run it is, so that a second try is
// the same step.
func (r *request) command(ctx workflow.Context, kind contract.CommandKind) error {
	return r.commandNamed(ctx, kind, "")
}

func (r *request) commandNamed(ctx workflow.Context, kind contract.CommandKind, name string) error {
	c := contract.Command{
		Key: fmt.Sprintf("%d/%s/%d%s", r.in.Run, kind, r.since.UnixMilli(), name), Kind: kind,
		Actor: contract.Actor{Kind: "system", ID: "workflow"},
	}
	err := r.do(register(ctx), ctx, c)
	if isRefusal(err) {
		// Somebody was quicker: the state has moved, so look again and go on from there.
		return r.load(ctx)
	}
	return err
}

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
	if isRefusal(err) && errors.As(err, &app) {
		return app
	}
	return err
}

func isRefusal(err error) bool { return isType(err, contract.ErrorRule) }

// isType says whether an activity ended with an error of ours of this type.
func isType(err error, name string) bool {
	var app *temporal.ApplicationError
	return errors.As(err, &app) && app.Type() == name
}
