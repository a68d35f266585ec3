package workflows_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/converter"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/casework/casetest"
	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// ending is a way to end a request before its answer.
type ending struct {
	command contract.CommandKind
	reason  string
	outcome privacy.Outcome
	letter  notify.Kind
}

func endings() []ending {
	return []ending{
		{contract.Refuse, "manifestly_unfounded", privacy.OutcomeRefused, notify.KindRefusal},
		{contract.Withdraw, "", privacy.OutcomeWithdrawn, notify.KindWithdrawn},
		{contract.Cancel, "filed_twice", privacy.OutcomeCancelled, notify.KindCancelled},
	}
}

// A request can be refused, withdrawn or cancelled wherever it stands. Then nothing is owed, nothing is to do, nothing
// that was collected or built is left, and the person is told once.
func TestRequestEndsFromEveryState(t *testing.T) {
	t.Parallel()
	states := map[privacy.RequestState]func(*play){
		privacy.RequestVerifying: func(*play) {},
		privacy.RequestClarifying: func(p *play) {
			p.at(time.Hour, p.proves)
			p.at(2*time.Hour, func() { p.accepted(casetest.Command(contract.AskClarity, p.Saying("Since when?"))) })
		},
		privacy.RequestCollecting: func(p *play) {
			p.Shop.Exec("ALTER TABLE orders RENAME TO orders_gone")
			p.at(time.Hour, p.proves)
		},
		privacy.RequestReviewing: func(p *play) { p.at(time.Hour, p.proves) },
	}
	for state, reach := range states {
		for _, e := range endings() {
			t.Run(string(state)+"/"+string(e.command), func(t *testing.T) {
				t.Parallel()
				p := newPlay(t, stage{})
				reach(p)
				p.at(day, func() {
					p.is(state)
					p.accepted(casetest.Command(e.command, casetest.Because(e.reason)))
				})
				p.run()
				p.endedBy(e)
			})
		}
	}
}

func (p *play) endedBy(e ending) {
	p.t.Helper()
	p.is(privacy.RequestClosed)
	require.Equal(p.t, e.outcome, p.Outcome())
	require.Len(p.t, p.Letters(e.letter), 1)
	require.Empty(p.t, p.OpenTasks())
	// A build that was under way learns of the end a little later, and takes back what it wrote.
	require.Eventually(p.t, func() bool { return len(p.objects("")) == 0 }, patience(p.t), poll, "something is left in the object store")
	require.False(p.t, p.Obligation(privacy.Respond).Standing())
	require.Empty(p.t, p.Letters(notify.KindPackageReady))
	for _, pkg := range p.Packages() {
		require.Equal(p.t, storage.PackageDestroyed, pkg.State)
	}
}

// Who withdraws while the answer is being written gets no answer, and the answer is destroyed with its key.
func TestRequestEndsWhileItsPackageIsBuilt(t *testing.T) {
	t.Parallel()
	for _, e := range endings() {
		t.Run(string(e.command), func(t *testing.T) {
			t.Parallel()
			p := newPlay(t, stage{request: proven()})
			p.at(time.Hour, func() {
				p.reviewed()
				p.accepted(casetest.Command(e.command, casetest.Because(e.reason))) // the next turn is its own, whatever the state is then
			})
			p.run()
			p.endedBy(e)
		})
	}
}

// A closed request takes no command, and says what would help.
func TestClosedRequestRefusesCommands(t *testing.T) {
	t.Parallel()
	p := newPlay(t, stage{request: proven()})
	var refused *reply
	p.at(time.Hour, func() {
		p.accepted(casetest.Command(contract.Withdraw))
		refused = p.command(casetest.Command(contract.Approve))
	})
	p.run()
	require.Equal(t, "state", refusalOf(t, refused.err).Code)
	require.Contains(t, refused.err.Error(), "reopen it first")
}

// A refusal needs a reason that the law knows for the right; nothing happens otherwise.
func TestRefusalWithoutAReasonOfTheLawIsRefused(t *testing.T) {
	t.Parallel()
	p := newPlay(t, stage{request: proven()})
	var refused *reply
	p.at(time.Hour, func() { refused = p.command(casetest.Command(contract.Refuse, casetest.Because("too_much_work"))) })
	p.at(2*time.Hour, p.reviewed)
	p.run()
	refusalOf(t, refused.err)
	require.Equal(t, privacy.OutcomeFulfilled, p.Outcome())
}

// The same command with the same key happens once, also when it is given as another update.
func TestCommandWithTheSameKeyHappensOnce(t *testing.T) {
	t.Parallel()
	p := newPlay(t, stage{request: proven()})
	p.at(time.Hour, func() {
		c := casetest.Command(contract.Extend, casetest.Because("complexity"))
		p.accepted(c)
		again := &reply{}
		p.update("another-id", again, c)
		p.t.Cleanup(func() { require.NoError(p.t, again.err) })
	})
	p.at(2*time.Hour, p.reviewed)
	p.run()
	require.Len(t, p.Letters(notify.KindExtension), 1)
}

