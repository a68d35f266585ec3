package main

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jonboulle/clockwork"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"
	"go.uber.org/zap"
	"golang.org/x/sync/errgroup"

	"github.com/privacy-docket/docket/deploy/local/localtest"
)

// A worker that was started while Temporal was away works as soon as it is there.
func TestWorkerStartedBeforeTemporal(t *testing.T) {
	t.Parallel()
	stack := localtest.Stack(t)
	door := localtest.NewDoor(t, stack.Temporal)
	door.Close()
	behind, err := client.NewLazyClient(client.Options{HostPort: door.Address, Namespace: stack.Namespace})
	require.NoError(t, err)
	defer behind.Close()
	queue := "worker-" + uuid.NewString()
	tries := make(chan struct{}, 100)
	ctx, stop := context.WithCancel(t.Context())
	var group errgroup.Group
	group.Go(func() error {
		return runWorker(ctx, func() worker.Worker {
			tries <- struct{}{}
			w := worker.New(behind, queue, worker.Options{})
			w.RegisterWorkflowWithOptions(func(workflow.Context) error { return nil }, workflow.RegisterOptions{Name: "nothing"})
			return w
		}, clockwork.NewRealClock(), zap.NewNop())
	})
	<-tries
	<-tries // it has failed once
	door.Open()

	direct, err := client.Dial(client.Options{HostPort: stack.Temporal, Namespace: stack.Namespace})
	require.NoError(t, err)
	defer direct.Close()
	waiting, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	run, err := direct.ExecuteWorkflow(waiting, client.StartWorkflowOptions{ID: queue, TaskQueue: queue}, "nothing")
	require.NoError(t, err)
	require.NoError(t, run.Get(waiting, nil))
	stop()
	require.NoError(t, group.Wait())
}
