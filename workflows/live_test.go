package workflows_test

import (
	"context"
	"crypto/rand"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/jonboulle/clockwork"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"
	"golang.org/x/sync/errgroup"

	"github.com/privacy-docket/docket/activities"
	"github.com/privacy-docket/docket/activities/relay"
	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/casework/casetest"
	"github.com/privacy-docket/docket/deploy/local/localtest"
	"github.com/privacy-docket/docket/deploy/local/mailcatcher"
	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/notify/email"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows"
	"github.com/privacy-docket/docket/workflows/contract"
)

// live is a world on the official Temporal server, with the real codec, worker and relay, each of which can be stopped.
type live struct {
	*casetest.World
	t         *testing.T
	address   string
	namespace string
	client    client.Client
	codec     *seal.PayloadCodec
	log       *zap.Logger
	logged    *observer.ObservedLogs
	signer    *audit.Signer
}

// poll is how often one looks for something that happens by itself.
const poll = 25 * time.Millisecond

// patience is how long that is waited for. Nothing is too late on a machine that has much else to do: what never happens is told before all tests are
// out of time.
func patience(t *testing.T) time.Duration {
	t.Helper()
	const most, left = 5 * time.Minute, 15 * time.Second
	if deadline, ok := t.Deadline(); ok {
		return min(most, clockwork.NewRealClock().Until(deadline)-left)
	}
	return most
}

func newLive(t *testing.T, change ...func(*storage.NewTenant)) *live {
	t.Helper()
	l := &live{World: casetest.New(t, clockwork.NewRealClock(), change...), t: t}
	l.address, l.namespace = localtest.Namespace(t)
	core, logged := observer.New(zapcore.DebugLevel)
	l.log, l.logged = zap.New(core), logged
	wrapped, err := l.Register.Master.NewCodecKey()
	require.NoError(t, err)
	key, err := l.Register.Master.CodecKey(wrapped)
	require.NoError(t, err)
	l.codec = seal.NewCodec(key, l.namespace)
	data, failures := seal.Temporal(l.codec)
	l.client = l.dial(client.Options{DataConverter: data, FailureConverter: failures})
	secret, err := audit.NewSigningSecret(rand.Reader)
	require.NoError(t, err)
	l.signer, err = audit.NewSigner("docket.test", secret)
	require.NoError(t, err)
	return l
}

func (l *live) dial(options client.Options) client.Client {
	l.t.Helper()
	options.HostPort, options.Namespace, options.Logger, options.Identity = l.address, l.namespace, zapped{l.log}, "test"
	c, err := client.Dial(options)
	require.NoError(l.t, err)
	l.t.Cleanup(c.Close)
	return c
}

// work starts a worker and gives the way to stop it.
func (l *live) work() (stop func()) {
	l.t.Helper()
	w := worker.New(l.client, contract.TaskQueue, worker.Options{WorkflowPanicPolicy: worker.FailWorkflow, WorkerStopTimeout: 5 * time.Second, Identity: "worker"})
	workflows.Register(w)
	activities.Register(w, l.Desk, l.Objects, true)
	activities.RegisterTransmissions(w, l.Desk, true)
	activities.RegisterHandovers(w, l.Desk, true)
	require.NoError(l.t, w.Start())
	var stopped bool
	stop = func() {
		if !stopped {
			stopped = true
			w.Stop()
		}
	}
	l.t.Cleanup(stop)
	return stop
}

// follow starts a relay through a client and gives the way to stop it.
func (l *live) follow(through client.Client) (stop func()) {
	l.t.Helper()
	config, err := email.ParseURL("smtp://" + localtest.Mailbox(l.t).SMTP + "?tls=none")
	require.NoError(l.t, err)
	config.From = "privacy@docket.example"
	mail, err := email.New(config)
	require.NoError(l.t, err)
	r := &relay.Relay{
		Desk: l.Desk, Temporal: through, Senders: map[notify.Channel]notify.Sender{notify.ChannelEmail: mail}, Signer: l.signer,
		Objects: l.Objects, Clock: l.Clock, Log: l.log, Every: 20 * time.Millisecond,
	}
	ctx, cancel := context.WithCancel(l.t.Context())
	var group errgroup.Group
	group.Go(func() error { return r.Run(ctx) })
	stop = func() {
		cancel()
		require.NoError(l.t, group.Wait())
	}
	l.t.Cleanup(stop)
	return stop
}

// following is a request on a live world.
type following struct {
	*casetest.Request
	l *live
}

func (l *live) file(change ...func(*casework.NewRequest)) *following {
	l.t.Helper()
	return &following{Request: l.File(change...), l: l}
}

// reaches waits until the case is in a state.
func (f *following) reaches(state privacy.RequestState) {
	f.l.t.Helper()
	f.until("the case is "+string(state), func() bool { return f.State() == state })
}

func (f *following) until(what string, done func() bool) {
	f.l.t.Helper()
	require.Eventually(f.l.t, done, patience(f.l.t), poll, "waited in vain until %s", what)
}

// command gives a command and waits for the answer.
func (f *following) command(c contract.Command) error {
	ctx, cancel := context.WithTimeout(f.l.t.Context(), patience(f.l.t))
	defer cancel()
	handle, err := f.l.client.UpdateWorkflow(ctx, client.UpdateWorkflowOptions{
		UpdateID: c.Key, WorkflowID: contract.RequestID(f.Ref.Case), UpdateName: contract.CommandUpdate, Args: []any{c},
		WaitForStage: client.WorkflowUpdateStageCompleted,
	})
	if err != nil {
		return err
	}
	return handle.Get(ctx, nil)
}

// ends waits for the end of the workflow's run.
func (f *following) ends() {
	f.l.t.Helper()
	ctx, cancel := context.WithTimeout(f.l.t.Context(), patience(f.l.t))
	defer cancel()
	require.NoError(f.l.t, f.l.client.GetWorkflow(ctx, contract.RequestID(f.Ref.Case), "").Get(ctx, nil))
}

// zapped is Temporal's logger on ours.
type zapped struct{ log *zap.Logger }

func (z zapped) Debug(msg string, kv ...any) { z.log.Debug(msg, pairs(kv)...) }
func (z zapped) Info(msg string, kv ...any)  { z.log.Info(msg, pairs(kv)...) }
func (z zapped) Warn(msg string, kv ...any)  { z.log.Warn(msg, pairs(kv)...) }
func (z zapped) Error(msg string, kv ...any) { z.log.Error(msg, pairs(kv)...) }

func pairs(kv []any) (fields []zap.Field) {
	for pair := range slices.Chunk(kv, 2) {
		if name, ok := pair[0].(string); ok && len(pair) == 2 {
			fields = append(fields, zap.Any(name, pair[1])) //nolint:forbidigo // whole values are what the test looks into
		}
	}
	return fields
}

var sixDigits = regexp.MustCompile(`\b\d{6}\b`)

// proves has the person answer the code that reached their mailbox.
func (f *following) proves() {
	f.l.t.Helper()
	ctx, cancel := context.WithTimeout(f.l.t.Context(), patience(f.l.t))
	defer cancel()
	letter := localtest.Mailbox(f.l.t).Wait(ctx, f.Person.Email, func(m mailcatcher.Message) bool { return sixDigits.MatchString(m.Text) })
	_, err := f.Desk.AnswerIdentityCode(ctx, f.Ref, sixDigits.FindString(letter.Text))
	require.NoError(f.l.t, err)
}
