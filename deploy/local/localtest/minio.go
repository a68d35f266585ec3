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

// MinIO starts a MinIO of the test's own, with an empty bucket, that keeps what it holds in memory where it can: tests that make thousands of small objects
// wait for nothing to reach a disk. It ends with the test.
func MinIO(t testing.TB) local.ObjectsAddress {
	t.Helper()
	program := filepath.Join(OwnOptions(t).Programs, "minio")
	_, err := os.Stat(program)
	require.NoError(t, err, "build it with make servers")
	data, err := os.MkdirTemp(memory, "docket-minio-")
	if err != nil {
		data = t.TempDir()
	}
	t.Cleanup(func() { require.NoError(t, os.RemoveAll(data)) })
	address := local.ObjectsAddress{Endpoint: freeAddress(t), AccessKey: rand.Text(), SecretKey: rand.Text(), Bucket: "b" + strings.ToLower(rand.Text()[:16])}
	cmd := exec.CommandContext(t.Context(), program, "server", "--quiet", "--address", address.Endpoint, data) //nolint:gosec // it is our own
	cmd.Env = []string{"MINIO_ROOT_USER=" + address.AccessKey, "MINIO_ROOT_PASSWORD=" + address.SecretKey, "MINIO_BROWSER=off", "MINIO_UPDATE=off", "HOME=" + data, "PATH=" + os.Getenv("PATH")}
	start(t, cmd)
	awaitBucket(t, address)
	return address
}
