package workflows_test

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/jonboulle/clockwork"
	"github.com/stretchr/testify/require"
	"go.temporal.io/api/enums/v1"
	"go.temporal.io/api/history/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"
	"google.golang.org/protobuf/encoding/protojson"

	"github.com/privacy-docket/docket/activities"
	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/casework/casetest"
	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows"
	"github.com/privacy-docket/docket/workflows/contract"
)

// record writes the histories of the scenarios below into testdata/histories/RELEASE, for a release that is about to be
// made: go test ./workflows -run TestScenarios -record v0.2.0. Recordings are never written over.
var record = flag.String("record", "", "keep the scenarios' histories under this release")

// take is a request on the official Temporal server, with a worker that can be stopped and started.
type take struct {
	*casetest.Request
	t        *testing.T
	temporal client.Client
	worker   worker.Worker
}

func newTake(t *testing.T, address, namespace string, tenant func(*storage.NewTenant), change ...func(*casework.NewRequest)) *take {
	t.Helper()
	temporal, err := client.Dial(client.Options{HostPort: address, Namespace: namespace, Logger: quiet{}})
	require.NoError(t, err)
	t.Cleanup(temporal.Close)
	world := casetest.New(t, clockwork.NewRealClock(), tenant)
	l := &take{t: t, temporal: temporal, Request: world.File(change...)}
	l.work()
	t.Cleanup(func() { l.worker.Stop() })
	return l
}

// queue is a task queue of the request's own, so that scenarios can run side by side.
func (l *take) queue() string { return "queue-" + l.Ref.Case.String() }

func (l *take) work() {
	l.worker = worker.New(l.temporal, l.queue(), worker.Options{WorkflowPanicPolicy: worker.FailWorkflow})
	workflows.Register(l.worker)
	activities.Register(l.worker, l.Desk, l.Objects)
	require.NoError(l.t, l.worker.Start())
}

func (l *take) start(in contract.RequestInput) {
	_, err := l.temporal.ExecuteWorkflow(l.t.Context(), client.StartWorkflowOptions{
		ID: contract.RequestID(l.Ref.Case), TaskQueue: l.queue(),
	}, contract.RequestWorkflow, in)
	require.NoError(l.t, err)
}

func (l *take) reaches(state privacy.RequestState) {
	l.t.Helper()
	require.Eventually(l.t, func() bool { return l.State() == state }, 40*time.Second, 50*time.Millisecond, "the request never was %s", state)
}

// prove answers the code that the first letter brought.
func (l *take) prove() {
	l.t.Helper()
	l.reaches(privacy.RequestVerifying)
	signal, err := l.Desk.AnswerIdentityCode(l.t.Context(), l.Ref, l.Code(notify.KindOneTimeCode))
	require.NoError(l.t, err)
	require.NoError(l.t, l.temporal.SignalWorkflow(l.t.Context(), signal.WorkflowID, "", signal.Name, nil))
}

func (l *take) order(kind contract.CommandKind, change ...func(*contract.Command)) {
	l.t.Helper()
	c := casetest.Command(kind, change...)
	handle, err := l.temporal.UpdateWorkflow(l.t.Context(), client.UpdateWorkflowOptions{
		UpdateID: c.Key, WorkflowID: contract.RequestID(l.Ref.Case), UpdateName: contract.CommandUpdate, Args: []any{c},
		WaitForStage: client.WorkflowUpdateStageCompleted,
	})
	require.NoError(l.t, err)
	require.NoError(l.t, handle.Get(l.t.Context(), nil))
}

// ends waits for the workflow's own end.
func (l *take) ends() {
	l.t.Helper()
	ctx, cancel := context.WithTimeout(l.t.Context(), 40*time.Second)
	defer cancel()
	require.NoError(l.t, l.temporal.GetWorkflow(ctx, contract.RequestID(l.Ref.Case), "").Get(ctx, nil))
}

