package localtest

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/deploy/local"
)

// stackVariable names the state folder of the test run's stack.
const stackVariable = "DOCKET_TEST_STACK"

// Stack returns the addresses of the test run's stack. Without one the test fails.
func Stack(t testing.TB) local.Addresses {
	t.Helper()
	addresses, err := local.ReadAddresses(folder(t))
	require.NoError(t, err)
	return addresses
}

// folder finds the stack's state: the one make test names, or the one make stack-test keeps in the repository.
func folder(t testing.TB) string {
	t.Helper()
	dir := os.Getenv(stackVariable)
	if dir == "" {
		dir = filepath.Join(repository(t), ".docket", "test")
	}
	if !local.Running(dir) {
		t.Fatalf("this test needs the test stack and none runs on %s: use make test, or keep one running with make stack-test", dir)
	}
	return dir
}

// repository is the folder of the product's go.mod, looked for from the package under test upwards.
func repository(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	require.NoError(t, err)
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			t.Fatal("no go.mod above the package under test")
		}
		dir = parent
	}
}
