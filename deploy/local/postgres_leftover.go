package local

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

const (
	leftoverWithin = 10 * time.Second
	leftoverPoll   = 20 * time.Millisecond
)

// awaitEndOfOthers waits until no process of an earlier server works in the cluster, and then removes its lock file.
//
// After kill -9 the server's own processes need a moment to notice. And until somebody has collected the dead server's
// exit status, which in a container may be never, a new one takes its process id in the lock file for a living server.
func awaitEndOfOthers(ctx context.Context, data string) error {
	ctx, cancel := context.WithTimeout(ctx, leftoverWithin)
	defer cancel()
	ticker := time.NewTicker(leftoverPoll)
	defer ticker.Stop()
	for {
		others, err := workingIn(data)
		if err != nil {
			return err
		}
		if len(others) == 0 {
			break
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("process %d still works on %s: end it first: %w", others[0], data, ctx.Err())
		case <-ticker.C:
		}
	}
	if err := os.Remove(filepath.Join(data, "postmaster.pid")); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove the lock file of a server that has ended: %w", err)
	}
	return nil
}

// workingIn lists the living processes whose working folder it is, as it is for each of a PostgreSQL server. A dead one
// has none any more.
func workingIn(folder string) ([]int, error) {
	folder, err := filepath.EvalSymlinks(folder)
	if err != nil {
		return nil, fmt.Errorf("look at the cluster's folder: %w", err)
	}
	links, err := filepath.Glob("/proc/[0-9]*/cwd")
	if err != nil {
		return nil, fmt.Errorf("list the processes: %w", err)
	}
	var found []int
	for _, link := range links {
		if target, err := os.Readlink(link); err != nil || target != folder {
			continue // gone meanwhile, or another account's
		}
		pid, err := strconv.Atoi(strings.Split(link, "/")[2])
		if err != nil {
			return nil, fmt.Errorf("read a process id: %w", err)
		}
		found = append(found, pid)
	}
	return found, nil
}
