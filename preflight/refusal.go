package preflight

import "fmt"

// RefusedError says that a message could not be checked, and what to do about it. It repeats nothing of the message.
type RefusedError struct{ Reason string }

func (e *RefusedError) Error() string { return e.Reason }

func refuse(format string, args ...any) error {
	return &RefusedError{Reason: fmt.Sprintf(format, args...)}
}
