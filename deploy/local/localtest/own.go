package localtest

import (
	"context"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/deploy/local"
)

// ownStop bounds the stop of a test's own stack.
const ownStop = time.Minute

// Own starts a whole stack for one test, which may stop and kill its parts. It takes seconds and some hundred megabytes
// of memory: tests that only use the servers take their share of the common one instead. A change may alter the options.
func Own(t testing.TB, change ...func(*local.Options)) *local.Stack {
	t.Helper()
	opts := OwnOptions(t)
	for _, f := range change {
		f(&opts)
	}
	stack, err := local.Start(t.Context(), opts)
	require.NoError(t, err)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), ownStop)
		defer cancel()
		require.NoError(t, stack.Close(ctx))
	})
	return stack
}

// OwnOptions are the options of a stack in a new folder, with the programs of the common one. The folder is deleted when
// the test ends.
func OwnOptions(t testing.TB) local.Options {
	t.Helper()
	opts, err := local.ReadOptions(folder(t))
	require.NoError(t, err)
	opts.NoSync = true
	opts.Dir, err = os.MkdirTemp("", "docket-stack-")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, os.RemoveAll(opts.Dir)) })
	require.NoError(t, os.Chmod(opts.Dir, 0o711), "let the database's account through") //nolint:gosec // what is in it is closed
	return opts
}
