package workflows

import (
	"errors"

	"go.temporal.io/sdk/temporal"
)

// problemOf names what went wrong with an activity, by the code it gave if it gave one.
func problemOf(err error) (code, problem string) {
	var app *temporal.ApplicationError
	if errors.As(err, &app) {
		if app.HasDetails() && app.Details(&code) == nil && code != "" {
			return code, app.Message()
		}
		return "error", app.Message()
	}
	var timeout *temporal.TimeoutError
	if errors.As(err, &timeout) {
		return "timeout", "the system did not answer in time"
	}
	return "error", "the system could not be read"
}
