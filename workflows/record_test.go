package workflows_test

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jonboulle/clockwork"
	"github.com/stretchr/testify/require"
	"go.temporal.io/api/enums/v1"
	"go.temporal.io/api/history/v1"
	"go.temporal.io/api/temporalproto"
	"go.temporal.io/sdk/client"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/casework/casetest"
	"github.com/privacy-docket/docket/deploy/local"
	"github.com/privacy-docket/docket/deploy/local/localtest"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// record names the release whose histories are to be recorded: go test ./workflows -run Record -record v0.1.0. The folder
// must be new: recordings of a release are made once, from its own code.
var record = flag.String("record", "", "record the histories of a release into testdata/histories")

// scenario is a request that is led to a point where its history is worth keeping.
type scenario struct {
	name string
	// before brings the shop into the state that the scenario begins with.
	before func(*live)
	lead   func(*following)
	file   []func(*casework.NewRequest)
}

func scenarios() []scenario {
	return []scenario{
		{name: "happy", lead: func(f *following) {
			f.reaches(privacy.RequestVerifying)
			f.proves()
			f.reaches(privacy.RequestReviewing)
			f.must(casetest.Command(contract.Approve))
			f.ends()
		}},
		{name: "extended", file: proven(), lead: func(f *following) {
			f.reaches(privacy.RequestReviewing)
			f.must(casetest.Command(contract.Extend, casetest.Because("complexity")))
			f.must(casetest.Command(contract.Approve))
			f.ends()
		}},
		{name: "paused", file: proven(), lead: func(f *following) {
			f.reaches(privacy.RequestReviewing)
			f.must(casetest.Command(contract.Pause, waitingFor(privacy.PauseClarification)))
			f.must(casetest.Command(contract.Unpause, waitingFor(privacy.PauseClarification)))
			f.must(casetest.Command(contract.Recollect))
			f.reaches(privacy.RequestReviewing)
		}},
		{name: "refused", lead: func(f *following) {
			f.reaches(privacy.RequestVerifying)
			f.must(casetest.Command(contract.Refuse, casetest.Because("manifestly_unfounded")))
			f.ends()
		}},
		{name: "held", file: proven(), lead: func(f *following) {
			f.reaches(privacy.RequestReviewing)
			f.must(casetest.Command(contract.AskClarity, f.Saying("Which account?")))
			require.Equal(f.l.t, privacy.RequestClarifying, f.State())
		}},
		{name: "overdue", file: []func(*casework.NewRequest){casetest.Proven, func(n *casework.NewRequest) {
			n.ReceivedAt, n.BackdateReason = clockwork.NewRealClock().Now().AddDate(0, 0, -40), "post_room"
		}}, lead: func(f *following) {
			f.until("the ladder is climbed", func() bool { return len(f.Milestones(privacy.Respond)) == 4 })
			f.must(casetest.Command(contract.Acknowledge, about(f.Obligation(privacy.Respond).ID)))
			f.reaches(privacy.RequestReviewing)
		}},
		{name: "failed-system", file: proven(), lead: func(f *following) {
			f.reaches(privacy.RequestReviewing)
			f.l.Shop.Exec("ALTER TABLE orders RENAME TO orders_gone")
			defer f.l.Shop.Exec("ALTER TABLE orders_gone RENAME TO orders")
			f.must(casetest.Command(contract.Recollect))
			f.until("the failed system is a task", func() bool { return len(f.OpenTasks()) == 1 })
			f.must(casetest.Command(contract.ExcludeSystem, casetest.On(f.l.Shop.ID)))
			f.reaches(privacy.RequestReviewing)
		}},
		{name: "erased", file: erasure(), lead: func(f *following) {
			f.erased()
			f.ends()
		}},
		{name: "erasure-sent-back", file: erasure(), lead: func(f *following) {
			f.reaches(privacy.RequestReviewing)
			f.must(casetest.Command(contract.ProposePlan, by(ana, "agent")))
			f.must(casetest.Command(contract.ReturnPlan, by(bo, "dpo"), f.Saying("The claim of the customer is not in it.")))
			f.reaches(privacy.RequestReviewing)
		}},
		{name: "erased-by-hand", file: erasure(), lead: func(f *following) {
			f.reaches(privacy.RequestReviewing)
			f.l.Shop.Exec("ALTER TABLE orders RENAME TO orders_gone")
			defer f.l.Shop.Exec("ALTER TABLE orders_gone RENAME TO orders")
			f.must(casetest.Command(contract.ProposePlan, by(ana, "agent")))
			f.must(casetest.Command(contract.ApprovePlan, by(bo, "dpo"), f.Approving()))
			f.until("the failed system is a task", func() bool { return len(f.OpenTasks()) == 1 })
			f.must(casetest.Command(contract.DoneByHand, casetest.On(f.l.Shop.ID), f.Saying("Deleted in the shop's own console.")))
			f.ends()
		}},
		{name: "objected", file: limiting(privacy.Objection, against(privacy.LimitMarketing)), lead: func(f *following) {
			f.reaches(privacy.RequestClosed)
			f.ends()
		}},
		{name: "restricted", file: limiting(privacy.Restriction, privacy.Ask{Ground: privacy.AccuracyContested}), lead: func(f *following) {
			f.reaches(privacy.RequestReviewing)
			f.must(casetest.Command(contract.Uphold, f.Saying("The address is contested.")))
			f.ends()
		}},
		{name: "marked-by-hand", before: func(l *live) { l.Shop.Exec("ALTER TABLE customers RENAME COLUMN blocked TO barred") }, file: limiting(privacy.Restriction, privacy.Ask{Ground: privacy.UnlawfulUse}), lead: func(f *following) {
			f.until("the system that can't be marked is a task", func() bool { return len(f.OpenTasks()) == 1 })
			f.must(casetest.Command(contract.DoneByHand, casetest.On(f.l.Shop.ID), f.Saying("Blocked in the shop's own console.")))
			f.reaches(privacy.RequestReviewing)
			f.l.Shop.Exec("ALTER TABLE customers RENAME COLUMN barred TO blocked")
		}},
		{name: "appealed", file: []func(*casework.NewRequest){under("us-co")}, lead: func(f *following) {
			f.reaches(privacy.RequestReviewing)
			f.must(casetest.Command(contract.Refuse, casetest.Because("excessive")))
			f.ends()
			id := contract.RequestID(f.Ref.Case)
			first := f.l.runOf(id)
			_, err := (&play{t: f.l.t, Request: f.Request}).appeals("appeal", "One request is not excessive.")
			require.NoError(f.l.t, err)
			f.until("the clock of the appeal runs", func() bool { return f.l.runOf(id) != first })
		}},
		{name: "corrected", file: correcting(), lead: func(f *following) {
			f.correcting()
			f.ends()
		}},
		{name: "corrected-by-hand", file: correcting(), lead: func(f *following) {
			f.reaches(privacy.RequestReviewing)
			f.l.Shop.Exec("ALTER TABLE customers RENAME COLUMN name TO called")
			f.correcting()
			f.until("the system that can't be written in is a task", func() bool { return len(f.OpenTasks()) == 1 })
			f.must(casetest.Command(contract.DoneByHand, casetest.On(f.l.Shop.ID), f.Saying("Corrected in the shop's own console.")))
			f.l.Shop.Exec("ALTER TABLE customers RENAME COLUMN called TO name")
			f.ends()
		}},
		{name: "reviewed-by-a-human", file: []func(*casework.NewRequest){casetest.Proven, contesting}, lead: func(f *following) {
			f.reaches(privacy.RequestReviewing)
			p := &play{t: f.l.t, Request: f.Request}
			dpo := p.member("dpo")
			require.NoError(f.l.t, p.made("makers", dpo), "nobody of the staff did")
			review, err := p.looks("review", as(dpo, "dpo"), privacy.ReviewAnnulled)
			require.NoError(f.l.t, err)
			f.must(casetest.Command(contract.ConcludeReview, by(dpo, "dpo"), concluding(review)))
			f.ends()
		}},
		{name: "reopened", file: proven(), lead: func(f *following) {
			f.reaches(privacy.RequestReviewing)
			f.must(casetest.Command(contract.Withdraw))
			f.Reopen()
			f.reaches(privacy.RequestReviewing)
		}},
	}
}

