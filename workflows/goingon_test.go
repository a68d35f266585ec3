package workflows_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/casework/casetest"
	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// Who was promised that somebody asks on hears of it when nobody does any more, or what a vendor says that is asked once more after a refusal.
func TestArt12ThePersonHearsWhatOthersSayLater(t *testing.T) {
	t.Parallel()
	p := newErasure(t, stage{})
	printer := p.askable("printer", "email", vendorDocument, "")
	p.at(time.Hour, p.proposed)
	p.at(2*time.Hour, p.approved)
	p.at(3*time.Hour, func() {
		p.visits(p.inquiry().ID)
		require.NoError(t, p.answers(p.askedBy(p.letterTo(notify.KindInquiry)), privacy.InquiryRefused, "We are a bank."))
		p.told()
	})
	p.at(4*time.Hour, func() {
		p.accepted(casetest.Command(contract.GoOnWithout, casetest.On(printer), p.Saying("They are asked once more.")))
	})
	p.run()
	require.Empty(t, p.Letters(notify.KindErasureAnswered), "the letter has said that they refuse")

	by := func(do func(context.Context, *storage.Tx) error) {
		require.NoError(t, p.Desk.DB().Change(t.Context(), p.Ref.Tenant, casework.System("test"), do))
	}
	by(func(ctx context.Context, tx *storage.Tx) error {
		return p.Desk.AskAgain(ctx, tx, p.Ref, "again", p.inquiries()[0].ID, false)
	})
	first := p.askedOf("Printing House")
	require.True(t, first.Open())
	by(func(ctx context.Context, tx *storage.Tx) error {
		return p.Desk.AnswerInquiry(ctx, tx, p.Ref, "partly", casework.InquiryAnswer{Inquiry: first.ID, Outcome: privacy.InquiryPartly, Words: "The account stays."})
	})
	by(func(ctx context.Context, tx *storage.Tx) error {
		return p.Desk.AskAgain(ctx, tx, p.Ref, "and again", first.ID, false)
	})
	require.Len(t, p.Letters(notify.KindErasureAnswered), 1, "asking once more is no news")
	by(func(ctx context.Context, tx *storage.Tx) error {
		return p.Desk.CloseInquiry(ctx, tx, p.Ref, "close", p.askedOf("Printing House").ID, "They have gone out of business.")
	})
	news := p.Letters(notify.KindErasureAnswered)
	require.Len(t, news, 2)
	require.Contains(t, unwrapped(news[0].Text), "Printing House: they have told us that they must keep a part.")
	require.Contains(t, unwrapped(news[1].Text), "Printing House: no confirmation came that your data is erased there, and we ask no longer.")
	require.Contains(t, unwrapped(news[1].Text), "right to complain")

	by(func(ctx context.Context, tx *storage.Tx) error {
		return p.Desk.AskAgain(ctx, tx, p.Ref, "once more", p.askedOf("Printing House").ID, false)
	})
	p.visits(p.askedOf("Printing House").ID)
	require.NoError(t, p.answers(p.askedBy(p.letterTo(notify.KindInquiry)), privacy.InquiryDone, ""))
	news = p.Letters(notify.KindErasureAnswered)
	require.Len(t, news, 3)
	require.Contains(t, unwrapped(news[2].Text), "Printing House: your data is erased there.")
	require.NotContains(t, news[2].Text, "complain")
}

// Where a document names nobody who erases, a person sees to it: what lies there is not passed over in silence.
func TestAnErasureWhereNobodyErasesWhenAsked(t *testing.T) {
	t.Parallel()
	p := newErasure(t, stage{})
	printer := p.askable("printer", "email", strings.Replace(vendorDocument, "  answer_within_days", "  rights: [access]\n  answer_within_days", 1), "")
	p.at(time.Hour, func() {
		require.Equal(t, 1, p.plan().Totals.Manual)
		p.proposed()
	})
	p.at(2*time.Hour, p.approved)
	p.at(3*time.Hour, func() {
		require.Empty(t, p.inquiries())
		require.Equal(t, []string{storage.TaskErasureFailed}, p.OpenTasks())
		p.accepted(casetest.Command(contract.DoneByHand, casetest.On(printer), p.Saying("Rang them; they have deleted it.")))
	})
	p.run()
	require.Equal(t, privacy.OutcomeFulfilled, p.Outcome())
	require.Contains(t, unwrapped(p.Letters(notify.KindErased)[0].Text), "Printing House")
	require.Equal(t, audit.CertifiedByHand, p.printed().How)
}