// Reopening a refused request begins a second run with the dates of the first: the clock never stopped running from the
// receipt. The workflow of the first run has ended, so a new one takes it up.
func TestRequestIsReopenedAfterItsEnd(t *testing.T) {
	t.Parallel()
	first := newPlay(t, stage{request: proven()})
	first.at(day, func() {
		first.accepted(casetest.Command(contract.Refuse, casetest.Because("excessive"), first.Saying("Third time this week.")))
	})
	first.run()
	require.Contains(t, first.Letters(notify.KindRefusal)[0].Text, "Third time this week.")

	first.Reopen()
	again := first.again(t)
	again.at(time.Hour, again.reviewed)
	again.runAs(contract.RequestInput{Ref: again.Ref, Run: 2, Version: contract.NewestVersion})
	require.NoError(t, again.env.GetWorkflowError())
	require.Equal(t, privacy.OutcomeFulfilled, again.Outcome())
	require.EqualValues(t, 2, again.Case().Run)
	require.Len(t, again.Letters(notify.KindReopened), 1)
	require.Len(t, again.Letters(notify.KindAcknowledgement), 1)
	require.Equal(t, endOf(t, "Europe/Berlin", 2026, time.April, 2), again.Obligation(privacy.Respond).Due.UTC().Truncate(time.Second))
}

// When it turns out that an answer went to somebody who is not the person, refusing for want of proof takes back what
// they have not fetched yet.
func TestRefusalForWantOfProofTakesBackWhatWentOut(t *testing.T) {
	t.Parallel()
	for reason, back := range map[privacy.RefusalReason]int{privacy.IdentityNotProven: 1, "excessive": 0} {
		p := newPlay(t, stage{request: proven()})
		p.at(time.Hour, p.reviewed)
		looked := false
		p.at(3*day, func() {
			p.Reopen()
			_, err := p.Desk.Do(t.Context(), contract.CommandInput{Ref: p.Ref, Command: casetest.Command(contract.Refuse, casetest.Because(string(reason)))})
			require.NoError(t, err)
			left, err := p.Desk.Discard(t.Context(), p.Ref)
			require.NoError(t, err)
			require.Len(t, left.Packages, back, reason)
			looked = true
		})
		p.run()
		require.True(t, looked)
	}
}

// A request that is reopened while its workflow still tidies up goes on in the same run: a start that only found the old
// run would be lost with it.
func TestRequestIsReopenedWhileItsOldRunStillWorks(t *testing.T) {
	t.Parallel()
	p := newPlay(t, stage{request: proven()})
	p.at(time.Hour, func() { p.accepted(casetest.Command(contract.Withdraw)) })
	reopened := false
	p.env.SetOnActivityStartedListener(func(info *activity.Info, _ context.Context, _ converter.EncodedValues) {
		if info.ActivityType.Name != contract.ActivityTidy || reopened {
			return
		}
		reopened = true
		p.Reopen()
		p.told() // what a start does to a workflow that runs
	})
	p.at(2*time.Hour, p.reviewed)
	p.run()
	require.True(t, reopened)
	require.Equal(t, privacy.OutcomeFulfilled, p.Outcome())
	require.Equal(t, []string{"received", "identity_proven", "collected", "withdrawn", "reopened", "identity_proven", "collected",
		"approved", "packaged", "delivered"}, p.Steps())
}

// A second request of the same mailbox is linked to the first, and both go on.
func TestDuplicateIsLinkedAndBothGoOn(t *testing.T) {
	t.Parallel()
	p := newPlay(t, stage{request: proven()})
	second := p.File(casetest.Proven, func(n *casework.NewRequest) { n.Person = p.Person })
	require.Equal(t, p.Opened.Reference, second.Opened.DuplicateOf)
	p.at(time.Hour, p.reviewed)
	p.run()
	require.Equal(t, privacy.OutcomeFulfilled, p.Outcome())
	require.Equal(t, privacy.RequestReceived, second.State())
	require.Equal(t, p.Ref.Case, *second.Case().DuplicateOf)
}

// A command that is given before the workflow has begun waits for it.
func TestCommandBeforeTheBeginning(t *testing.T) {
	t.Parallel()
	p := newPlay(t, stage{})
	p.at(0, func() { p.accepted(casetest.Command(contract.Withdraw)) })
	p.run()
	require.Equal(t, privacy.OutcomeWithdrawn, p.Outcome())
	require.Empty(t, p.objects(""))
}