// erasure is a request for erasure of somebody whose identity is proven.
func erasure() []func(*casework.NewRequest) {
	return []func(*casework.NewRequest){erasing, func(n *casework.NewRequest) {
		n.Person = storage.Person{Name: "Nia Okafor", Email: uuid.NewString() + "@example.org"} // nobody who has asked to see their data
	}}
}

// correcting is a request for rectification of somebody whose identity is proven.
func correcting() []func(*casework.NewRequest) {
	return []func(*casework.NewRequest){casetest.Proven, func(n *casework.NewRequest) { n.Right = privacy.Rectification }}
}

// correcting has the person's name corrected.
func (f *following) correcting() {
	f.l.t.Helper()
	f.reaches(privacy.RequestReviewing)
	p := &play{t: f.l.t, Request: f.Request}
	p.accepts(inShop("name", &f.Person.Name, said("Corrected")))
	f.must(p.correct(ana))
}

// limiting is a request that sets limits, of somebody whose identity is proven where that is asked for.
func limiting(right privacy.Right, ask privacy.Ask) []func(*casework.NewRequest) {
	return []func(*casework.NewRequest){asking(right, ask), func(n *casework.NewRequest) {
		if n.Person.Email = uuid.NewString() + "@example.org"; right == privacy.Restriction {
			casetest.Proven(n)
		}
	}}
}

