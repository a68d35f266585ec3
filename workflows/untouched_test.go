package workflows_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The list of checksums can be edited together with a recording, the history can't: whatever changed or removed a
// recording, in a commit or not yet in one, is named. Where there is no history, as in an archive of the source or the
// shallow clone of a single commit, the checksums are all there is.
func TestReplayRecordingsAreOnlyAdded(t *testing.T) {
	t.Parallel()
	changes, err := changesOf(t.Context(), recordings)
	require.NoError(t, err)
	require.Empty(t, changes, "recordings were changed or removed: restore them as they were and add new ones. Workflows that began then still run")
}

// changesOf lists the commits and the changes of the working tree that did more to the recordings in a folder than add one.
func changesOf(ctx context.Context, folder string) (changes []string, err error) {
	git := func(args ...string) (string, error) {
		out, err := exec.CommandContext(ctx, "git", append([]string{"-C", folder}, args...)...).Output()
		return strings.TrimSpace(string(out)), err
	}
	if _, err := git("rev-parse", "--verify", "HEAD"); err != nil {
		return nil, nil
	}
	told := []string{"--no-renames", "--diff-filter=MDT", "--name-status"}
	committed, failed := git(append(append([]string{"log", "--format=commit %h"}, told...), "--", "*.json")...)
	tags, err := git("tag", "--merged", "HEAD")
	if err := errors.Join(failed, err); err != nil {
		return nil, err
	}
	all := committed
	// A merge can change what no commit did, so the working tree is also held against HEAD and against every release.
	for _, release := range append(strings.Fields(tags), "HEAD") {
		since, err := git(append(append([]string{"diff", release}, told...), "--", "*.json")...)
		if err != nil {
			return nil, err
		}
		all += "\n" + since
	}
	for line := range strings.Lines(all) {
		if line = strings.TrimSpace(line); line != "" {
			changes = append(changes, line)
		}
	}
	return changes, nil
}

// Each way to make a recording say something else is found, and adding one is none of them.
func TestChangedRecordingsAreToldFromAddedOnes(t *testing.T) {
	t.Parallel()
	for name, does := range map[string]struct {
		change func(r *recordingRepository)
		found  string
	}{
		"added":                    {change: func(r *recordingRepository) { r.write("v2/b.json", "b"); r.commit("release") }},
		"added and not committed":  {change: func(r *recordingRepository) { r.write("v2/b.json", "b") }},
		"edited with its checksum": {change: func(r *recordingRepository) { r.write("v1/a.json", "x"); r.write(checksums, "x"); r.commit("fix") }, found: "v1/a.json"},
		"edited and edited back": {change: func(r *recordingRepository) {
			r.write("v1/a.json", "x")
			r.commit("oops")
			r.write("v1/a.json", "a")
			r.commit("undo")
		}, found: "v1/a.json"},
		"removed":                  {change: func(r *recordingRepository) { r.remove("v1/a.json"); r.commit("tidy") }, found: "v1/a.json"},
		"renamed":                  {change: func(r *recordingRepository) { r.remove("v1/a.json"); r.write("v2/a.json", "a"); r.commit("move") }, found: "v1/a.json"},
		"edited and not committed": {change: func(r *recordingRepository) { r.write("v1/a.json", "x") }, found: "v1/a.json"},
		"edited in a merge": {change: func(r *recordingRepository) {
			r.git("tag", "v1")
			r.git("switch", "-q", "-c", "side")
			r.write("v2/b.json", "b")
			r.commit("side")
			r.git("switch", "-q", "main")
			r.git("merge", "-q", "--no-ff", "--no-commit", "side")
			r.write("v1/a.json", "x")
			r.commit("merge")
		}, found: "v1/a.json"},
		"merged": {change: func(r *recordingRepository) {
			r.git("switch", "-q", "-c", "side")
			r.write("v2/b.json", "b")
			r.commit("side")
			r.git("switch", "-q", "main")
			r.write("v3/c.json", "c")
			r.commit("main")
			r.git("merge", "-q", "--no-edit", "side")
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRecordingRepository(t)
			does.change(r)
			changes, err := changesOf(t.Context(), r.dir)
			require.NoError(t, err)
			if does.found == "" {
				require.Empty(t, changes)
				return
			}
			require.Contains(t, strings.Join(changes, "\n"), does.found)
		})
	}
}

// recordingRepository is a repository with one release and its recording.
type recordingRepository struct {
	t   *testing.T
	dir string
}

func newRecordingRepository(t *testing.T) *recordingRepository {
	t.Helper()
	r := &recordingRepository{t: t, dir: t.TempDir()}
	r.git("init", "-q", "-b", "main")
	r.write("v1/a.json", "a")
	r.commit("first")
	return r
}

func (r *recordingRepository) git(args ...string) {
	r.t.Helper()
	cmd := exec.CommandContext(r.t.Context(), "git", append([]string{"-C", r.dir, "-c", "user.name=t", "-c", "user.email=t@example.test"}, args...)...)
	out, err := cmd.CombinedOutput()
	require.NoError(r.t, err, "%s", out)
}

func (r *recordingRepository) write(name, text string) {
	r.t.Helper()
	path := filepath.Join(r.dir, name)
	require.NoError(r.t, os.MkdirAll(filepath.Dir(path), 0o755))
	require.NoError(r.t, os.WriteFile(path, []byte(text), 0o600))
}

func (r *recordingRepository) remove(name string) {
	r.t.Helper()
	require.NoError(r.t, os.Remove(filepath.Join(r.dir, name)))
}

func (r *recordingRepository) commit(message string) {
	r.t.Helper()
	r.git("add", "-A")
	r.git("commit", "-q", "-m", message)
}
