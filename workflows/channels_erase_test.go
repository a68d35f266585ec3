package workflows_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/casework/casetest"
	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// erased plays to the end, and gives the letter to the person and what the certificate says of the system.
func (a *elsewhere) erased() (letter string, certified audit.CertifiedSystem) {
	a.t.Helper()
	a.run()
	require.Equal(a.t, privacy.OutcomeFulfilled, a.Outcome())
	letters := a.Letters(notify.KindErased)
	require.Len(a.t, letters, 1)
	certified = a.printed()
	for _, collection := range certified.Collections {
		require.Nil(a.t, collection.ReadBack, "nobody here can look into the system")
	}
	return unwrapped(letters[0].Text), certified
}

// They are asked to erase once the plan is approved, and not before. The request waits; what they say is said, and said to be theirs.
func erases(t *testing.T, c channel) {
	a := c.erasing(t)
	a.at(90*time.Minute, func() {
		require.Equal(t, 1, a.plan().Totals.Asked)
		require.Empty(t, a.inquiries(), "nobody is asked by planning")
	})
	a.answered(privacy.InquiryDone, "")
	a.at(3*time.Hour+time.Minute, func() {
		a.is(privacy.RequestExecuting)
		require.Equal(t, privacy.InquireErase, a.inquiry().Purpose)
		require.Equal(t, 1, a.other.asked(a))
		require.Equal(t, map[string]string{"email": a.Person.Email}, a.other.told(a))
	})
	a.at(5*time.Hour, func() { a.is(privacy.RequestExecuting) })
	letter, certified := a.erased()
	require.Contains(t, letter, "Printing House")
	require.Equal(t, []string{audit.CertifiedAsked, "Printing House", "done"}, []string{certified.How, certified.Asked, certified.Answer})
	require.Equal(t, c.kind == dataset.AskedManual, certified.ByStaff)
	require.Empty(t, a.OpenTasks())
	if company, ok := a.other.(*company); ok {
		require.Zero(t, company.Shop.Count(`SELECT count(*) FROM customers`), "it is gone there")
	}
}

// Who has nothing to erase says so; the letter does not tell the person that something was erased there.
func erasesNothing(t *testing.T, c channel) {
	a := c.erasing(t)
	a.answered(privacy.InquiryNothing, "")
	letter, certified := a.erased()
	if !c.can(t, sayingNothing) {
		require.Equal(t, "done", certified.Answer)
		return
	}
	require.Equal(t, "nothing", certified.Answer)
	require.NotContains(t, letter, "Printing House")
}

// Who must keep a part says so. Letter and certificate say it, too, and the data protection officer reads why.
func erasesInPart(t *testing.T, c channel) {
	a := c.erasing(t)
	a.answered(privacy.InquiryPartly, "Invoices stay until 2034.")
	letter, certified := a.erased()
	require.Contains(t, letter, "Printing House: they have told us that they must keep a part.")
	require.Equal(t, "partly", certified.Answer)
	require.Equal(t, "kept_under_exception", *a.Case().ReasonCode)
	require.Equal(t, []string{storage.TaskInquiry}, a.OpenTasks(), "also when the case is closed")
	require.NotEmpty(t, a.askedAbout(a.printer).Words)
	last := a.Letters(notify.KindTaskCreated)
	require.Contains(t, last[len(last)-1].Text, "not all was done")
}

// refusedToErase plays until the staff have a task, as the one who was asked refused.
func (c channel) refusedToErase(t *testing.T) *elsewhere {
	t.Helper()
	a := c.erasing(t)
	a.answered(privacy.InquiryRefused, "  We are a bank.  ")
	a.at(12*time.Hour+time.Minute, func() {
		a.is(privacy.RequestExecuting)
		words := "We are a bank."
		if c.kind == dataset.AskedOpenDSR {
			words = "The processor says: cancelled, refused (excessive)."
		}
		require.Equal(t, words, a.askedAbout(a.printer).Words)
		require.Equal(t, []string{storage.TaskErasureFailed}, a.OpenTasks())
	})
	return a
}

// Somebody may have the erasure go on after a refusal: nobody is asked again by that, and letter and certificate say that they refused.
func goesOnAfterARefusal(t *testing.T, c channel) {
	a := c.refusedToErase(t)
	a.at(13*time.Hour, func() {
		a.accepted(casetest.Command(contract.GoOnWithout, casetest.On(a.printer), a.Saying("They are a controller of their own.")))
	})
	letter, certified := a.erased()
	require.Contains(t, letter, "Printing House: they have told us that they will not erase what they hold.")
	require.Equal(t, "refused", certified.Answer)
	require.Len(t, a.inquiries(), 1)
}

// Somebody may say that it was done by hand after a refusal.
func erasesByHand(t *testing.T, c channel) {
	a := c.refusedToErase(t)
	a.at(13*time.Hour, func() {
		a.accepted(casetest.Command(contract.DoneByHand, casetest.On(a.printer), a.Saying("Rang them; they have deleted it.")))
	})
	letter, certified := a.erased()
	require.Contains(t, letter, "Printing House")
	require.NotContains(t, letter, "will not erase")
	require.Equal(t, audit.CertifiedByHand, certified.How)
}

