package workflows_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"

	"github.com/privacy-docket/docket/workflows"
)

// recordings are histories of every release, and the list of their checksums as sha256sum writes it.
const (
	recordings = "testdata/histories"
	checksums  = "SHA256SUMS"
)

// accept adds recordings that the list does not have yet. It takes none out and changes none.
var accept = flag.Bool("accept", false, "add new recordings to testdata/histories/SHA256SUMS")

// A case lives for months, over many releases: the code of today goes through every history that was ever recorded in the
// same steps.
func TestReplayOfEveryRelease(t *testing.T) {
	t.Parallel()
	files := recorded(t)
	require.NotEmpty(t, files)
	for _, name := range files {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			replayer := worker.NewWorkflowReplayer()
			workflows.Register(replayer)
			file, err := os.Open(path.Join(recordings, name))
			require.NoError(t, err)
			t.Cleanup(func() { require.NoError(t, file.Close()) })
			recording, err := client.HistoryFromJSON(file, client.HistoryJSONOptions{})
			require.NoError(t, err)
			require.NoError(t, replayer.ReplayWorkflowHistory(quiet{}, recording),
				"workflows that run since that release would break: put the change behind workflow.GetVersion")
		})
	}
}

// What was recorded stays as it is.
func TestReplayRecordingsAreUntouched(t *testing.T) {
	t.Parallel()
	listed := listing(t)
	files := recorded(t)
	for _, name := range files {
		text, err := os.ReadFile(path.Join(recordings, name))
		require.NoError(t, err)
		sum := sha256.Sum256(text)
		if _, known := listed[name]; !known && *accept {
			add(t, name, hex.EncodeToString(sum[:]))
			continue
		}
		require.Contains(t, listed, name, "a new recording: go test ./workflows -run Replay -accept adds it to %s", checksums)
		require.Equal(t, listed[name], hex.EncodeToString(sum[:]),
			"%s was changed: add new recordings, never edit old ones. Workflows that began then still run", name)
		delete(listed, name)
	}
	for name := range listed {
		require.Contains(t, files, name, "%s was removed: add new recordings, never take old ones away", name)
	}
}

// payloads finds the payloads in a recording.
var payloads = regexp.MustCompile(`"data": "([A-Za-z0-9+/=]+)"`)

// No recording tells of the machine it was made on.
func TestReplayRecordingsAreFreeOfTheMachine(t *testing.T) {
	t.Parallel()
	host, err := os.Hostname()
	require.NoError(t, err)
	home, err := os.UserHomeDir()
	require.NoError(t, err)
	for _, name := range recorded(t) {
		text, err := os.ReadFile(path.Join(recordings, name))
		require.NoError(t, err)
		clear := string(text)
		for _, payload := range payloads.FindAllStringSubmatch(clear, -1) {
			data, err := base64.StdEncoding.DecodeString(payload[1])
			require.NoError(t, err)
			clear += string(data)
		}
		for _, forbidden := range []string{`"` + host + ":", "@" + host, home + "/", "/tmp/", "@example.test", "@person.example"} {
			require.False(t, strings.Contains(clear, forbidden), "%s holds %q", name, forbidden)
		}
	}
}

// recorded lists the recordings by their path below the folder.
func recorded(t *testing.T) (names []string) {
	t.Helper()
	err := fs.WalkDir(os.DirFS(recordings), ".", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && strings.HasSuffix(name, ".json") {
			names = append(names, name)
		}
		return err
	})
	require.NoError(t, err)
	return names
}

// listing reads the checksums by name.
func listing(t *testing.T) map[string]string {
	t.Helper()
	sums := map[string]string{}
	text, err := os.ReadFile(path.Join(recordings, checksums))
	require.NoError(t, err)
	for line := range strings.Lines(string(text)) {
		sum, name, found := strings.Cut(strings.TrimSpace(line), "  ")
		require.True(t, found, "a line of %s is no checksum and name", checksums)
		sums[name] = sum
	}
	return sums
}

func add(t *testing.T, name, sum string) {
	t.Helper()
	file, err := os.OpenFile(path.Join(recordings, checksums), os.O_APPEND|os.O_WRONLY, 0)
	require.NoError(t, err)
	_, err = fmt.Fprintf(file, "%s  %s\n", sum, name)
	require.NoError(t, err)
	require.NoError(t, file.Close())
}
