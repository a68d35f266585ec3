package mailcatcher_test

import (
	"context"
	"errors"
	"net/textproto"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/deploy/local/mailcatcher"
)

const (
	waitFor = 10 * time.Second
	poll    = 5 * time.Millisecond
)

const (
	unlucky = "unlucky@example.test"
	lucky   = "lucky@example.test"
)

// An order hits its recipient as often as it says, and nobody else.
func TestRefuse(t *testing.T) {
	t.Parallel()
	c := start(t, t.TempDir())
	for _, tc := range []struct{ ordered, answered int }{{0, 450}, {451, 451}, {550, 550}} {
		require.NoError(t, c.client.SetFault(t.Context(), mailcatcher.Fault{To: unlucky, Mode: mailcatcher.Refuse, Times: 2, Code: tc.ordered}))
		for range 2 {
			var refused *textproto.Error
			require.ErrorAs(t, c.send("a@example.test", unlucky, letter), &refused)
			require.Equal(t, tc.answered, refused.Code)
		}
		require.NoError(t, c.send("a@example.test", lucky, letter))
		require.NoError(t, c.send("a@example.test", unlucky, letter), "the order has run out")
	}
	require.Len(t, c.messages(t, unlucky), 3)
}

// Drop says yes and keeps nothing.
func TestDrop(t *testing.T) {
	t.Parallel()
	c := start(t, t.TempDir())
	require.NoError(t, c.client.SetFault(t.Context(), mailcatcher.Fault{To: unlucky, Mode: mailcatcher.Drop}))
	require.NoError(t, c.send("a@example.test", unlucky, letter))
	require.Empty(t, c.messages(t, unlucky))
	require.NoError(t, c.client.ClearFault(t.Context(), unlucky))
	require.NoError(t, c.send("a@example.test", unlucky, letter))
	require.Len(t, c.messages(t, unlucky), 1)
}

// HangUp keeps the mail and leaves the sender without an answer.
func TestHangUp(t *testing.T) {
	t.Parallel()
	c := start(t, t.TempDir())
	require.NoError(t, c.client.SetFault(t.Context(), mailcatcher.Fault{To: unlucky, Mode: mailcatcher.HangUp, Times: 1}))
	err := c.send("a@example.test", unlucky, letter)
	var answer *textproto.Error
	require.Error(t, err)
	require.False(t, errors.As(err, &answer), "the server answered: %v", err)
	require.Len(t, c.messages(t, unlucky), 1)
}

// Cut leaves the sender without an answer and keeps nothing; Leave answers and goes. The next mail is taken.
func TestCutAndLeave(t *testing.T) {
	t.Parallel()
	c := start(t, t.TempDir())
	require.NoError(t, c.client.SetFault(t.Context(), mailcatcher.Fault{To: unlucky, Mode: mailcatcher.Cut, Times: 1}))
	require.Error(t, c.send("a@example.test", unlucky, letter))
	require.Empty(t, c.messages(t, unlucky))
	require.NoError(t, c.client.SetFault(t.Context(), mailcatcher.Fault{To: unlucky, Mode: mailcatcher.Leave, Times: 1}))
	_ = c.send("a@example.test", unlucky, letter) // whether the farewell behind the answer fails is the sender's affair
	require.Len(t, c.messages(t, unlucky), 1)
	require.NoError(t, c.send("a@example.test", unlucky, letter))
	require.Len(t, c.messages(t, unlucky), 2)
}

// Delay holds the answer back for as long as was ordered.
func TestDelay(t *testing.T) {
	t.Parallel()
	c := start(t, t.TempDir())
	require.NoError(t, c.client.SetFault(t.Context(), mailcatcher.Fault{Mode: mailcatcher.Delay, DelayMS: 30_000, Times: 1}))
	sent := make(chan error, 1)
	go func() { sent <- c.send("a@example.test", unlucky, letter) }()
	ctx, cancel := context.WithTimeout(t.Context(), waitFor)
	defer cancel()
	require.NoError(t, c.clock.BlockUntilContext(ctx, 1))
	require.Empty(t, c.messages(t, unlucky))
	c.clock.Advance(30 * time.Second)
	require.NoError(t, <-sent)
	require.Len(t, c.messages(t, unlucky), 1)
}

// An order that makes no sense is refused with what to do instead.
func TestBadOrders(t *testing.T) {
	t.Parallel()
	c := start(t, t.TempDir())
	for says, order := range map[string]mailcatcher.Fault{
		"use refuse, drop, hang-up, cut, leave, silent or delay": {Mode: "explode"},
		"use 400 to 599":             {Mode: mailcatcher.Refuse, Code: 250},
		"delay_ms must be between":   {Mode: mailcatcher.Delay},
		"times must not be negative": {Mode: mailcatcher.Drop, Times: -1},
	} {
		require.ErrorContains(t, c.client.SetFault(t.Context(), order), says)
	}
}
