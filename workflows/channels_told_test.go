package workflows_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/casework/casetest"
	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// passedOn has what was done passed on to the other end behind the request's back, and says by what inquiry. The request has ended and did not wait.
func (a *elsewhere) passedOn(purpose privacy.InquiryPurpose) (i storage.Inquiry) {
	a.t.Helper()
	i = a.askedAbout(a.printer)
	require.Equal(a.t, purpose, i.Purpose)
	require.False(a.t, i.Awaited)
	tasks := len(a.OpenTasks())
	a.looksAt(i.ID)
	i = a.askedAbout(a.printer)
	require.Equal(a.t, storage.InquiryAsked, i.State)
	byHand := !a.can(a.t, passingOn) || a.kind == dataset.AskedManual
	if !byHand {
		require.Equal(a.t, map[string]string{"email": a.Person.Email}, a.other.told(a))
		return i
	}
	require.Equal(a.t, storage.InquiryByHand, i.Channel)
	require.Len(a.t, a.OpenTasks(), tasks+1, "a member of staff tells them")
	if a.kind == dataset.AskedOpenDSR {
		require.Zero(a.t, a.other.asked(a))
	}
	return i
}

// enters has a member of the staff enter what they said.
func (a *elsewhere) enters(i storage.Inquiry, outcome privacy.InquiryOutcome, words string) {
	a.t.Helper()
	a.Change(func(ctx context.Context, tx *storage.Tx) error {
		return a.Desk.AnswerInquiry(ctx, tx, a.Ref, string(i.Purpose)+"/"+string(outcome), casework.InquiryAnswer{Inquiry: i.ID, Outcome: outcome, Words: words})
	})
}

// What was corrected here they are told to correct, and the request does not wait for them. Whoever does not is the officer's to take up.
func passesOnCorrections(t *testing.T, c channel) {
	a := c.asks(newCorrection(t, stage{}))
	name := a.Person.Name
	a.at(time.Hour, func() {
		a.accepts(inShop("name", &name, said("Łucja Ó Néill")))
		a.accepted(a.correct(bo))
	})
	a.run()
	require.Equal(t, privacy.OutcomeFulfilled, a.Outcome())
	i := a.passedOn(privacy.InquireCorrect)
	require.Equal(t, []storage.InquiryChange{{Field: "name", Was: &name, Becomes: said("Łucja Ó Néill")}}, i.Body.Changes)
	a.enters(i, privacy.InquiryRefused, "It is right with us.")
	require.Equal(t, []string{storage.TaskInquiry}, a.OpenTasks())
}

// Of a restriction they are told while it stands and when it has ended, and the request waits for neither.
func passesOnLimits(t *testing.T, c channel) {
	a := c.asks(newPlay(t, stage{request: []func(*casework.NewRequest){casetest.Proven, asking(privacy.Restriction, privacy.Ask{Ground: privacy.UnlawfulUse})}}))
	a.at(time.Hour, func() { a.accepted(casetest.Command(contract.Uphold, a.Saying("It was unlawful."))) })
	a.run()
	require.Equal(t, privacy.OutcomeFulfilled, a.Outcome())
	i := a.passedOn(privacy.InquireLimit)
	require.Equal(t, []string{string(privacy.LimitRestriction)}, i.Body.Limits)
	require.Len(t, a.inquiries(), 1)
	a.enters(i, privacy.InquiryDone, "")
	require.Empty(t, a.OpenTasks())

	require.NoError(t, a.lift("lift", casework.LiftPersonAsked))
	require.Equal(t, []string{string(privacy.LimitRestriction)}, a.passedOn(privacy.InquireLift).Body.Limits)
	require.Len(t, a.inquiries(), 2)
}

// reminded is how many of the reminders the channel sends.
func (a *elsewhere) reminded(times int) int {
	a.t.Helper()
	if !a.can(a.t, reminding) {
		return 0
	}
	return times
}