// What others answered to an erasure is for an officer to enter; the certificate says that it was entered.
func TestAnAnswerEnteredByStaffIsCertifiedAsSuch(t *testing.T) {
	t.Parallel()
	p := newErasure(t, stage{})
	p.askable("printer", "email", vendorDocument, "")
	p.at(time.Hour, p.proposed)
	p.at(2*time.Hour, p.approved)
	p.at(3*time.Hour, func() {
		i := p.inquiry()
		p.visits(i.ID)
		enters := func(role string) error {
			actor := audit.Actor{Kind: audit.Person, ID: uuid.NewString(), Role: role}
			return p.Desk.DB().Change(t.Context(), p.Ref.Tenant, actor, func(ctx context.Context, tx *storage.Tx) error {
				return p.Desk.AnswerInquiry(ctx, tx, p.Ref, role, casework.InquiryAnswer{Inquiry: i.ID, Outcome: privacy.InquiryDone})
			})
		}
		refusal, refused := casework.RefusalOf(enters("agent"))
		require.True(t, refused)
		require.Equal(t, "role", refusal.Code)
		require.NoError(t, enters("dpo"))
		p.told()
	})
	p.run()
	printed := p.printed()
	require.Equal(t, "done", printed.Answer)
	require.True(t, printed.ByStaff)
}

// Whoever has moved is asked where they are now, with a link of its own; the one before leads nowhere.
func TestAMovedVendorIsAskedAnew(t *testing.T) {
	t.Parallel()
	p := newPlay(t, stage{request: []func(*casework.NewRequest){casetest.Proven}})
	printer := p.askable("printer", "email", vendorDocument, "")
	again := func(anew bool) error {
		return p.Desk.DB().Change(t.Context(), p.Ref.Tenant, casework.System("test"), func(ctx context.Context, tx *storage.Tx) error {
			return p.Desk.AskAgain(ctx, tx, p.Ref, uuid.NewString(), p.inquiry().ID, anew)
		})
	}
	p.at(time.Hour, func() {
		require.Error(t, again(false), "the first letter is not written yet")
		p.visits(p.inquiry().ID)
		require.NoError(t, again(false))
		require.Len(t, p.inquiries(), 1, "the letter again")
		p.Change(func(ctx context.Context, tx *storage.Tx) error {
			system, err := tx.System(ctx, printer)
			if err != nil {
				return err
			}
			system.Service = strings.Replace(vendorDocument, "privacy@", "dpo@", 1)
			return tx.UpdateSystem(ctx, system)
		})
		before := p.inquiry().ID
		require.NoError(t, again(false))
		require.NotEqual(t, before, p.inquiry().ID)
		require.Equal(t, "dpo@printing.example", p.inquiry().Address)
		require.True(t, p.inquiry().Awaited)
		p.visits(p.inquiry().ID)
		third := p.inquiry().ID
		require.NoError(t, again(true))
		require.NotEqual(t, third, p.inquiry().ID, "a link that got into wrong hands is replaced")
		p.visits(p.inquiry().ID)
		require.Len(t, p.Letters(notify.KindInquiry), 3)
		require.NoError(t, p.answers(p.askedBy(p.letterTo(notify.KindInquiry)), privacy.InquiryNothing, ""))
		p.told()
	})
	p.at(2*time.Hour, p.reviewed)
	p.at(3*time.Hour, func() { p.Fetch() })
	p.run()
	require.Equal(t, privacy.OutcomeFulfilled, p.Outcome())
}

