package preflight

import "fmt"

// RefusedError says that a message could not be checked, and what to do about it. It repeats nothing of the message.
type RefusedError struct {
	Reason string
	// Asked says that it is the question that has no meaning, and not the message.
	Asked bool
}

func (e *RefusedError) Error() string { return e.Reason }

func refuse(format string, args ...any) error {
	return &RefusedError{Reason: fmt.Sprintf(format, args...)}
}

// refuseQuestion is for what is asked about a message.
func refuseQuestion(format string, args ...any) error {
	return &RefusedError{Reason: fmt.Sprintf(format, args...), Asked: true}
}
