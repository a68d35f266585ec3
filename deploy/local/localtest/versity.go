package localtest

import (
	"bytes"
	"context"
	"crypto/rand"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/deploy/local"
)

const (
	startTime = 30 * time.Second
)

// Versity starts the Versity S3 gateway over a folder of the test's own, with an empty bucket: a second maker's object store. It ends with the test.
func Versity(t testing.TB) local.ObjectsAddress {
	t.Helper()
	program := filepath.Join(OwnOptions(t).Programs, "versitygw")
	_, err := os.Stat(program)
	require.NoError(t, err, "build it with make servers")
	address := local.ObjectsAddress{Endpoint: freeAddress(t), AccessKey: rand.Text(), SecretKey: rand.Text(), Bucket: "b" + strings.ToLower(rand.Text()[:16])}
	kept := inMemory(t)
	data, beside, versions := filepath.Join(kept, "data"), filepath.Join(kept, "metadata"), filepath.Join(kept, "versions")
	for _, folder := range []string{data, beside, versions} {
		require.NoError(t, os.Mkdir(folder, 0o700))
	}
	// --sidecar keeps the metadata in a folder, so that the file system needs no extended attributes.
	cmd := exec.CommandContext(t.Context(), program, //nolint:gosec // it is our own
		"--access", address.AccessKey, "--secret", address.SecretKey, "--port", address.Endpoint,
		"--quiet", "posix", "--sidecar", beside, "--versioning-dir", versions, data)
	cmd.Env = append(os.Environ(), generous...)
	start(t, cmd)
	awaitBucket(t, address)
	return address
}

func freeAddress(t testing.TB) string {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	address := listener.Addr().String()
	require.NoError(t, listener.Close())
	return address
}

// start runs a server until the test ends. The kernel ends it with the thread that started it, so it does not outlive a
// test that is killed; that thread is kept for as long.
func start(t testing.TB, cmd *exec.Cmd) {
	t.Helper()
	var log bytes.Buffer
	cmd.Stdout, cmd.Stderr = &log, &log
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	started, over, ended := make(chan error, 1), make(chan struct{}), make(chan struct{})
	go func() {
		runtime.LockOSThread()
		defer close(ended)
		err := cmd.Start()
		started <- err
		if err == nil {
			<-over
			_ = cmd.Wait() // it was killed
		}
	}()
	require.NoError(t, <-started)
	t.Cleanup(func() {
		require.NoError(t, cmd.Process.Kill())
		close(over)
		<-ended
		if t.Failed() {
			t.Logf("the server's log:\n%s", log.String())
		}
	})
}

// awaitBucket makes the bucket as soon as the server answers.
func awaitBucket(t testing.TB, address local.ObjectsAddress) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), startTime)
	defer cancel()
	ticker := time.NewTicker(pollEvery)
	defer ticker.Stop()
	for {
		err := makeBucket(ctx, address)
		if err == nil {
			return
		}
		select {
		case <-ctx.Done():
			require.NoError(t, err, "the server did not start")
		case <-ticker.C:
		}
	}
}

func makeBucket(ctx context.Context, address local.ObjectsAddress) error {
	client, err := minio.New(address.Endpoint, &minio.Options{Creds: credentials.NewStaticV4(address.AccessKey, address.SecretKey, ""), MaxRetries: 1})
	if err != nil {
		return err
	}
	return client.MakeBucket(ctx, address.Bucket, minio.MakeBucketOptions{})
}