func (l *take) history(workflowID string) *history.History {
	l.t.Helper()
	events := l.temporal.GetWorkflowHistory(l.t.Context(), workflowID, "", false, enums.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	h := &history.History{}
	for events.HasNext() {
		event, err := events.Next()
		require.NoError(l.t, err)
		h.Events = append(h.Events, event)
	}
	return h
}

// keep replays the history that was just made, and writes it down when a release is being recorded.
func (l *take) keep(scenario, workflowID string) {
	l.t.Helper()
	h := l.history(workflowID)
	replayer := worker.NewWorkflowReplayer()
	workflows.Register(replayer)
	require.NoError(l.t, replayer.ReplayWorkflowHistory(quiet{}, h))
	if *record == "" {
		return
	}
	text, err := protojson.MarshalOptions{Multiline: true, Indent: " "}.Marshal(h)
	require.NoError(l.t, err)
	dir := filepath.Join(recordings, *record)
	require.NoError(l.t, os.MkdirAll(dir, 0o750))
	file, err := os.OpenFile(filepath.Join(dir, scenario+".json"), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	require.NoError(l.t, err, "recordings are never written over")
	_, err = file.Write(append(poller.ReplaceAll(text, []byte(`"identity": "worker"`)), '\n'))
	require.NoError(l.t, err)
	require.NoError(l.t, file.Close())
}

// poller is who took a task: the process and the machine, which are of no interest to a replay.
var poller = regexp.MustCompile(`"identity": *"[^"]*"`)

func gdpr(*storage.NewTenant) {}

func british(n *storage.NewTenant) {
	n.Country, n.Calendar, n.Zone, n.Regime, n.Language = "GB", "GB-ENG", "Europe/London", "uk-gdpr", "en"
}

// The scenarios run on the official server, end as the law says, and replay against the code that made them.
func TestScenarios(t *testing.T) {
	t.Parallel()
	address, namespace := sharedNamespace(t)
	first := func(l *take) contract.RequestInput { return contract.RequestInput{Ref: l.Ref, Run: 1} }
	for name, s := range map[string]struct {
		tenant func(*storage.NewTenant)
		filed  []func(*casework.NewRequest)
		play   func(*take)
	}{
		"happy": {play: func(l *take) {
			l.start(first(l))
			l.prove()
			l.reaches(privacy.RequestReviewing)
			l.order(contract.Approve)
			l.reaches(privacy.RequestClosed)
			l.keep("package", contract.PackageID(l.Packages()[0].ID))
			l.ends()
		}},
		"extended": {play: func(l *take) {
			l.start(first(l))
			l.prove()
			l.reaches(privacy.RequestReviewing)
			l.order(contract.Extend, casetest.Because("complexity"))
			l.order(contract.Approve)
			l.reaches(privacy.RequestClosed)
		}},
		"refused": {play: func(l *take) {
			l.start(first(l))
			l.prove()
			l.reaches(privacy.RequestReviewing)
			l.order(contract.Refuse, casetest.Because("manifestly_unfounded"), l.Saying("the twelfth this month"))
			require.Equal(l.t, privacy.OutcomeRefused, l.Outcome())
			l.ends()
		}},
		"paused": {tenant: british, play: func(l *take) {
			l.start(first(l))
			l.prove()
			l.reaches(privacy.RequestReviewing)
			l.order(contract.AskClarity, l.Saying("Which order is it about?"))
			l.reaches(privacy.RequestClarifying)
			l.order(contract.Clarified)
			l.reaches(privacy.RequestReviewing)
			l.order(contract.Approve)
			l.reaches(privacy.RequestClosed)
		}},
		"held": {tenant: british, play: func(l *take) {
			l.start(first(l))
			l.prove()
			l.reaches(privacy.RequestReviewing)
			l.order(contract.AskClarity, l.Saying("Which order is it about?"))
			l.reaches(privacy.RequestClarifying)
		}},
		"overdue": {filed: []func(*casework.NewRequest){casetest.Proven, longAgo}, play: func(l *take) {
			l.start(first(l))
			l.reaches(privacy.RequestReviewing)
			overdue := func() bool { return l.Obligation(privacy.Respond).State == storage.ObligationOverdue }
			require.Eventually(l.t, overdue, 20*time.Second, 50*time.Millisecond)
			id := l.Obligation(privacy.Respond).ID
			l.order(contract.Acknowledge, func(c *contract.Command) { c.Obligation = &id })
			l.order(contract.Approve)
			l.reaches(privacy.RequestClosed)
		}},
		"worker-restarted": {play: func(l *take) {
			l.start(first(l))
			l.reaches(privacy.RequestVerifying)
			l.worker.Stop()
			l.work()
			l.prove()
			l.reaches(privacy.RequestReviewing)
			l.worker.Stop()
			l.work()
			l.order(contract.Approve)
			l.reaches(privacy.RequestClosed)
		}},
		"continued-as-new": {play: func(l *take) {
			in := first(l)
			in.Resume = &contract.Resume{PhaseSince: l.Clock.Now().Add(-6 * casetest.Day).UTC(), Reminded: true, Reached: map[string]time.Time{"respond": l.Clock.Now().UTC()}}
			l.start(in)
			l.prove()
			l.reaches(privacy.RequestReviewing)
			l.order(contract.Withdraw)
			l.reaches(privacy.RequestClosed)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if s.tenant == nil {
				s.tenant = gdpr
			}
			l := newTake(t, address, namespace, s.tenant, s.filed...)
			s.play(l)
			l.keep(name, contract.RequestID(l.Ref.Case))
		})
	}
}

// longAgo back-dates the receipt so far that the answer is overdue.
func longAgo(n *casework.NewRequest) {
	n.ReceivedAt, n.BackdateReason = clockwork.NewRealClock().Now().Add(-50*casetest.Day), "post room"
}
