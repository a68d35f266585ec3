package storage_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/storage/storagetest"
)

// Tries made at once reach the register in any order: while some are free, none waits for one that took its time a moment later.
func TestTriesAtOnceDoNotWait(t *testing.T) {
	t.Parallel()
	r := storagetest.New(t)
	spend := func(key string) time.Duration {
		wait, err := r.DB.SpendTry(t.Context(), []byte(key), 5)
		require.NoError(t, err)
		return wait
	}
	for range 4 {
		require.Zero(t, spend("sign-in"))
		r.Clock.Advance(-5 * time.Millisecond)
	}
	require.Zero(t, spend("sign-in"), "the fifth")
	require.Equal(t, 30*time.Second, spend("sign-in").Round(time.Second), "the sixth waits, whenever it began")

	require.NoError(t, r.DB.ReturnTry(t.Context(), []byte("sign-in")))
	r.Clock.Advance(-5 * time.Millisecond)
	require.Zero(t, spend("sign-in"), "one was right, which ends the wait for those of the same moment too")
	require.NoError(t, r.DB.ForgiveTries(t.Context(), []byte("sign-in")))
	require.Zero(t, spend("sign-in"))
}
