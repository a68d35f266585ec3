package api

import (
	"testing"
	"time"

	"github.com/jonboulle/clockwork"
	"github.com/stretchr/testify/require"
)

// In calm hours the process starts every workflow itself. Of more than it has time for it starts none, until the time has
// passed that all of them would have taken.
func TestStarterLeavesASurgeToTheRelay(t *testing.T) {
	t.Parallel()
	clock := clockwork.NewFakeClock()
	s := newStarter(nil, nil, clock, nil)
	allowed := func(n int, every time.Duration) (yes int) {
		for range n {
			if s.allow() {
				yes++
			}
			clock.Advance(every)
		}
		return yes
	}
	require.Equal(t, 100, allowed(100, time.Second/startsPerSecond), "as many as it has time for")
	require.Equal(t, startsPerSecond, allowed(5000, 0), "then the surge")
	require.Zero(t, allowed(50, time.Second/startsPerSecond), "and the relay has it all")
	clock.Advance(5 * time.Minute)
	require.Equal(t, 10, allowed(10, time.Second))
}
