package workflows_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
	"golang.org/x/sync/errgroup"

	"github.com/privacy-docket/docket/casework/casetest"
	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/workflows/contract"
)

// On the official server, with a worker that goes away in the middle and another that goes on.
func TestRequestOutlivesItsWorker(t *testing.T) {
	t.Parallel()
	l := newLive(t)
	l.follow(l.client)
	stop := l.work()
	f := l.file()
	f.reaches(privacy.RequestVerifying)
	stop()
	f.proves() // while no worker is there
	l.work()
	f.reaches(privacy.RequestReviewing)
	c := casetest.Command(contract.Approve)
	require.NoError(t, f.command(c))
	require.NoError(t, f.command(c), "the same command is answered the same way")
	f.ends()
	require.Equal(t, privacy.OutcomeFulfilled, f.Outcome())
	require.Empty(t, l.Stored("/cases/"))

	expiry := l.history(contract.PackageID(f.Packages()[0].ID))
	for _, event := range expiry {
		require.NotContains(t, []enums.EventType{
			enums.EVENT_TYPE_WORKFLOW_EXECUTION_CANCEL_REQUESTED, enums.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED,
		}, event.GetEventType(), "the package's end stands firm")
	}
}

// Accepted is kept: a request that was filed, and a proof that was given, while Temporal could not be reached are caught
// up with by the relay.
func TestIntakeWhileTemporalIsAwayIsCaughtUpWith(t *testing.T) {
	t.Parallel()
	l := newLive(t)
	away, err := client.NewLazyClient(client.Options{HostPort: "127.0.0.1:1", Namespace: l.namespace, Logger: quiet{}})
	require.NoError(t, err)
	t.Cleanup(away.Close)
	stop := l.follow(away)
	f := l.file(casetest.Proven)
	f.until("the relay has tried in vain", func() bool { return l.logged.FilterMessage("relay will try again").Len() > 0 })
	require.Equal(t, privacy.RequestReceived, f.State())
	stop()

	l.follow(l.client)
	l.follow(l.client) // two relays do nothing twice
	l.work()
	f.reaches(privacy.RequestReviewing)
	require.NoError(t, f.command(casetest.Command(contract.Approve)))
	f.ends()
	require.Equal(t, []string{"received", "identity_proven", "collected", "approved", "packaged", "delivered"}, f.Steps())
	require.Len(t, f.Letters(notify.KindPackageReady), 1)
}

// Two people who decide at the same moment: one decision counts, the other is refused with the reason.
func TestOfTwoDecisionsAtOnceOneCounts(t *testing.T) {
	t.Parallel()
	l := newLive(t)
	l.follow(l.client)
	l.work()
	f := l.file(casetest.Proven)
	f.reaches(privacy.RequestReviewing)
	var group errgroup.Group
	answers := make([]error, 2)
	for i, kind := range []contract.CommandKind{contract.Approve, contract.AskClarity} {
		c := casetest.Command(kind)
		if kind == contract.AskClarity {
			c = casetest.Command(kind, f.Saying("Which one?"))
		}
		group.Go(func() error {
			answers[i] = f.command(c)
			return nil
		})
	}
	require.NoError(t, group.Wait())
	if answers[0] == nil {
		require.Equal(t, "state", refusalOf(t, answers[1]).Code)
		f.reaches(privacy.RequestClosed)
		return
	}
	require.Equal(t, "state", refusalOf(t, answers[0]).Code)
	require.NoError(t, answers[1])
	require.Equal(t, privacy.RequestClarifying, f.State())
}

// A person is answered while a system is being read, and the reading ends with the request.
func TestCommandIsAnsweredWhileASystemIsRead(t *testing.T) {
	t.Parallel()
	l := newLive(t)
	l.follow(l.client)
	l.work()
	release := l.Shop.Block()
	f := l.file(casetest.Proven)
	f.reaches(privacy.RequestCollecting)
	require.NoError(t, f.command(casetest.Command(contract.Withdraw)))
	require.Equal(t, privacy.OutcomeWithdrawn, f.Outcome())
	release()
	f.ends()
	require.Empty(t, l.Stored("/cases/"))
}

// However close a reopening comes to the end of the old run, the case gets its workflow.
func TestReopenedRequestAlwaysHasAWorkflow(t *testing.T) {
	t.Parallel()
	l := newLive(t)
	l.follow(l.client)
	l.work()
	for range 15 {
		f := l.file(casetest.Proven)
		f.reaches(privacy.RequestReviewing)
		require.NoError(t, f.command(casetest.Command(contract.Withdraw)))
		f.Reopen() // while the old run tidies up, or has just ended
		f.reaches(privacy.RequestReviewing)
	}
}
