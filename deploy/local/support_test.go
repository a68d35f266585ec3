package local_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
	"github.com/stretchr/testify/require"
	"go.temporal.io/api/workflowservice/v1"

	"github.com/privacy-docket/docket/deploy/local"
)

func countAll(namespace string) *workflowservice.CountWorkflowExecutionsRequest {
	return &workflowservice.CountWorkflowExecutionsRequest{Namespace: namespace}
}

func listObjects(ctx context.Context, a local.ObjectsAddress) error {
	c, err := minio.New(a.Endpoint, &minio.Options{Creds: credentials.NewStaticV4(a.AccessKey, a.SecretKey, ""), MaxRetries: 1})
	if err != nil {
		return err
	}
	for object := range c.ListObjects(ctx, a.Bucket, minio.ListObjectsOptions{}) {
		if object.Err != nil {
			return object.Err
		}
	}
	return nil
}

// insert and read keep lines in a stack's PostgreSQL, to see what survives.
func insert(ctx context.Context, a local.Addresses, line string) error {
	conn, err := pgx.Connect(ctx, a.PostgresAdminDSN)
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, "CREATE TABLE IF NOT EXISTS kept (line text)")
	if err == nil {
		_, err = conn.Exec(ctx, "INSERT INTO kept VALUES ($1)", line)
	}
	return errors.Join(err, conn.Close(ctx))
}

func read(t *testing.T, a local.Addresses) []string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), a.PostgresAdminDSN)
	require.NoError(t, err)
	rows, err := conn.Query(t.Context(), "SELECT line FROM kept ORDER BY line")
	require.NoError(t, err)
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	require.NoError(t, conn.Close(t.Context()))
	return lines
}

func ownerOf(info os.FileInfo) uint32 { return info.Sys().(*syscall.Stat_t).Uid }

func killFromOutside(t *testing.T, pid int) {
	t.Helper()
	require.NoError(t, syscall.Kill(pid, syscall.SIGKILL))
}

// descendants lists the processes that stem from one, by what the kernel says about parents.
func descendants(t *testing.T, pid int) []int {
	t.Helper()
	children := map[int][]int{}
	folders, err := filepath.Glob("/proc/[0-9]*")
	require.NoError(t, err)
	for _, folder := range folders {
		child, err := strconv.Atoi(filepath.Base(folder))
		require.NoError(t, err)
		if parent := parentOf(child); parent != 0 {
			children[parent] = append(children[parent], child)
		}
	}
	var all []int
	queue := children[pid]
	for len(queue) > 0 {
		next := queue[0]
		all = append(all, next)
		queue = append(queue[1:], children[next]...)
	}
	return all
}

// parentOf is 0 for a process that has gone or is a zombie, which runs no more.
func parentOf(pid int) int {
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(stat), ") ") // the name before may hold anything
	fields := strings.Fields(rest)
	if len(fields) < 2 || fields[0] == "X" || fields[0] == "Z" && !hasThreads(pid) {
		return 0
	}
	parent, err := strconv.Atoi(fields[1])
	if err != nil {
		return 0
	}
	return parent
}

// hasThreads says that threads of a process are still there beside its first one, and with them its files and ports.
func hasThreads(pid int) bool {
	threads, err := os.ReadDir("/proc/" + strconv.Itoa(pid) + "/task")
	return err == nil && len(threads) > 1
}

// gone waits until none of the processes runs.
func gone(ctx context.Context, t *testing.T, pids []int) {
	t.Helper()
	require.Eventually(t, func() bool {
		for _, pid := range pids {
			if parentOf(pid) != 0 {
				return false
			}
		}
		return ctx.Err() == nil
	}, 10*time.Second, 20*time.Millisecond, "some of %v still run", pids)
}
