package workflows

import (
	"time"

	"go.temporal.io/sdk/workflow"

	"github.com/privacy-docket/docket/workflows/contract"
)

// Inquiry sees to it that whoever was asked to do something for a case answers: it looks at the register, which says what is to be done, whenever
// that knows something new, and at the moments that the register names.
func Inquiry(ctx workflow.Context, in contract.InquiryInput) error {
	told := workflow.GetSignalChannel(ctx, contract.SignalInquiry)
	for !workflow.GetInfo(ctx).GetContinueAsNewSuggested() {
		for told.ReceiveAsync(nil) { // one look answers them all
		}
		look, err := lookAtInquiry(ctx, in)
		switch {
		case isType(err, contract.ErrorGone):
			return nil // its person is forgotten
		case err != nil:
			return err
		case look.Done && told.Len() == 0:
			return nil
		case look.Done:
			continue
		}
		wait := max(look.At.Sub(workflow.Now(ctx)), time.Minute)
		timed, cancel := workflow.WithCancel(ctx)
		timer := workflow.NewTimerWithOptions(timed, wait, workflow.TimerOptions{Summary: "next look"})
		err = workflow.Await(ctx, func() bool { return timer.IsReady() || told.Len() > 0 })
		cancel()
		if err != nil {
			return err
		}
	}
	return workflow.NewContinueAsNewError(ctx, contract.InquiryWorkflow, in)
}

func lookAtInquiry(ctx workflow.Context, in contract.InquiryInput) (look contract.InquiryLook, err error) {
	err = workflow.ExecuteActivity(collecting(ctx), contract.ActivityInquire, in).Get(ctx, &look)
	if err == nil || isType(err, contract.ErrorGone) {
		return look, err
	}
	failure := contract.InquiryFailure{InquiryInput: in}
	failure.Code, failure.Problem = problemOf(err)
	err = workflow.ExecuteActivity(register(ctx), contract.ActivityInquiryFailed, failure).Get(ctx, &look)
	return look, err
}

// awaitAnswer waits until there may be an answer from whoever was asked about a system, or somebody decides about it. seen is what the register's
// view was counted as before they were asked.
func (r *request) awaitAnswer(ctx workflow.Context, seen int, system string) error {
	return workflow.Await(ctx, func() bool { return r.seen != seen || r.decided[system] != "" })
}
