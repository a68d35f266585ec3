package localtest

import (
	"crypto/rand"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/deploy/local"
)

// Namespace registers a Temporal namespace of the test's own and waits until the servers know it. It returns the
// frontend's host:port and the namespace. It stays behind; the test run's stack is thrown away as a whole.
func Namespace(t testing.TB) (address, namespace string) {
	t.Helper()
	address = Stack(t).Temporal
	namespace = "test-" + strings.ToLower(rand.Text()[:16])
	require.NoError(t, local.RegisterNamespace(t.Context(), address, namespace))
	return address, namespace
}
