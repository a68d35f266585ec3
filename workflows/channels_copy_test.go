package workflows_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/worker"
	"golang.org/x/sync/errgroup"

	"github.com/privacy-docket/docket/activities"
	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/casework/casetest"
	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// A test of a system finds nothing wrong with a good one, and says of a broken one what to do. It asks nobody about anybody.
func tellsGoodFromBroken(t *testing.T, c channel) {
	a := c.copying(t)
	require.Empty(t, a.checks())
	require.Empty(t, a.inquiries())

	a.filed(func(string) string { return "asked: {of: Printing House, colour: blue}" })
	broken := a.checks()
	require.Len(t, broken, 1)
	require.Equal(t, string(connectors.ErrDocument), broken[0].Code)
	require.NotEmpty(t, broken[0].Do)

	document, _ := a.other.document()
	if company, ok := a.other.(*company); ok { // a mailbox or a colleague has no address that could be tried
		a.filed(func(string) string {
			return strings.Replace(document, company.Desk.Domain()+"\n", "elsewhere.example\n", 1)
		})
		require.NotEmpty(t, a.checks(), "somebody else answers there")
		a.filed(func(string) string { return document })
		company.door.shut.Store(true)
		silent := a.checks()
		require.Len(t, silent, 1)
		require.NotEmpty(t, silent[0].Do)
	}
}

// fetches reads the package as the person gets it, and expects the request to be fulfilled.
func (a *elsewhere) fetches() (files map[string]string) {
	a.t.Helper()
	var body []byte
	a.at(13*time.Hour, a.reviewed)
	a.at(14*time.Hour, func() { body = a.Fetch() })
	a.run()
	require.Equal(a.t, privacy.OutcomeFulfilled, a.Outcome())
	return unzipped(a.t, body)
}

// sent are the files of the package that came with an answer.
func sent(files map[string]string) (all []string) {
	for name, content := range files {
		if strings.HasPrefix(name, "files/printer/answer/") {
			all = append(all, content)
		}
	}
	return all
}

// A copy is asked for while the systems are read, the request waits, and what comes is in the package byte for byte.
func copiesIntoThePackage(t *testing.T, c channel) {
	a := c.copying(t)
	file := a.answered(privacy.InquiryDone, "All there is.")
	a.at(3*time.Hour+time.Minute, func() {
		a.is(privacy.RequestCollecting)
		require.Equal(t, privacy.InquireCopy, a.inquiry().Purpose)
		require.True(t, a.inquiry().Awaited)
		require.Equal(t, 1, a.other.asked(a))
		require.Equal(t, map[string]string{"email": a.Person.Email}, a.other.told(a))
	})
	a.at(5*time.Hour, func() { a.is(privacy.RequestCollecting) })
	files := a.fetches()
	require.Equal(t, []string{string(*file)}, sent(files))
	require.Equal(t, privacy.InquiryDone, a.askedAbout(a.printer).Outcome)
	require.Empty(t, a.OpenTasks())
	require.Empty(t, a.objects("inquiries"), "what came is taken away with the rest when the case is closed")
}

// Who holds nothing says so, and the request goes on: of theirs there is nothing in the package.
func saysThatNothingIsHeld(t *testing.T, c channel) {
	a := c.copying(t)
	file := a.answered(privacy.InquiryNothing, "")
	files := a.fetches()
	if !c.can(t, sayingNothing) {
		require.Equal(t, privacy.InquiryDone, a.askedAbout(a.printer).Outcome)
		require.Equal(t, []string{string(*file)}, sent(files))
		return
	}
	require.Equal(t, privacy.InquiryNothing, a.askedAbout(a.printer).Outcome)
	require.Empty(t, sent(files))
	require.NotContains(t, files, "data/printer/answer.json")
	require.Contains(t, files["index.html"], "Printing House", "it was searched")
}

// What is said beside holding nothing reaches the person.
func saysWhyNothingIsHeld(t *testing.T, c channel) {
	if !c.can(t, sayingNothing) {
		return
	}
	a := c.copying(t)
	a.answered(privacy.InquiryNothing, "Deleted in 2020, as the list shows.")
	require.Contains(t, a.fetches()["data/printer/answer.json"], "Deleted in 2020")
}

// A copy that is not whole says what is missing, and the person reads it.
func copiesInPart(t *testing.T, c channel) {
	if !c.can(t, sayingPartly) {
		return
	}
	a := c.copying(t)
	file := a.answered(privacy.InquiryPartly, "Letters of 2019 are lost.")
	files := a.fetches()
	require.Equal(t, []string{string(*file)}, sent(files))
	require.Contains(t, files["data/printer/answer.json"], "Letters of 2019 are lost.")
	require.Equal(t, privacy.InquiryPartly, a.askedAbout(a.printer).Outcome)
}

// refusedACopy plays until the staff have a task, as the one who was asked refused.
func (c channel) refusedACopy(t *testing.T) *elsewhere {
	t.Helper()
	a := c.copying(t)
	a.answered(privacy.InquiryRefused, "Who are you?")
	for minutes := range 5 {
		a.at(3*time.Hour+time.Duration(1+minutes)*time.Minute, a.told) // the register changes, and there is no answer
	}
	a.at(12*time.Hour+time.Minute, func() {
		a.is(privacy.RequestCollecting)
		require.Equal(t, []string{storage.TaskCollectionFailed}, a.OpenTasks())
		require.Equal(t, privacy.InquiryRefused, a.askedAbout(a.printer).Outcome)
		require.NotEmpty(t, a.askedAbout(a.printer).Words)
		require.NotContains(t, a.Letters(notify.KindCollectionFailed)[0].Text, "Who are you", "what others say stays with the inquiry")
	})
	return a
}