// erased leads an erasure to its end.
func (f *following) erased() {
	f.l.t.Helper()
	f.reaches(privacy.RequestReviewing)
	f.must(casetest.Command(contract.ProposePlan, by(ana, "agent")))
	f.must(casetest.Command(contract.ApprovePlan, by(bo, "dpo"), f.Approving()))
	f.reaches(privacy.RequestClosed)
}

// deferred is an erasure that left invoices to their time, and what waits for that.
func (l *live) deferred() []*history.HistoryEvent {
	l.t.Helper()
	other := newLive(l.t, german)
	other.Shop.Changeable()
	other.client = other.dial(client.Options{})
	other.follow(other.client)
	other.work()
	f := other.file(erasing)
	f.erased()
	f.ends()
	var deferral storage.Deferral
	other.Read(func(ctx context.Context, tx *storage.Tx) error {
		plan, err := tx.ErasurePlanState(ctx, f.Ref.Case)
		if err != nil {
			return err
		}
		deferral, err = tx.DeferralOf(ctx, plan.ID)
		return err
	})
	return other.history(contract.DeferralID(deferral.ID))
}

// reapplied is a restored backup in which nobody is found.
func (l *live) reapplied() []*history.HistoryEvent {
	l.t.Helper()
	in := contract.ReapplyInput{Tenant: l.Tenant, System: l.Shop.ID}
	l.Change(func(ctx context.Context, tx *storage.Tx) error {
		system, err := tx.System(ctx, l.Shop.ID)
		if err != nil {
			return err
		}
		in.Reapplication, err = tx.Reapply(ctx, system, l.Clock.Now().AddDate(0, 0, -1))
		return err
	})
	run, err := l.client.ExecuteWorkflow(l.t.Context(), client.StartWorkflowOptions{ID: contract.ReapplyID(in.Reapplication), TaskQueue: contract.TaskQueue}, contract.ReapplyWorkflow, in)
	require.NoError(l.t, err)
	require.NoError(l.t, run.Get(l.t.Context(), nil))
	return l.history(run.GetID())
}

func (f *following) must(c contract.Command) {
	f.l.t.Helper()
	f.until("the case is ready for "+string(c.Kind), func() bool { return c.Kind.AllowedIn(f.State()) == nil })
	require.NoError(f.l.t, f.command(c))
}

