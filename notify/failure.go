package notify

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Failure says why a message was not taken, in words that are fit for a log: codes and steps, never addresses and
// never what the other side wrote, because servers like to repeat the address in their replies.
//
// The cause is dropped on purpose, unless the context ended: whoever walks the chain of errors, as Temporal's failure
// converter does, would find the reply in it.
type Failure struct {
	Channel Channel
	// Step names what was being done: "connect", "recipient", "post", …
	Step string
	// Code is the other side's own code: "550 5.1.1", "channel_not_found", "503"; empty when there was none.
	Code string
	// Temporary tells that the same message may be taken later.
	Temporary bool
	// RetryAfter is how long the other side asked to wait; zero when it did not say.
	RetryAfter time.Duration
	// Disable tells that the receiver asked never to be called again (a webhook that answered 410).
	Disable bool

	ended error
}

// Error describes the failure without anything personal.
func (f *Failure) Error() string {
	kind := "permanent"
	if f.Temporary {
		kind = "temporary"
	}
	text := fmt.Sprintf("%s: %s failed (%s)", f.Channel, f.Step, kind)
	if f.Code != "" {
		text += ", code " + f.Code
	}
	if f.RetryAfter > 0 {
		text += ", retry after " + f.RetryAfter.String()
	}
	return text
}

// Unwrap gives context.Canceled or context.DeadlineExceeded when one of them ended the attempt, nothing else.
func (f *Failure) Unwrap() error { return f.ended }

// FromContext remembers that the context ended the attempt; other causes are dropped. It returns f.
func (f *Failure) FromContext(cause error) *Failure {
	switch {
	case errors.Is(cause, context.Canceled):
		f.ended, f.Temporary = context.Canceled, true
	case errors.Is(cause, context.DeadlineExceeded):
		f.ended, f.Temporary = context.DeadlineExceeded, true
	}
	return f
}

// Permanent tells whether sending the same message again is pointless. Errors that are no *Failure are not permanent.
func Permanent(err error) bool {
	var f *Failure
	return errors.As(err, &f) && !f.Temporary
}

// RetryAfter gives the pause that the other side asked for, and whether it asked for one.
func RetryAfter(err error) (time.Duration, bool) {
	var f *Failure
	if errors.As(err, &f) && f.RetryAfter > 0 {
		return f.RetryAfter, true
	}
	return 0, false
}

// Disabled tells whether the receiver asked never to be called again.
func Disabled(err error) bool {
	var f *Failure
	return errors.As(err, &f) && f.Disable
}
