package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/privacy-docket/docket/client"
)

// retryPause is how long a caller waits before sending the same again.
const retryPause = 500 * time.Millisecond

// persist sends something until a 2xx comes, always with the same idempotency key. Only what the server calls temporary is
// sent again; any other answer is the end.
func persist[T any](ctx context.Context, repeated *int, what string, send func(context.Context) (T, error)) (T, error) {
	for {
		out, err := send(ctx)
		if err == nil {
			return out, nil
		}
		if !temporary(err) {
			return out, fmt.Errorf("%s: %w", what, err)
		}
		*repeated++
		if !pause(ctx, retryPause) {
			return out, fmt.Errorf("%s: %w (last: %w)", what, ctx.Err(), err)
		}
	}
}

// temporary says that the same may be sent again.
func temporary(err error) bool {
	var again interface{ Temporary() bool }
	return errors.As(err, &again) && again.Temporary()
}

// until asks again and again; what fails meanwhile is asked again too.
func until(ctx context.Context, what string, ask func(context.Context) (bool, error)) error {
	for {
		done, err := ask(ctx)
		if done {
			return err
		}
		if !pause(ctx, retryPause) {
			return fmt.Errorf("waiting for %s: %w (last: %w)", what, ctx.Err(), errors.Join(err))
		}
	}
}

// refusedFor says whether the server's no has this code.
func refusedFor(err error, code string) bool {
	var p *client.Problem
	return errors.As(err, &p) && p.Code == code
}
