package local_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/deploy/local"
	"github.com/privacy-docket/docket/deploy/local/localtest"
)

// What holds for a stack while it runs, looked at on one.
func TestRunningStack(t *testing.T) {
	t.Parallel()
	stack := localtest.Own(t)
	t.Run("its state is private", func(t *testing.T) { t.Parallel(); checkPrivate(t, stack) })
	t.Run("it listens on loopback only", func(t *testing.T) { t.Parallel(); checkLoopback(t, stack) })
	t.Run("a second one on its folder is refused", func(t *testing.T) { t.Parallel(); checkAlone(t, stack) })
	t.Run("start and stop can be repeated", func(t *testing.T) { t.Parallel(); checkRepeat(t, stack) })
}

// The state holds credentials: only its owner may read it, and the data folders are closed too.
func checkPrivate(t *testing.T, stack *local.Stack) {
	t.Helper()
	for name, mode := range map[string]os.FileMode{
		"stack.json": 0o600, "postgres": 0o700, "objects": 0o700, "mail": 0o700, "logs": 0o700,
	} {
		info, err := os.Stat(filepath.Join(stack.Dir(), name))
		require.NoError(t, err)
		require.Equal(t, mode, info.Mode().Perm(), name)
	}
}

// Temporal's inner ports count too.
func checkLoopback(t *testing.T, stack *local.Stack) {
	t.Helper()
	var pids []int
	for _, name := range []local.PartName{local.Postgres, local.Temporal, local.TemporalUI, local.Objects} {
		pids = append(pids, stack.Part(name).PID())
	}
	listening := listeningAddresses(t, pids)
	require.GreaterOrEqual(t, len(listening), 12)
	for _, ip := range listening {
		require.True(t, ip.IsLoopback(), "something listens on %s", ip)
	}
}

// Two stacks on one folder would destroy each other's data.
func checkAlone(t *testing.T, stack *local.Stack) {
	t.Helper()
	opts := localtest.OwnOptions(t)
	opts.Dir = stack.Dir()
	_, err := local.Start(t.Context(), opts)
	require.ErrorContains(t, err, "a stack already runs on "+stack.Dir())
	require.NoError(t, serves(t.Context(), stack, local.Postgres), "the first one is left alone")
}

// A part that runs is not started twice, and one that is down can be stopped again.
func checkRepeat(t *testing.T, stack *local.Stack) {
	t.Helper()
	part := stack.Part(local.Mail)
	pid := part.PID()
	require.NoError(t, part.Start(t.Context()))
	require.Equal(t, pid, part.PID())
	require.NoError(t, part.Stop(t.Context()))
	require.NoError(t, part.Stop(t.Context()))
	require.NoError(t, part.Kill())
}
