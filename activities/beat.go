package activities

import (
	"context"
	"sync"
	"time"

	"github.com/jonboulle/clockwork"
	"go.temporal.io/sdk/activity"
)

// beatEvery is well within the heartbeat timeout of the option presets, which is thirty seconds.
const beatEvery = 10 * time.Second

// beat tells Temporal that the activity lives, until the function it gives is called: one query on a large table, or one
// part on a slow line, takes longer than a heartbeat may be away. What hangs is ended by the timeouts of the connectors.
func beat(ctx context.Context) (stop func()) {
	done := make(chan struct{})
	var group sync.WaitGroup
	group.Go(func() {
		ticker := clockwork.NewRealClock().NewTicker(beatEvery)
		defer ticker.Stop()
		for {
			select {
			case <-done:
				return
			case <-ctx.Done():
				return
			case <-ticker.Chan():
				activity.RecordHeartbeat(ctx)
			}
		}
	})
	return func() {
		close(done)
		group.Wait()
	}
}
