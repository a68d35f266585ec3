package local_test

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/deploy/local"
	"github.com/privacy-docket/docket/deploy/local/localtest"
)

// Kill -9 on docket up leaves no server behind, and the next start finds what was written.
func TestChildrenDieWithTheirParent(t *testing.T) {
	t.Parallel()
	opts := localtest.OwnOptions(t)
	parent := up(t, opts)
	addresses, err := local.ReadAddresses(opts.Dir)
	require.NoError(t, err)
	require.NoError(t, insert(t.Context(), addresses, "before the kill"))
	children := descendants(t, parent.Process.Pid)
	require.Greater(t, len(children), 8, "five servers and PostgreSQL's own processes")

	require.NoError(t, parent.Process.Kill())
	require.Error(t, parent.Wait())
	gone(t.Context(), t, children)
	require.False(t, local.Running(opts.Dir))

	stack, err := local.Start(t.Context(), opts)
	require.NoError(t, err)
	require.Equal(t, []string{"before the kill"}, read(t, stack.Addresses()))
	require.Equal(t, addresses, stack.Addresses(), "ports and credentials are remembered")
	require.NoError(t, stack.Close(t.Context()))
}

// Ctrl-C stops everything in order and ends with status 0.
func TestInterruptStopsEverything(t *testing.T) {
	t.Parallel()
	opts := localtest.OwnOptions(t)
	parent := up(t, opts)
	children := descendants(t, parent.Process.Pid)
	require.NoError(t, parent.Process.Signal(syscall.SIGINT))
	require.NoError(t, parent.Wait())
	gone(t.Context(), t, children)
	log, err := os.ReadFile(filepath.Join(opts.Dir, "logs", "postgres.log"))
	require.NoError(t, err)
	require.Contains(t, string(log), "database system is shut down")
}

// up runs docket up and returns when it says where everything is.
func up(t *testing.T, opts local.Options) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(opts.Docket, "up", "--state", opts.Dir, "--servers", opts.Programs, "--no-sync")
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	cmd.Stderr = os.Stderr
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // it has ended by then, unless the test failed
	})
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if strings.HasPrefix(lines.Text(), "Credentials are in ") {
			return cmd
		}
	}
	require.FailNow(t, "docket up ended before it was up")
	return nil
}
