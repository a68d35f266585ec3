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
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// through has Partner AG hear of everything over the connector of the printer.
func (p *play) through() {
	p.disclosing(func(s *storage.System) {
		s.Declaration = strings.Replace(s.Declaration, "{en: Analysis}, country: DE,", "{en: Analysis}, system: printer, country: DE,", 1)
	})
}

func (p *play) answered(i storage.Inquiry, outcome privacy.InquiryOutcome, words string) {
	p.t.Helper()
	p.Change(func(ctx context.Context, tx *storage.Tx) error {
		return p.Desk.AnswerInquiry(ctx, tx, p.Ref, "answer/"+i.ID.String(), casework.InquiryAnswer{Inquiry: i.ID, Outcome: outcome, Words: words})
	})
}

func (p *play) states() map[string]string {
	p.t.Helper()
	out := map[string]string{}
	for _, n := range p.notices() {
		out[n.Recipient+n.Turn] = n.State
	}
	return out
}

// What others have refused or not answered is not told as erased, also while an erasure is under way.
func TestArt12TheLetterOnTheWaySaysWhatOthersSaid(t *testing.T) {
	t.Parallel()
	p := newErasure(t, stage{})
	printer, binder := p.askable("printer", "email", vendorDocument, ""), p.askable("binder", "email", vendorDocument, "")
	p.at(time.Hour, p.proposed)
	p.at(2*time.Hour, p.approved)
	p.at(3*time.Hour, func() {
		for _, i := range p.inquiries() {
			p.visits(i.ID)
		}
		p.answered(p.askedAbout(printer), privacy.InquiryRefused, "A bank.")
		p.told()
	})
	p.at(4*time.Hour, func() {
		p.accepted(casetest.Command(contract.GoOnWithout, casetest.On(printer), p.Saying("A controller of its own.")))
	})
	p.at(23*time.Hour, func() {
		letters := p.Letters(notify.KindErasureUnderWay)
		require.Len(t, letters, 1)
		text := unwrapped(letters[0].Text)
		require.Contains(t, text, "Printing House: they have told us that they will not erase what they hold.")
		require.Equal(t, 2, strings.Count(text, "Printing House"), "the binder is called so, too, and is waited for")
		require.Contains(t, text, "wait for their answer: - Printing House")
		p.accepted(casetest.Command(contract.GoOnWithout, casetest.On(binder), p.Saying("Too slow.")))
	})
	p.run()
}

// Whoever takes a request back by which something is erased already hears of it, and so do the recipients; refused it can't be as if nothing were.
func TestArt12WhatIsErasedIsToldHoweverItEnds(t *testing.T) {
	t.Parallel()
	for _, how := range []contract.CommandKind{contract.Withdraw, contract.Refuse, contract.Cancel} {
		t.Run(string(how), func(t *testing.T) {
			t.Parallel()
			p := newErasure(t, stage{})
			p.askable("printer", "email", vendorDocument, "")
			p.disclosing(func(*storage.System) {})
			p.at(time.Hour, p.proposed)
			p.at(2*time.Hour, p.approved)
			p.at(3*time.Hour, func() { p.accepted(casetest.Command(contract.Recollect, p.Saying("Anew."))) })
			p.at(5*time.Hour, func() {
				switch how {
				case contract.Refuse:
					require.Equal(t, "erased_partly", p.refusedFor(casetest.Command(how, casetest.Because("legal_obligation"), p.Saying("no"))))
				case contract.Cancel:
					require.Equal(t, "erased_partly", p.refusedFor(casetest.Command(how, casetest.Because("mistake"), p.Saying("no"))))
				}
				p.accepted(casetest.Command(contract.Withdraw))
			})
			p.run()
			require.Equal(t, privacy.OutcomeWithdrawn, p.Outcome())
			require.Equal(t, map[string]string{"Parcels Ltd": "to_tell", "Partner AG": "to_tell"}, p.states())
			text := unwrapped(p.Letters(notify.KindWithdrawn)[0].Text)
			require.Contains(t, text, "By then we had erased data about you here. That can’t be undone: - ")
			require.NotContains(t, text, "Printing House", "it has not answered")
		})
	}
}

// Where no clock ran at the hour of the letter it is written at the next that there is.
func TestArt12TheLetterComesAlsoWhereTheClockWasLost(t *testing.T) {
	t.Parallel()
	for name, gap := range map[string]time.Duration{"before the hour": 5 * time.Hour, "behind it": 21 * time.Hour, "behind the end": 30 * time.Hour} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newErasure(t, stage{})
			printer := p.askable("printer", "email", vendorDocument, "")
			p.at(time.Hour, p.proposed)
			p.at(2*time.Hour, p.approved)
			p.at(150*time.Minute, func() { p.visits(p.inquiry().ID) })
			next := p.lost(3*time.Hour, gap)
			next.at(72*time.Hour, func() {
				require.Len(t, next.Letters(notify.KindErasureUnderWay), 1)
				require.Equal(t, storage.ObligationMet, next.Obligation(privacy.ConfirmErasure).State)
				next.accepted(casetest.Command(contract.GoOnWithout, casetest.On(printer), next.Saying("x")))
			})
			next.goesOn()
			require.Len(t, next.Letters(notify.KindErasureUnderWay), 1)
		})
	}
}