// At half of their time, at its end and a week later they are reminded. At the end the staff have it, with one task and one notice.
func reminds(t *testing.T, c channel) {
	a := c.copying(t, "  answer_within_days: 10\n")
	reminders := func(want int) {
		a.looksAt(a.inquiry().ID)
		require.Len(t, a.Letters(notify.KindInquiryReminder), a.reminded(want))
		require.EqualValues(t, a.reminded(want), a.inquiry().Reminders, "the record counts what was sent")
	}
	waiting := func() []string { // what there is for the staff before the time is over
		if c.kind == dataset.AskedManual {
			return []string{storage.TaskInquiry}
		}
		return nil
	}()
	a.at(3*time.Hour, a.looks)
	a.at(5*day, func() { reminders(0) })
	a.at(5*day+4*time.Hour, func() {
		reminders(1)
		require.Equal(t, waiting, a.OpenTasks())
		require.Empty(t, a.Letters(notify.KindInquiryStuck))
	})
	a.at(10*day+4*time.Hour, func() {
		reminders(2)
		require.Equal(t, []string{storage.TaskInquiry}, a.OpenTasks())
		stuck := a.Letters(notify.KindInquiryStuck)
		require.NotEmpty(t, stuck)
		require.Contains(t, stuck[0].Text, "there is no answer; it was due on 12 March 2026")
	})
	a.at(17*day+4*time.Hour, func() {
		stuck := len(a.Letters(notify.KindInquiryStuck))
		reminders(3)
		reminders(3)
		require.Equal(t, []string{storage.TaskInquiry}, a.OpenTasks())
		require.Len(t, a.Letters(notify.KindInquiryStuck), stuck, "said once")
		require.True(t, a.visits(a.inquiry().ID).At.After(a.Clock.Now().Add(time.Hour)), "nothing is left to do but to wait")
		require.Equal(t, 1, a.other.asked(a))
		a.accepted(casetest.Command(contract.ExcludeSystem, casetest.On(a.printer), casetest.Because("Printing House does not answer.")))
	})
	a.at(17*day+5*time.Hour, func() {
		a.looksAt(a.askedAbout(a.printer).ID)
		require.True(t, a.other.spared(a))
		require.NotContains(t, a.OpenTasks(), storage.TaskInquiry)
		a.reviewed()
	})
	a.at(17*day+6*time.Hour, func() { a.Fetch() })
	a.run()
	require.Equal(t, privacy.OutcomeFulfilled, a.Outcome())
}

// A request that ends takes the question back, once.
func takesBack(t *testing.T, c channel) {
	a := c.copying(t)
	a.at(3*time.Hour, a.looks)
	a.at(4*time.Hour, func() {
		require.False(t, a.other.spared(a))
		a.accepted(casetest.Command(contract.Withdraw))
	})
	a.run()
	i := a.askedAbout(a.printer)
	require.Equal(t, storage.InquiryClosed, i.State)
	for range 2 {
		a.looksAt(i.ID)
		require.True(t, a.other.spared(a))
	}
	require.Equal(t, 1, a.other.asked(a))
	require.Empty(t, a.OpenTasks())
}

// A recipient that has the system hears of an erasure as whoever is asked about it: it is told when they are asked, and has followed when they say so. One
// with a mailbox is written to, and the staff tell one that has neither.
func tellsRecipients(t *testing.T, c channel) {
	a := c.erasing(t)
	a.disclosing(func(s *storage.System) {
		s.Declaration = strings.Replace(s.Declaration, "{en: Analysis}, country: DE,", "{en: Analysis}, system: printer, country: DE,", 1)
		s.Declaration = strings.Replace(s.Declaration, "data_categories: [user.financial]}", "data_categories: [user], email: dpo@bank.example, language: de}", 1)
	})
	a.at(3*time.Hour, a.looks)
	a.at(4*time.Hour, func() {
		a.accepted(casetest.Command(contract.GoOnWithout, casetest.On(a.printer), a.Saying("Slow.")))
	})
	a.run()
	states := func() map[string]string {
		out := map[string]string{}
		for _, n := range a.notices() {
			out[n.Recipient] = n.State
		}
		return out
	}
	asked := "told"
	if c.kind == dataset.AskedManual {
		asked = "to_tell" // until whoever asks says that they have
	}
	require.Equal(t, map[string]string{"Partner AG": asked, "The Bank": "to_tell", "Parcels Ltd": "to_tell"}, states())
	require.Equal(t, []string{storage.InquiryByEmail, storage.InquiryByHand}, []string{a.askedOf("The Bank").Channel, a.askedOf("Parcels Ltd").Channel})
	for _, i := range a.inquiries() {
		require.NotEqual(t, "Partner AG", i.Addressee, "nobody is asked twice")
	}
	a.other.answer(a, privacy.InquiryDone, "")
	a.looksAt(a.askedAbout(a.printer).ID)
	require.Equal(t, "confirmed", states()["Partner AG"])

	a.looksAt(a.askedOf("The Bank").ID)
	a.looksAt(a.askedOf("Parcels Ltd").ID)
	require.Equal(t, map[string]string{"Partner AG": "confirmed", "The Bank": "told", "Parcels Ltd": "to_tell"}, states())
	require.Equal(t, []string{"Parcels Ltd"}, a.tasksAbout(), "a person tells them")
	letters := a.Letters(notify.KindInquiry)
	require.Equal(t, "dpo@bank.example", letters[len(letters)-1].To)
	require.Contains(t, letters[len(letters)-1].Text, "Eine Person hat uns gebeten")
	require.NoError(t, a.answers(a.askedBy(a.letterTo(notify.KindInquiry)), privacy.InquiryDone, ""))
	require.Equal(t, "confirmed", states()["The Bank"])
}
