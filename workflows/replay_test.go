package workflows_test

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/worker"

	"github.com/privacy-docket/docket/deploy/local/localtest"
	"github.com/privacy-docket/docket/workflows"
)

// recordings holds the histories of every release, a folder each, and sums their SHA-256 as they were recorded.
const (
	recordings = "testdata/histories"
	sums       = "testdata/histories/SHA256SUMS"
)

func sharedNamespace(t *testing.T) (address, namespace string) {
	t.Helper()
	return localtest.Namespace(t)
}

// Every history that a release has recorded replays against the code of today.
func TestReplay(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(recordings + "/*/*.json")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(strings.TrimPrefix(file, recordings+"/"), func(t *testing.T) {
			t.Parallel()
			replayer := worker.NewWorkflowReplayer()
			workflows.Register(replayer)
			require.NoError(t, replayer.ReplayWorkflowHistoryFromJSONFile(quiet{}, file),
				"the workflow no longer does what running cases did; put the change behind workflow.GetVersion")
		})
	}
}

// A recording is evidence of what a release did: it is never edited or removed, and a new one is added with its sum.
func TestRecordingsAreUntouched(t *testing.T) {
	t.Parallel()
	file, err := os.Open(sums)
	require.NoError(t, err)
	defer file.Close() //nolint:errcheck // only read
	listed := map[string]bool{}
	for lines := bufio.NewScanner(file); lines.Scan(); {
		want, name, ok := strings.Cut(lines.Text(), "  ")
		require.True(t, ok, "a line of %s is a sum, two spaces, a file", sums)
		text, err := os.ReadFile(filepath.Join(recordings, name))
		require.NoError(t, err, "%s was recorded and is gone; bring it back", name)
		sum := sha256.Sum256(text)
		require.Equal(t, want, hex.EncodeToString(sum[:]), "%s was edited; bring it back as it was and record a new one beside it", name)
		listed[name] = true
	}
	files, err := filepath.Glob(recordings + "/*/*.json")
	require.NoError(t, err)
	for _, file := range files {
		name := strings.TrimPrefix(file, recordings+"/")
		require.True(t, listed[name], "%s has no sum yet: cd workflows/%s && sha256sum %s >> SHA256SUMS", name, recordings, name)
	}
}
