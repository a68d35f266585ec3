package throttle_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/jonboulle/clockwork"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/privacy-docket/docket/api/throttle"
)

// A key gets its burst, is told how long to wait, and after exactly that time may go on. Others are not held up.
func TestAllow(t *testing.T) {
	t.Parallel()
	clock := clockwork.NewFakeClock()
	limiter := throttle.New(throttle.Rule{Every: 10 * time.Second, Burst: 3}, clock)
	for range 3 {
		ok, _ := limiter.Allow("a")
		require.True(t, ok)
	}
	ok, wait := limiter.Allow("a")
	require.False(t, ok)
	require.InDelta(t, 10*time.Second, wait, float64(time.Millisecond))
	ok, _ = limiter.Allow("b")
	require.True(t, ok)
	clock.Advance(wait)
	ok, _ = limiter.Allow("a")
	require.True(t, ok)
}

// What was taken for nothing and given back can be taken again, and never makes more than the rule allows.
func TestGiveBack(t *testing.T) {
	t.Parallel()
	clock := clockwork.NewFakeClock()
	limiter := throttle.New(throttle.Rule{Every: 10 * time.Second, Burst: 2}, clock)
	allowed := func() (n int) {
		for {
			if ok, _ := limiter.Allow("a"); !ok {
				return n
			}
			n++
		}
	}
	require.Equal(t, 2, allowed())
	limiter.GiveBack("a")
	require.Equal(t, 1, allowed())
	limiter.GiveBack("a")
	clock.Advance(time.Hour)
	limiter.GiveBack("a")
	limiter.GiveBack("unknown")
	require.Equal(t, 2, allowed())
	clock.Advance(-time.Hour)
	_, wait := limiter.Allow("a")
	clock.Advance(wait)
	require.Equal(t, 1, allowed(), "a clock that was set back holds nobody up for longer")
}

// However the calls are spread, no more get through than the burst and one per period.
func TestNeverMoreThanTheRule(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		rule := throttle.Rule{Every: time.Second, Burst: rapid.IntRange(1, 20).Draw(t, "burst")}
		clock := clockwork.NewFakeClock()
		limiter, began, passed := throttle.New(rule, clock), clock.Now(), 0
		for i := range rapid.IntRange(1, 200).Draw(t, "calls") {
			clock.Advance(time.Duration(rapid.IntRange(0, 2000).Draw(t, fmt.Sprint("gap", i))) * time.Millisecond)
			if ok, _ := limiter.Allow("a"); ok {
				passed++
			}
		}
		require.LessOrEqual(t, passed, rule.Burst+int(clock.Since(began)/rule.Every)+1)
	})
}

// An IPv6 address counts with its neighbours, an IPv4 address alone, in whichever way it is written.
func TestOrigin(t *testing.T) {
	t.Parallel()
	require.Equal(t, throttle.Origin("2001:db8:1:2::1"), throttle.Origin("2001:db8:1:2:ffff::9"))
	require.Equal(t, throttle.Origin("2001:db8:1:200::1"), throttle.Origin("2001:db8:1:2ff::1"), "a line has a /56")
	require.NotEqual(t, throttle.Origin("2001:db8:1:200::1"), throttle.Origin("2001:db8:1:300::1"))
	require.NotEqual(t, throttle.Origin("192.0.2.1"), throttle.Origin("192.0.2.2"))
	require.NotEqual(t, throttle.Origin("::ffff:192.0.2.1"), throttle.Origin("::ffff:192.0.2.2"))
	require.Equal(t, "unreadable", throttle.Origin("unreadable"))
}
