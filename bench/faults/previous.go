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
var errNoPrevious = fmt.Errorf("%w: no earlier build can be found to upgrade from; name a commit in %s", errUntried, previousVariable)

// previous finds the commit whose build is upgraded from: the newest release. While there is none, it is the oldest commit
// of this line whose register can be migrated to this one.
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
	commit, err = oldestCompatible(ctx)
	return commit, "the oldest commit whose register can be migrated to this one, for nothing is released", err
}

// oldestCompatible goes back while every migration is what it is now. Migrations are edited until they are released, and
// from then on only added: what a register has been through can't be changed behind it.
func oldestCompatible(ctx context.Context) (oldest string, err error) {
	line, err := git(ctx, "rev-list", "--first-parent", "HEAD")
	if err != nil {
		return "", fmt.Errorf("%w (%w)", errNoPrevious, err)
	}
	commits := strings.Fields(line)
	h := &history{forward: map[string]string{}}
	now, err := h.migrationsOf(ctx, commits[0])
	if err != nil {
		return "", err
	}
	for _, commit := range commits[1:] {
		then, err := h.migrationsOf(ctx, commit)
		if err != nil {
			return "", err
		}
		for file := range then {
			if !now[file] {
				then = nil
				break
			}
		}
		if len(then) == 0 {
			break
		}
		oldest = commit
	}
	if oldest == "" {
		return "", fmt.Errorf("%w: HEAD itself edits a migration, so no older register can become this one", errNoPrevious)
	}
	return oldest, nil
}

// history reads migrations out of commits. What leads back is left out: it may be mended, for no register has been through it.
type history struct {
	forward map[string]string // by blob
}

// migrationsOf gives the migrations of a commit, each with what it does.
func (h *history) migrationsOf(ctx context.Context, commit string) (map[string]bool, error) {
	listed, err := git(ctx, "ls-tree", "-r", "--format=%(objectname) %(path)", commit, "--", ":/storage/migrations")
	if err != nil {
		return nil, err
	}
	files := map[string]bool{}
	for line := range strings.Lines(listed) {
		blob, path, _ := strings.Cut(strings.TrimSpace(line), " ")
		if !strings.HasSuffix(path, ".sql") {
			continue
		}
		if _, read := h.forward[blob]; !read {
			text, err := git(ctx, "cat-file", "blob", blob)
			if err != nil {
				return nil, err
			}
			h.forward[blob], _, _ = strings.Cut(text, "-- +goose Down")
		}
		files[path+"\n"+h.forward[blob]] = true
	}
	return files, nil
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
