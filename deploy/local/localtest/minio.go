package localtest

import (
	"crypto/rand"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/deploy/local"
)

// memory is where Linux keeps files in memory.
const memory = "/dev/shm"

// generous has a server in Go take memory instead of time: it throws garbage away seldom, and never has more than a gigabyte of it.
var generous = []string{"GOGC=800", "GOMEMLIMIT=1GiB"}

// inMemory is a folder that lies in memory where it can, until the test ends.
func inMemory(t testing.TB) string {
	t.Helper()
	folder, err := os.MkdirTemp(memory, "docket-objects-")
	if err != nil {
		folder = t.TempDir()
	}
	t.Cleanup(func() { require.NoError(t, os.RemoveAll(folder)) })
	return folder
}

// MinIO starts a MinIO of the test's own, with an empty bucket, that keeps what it holds in memory where it can: tests that make thousands of small objects
// wait for nothing to reach a disk. It ends with the test.
func MinIO(t testing.TB) local.ObjectsAddress {
	t.Helper()
	program := filepath.Join(OwnOptions(t).Programs, "minio")
	_, err := os.Stat(program)
	require.NoError(t, err, "build it with make servers")
	data := inMemory(t)
	address := local.ObjectsAddress{Endpoint: freeAddress(t), AccessKey: rand.Text(), SecretKey: rand.Text(), Bucket: "b" + strings.ToLower(rand.Text()[:16])}
	cmd := exec.CommandContext(t.Context(), program, "server", "--quiet", "--address", address.Endpoint, data) //nolint:gosec // it is our own
	cmd.Env = append([]string{"MINIO_ROOT_USER=" + address.AccessKey, "MINIO_ROOT_PASSWORD=" + address.SecretKey, "MINIO_BROWSER=off", "MINIO_UPDATE=off", "MINIO_SCANNER_SPEED=slowest", "HOME=" + data, "PATH=" + os.Getenv("PATH")}, generous...)
	start(t, cmd)
	awaitBucket(t, address)
	return address
}
