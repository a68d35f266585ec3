package activities

import (
	"context"
	"errors"
	"time"

	"github.com/jonboulle/clockwork"

	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// errStopped says that a system may not be read now.
var errStopped = errors.New("the system was stopped in an emergency")

// lookForStop is how soon a reading hears of a stop, and how soon it goes on behind one.
const lookForStop = 2 * time.Second

// betweenStops reads a system, breaks off when it is stopped and begins again when it is let go on. What was put away stays.
func (c *Collection) betweenStops(ctx context.Context, in contract.CollectInput, read func(context.Context) error) error {
	ticker := clockwork.NewRealClock().NewTicker(lookForStop)
	defer ticker.Stop()
	for {
		err := c.untilStopped(ctx, in, ticker, read)
		if !errors.Is(err, errStopped) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-ticker.Chan():
		}
	}
}

// untilStopped reads with somebody looking for a stop beside it.
func (c *Collection) untilStopped(ctx context.Context, in contract.CollectInput, ticker clockwork.Ticker, read func(context.Context) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	ended := make(chan error, 1)
	go func() { ended <- read(ctx) }()
	for {
		select {
		case err := <-ended:
			defer cancel(nil)
			if errors.Is(context.Cause(ctx), errStopped) && err != nil {
				return errStopped
			}
			return err
		case <-ticker.Chan():
			if c.stopped(ctx, in) {
				cancel(errStopped)
			}
		}
	}
}

// stopped looks into the register. While that is away nothing is known, and the reading goes on or fails by itself.
func (c *Collection) stopped(ctx context.Context, in contract.CollectInput) (stopped bool) {
	err := c.desk.DB().Read(ctx, in.Tenant, func(ctx context.Context, tx *storage.Tx) (err error) {
		stopped, err = tx.SystemStopped(ctx, in.System)
		return err
	})
	return err == nil && stopped
}
