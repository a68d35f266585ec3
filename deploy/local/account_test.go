package local_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/deploy/local"
)

// A state folder that only its owner can enter, as in root's home, works: root's PostgreSQL, which runs under another
// account, keeps its data elsewhere then, and the state leads there.
func TestFolderThatTheDatabaseAccountCannotEnter(t *testing.T) {
	t.Parallel()
	opts := light(t)
	require.NoError(t, os.Chmod(opts.Dir, 0o700))
	stack, err := local.Start(t.Context(), opts)
	require.NoError(t, err)
	require.NoError(t, insert(t.Context(), stack.Addresses(), "kept elsewhere"))
	require.NoError(t, stack.Close(t.Context()))

	data, err := filepath.EvalSymlinks(filepath.Join(opts.Dir, "postgres"))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, os.RemoveAll(data)) })
	isRoot := os.Geteuid() == 0
	require.Equal(t, isRoot, data != filepath.Join(opts.Dir, "postgres"), "only root's server has another account")

	again, err := local.Start(t.Context(), opts)
	require.NoError(t, err)
	require.Equal(t, []string{"kept elsewhere"}, read(t, again.Addresses()))
	require.NoError(t, again.Close(t.Context()))

	opts.Fresh = true
	fresh, err := local.Start(t.Context(), opts)
	require.NoError(t, err)
	require.Error(t, query(t.Context(), stack.Addresses().PostgresAdminDSN), "the old credentials are gone")
	require.NoError(t, fresh.Close(t.Context()))
	now, err := filepath.EvalSymlinks(filepath.Join(opts.Dir, "postgres"))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, os.RemoveAll(now)) })
	if isRoot {
		require.NoDirExists(t, data, "a fresh start deletes what the link led to")
	}
}

// PostgreSQL never runs as root.
func TestPostgresIsNotRoot(t *testing.T) {
	t.Parallel()
	stack, err := local.Start(t.Context(), light(t))
	require.NoError(t, err)
	defer func() { require.NoError(t, stack.Close(t.Context())) }()
	info, err := os.Stat(filepath.Join(stack.Dir(), "postgres", "data", "PG_VERSION"))
	require.NoError(t, err)
	require.NotZero(t, ownerOf(info))
}
