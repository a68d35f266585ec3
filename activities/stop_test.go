package activities_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/storage/storagetest"
	"github.com/privacy-docket/docket/workflows/contract"
)

// halt stops the shop or lets it go on.
func (b *bench) halt(stop bool) {
	b.t.Helper()
	b.Change(func(ctx context.Context, tx *storage.Tx) error {
		system, err := tx.System(ctx, b.Shop.ID)
		if err != nil {
			return err
		}
		if stop {
			return tx.StopSystem(ctx, system, "it answers with the wrong people")
		}
		return tx.ResumeSystem(ctx, system)
	})
}

// A stop breaks off the query that is under way, in seconds and not when it ends. What was put away stays, and the same
// activity goes on behind it once the system is let go on.
func TestEmergencyStopBreaksOffWhatIsUnderWay(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.begun()
	shop := storagetest.Connect(t, b.Shop.DSN)
	lock, err := shop.Begin(t.Context())
	require.NoError(t, err)
	_, err = lock.Exec(t.Context(), "LOCK TABLE orders IN ACCESS EXCLUSIVE MODE") // the reading hangs here
	require.NoError(t, err)
	done := make(chan error, 1)
	go func() { done <- b.try(t.Context(), contract.ActivityCollect, b.shop(), nil) }()
	watch := storagetest.Connect(t, b.Shop.DSN)
	waiting := func() (n int) {
		require.NoError(t, watch.QueryRow(t.Context(), "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'").Scan(&n))
		return n
	}
	require.Eventually(t, func() bool { return waiting() == 1 }, 20*time.Second, 20*time.Millisecond, "nobody reads")
	b.halt(true)
	require.Eventually(t, func() bool { return waiting() == 0 }, 20*time.Second, 20*time.Millisecond, "the query goes on")
	require.NoError(t, lock.Rollback(t.Context()))
	run, _ := b.run()
	require.Equal(t, storage.RunRunning, run.State, "it waits")
	b.halt(false)
	require.NoError(t, <-done)
	run, parts := b.run()
	require.Equal(t, storage.RunDone, run.State)
	require.NotEmpty(t, parts)
}
