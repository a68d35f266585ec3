package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// previousVariable names a commit to upgrade from, in place of the one that is found.
const previousVariable = "DOCKET_PREVIOUS"

// errNoPrevious says that there is nothing to upgrade from.
var errNoPrevious = errors.New("no earlier build can be found to upgrade from: name a commit in " + previousVariable)

// previous finds the commit whose build is upgraded from: the newest release. While there is none, it is the oldest commit
// whose register can be migrated to this one: migrations are edited until they are released, and from then on only added.
func previous(ctx context.Context) (commit, why string, err error) {
	if named := os.Getenv(previousVariable); named != "" {
		commit, err = git(ctx, "rev-parse", "--verify", named+"^{commit}")
		return commit, "named by " + previousVariable, err
	}
	if tag, err := git(ctx, "describe", "--tags", "--abbrev=0", "HEAD^"); err == nil {
		commit, err = git(ctx, "rev-parse", tag+"^{commit}")
		return commit, "the release " + tag, err
	}
	shallow, err := git(ctx, "rev-parse", "--is-shallow-repository")
	if err != nil {
		return "", "", fmt.Errorf("%w (%w)", errNoPrevious, err)
	}
	if shallow == "true" {
		return "", "", fmt.Errorf("%w, or fetch the history: git fetch --unshallow --tags", errNoPrevious)
	}
	if commit, err = git(ctx, "log", "-1", "--diff-filter=MDR", "--format=%H", "--", "storage/migrations"); err != nil || commit == "" {
		return "", "", errors.Join(errNoPrevious, err)
	}
	if head, err := git(ctx, "rev-parse", "HEAD"); err != nil || head == commit {
		return "", "", errors.Join(fmt.Errorf("%w: HEAD itself edits a migration, so no older register can become this one", errNoPrevious), err)
	}
	return commit, "the oldest commit whose register can be migrated to this one, for nothing is released", nil
}

// buildPrevious builds a commit of this repository into a file.
func buildPrevious(ctx context.Context, commit, into string) (err error) {
	tree, err := os.MkdirTemp("", "docket-previous-")
	if err != nil {
		return fmt.Errorf("make a folder: %w", err)
	}
	defer func() {
		_, removed := git(context.WithoutCancel(ctx), "worktree", "remove", "--force", tree)
		err = errors.Join(err, removed)
	}()
	if _, err := git(ctx, "worktree", "add", "--detach", "--force", tree, commit); err != nil {
		return err
	}
	into, err = filepath.Abs(into)
	if err != nil {
		return fmt.Errorf("name the build: %w", err)
	}
	build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-o", into, "./cmd/docket") //nolint:gosec // our own folder
	build.Dir = tree
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("build the commit %s: %w: %s", commit, err, out)
	}
	return nil
}

// git runs a git command in the repository and gives what it printed.
func git(ctx context.Context, args ...string) (string, error) {
	out, err := exec.CommandContext(ctx, "git", args...).Output() //nolint:gosec // our own arguments
	var failed *exec.ExitError
	if errors.As(err, &failed) {
		return "", fmt.Errorf("git %s: %s", args[0], strings.TrimSpace(string(failed.Stderr)))
	}
	if err != nil {
		return "", fmt.Errorf("git %s: %w", args[0], err)
	}
	return strings.TrimSpace(string(out)), nil
}