// An answer to what was asked at first says nothing of what is erased years later.
func TestArt19AnAnswerCountsForWhatWasAsked(t *testing.T) {
	t.Parallel()
	p := newErasure(t, stage{tenant: german})
	printer := p.askable("printer", "email", vendorDocument, "")
	p.through()
	p.at(time.Hour, p.proposed)
	p.at(2*time.Hour, p.approved)
	p.at(3*time.Hour, func() { p.visits(p.askedAbout(printer).ID) })
	p.at(4*time.Hour, func() {
		p.accepted(casetest.Command(contract.GoOnWithout, casetest.On(printer), p.Saying("They are slow.")))
	})
	p.run()
	var first storage.Inquiry
	for _, i := range p.inquiries() {
		if i.System != nil && len(i.Body.Notices) == 0 {
			first = i
		}
	}
	p.answered(first, privacy.InquiryNothing, "")
	var later int
	for who, state := range p.states() {
		switch {
		case who == "Partner AG":
			require.Equal(t, "confirmed", state)
		case strings.HasPrefix(who, "Partner AG"):
			later++
			require.Equal(t, "to_tell", state, "its own question is not sent yet")
		}
	}
	require.Positive(t, later)
}

// A question that a recipient has not heard of is not closed, however the recipient hears of it.
func TestArt19NobodyIsLeftUntoldByClosing(t *testing.T) {
	t.Parallel()
	p := newErasure(t, stage{})
	printer := p.askable("printer", "email", vendorDocument, "")
	p.through()
	p.at(time.Hour, p.proposed)
	p.at(2*time.Hour, p.approved)
	p.at(3*time.Hour, func() {
		p.accepted(casetest.Command(contract.GoOnWithout, casetest.On(printer), p.Saying("Stopped.")))
	})
	p.run()
	err := p.Desk.DB().Change(t.Context(), p.Tenant, casework.System("test"), func(ctx context.Context, tx *storage.Tx) error {
		return p.Desk.CloseInquiry(ctx, tx, p.Ref, "close", p.askedAbout(printer).ID, "no answer")
	})
	require.ErrorContains(t, err, "nobody has told this recipient")
	require.Equal(t, "to_tell", p.states()["Partner AG"])
}

// With a request what others were asked for it is forgotten: nobody has a task that can't be done, and no workflow goes on with it.
func TestForgettingEndsWhatOthersWereAsked(t *testing.T) {
	t.Parallel()
	p := newErasure(t, stage{})
	printer := p.askable("printer", "email", vendorDocument, "")
	p.disclosing(func(*storage.System) {})
	p.at(time.Hour, p.proposed)
	p.at(2*time.Hour, p.approved)
	p.at(3*time.Hour, func() {
		p.visits(p.askedAbout(printer).ID)
		p.accepted(casetest.Command(contract.GoOnWithout, casetest.On(printer), p.Saying("They are slow.")))
	})
	p.run()
	asked := p.inquiries()
	for _, i := range asked {
		p.visits(i.ID)
	}
	for _, n := range p.notices() {
		require.NoError(t, p.tell(n.ID.String(), casework.RecipientTelling{Notice: n.ID, State: privacy.RecipientTold, Note: "By telephone."}))
	}
	mid := p.after(t, 20*day)
	for _, i := range asked {
		mid.visits(i.ID)
	}
	require.NotEmpty(t, mid.OpenTasks(), "nobody has answered")
	late := mid.after(t, 8*year)
	require.NoError(t, late.Desk.ForgetCase(t.Context(), late.Ref))
	require.NotNil(t, late.Case().ForgottenAt)
	require.Empty(t, late.OpenTasks())
	for _, i := range asked {
		require.True(t, late.visits(i.ID).Done, i.Addressee)
	}
}

// A hold that is placed on a number which stands in the person's rows keeps what others hold, too.
func TestAHoldByWhatRowsSayKeepsWhatOthersHold(t *testing.T) {
	t.Parallel()
	p := newErasure(t, stage{tenant: german})
	printer := p.askable("printer", "email", vendorDocument, "")
	p.Shop.Exec(`ALTER TABLE customers ADD phone text`)
	p.Shop.Exec(`UPDATE customers SET phone = '+4930901820' WHERE email = $1`, p.Person.Email)
	p.annotated(func(annotation, declaration string) (string, string) {
		return strings.Replace(annotation, "          - {name: name,", "          - {name: phone, data_categories: [user.contact.phone_number], fides_meta: {identity: phone_number, data_type: string}}\n          - {name: name,", 1), declaration
	})
	p.through()
	p.at(time.Hour, p.proposed)
	p.at(2*time.Hour, p.approved)
	p.at(3*time.Hour, func() {
		p.visits(p.askedAbout(printer).ID)
		p.answered(p.askedAbout(printer), privacy.InquiryDone, "")
		p.told()
	})
	p.at(year, func() {
		p.Change(func(ctx context.Context, tx *storage.Tx) error {
			_, err := tx.PlaceHold(ctx, storage.NewHold{
				Matter: "312 O 44/34", Citation: "Art. 17(3)(e) GDPR", Reason: "a claim", ReviewOn: privacy.NewDate(2036, 1, 1), People: []storage.Person{{Phone: "+4930901820"}}, Systems: []string{"printer"},
			})
			return err
		})
	})
	p.run()
	var later int
	for _, i := range p.inquiries() {
		if len(i.Body.Notices) > 0 && i.Addressee == "Partner AG" {
			later++
			require.Equal(t, storage.InquiryByHand, i.Channel, "somebody has to say what the hold means there")
		}
	}
	require.Positive(t, later)
}