// freed plays until somebody went on without the printer, while the binder's answer is waited for.
func freed(t *testing.T) (p *play, printer, binder uuid.UUID) {
	t.Helper()
	p = newErasure(t, stage{})
	printer, binder = p.askable("printer", "email", vendorDocument, ""), p.askable("binder", "email", vendorDocument, "")
	p.at(time.Hour, p.proposed)
	p.at(2*time.Hour, p.approved)
	p.at(3*time.Hour, func() {
		for _, i := range p.inquiries() {
			p.visits(i.ID)
		}
		p.accepted(casetest.Command(contract.GoOnWithout, casetest.On(printer), p.Saying("Three weeks.")))
	})
	return p, printer, binder
}

// askedAbout is the newest inquiry about a system.
func (p *play) askedAbout(system uuid.UUID) (found storage.Inquiry) {
	p.t.Helper()
	for _, i := range p.inquiries() {
		if i.System != nil && *i.System == system {
			found = i
		}
	}
	return found
}

// What is counted anew asks nobody on by the plan before: not who was gone on without either, once the person has taken the request back.
func TestANewCountEndsWhatWasGoneOnWithout(t *testing.T) {
	t.Parallel()
	p, printer, _ := freed(t)
	p.at(4*time.Hour, func() { p.accepted(casetest.Command(contract.Recollect, p.Saying("Anew."))) })
	p.at(5*time.Hour, func() { p.accepted(casetest.Command(contract.Withdraw)) })
	p.run()
	later := p.after(t, 6*day)
	require.Equal(t, storage.InquiryClosed, later.askedAbout(printer).State)
	require.True(t, later.visits(later.askedAbout(printer).ID).Done)
	require.Empty(t, later.Letters(notify.KindInquiryReminder))
}

// Going on lowers nobody's bar: an agent enters no erasure's answer behind it, and asking again hides no refusal.
func TestGoingOnHidesNothing(t *testing.T) {
	t.Parallel()
	p, printer, binder := freed(t)
	agent := audit.Actor{Kind: audit.Person, ID: uuid.NewString(), Role: "agent"}
	as := func(do func(context.Context, *storage.Tx) error) error {
		return p.Desk.DB().Change(t.Context(), p.Tenant, agent, do)
	}
	p.at(4*time.Hour, func() {
		refusal, refused := casework.RefusalOf(as(func(ctx context.Context, tx *storage.Tx) error {
			return p.Desk.AnswerInquiry(ctx, tx, p.Ref, "agent", casework.InquiryAnswer{Inquiry: p.askedAbout(printer).ID, Outcome: privacy.InquiryDone})
		}))
		require.True(t, refused)
		require.Equal(t, "role", refusal.Code)
		p.Change(func(ctx context.Context, tx *storage.Tx) error {
			return p.Desk.AnswerInquiry(ctx, tx, p.Ref, "dpo", casework.InquiryAnswer{Inquiry: p.askedAbout(printer).ID, Outcome: privacy.InquiryRefused, Words: "A bank."})
		})
		require.NoError(t, as(func(ctx context.Context, tx *storage.Tx) error {
			return p.Desk.AskAgain(ctx, tx, p.Ref, "again", p.askedAbout(printer).ID, true)
		}))
		p.accepted(casetest.Command(contract.GoOnWithout, casetest.On(binder), p.Saying("Slow.")))
	})
	p.run()
	require.Equal(t, "refused", p.printed().Answer)
}

// printed is what the certificate says of the printing house.
func (p *play) printed() audit.CertifiedSystem {
	p.t.Helper()
	for _, s := range p.certificate().Systems {
		if s.Key == "printer" {
			return s
		}
	}
	p.t.Fatal("the certificate does not name the printing house")
	return audit.CertifiedSystem{}
}

