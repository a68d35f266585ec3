package engine

import (
	"errors"
	"fmt"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"

	"github.com/privacy-docket/docket/workflows/contract"
)

// Refused says that a rule or the case's state forbids a command.
type Refused struct{ contract.Refusal }

func (r *Refused) Error() string { return r.Message }

// ErrGone says that the case, or a key of it, no longer exists.
var ErrGone = errors.New("the case or its personal data no longer exists")

// refusedBy reads the answer of a workflow out of the error it came as.
func refusedBy(err error) error {
	var late *client.WorkflowUpdateServiceTimeoutOrCanceledError
	if errors.As(err, &late) {
		return fmt.Errorf("%w: %w", ErrPending, err)
	}
	var timeout *temporal.TimeoutError
	if errors.As(err, &timeout) {
		return fmt.Errorf("%w: %w", ErrPending, err)
	}
	var application *temporal.ApplicationError
	if !errors.As(err, &application) {
		return fmt.Errorf("the workflow answered: %w", err)
	}
	switch application.Type() {
	case contract.ErrorRule:
		return refusal(application)
	case contract.ErrorGone:
		return fmt.Errorf("%w: %w", ErrGone, err)
	default:
		return fmt.Errorf("the workflow answered: %w", err)
	}
}

func refusal(application *temporal.ApplicationError) error {
	var told contract.Refusal
	if err := application.Details(&told); err != nil {
		return fmt.Errorf("read the workflow's refusal: %w", err)
	}
	return &Refused{Refusal: told}
}
