package local_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"

	"github.com/privacy-docket/docket/deploy/local"
	"github.com/privacy-docket/docket/deploy/local/localtest"
)

// Every part comes back after a kill and after a stop, on the port it had and with what it held.
func TestEveryPartComesBack(t *testing.T) {
	t.Parallel()
	stack := localtest.Own(t)
	require.NoError(t, insert(t.Context(), stack.Addresses(), "before"))
	for _, name := range []local.PartName{local.Mail, local.Objects, local.TemporalUI, local.Temporal, local.Postgres} {
		part := stack.Part(name)
		require.NoError(t, serves(t.Context(), stack, name), name)
		first := part.PID()
		require.NotZero(t, first, name)

		require.NoError(t, part.Kill(), name)
		require.Error(t, serves(t.Context(), stack, name), "%s serves after kill -9", name)
		require.Zero(t, part.PID(), name)

		require.NoError(t, part.Start(t.Context()), name)
		require.NoError(t, serves(t.Context(), stack, name), name)
		require.NotEqual(t, first, part.PID(), name)

		require.NoError(t, part.Stop(t.Context()), name)
		require.Error(t, serves(t.Context(), stack, name), "%s serves after a stop", name)
		require.NoError(t, part.Start(t.Context()), name)
		require.NoError(t, serves(t.Context(), stack, name), name)
	}
	require.Equal(t, []string{"before"}, read(t, stack.Addresses()))
}

// A part that ends without being told to is reported with the reason and, when that was asked for, brought back.
func TestPartThatDiesIsBroughtBack(t *testing.T) {
	t.Parallel()
	events := make(chan local.Event, 100)
	opts := light(t)
	opts.Restart = true
	opts.Progress = func(e local.Event) { events <- e }
	stack, err := local.Start(t.Context(), opts)
	require.NoError(t, err)
	defer func() { require.NoError(t, stack.Close(t.Context())) }()
	for _, name := range []local.PartName{local.Postgres, local.Mail} {
		part := stack.Part(name)
		first := part.PID()
		killFromOutside(t, first)
		died := await(t, events, name, local.Died)
		require.ErrorContains(t, died.Err, "signal: killed")
		await(t, events, name, local.Ready)
		require.NotEqual(t, first, part.PID())
		require.NoError(t, serves(t.Context(), stack, name))
	}
}

func await(t *testing.T, events <-chan local.Event, part local.PartName, phase local.Phase) local.Event {
	t.Helper()
	for {
		select {
		case e := <-events:
			if e.Part == part && e.Phase == phase {
				return e
			}
		case <-t.Context().Done():
			require.FailNow(t, "no such event", "%s %s", part, phase)
		}
	}
}

// serves asks a part for something as its users do.
func serves(ctx context.Context, stack *local.Stack, name local.PartName) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	a := stack.Addresses()
	switch name {
	case local.Postgres:
		return query(ctx, a.PostgresAdminDSN)
	case local.Temporal:
		c, err := client.DialContext(ctx, client.Options{HostPort: a.Temporal, Namespace: a.Namespace})
		if err != nil {
			return err
		}
		defer c.Close()
		_, err = c.CountWorkflow(ctx, countAll(a.Namespace))
		return err
	case local.TemporalUI:
		return fetch(ctx, a.TemporalUI)
	case local.Objects:
		return listObjects(ctx, a.Objects)
	default:
		return fetch(ctx, a.Mail+"/api/messages")
	}
}

func query(ctx context.Context, dsn string) error {
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return err
	}
	return conn.Close(ctx)
}

func fetch(ctx context.Context, url string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	return response.Body.Close()
}