// The person hears within 24 hours of the beginning what was erased: a vendor that takes its time holds no word back about the rest (Art. 12(3) GDPR).
func TestArt12ThePersonHearsWithinADayWhateverIsSlow(t *testing.T) {
	t.Parallel()
	p := newErasure(t, stage{})
	printer := p.askable("printer", "email", vendorDocument, "")
	p.at(time.Hour, p.proposed)
	p.at(2*time.Hour, p.approved)
	p.at(3*time.Hour, func() {
		p.visits(p.inquiry().ID)
		owed := p.Obligation(privacy.ConfirmErasure)
		require.Equal(t, storage.ObligationOpen, owed.State)
		require.WithinDuration(t, monday().Add(26*time.Hour), owed.Due, time.Minute)
	})
	p.at(21*time.Hour, func() { require.Empty(t, p.Letters(notify.KindErasureUnderWay)) })
	p.at(23*time.Hour, func() {
		require.Len(t, p.Letters(notify.KindErasureUnderWay), 1)
		letter := unwrapped(p.Letters(notify.KindErasureUnderWay)[0].Text)
		require.Contains(t, letter, "We have erased your data here: - The shop")
		require.Contains(t, letter, "wait for their answer: - Printing House")
		require.Equal(t, storage.ObligationMet, p.Obligation(privacy.ConfirmErasure).State)
		require.Empty(t, p.Letters(notify.KindErased))
		p.accepted(casetest.Command(contract.GoOnWithout, casetest.On(printer), p.Saying("Too slow.")))
	})
	p.run()
	require.Len(t, p.Letters(notify.KindErased), 1, "the last word follows")
	require.Len(t, p.Letters(notify.KindErasureUnderWay), 1)
}

// What is done within the day needs no word in between; the promise is met with the answer.
func TestArt12AnErasureOfADayHasOneLetter(t *testing.T) {
	t.Parallel()
	p := newErasure(t, stage{})
	p.at(time.Hour, p.proposed)
	p.at(2*time.Hour, p.approved)
	p.at(40*time.Hour, func() {
		require.Equal(t, storage.ObligationMet, p.Obligation(privacy.ConfirmErasure).State)
		require.Empty(t, p.Letters(notify.KindErasureUnderWay))
	})
	p.run()
	require.Len(t, p.Letters(notify.KindErased), 1)
}

// What is begun anew after the person has heard of the first has hours of its own, and what is counted anew before that is told of all the same.
func TestArt12AnErasureThatBeginsAnewIsToldOfAnew(t *testing.T) {
	t.Parallel()
	p := newErasure(t, stage{})
	printer := p.askable("printer", "email", vendorDocument, "")
	p.at(time.Hour, p.proposed)
	p.at(2*time.Hour, p.approved)
	p.at(3*time.Hour, func() {
		p.hold(p.Person)
		p.accepted(casetest.Command(contract.Recollect))
	})
	p.at(23*time.Hour, func() {
		require.Contains(t, unwrapped(p.Letters(notify.KindErasureUnderWay)[0].Text), "are not done yet. When all of it is done")
		p.liftHolds()
		p.accepted(casetest.Command(contract.Recollect))
	})
	p.at(24*time.Hour, p.proposed)
	p.at(25*time.Hour, p.approved)
	p.at(26*time.Hour, func() {
		owed := p.Obligation(privacy.ConfirmErasure)
		require.Equal(t, storage.ObligationOpen, owed.State)
		require.Equal(t, "execution", owed.DateCause)
		require.WithinDuration(t, monday().Add(49*time.Hour), owed.Due, time.Minute)
	})
	p.at(46*time.Hour, func() {
		require.Len(t, p.Letters(notify.KindErasureUnderWay), 2)
		p.accepted(casetest.Command(contract.GoOnWithout, casetest.On(printer), p.Saying("Too slow.")))
	})
	p.run()
	require.Equal(t, storage.ObligationMet, p.Obligation(privacy.ConfirmErasure).State)
	require.Len(t, p.Letters(notify.KindErased), 1)
}