// A refusal is a system that failed: when somebody has it tried again, it is asked once more, and the answer counts.
func asksAgainAfterARefusal(t *testing.T, c channel) {
	a := c.refusedACopy(t)
	var file []byte
	a.at(13*time.Hour, func() { a.accepted(casetest.Command(contract.RetrySystem, casetest.On(a.printer))) })
	a.at(14*time.Hour, a.looks)
	a.at(15*time.Hour, func() {
		require.Len(t, a.inquiries(), 2)
		require.Equal(t, 2, a.other.asked(a))
		file = a.other.answer(a, privacy.InquiryDone, "")
	})
	a.at(24*time.Hour, a.looks)
	a.at(25*time.Hour, a.reviewed)
	var body []byte
	a.at(26*time.Hour, func() { body = a.Fetch() })
	a.run()
	require.Equal(t, privacy.OutcomeFulfilled, a.Outcome())
	require.Equal(t, []string{string(file)}, sent(unzipped(t, body)))
	var begun int
	require.NoError(t, a.Register.Owner(t).QueryRow(t.Context(), "SELECT count(*) FROM audit_events WHERE action = 'collection.started' AND case_id = $1", a.Ref.Case).Scan(&begun))
	require.Equal(t, 3, begun, "once in the shop, twice elsewhere: waiting is no collection")
}

// After a refusal the request goes on without the system, when somebody says so.
func leavesOutWhoRefuses(t *testing.T, c channel) {
	a := c.refusedACopy(t)
	a.at(12*time.Hour+2*time.Minute, func() {
		a.accepted(casetest.Command(contract.ExcludeSystem, casetest.On(a.printer), casetest.Because("They refuse.")))
	})
	files := a.fetches()
	require.Empty(t, sent(files))
	require.Len(t, a.inquiries(), 1)
	require.Empty(t, a.OpenTasks())
}

// They are told what is proven of the person and named in the document. Where that is nothing, nobody is asked, and the staff decide.
func tellsWhatIsProven(t *testing.T, c channel) {
	numbered := func(n *casework.NewRequest) {
		casetest.Proven(n)
		n.Person.CustomerID = "K-17" // anybody may have named it
	}
	a := c.asks(newPlay(t, stage{request: []func(*casework.NewRequest){numbered}}), "  identities: [customer_id]\n")
	a.at(3*time.Hour, func() {
		require.Equal(t, []string{storage.TaskCollectionFailed}, a.OpenTasks())
		require.Empty(t, a.inquiries())
		require.Zero(t, a.other.asked(a))
		a.filed(func(document string) string {
			return strings.Replace(document, "[customer_id]", "[customer_id, email]", 1)
		})
		a.accepted(casetest.Command(contract.RetrySystem, casetest.On(a.printer)))
	})
	a.at(4*time.Hour, a.looks)
	a.at(5*time.Hour, func() {
		require.Equal(t, map[string]string{"email": a.Person.Email}, a.other.told(a))
		a.accepted(casetest.Command(contract.Withdraw))
	})
	a.run()
}

// However often the work is done, anew after it broke off or twice at the same time, they are asked once.
func asksOnce(t *testing.T, c channel) {
	a := c.copying(t)
	ctx, breakOff := context.WithCancel(t.Context())
	company, program := a.other.(*company)
	if !program {
		breakOff() // a letter or a task is written in one transaction with the record of it
	}
	a.at(3*time.Hour, func() {
		if program {
			losing := (func())(breakOff) // the request is there, and whoever sent it dies before they can write that down
			company.door.losing.Store(&losing)
		}
		require.Error(t, a.tries(ctx))
		require.Equal(t, storage.InquiryOpen, a.inquiry().State)
	})
	a.at(4*time.Hour, func() {
		if program {
			require.Error(t, a.tries(t.Context()), "the answer gets lost on its way")
			company.door.losing.Store(nil)
		}
		require.Equal(t, storage.InquiryOpen, a.inquiry().State)
		var group errgroup.Group
		for range 2 {
			group.Go(func() error { return a.tries(t.Context()) })
		}
		require.NoError(t, group.Wait())
		require.Equal(t, storage.InquiryAsked, a.inquiry().State)
	})
	for n := range 3 {
		a.at(5*time.Hour+time.Duration(n)*time.Minute, a.looks)
	}
	a.at(6*time.Hour, func() {
		require.Len(t, a.inquiries(), 1)
		require.Equal(t, 1, a.other.asked(a))
		a.accepted(casetest.Command(contract.Withdraw))
	})
	a.run()
}

// tries does the work of one look at the newest inquiry once, under a context that may end.
func (a *elsewhere) tries(ctx context.Context) error {
	var suite testsuite.WorkflowTestSuite
	suite.SetLogger(quiet{})
	env := suite.NewTestActivityEnvironment()
	env.SetWorkerOptions(worker.Options{BackgroundActivityContext: ctx})
	activities.Register(env, a.Desk, a.Objects, true)
	_, err := env.ExecuteActivity(contract.ActivityInquire, contract.InquiryInput{Ref: a.Ref, Inquiry: a.askedAbout(a.printer).ID})
	return err
}