// Somebody may have the erasure go on without an answer: letter and certificate say that there is none yet, and what comes later stands on record.
func goesOnWithoutAnAnswer(t *testing.T, c channel) {
	a := c.erasing(t)
	a.at(3*time.Hour, a.looks)
	a.at(4*time.Hour, func() {
		require.Equal(t, "not_awaited", a.refusedFor(casetest.Command(contract.GoOnWithout, casetest.On(a.Shop.ID), a.Saying("It is slow."))))
		a.accepted(casetest.Command(contract.GoOnWithout, casetest.On(a.printer), a.Saying("Three weeks, and no answer.")))
	})
	letter, certified := a.erased()
	require.Contains(t, letter, "Printing House: we have passed your request on and have no confirmation yet that your data is erased there.")
	require.Equal(t, 1, strings.Count(letter, "Printing House"), "it is not among what was erased")
	require.Equal(t, []string{audit.CertifiedAsked, "none"}, []string{certified.How, certified.Answer})
	require.True(t, a.inquiry().Open(), "it is not closed with the case")
	require.False(t, a.inquiry().Awaited)
	a.other.answer(a, privacy.InquiryDone, "")
	a.looksAt(a.askedAbout(a.printer).ID)
	require.Equal(t, privacy.InquiryDone, a.askedAbout(a.printer).Outcome)
}

// A legal hold keeps what they hold, too: they are not asked, the letter says why, and when the hold is lifted people have them erase it.
func keepsUnderAHold(t *testing.T, c channel) {
	a := c.erasing(t)
	a.Change(func(ctx context.Context, tx *storage.Tx) error {
		_, err := tx.PlaceHold(ctx, storage.NewHold{
			Matter: "312 O 44/26", Citation: "Art. 17(3)(e) GDPR", Reason: "a claim", ReviewOn: privacy.NewDate(2026, 9, 1), Systems: []string{"printer"},
			People: []storage.Person{{Email: a.Person.Email}},
		})
		return err
	})
	a.at(3*time.Hour, func() {
		require.Equal(t, privacy.OutcomeFulfilled, a.Outcome())
		require.Empty(t, a.inquiries())
		a.liftHolds()
	})
	a.at(3*day, func() {
		require.Len(t, a.play.asked(), 1)
		require.Equal(t, "printer", a.play.asked()[0].System)
		require.Contains(t, a.play.asked()[0].Problem, "somebody else has this system")
		d := a.deferral()
		a.Change(func(ctx context.Context, tx *storage.Tx) error { return tx.ErasedLaterByHand(ctx, d, "printer") })
	})
	letter, _ := a.erased()
	require.Contains(t, letter, "Printing House: we must not erase records that a legal matter needs")
	require.True(t, a.deferral().Done)
	require.Zero(t, a.other.asked(a))
}

// stops has work on the system stopped in an emergency, or go on.
func (a *elsewhere) stops(stopped bool) {
	a.t.Helper()
	a.Change(func(ctx context.Context, tx *storage.Tx) error {
		system, err := tx.System(ctx, a.printer)
		if err != nil || !stopped {
			return tx.ResumeSystem(ctx, system)
		}
		return tx.StopSystem(ctx, system, "it answers with the wrong people")
	})
}

// While work on the system is stopped nobody is asked, reminded or told anything; what was to be done is done when it goes on.
func standsStillInAnEmergency(t *testing.T, c channel) {
	a := c.erasing(t)
	rest := func() { a.looksAt(a.askedAbout(a.printer).ID) }
	a.at(150*time.Minute, func() { a.stops(true) })
	a.at(3*time.Hour, func() {
		rest()
		require.Zero(t, a.other.asked(a))
		require.Equal(t, storage.InquiryOpen, a.inquiry().State)
		a.stops(false)
		rest()
		require.Equal(t, 1, a.other.asked(a))
		a.accepted(casetest.Command(contract.GoOnWithout, casetest.On(a.printer), a.Saying("Slow.")))
	})
	a.erased()
	a.stops(true)
	a.after(t, 15*day)
	rest()
	require.Empty(t, a.Letters(notify.KindInquiryReminder))
	require.Empty(t, a.Letters(notify.KindInquiryStuck))
	a.stops(false)
	rest()
	require.Len(t, a.Letters(notify.KindInquiryReminder), a.reminded(1), "of those that were missed one is sent")
	require.NotEmpty(t, a.Letters(notify.KindInquiryStuck), "an answer was due")
	a.other.answer(a, privacy.InquiryDone, "")
	rest()
	require.Equal(t, privacy.InquiryDone, a.askedAbout(a.printer).Outcome)
	require.Equal(t, 1, a.other.asked(a))
}