// Recording is done by hand, once per release; without -record the test checks that every scenario runs as told.
func TestRecord(t *testing.T) {
	t.Parallel()
	folder := ""
	if *record != "" {
		folder = filepath.Join("testdata", "histories", *record)
		require.NoError(t, os.Mkdir(folder, 0o755), "recordings are never made twice: take the name of a new release")
	}
	l := newLive(t)
	l.client = l.dial(client.Options{}) // in clear: a recording holds ids and dates of made-up cases only
	l.follow(l.client)
	l.work()
	l.Shop.Limiting()
	for _, s := range scenarios() {
		if s.before != nil {
			s.before(l)
		}
		f := l.file(s.file...)
		s.lead(f)
		l.keep(folder, s.name, l.settled(f))
		if s.name == "happy" {
			l.keep(folder, "package", l.history(contract.PackageID(f.Packages()[0].ID)))
		}
	}
	l.keep(folder, "scan-system", l.scanned())
	l.keep(folder, "deferred-erasure", l.deferred())
	l.keep(folder, "reapply-erasures", l.reapplied())
	l.keep(folder, "transmission", l.transmitted())
	l.consents(folder)
	l.handovers(folder)
	l.asked(folder)
	l.keep(folder, "worker-restarted", l.restarted())
	l.keep(folder, "continued-as-new", continued(t))
}

// settled reads the history once nothing is under way: one that breaks off within a task does not replay.
func (l *live) settled(f *following) (events []*history.HistoryEvent) {
	id := contract.RequestID(f.Ref.Case)
	f.until("the workflow rests", func() bool {
		described, err := l.client.DescribeWorkflowExecution(l.t.Context(), id, "")
		require.NoError(l.t, err)
		return len(described.GetPendingActivities()) == 0 && described.GetPendingWorkflowTask() == nil
	})
	return l.history(id)
}

// transmitted is what somebody takes along, sent to another controller at the second try.
func (l *live) transmitted() []*history.HistoryEvent {
	l.t.Helper()
	receiver := newController(l.t, http.StatusServiceUnavailable, http.StatusOK)
	f := l.file(casetest.Proven, func(n *casework.NewRequest) { n.Right = privacy.Portability })
	f.reaches(privacy.RequestReviewing)
	f.must(casetest.Command(contract.Approve))
	f.ends()
	id, err := (&play{t: l.t, Request: f.Request}).asks("send", receiver.URL)
	require.NoError(l.t, err)
	require.NoError(l.t, contract.StartTransmission(l.t.Context(), l.client, contract.TransmissionInput{Ref: f.Ref, Transmission: id}))
	require.NoError(l.t, l.client.GetWorkflow(l.t.Context(), contract.TransmissionID(id), "").Get(l.t.Context(), nil))
	require.Len(l.t, receiver.calls, 2)
	return l.history(contract.TransmissionID(id))
}

// asked keeps a copy and an erasure for which somebody else was asked, and how one of them was looked after.
func (l *live) asked(folder string) {
	l.t.Helper()
	other := newLive(l.t)
	other.Shop.Changeable()
	other.client = other.dial(client.Options{})
	other.follow(other.client)
	other.work()
	other.Change(func(ctx context.Context, tx *storage.Tx) error {
		_, err := tx.AddSystem(ctx, storage.System{
			Key: "archive", Name: "Archive", Kind: "manual", Service: colleaguesDocument, Declaration: fmt.Sprintf(askedDeclaration, "archive"),
		})
		return err
	})
	copied := other.file(casetest.Proven)
	first := copied.answered("The archive holds one letter.")
	copied.must(casetest.Command(contract.Approve))
	copied.ends()
	l.keep(folder, "asked", other.settled(copied))
	require.NoError(l.t, other.client.GetWorkflow(l.t.Context(), contract.InquiryID(first), "").Get(l.t.Context(), nil))
	l.keep(folder, "inquiry", other.history(contract.InquiryID(first)))

	erased := other.file(erasure()...)
	erased.reaches(privacy.RequestReviewing)
	erased.must(casetest.Command(contract.ProposePlan, by(ana, "agent")))
	erased.must(casetest.Command(contract.ApprovePlan, by(bo, "dpo"), erased.Approving()))
	erased.answered("")
	erased.ends()
	l.keep(folder, "asked-to-erase", other.settled(erased))
}

// answered waits until somebody was asked, and enters their answer.
func (f *following) answered(words string) uuid.UUID {
	f.l.t.Helper()
	i := f.asked()
	f.Change(func(ctx context.Context, tx *storage.Tx) error {
		return f.Desk.AnswerInquiry(ctx, tx, f.Ref, "answer", casework.InquiryAnswer{Inquiry: i.ID, Outcome: privacy.InquiryDone, Words: words})
	})
	return i.ID
}

