package localtest_test

import (
	"context"
	"errors"
	"fmt"
	"net/smtp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"github.com/privacy-docket/docket/deploy/local/localtest"
	"github.com/privacy-docket/docket/deploy/local/mailcatcher"
)

const soon = 20 * time.Second

// The template is filled once, however many tests ask at the same time, and each gets a database of its own.
func TestDatabaseClonesATemplateOnce(t *testing.T) {
	t.Parallel()
	var filled atomic.Int32
	template := localtest.Template{
		Name: fmt.Sprintf("once_%d", time.Now().UnixNano()),
		Migrate: func(ctx context.Context, dsn string) error {
			filled.Add(1)
			_, err := pgx.Connect(ctx, dsn) // left open: whoever fills a template may forget a connection
			return errors.Join(err, execute(ctx, dsn, "CREATE TABLE things (name text PRIMARY KEY)"))
		},
	}
	t.Run("clones", func(t *testing.T) {
		for range 6 {
			t.Run("one", func(t *testing.T) {
				t.Parallel()
				dsn := localtest.Database(t, template)
				require.NoError(t, execute(t.Context(), dsn, "INSERT INTO things VALUES ('mine')"), "a clone nobody else writes to")
			})
		}
	})
	require.EqualValues(t, 1, filled.Load())
}

// The database is gone when its test is over, open connections or not.
func TestDatabaseIsDropped(t *testing.T) {
	t.Parallel()
	var dsn string
	t.Run("inner", func(t *testing.T) {
		dsn = localtest.Database(t)
		_, err := pgx.Connect(t.Context(), dsn)
		require.NoError(t, err)
	})
	require.ErrorContains(t, execute(t.Context(), dsn, "SELECT 1"), "does not exist")
}

func execute(ctx context.Context, dsn, statement string) error {
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, statement)
	return errors.Join(err, conn.Close(ctx))
}

// A namespace is usable at once: a workflow runs to its end in it.
func TestNamespaceRunsWorkflows(t *testing.T) {
	t.Parallel()
	address, namespace := localtest.Namespace(t)
	c, err := client.Dial(client.Options{HostPort: address, Namespace: namespace})
	require.NoError(t, err)
	defer c.Close()
	w := worker.New(c, "queue", worker.Options{})
	w.RegisterWorkflowWithOptions(func(workflow.Context) (string, error) { return "done", nil }, workflow.RegisterOptions{Name: "short"})
	require.NoError(t, w.Start())
	defer w.Stop()
	ctx, cancel := context.WithTimeout(t.Context(), soon)
	defer cancel()
	run, err := c.ExecuteWorkflow(ctx, client.StartWorkflowOptions{TaskQueue: "queue"}, "short")
	require.NoError(t, err)
	var result string
	require.NoError(t, run.Get(ctx, &result))
	require.Equal(t, "done", result)
}

// A bucket takes objects and is gone with them when its test is over.
func TestBucketIsDropped(t *testing.T) {
	t.Parallel()
	var objects *minio.Client
	var bucket string
	t.Run("inner", func(t *testing.T) {
		a := localtest.Bucket(t)
		bucket = a.Bucket
		var err error
		objects, err = minio.New(a.Endpoint, &minio.Options{Creds: credentials.NewStaticV4(a.AccessKey, a.SecretKey, "")})
		require.NoError(t, err)
		_, err = objects.PutObject(t.Context(), bucket, "a/b", strings.NewReader("x"), 1, minio.PutObjectOptions{})
		require.NoError(t, err)
	})
	exists, err := objects.BucketExists(t.Context(), bucket)
	require.NoError(t, err)
	require.False(t, exists)
}

// Wait finds the mail that matches among the test's own.
func TestMailboxWaits(t *testing.T) {
	t.Parallel()
	box := localtest.Mailbox(t)
	to := box.Address("ana")
	require.NotEqual(t, to, box.Address("ana"))
	require.Empty(t, box.Messages(t.Context(), to))
	ctx, cancel := context.WithTimeout(t.Context(), soon)
	defer cancel()
	sent := make(chan error, 1)
	go func() {
		for _, subject := range []string{"first", "second"} {
			if err := smtp.SendMail(box.SMTP, nil, "docket@example.test", []string{to}, []byte("Subject: "+subject+"\r\n\r\nhello\r\n")); err != nil {
				sent <- err
				return
			}
		}
		sent <- nil
	}()
	found := box.Wait(ctx, to, func(m mailcatcher.Message) bool { return m.Subject == "second" })
	require.Equal(t, []string{to}, found.To)
	require.NoError(t, <-sent)

	box.Fault(mailcatcher.Fault{To: to, Mode: mailcatcher.Refuse})
	require.Error(t, smtp.SendMail(box.SMTP, nil, "docket@example.test", []string{to}, []byte("\r\n")))
}
