package notify_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/notify"
)

func TestFailureTellsTheCallerWhatToDo(t *testing.T) {
	t.Parallel()
	later := fmt.Errorf("send: %w", &notify.Failure{Channel: notify.ChannelSlack, Step: "post", Code: "429", Temporary: true, RetryAfter: time.Minute})
	require.EqualError(t, later, "send: slack: post failed (temporary), code 429, retry after 1m0s")
	require.False(t, notify.Permanent(later))
	wait, asked := notify.RetryAfter(later)
	require.True(t, asked)
	require.Equal(t, time.Minute, wait)
	require.False(t, notify.Disabled(later))
	require.False(t, notify.Permanent(errors.New("something else")))
	require.True(t, notify.Permanent(&notify.Failure{}))
}

func TestFailureKeepsOnlyTheContextOfItsCause(t *testing.T) {
	t.Parallel()
	private := errors.New("550 person@secret.example unknown")
	require.NoError(t, errors.Unwrap((&notify.Failure{}).FromContext(private)))
	f := (&notify.Failure{}).FromContext(fmt.Errorf("%w: %w", private, context.DeadlineExceeded))
	require.ErrorIs(t, f, context.DeadlineExceeded)
	require.NotErrorIs(t, f, private)
	require.True(t, f.Temporary)
}

func TestMessageIDs(t *testing.T) {
	t.Parallel()
	for _, good := range []string{"a", "0193f-aa.b_c", strings.Repeat("x", notify.MaxID)} {
		require.NoError(t, notify.CheckID(good), good)
	}
	for _, bad := range []string{"", "a b", "a\n", "ü", "a@b", ".a", "a.", "a..b", "<a>", strings.Repeat("x", notify.MaxID+1)} {
		require.Error(t, notify.CheckID(bad), bad)
	}
	require.Equal(t, notify.Message{ID: "a"}.UUID(), notify.Message{ID: "a"}.UUID())
	require.NotEqual(t, notify.Message{ID: "a"}.UUID(), notify.Message{ID: "b"}.UUID())
}
