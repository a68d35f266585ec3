package workflows

import (
	"errors"

	"go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"github.com/privacy-docket/docket/workflows/contract"
)

// Transmission sends a package to another controller (Art. 20(2) GDPR). What keeps it from its end is put on record, and told to the person.
func Transmission(ctx workflow.Context, in contract.TransmissionInput) error {
	ctx, _ = workflow.NewDisconnectedContext(ctx)
	err := workflow.ExecuteActivity(transmitting(ctx), contract.ActivityTransmit, in).Get(ctx, nil)
	if err == nil {
		return nil
	}
	return workflow.ExecuteActivity(register(ctx), contract.ActivityTransmissionFailed, failureOf(in, err)).Get(ctx, nil)
}

// failureOf says why a package was not taken, by what the last try came to. Only what a receiver answered, or did not take in a whole try's time, is
// laid on the receiver.
func failureOf(in contract.TransmissionInput, err error) contract.TransmissionFailure {
	failure := contract.TransmissionFailure{TransmissionInput: in, Code: "fault"}
	var late *temporal.TimeoutError
	if errors.As(err, &late) && late.TimeoutType() == enums.TIMEOUT_TYPE_START_TO_CLOSE {
		failure.Code = "unreachable"
	}
	var app *temporal.ApplicationError
	if errors.As(err, &app) && app.Type() == contract.ErrorReceiver && app.HasDetails() {
		if app.Details(&failure.Code, &failure.Status) != nil || failure.Code == "" {
			failure.Code = "unreachable"
		}
	}
	return failure
}