// scanned is a draft made of the shop.
func (l *live) scanned() []*history.HistoryEvent {
	l.t.Helper()
	run, err := l.client.ExecuteWorkflow(l.t.Context(), client.StartWorkflowOptions{ID: "scan/recorded", TaskQueue: contract.TaskQueue},
		contract.ScanWorkflow, contract.ScanInput{Tenant: l.Tenant, System: l.Shop.ID})
	require.NoError(l.t, err)
	var result contract.ScanResult
	require.NoError(l.t, run.Get(l.t.Context(), &result))
	require.Empty(l.t, result.Findings)
	require.Contains(l.t, result.Draft, "identity: email")
	return l.history(run.GetID())
}

// restarted is a request whose worker was replaced while it was verifying.
func (l *live) restarted() []*history.HistoryEvent {
	other := newLive(l.t)
	other.client = other.dial(client.Options{})
	other.follow(other.client)
	stop := other.work()
	f := other.file()
	f.reaches(privacy.RequestVerifying)
	stop()
	f.proves()
	other.work()
	f.reaches(privacy.RequestReviewing)
	f.must(casetest.Command(contract.Approve))
	f.ends()
	return other.settled(f)
}

// suggestAfter has a server of the test's own suggest a new run after so many events.
const suggestAfter = "limit.historyCount.suggestContinueAsNew:\n  - value: 60\n"

// continued is the second run of a request whose history had grown long while it was in review.
func continued(t *testing.T) []*history.HistoryEvent {
	t.Helper()
	l := newLive(t)
	stack := localtest.Own(t)
	l.address, l.namespace = suggesting(t, stack), "docket"
	l.client = l.dial(client.Options{})
	l.follow(l.client)
	l.work()
	f := l.file(casetest.Proven)
	id := contract.RequestID(f.Ref.Case)
	f.reaches(privacy.RequestReviewing)
	first := l.runOf(id)
	f.until("a new run was begun", func() bool {
		require.NoError(t, l.client.SignalWorkflow(t.Context(), id, "", contract.SignalFacts, nil))
		return l.runOf(id) != first
	})
	f.must(casetest.Command(contract.Approve))
	f.ends()
	require.Equal(t, privacy.OutcomeFulfilled, f.Outcome())
	require.Equal(t, []string{"received", "identity_proven", "collected", "approved", "packaged", "delivered"}, f.Steps())
	return l.settled(f)
}

func (l *live) runOf(id string) string {
	described, err := l.client.DescribeWorkflowExecution(l.t.Context(), id, "")
	require.NoError(l.t, err)
	return described.GetWorkflowExecutionInfo().GetExecution().GetRunId()
}

// suggesting lowers the server's own threshold and gives its address.
func suggesting(t *testing.T, stack *local.Stack) string {
	t.Helper()
	path := filepath.Join(stack.Dir(), string(local.Temporal), "dynamicconfig.yaml")
	config, err := os.ReadFile(path)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(path, append(config, suggestAfter...), 0o600))
	return stack.Addresses().Temporal
}

// keep writes a recording; without a folder it only checks that there is something to write.
func (l *live) keep(folder, name string, events []*history.HistoryEvent) {
	l.t.Helper()
	require.NotEmpty(l.t, events)
	if folder == "" {
		return
	}
	for _, event := range events {
		// The queue of a worker of its own is named after the machine.
		if queue := event.GetWorkflowTaskScheduledEventAttributes().GetTaskQueue(); queue.GetKind() == enums.TASK_QUEUE_KIND_STICKY {
			queue.Name = "sticky"
		}
	}
	text, err := temporalproto.CustomJSONMarshalOptions{}.Marshal(&history.History{Events: events})
	require.NoError(l.t, err)
	var indented strings.Builder
	encoder := json.NewEncoder(&indented)
	encoder.SetIndent("", " ")
	require.NoError(l.t, encoder.Encode(json.RawMessage(text)))
	require.NoError(l.t, os.WriteFile(filepath.Join(folder, name+".json"), []byte(indented.String()), 0o644))
	_, err = fmt.Fprintln(l.t.Output(), name, len(events), "events")
	require.NoError(l.t, err)
}
