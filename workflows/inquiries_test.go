package workflows_test

import (
	"bytes"
	"context"
	"fmt"
	"regexp"
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

const askedDeclaration = `
declaration:
  - system: %s
    name: {en: Printing House}
    purposes:
      - {use: essential.service, description: {en: Printing letters}, lawful_basis: contract, data_categories: [user]}
    retention: [{data_categories: [user], criteria: {en: as long as needed}}]
    source: {from_subject: true}
    automated_decisions: []
`

const vendorDocument = `
asked:
  of: Printing House
  email: privacy@printing.example
  answer_within_days: 10
`

const colleaguesDocument = `
asked:
  of: The archive
  instructions: Ring the archive and name the customer.
`

// askable adds a system that somebody is asked about.
func (p *play) askable(key, kind, document, secrets string) (id uuid.UUID) {
	p.t.Helper()
	p.Change(func(ctx context.Context, tx *storage.Tx) (err error) {
		id, err = tx.AddSystem(ctx, storage.System{
			Key: key, Name: "Printing House", Kind: kind, Target: secrets, Service: document, Declaration: fmt.Sprintf(askedDeclaration, key),
		})
		return err
	})
	return id
}

func (p *play) inquiries() (all []storage.Inquiry) {
	p.t.Helper()
	p.Read(func(ctx context.Context, tx *storage.Tx) error {
		subject, err := tx.Subject(ctx, p.Case().SubjectID)
		if err != nil {
			return err
		}
		all, err = tx.Inquiries(ctx, p.Ref.Case, subject)
		return err
	})
	return all
}

// inquiry is the only one that is open.
func (p *play) inquiry() (open storage.Inquiry) {
	p.t.Helper()
	for _, i := range p.inquiries() {
		if i.Open() {
			require.Empty(p.t, open.ID, "only one is open")
			open = i
		}
	}
	require.NotEmpty(p.t, open.ID, "one is open")
	return open
}

// visits does what the workflow of an inquiry does at one of its looks.
func (p *play) visits(id uuid.UUID) casework.InquiryStep {
	p.t.Helper()
	step, err := p.Desk.StepInquiry(p.t.Context(), contract.InquiryInput{Ref: p.Ref, Inquiry: id})
	require.NoError(p.t, err)
	return step
}

// askedOf is the newest inquiry at somebody, by name.
func (p *play) askedOf(name string) (newest storage.Inquiry) {
	p.t.Helper()
	for _, i := range p.inquiries() {
		if i.Addressee == name {
			newest = i
		}
	}
	require.NotEmpty(p.t, newest.ID, "%s is asked", name)
	return newest
}

var askedLink = regexp.MustCompile(`/asked/([A-Za-z0-9_-]+)`)

// letterTo is the token in the newest letter to whoever is asked.
func (p *play) letterTo(kind notify.Kind) string {
	p.t.Helper()
	letters := p.Letters(kind)
	require.NotEmpty(p.t, letters)
	found := askedLink.FindStringSubmatch(letters[len(letters)-1].Text)
	require.NotNil(p.t, found)
	return found[1]
}

func (p *play) askedBy(token string) casework.AskedOn {
	p.t.Helper()
	at, err := p.Desk.AskedBy(p.t.Context(), p.Tenant, token)
	require.NoError(p.t, err)
	return at
}

func (p *play) answers(at casework.AskedOn, outcome privacy.InquiryOutcome, words string) error {
	return p.Desk.AnswerAsked(p.t.Context(), at, uuid.NewString(), casework.InquiryAnswer{Outcome: outcome, Words: words})
}

// A vendor's letter names nobody. Behind its link they see whom it is about, send files of any name, and answer once; who it was is on record.
func TestAVendorAnswersOnAPage(t *testing.T) {
	t.Parallel()
	p := newPlay(t, stage{request: []func(*casework.NewRequest){casetest.Proven}})
	p.askable("printer", "email", vendorDocument, "")
	var body []byte
	p.at(time.Hour, func() {
		require.Empty(t, p.OpenTasks(), "nobody of the staff is asked while somebody else is")
		p.visits(p.inquiry().ID)
		letters := p.Letters(notify.KindInquiry)
		require.Len(t, letters, 1)
		require.Equal(t, "privacy@printing.example", letters[0].To)
		for _, secret := range []string{p.Person.Name, p.Person.Email} {
			require.NotContains(t, letters[0].Text, secret)
		}
	})
	p.at(2*time.Hour, func() {
		at := p.askedBy(p.letterTo(notify.KindInquiry))
		require.ErrorContains(t, p.answers(at, privacy.InquiryDone, ""), "there is no copy")
		require.Nil(t, p.inquiry().SeenAt)
		_, err := p.Desk.ShowAsked(t.Context(), at)
		require.NoError(t, err)
		require.NotNil(t, p.inquiry().SeenAt)
		who := casework.AddresseeActor(at.ID)
		require.NoError(t, p.Desk.AddInquiryFile(t.Context(), at.Ref, who, at.ID, `C:\letters\..\ana "1".pdf`, strings.NewReader("%PDF letter")))
		require.NoError(t, p.Desk.AddInquiryFile(t.Context(), at.Ref, who, at.ID, "addresses.csv", strings.NewReader("street,city")))
		require.ErrorIs(t, p.Desk.AddInquiryFile(t.Context(), at.Ref, who, at.ID, "empty", strings.NewReader("")), casework.ErrInquiryFile)
		require.ErrorIs(t, p.Desk.AddInquiryFile(t.Context(), at.Ref, who, at.ID, "long", bytes.NewReader(make([]byte, casework.MaxDocument+1))), casework.ErrInquiryFile)
		require.ErrorContains(t, p.answers(at, privacy.InquiryPartly, ""), "say what was not done")
		require.NoError(t, p.answers(at, privacy.InquiryDone, ""))
		require.ErrorContains(t, p.answers(at, privacy.InquiryDone, "again"), "has ended")
		require.Equal(t, storage.InquiryAnswered, p.askedBy(p.letterTo(notify.KindInquiry)).State)
		p.told()
	})
	p.at(3*time.Hour, p.reviewed)
	p.at(4*time.Hour, func() { body = p.Fetch() })
	p.run()
	files := unzipped(t, body)
	require.Equal(t, "%PDF letter", files["files/printer/answer/1-ana_1.pdf"])
	require.Equal(t, "street,city", files["files/printer/answer/2-addresses.csv"])
	p.Read(func(ctx context.Context, tx *storage.Tx) error {
		events, err := tx.AuditEvents(ctx, storage.AuditFilter{Limit: 10, Case: &p.Ref.Case, Action: audit.InquiryAnswered})
		require.NoError(t, err)
		require.Len(t, events, 1)
		require.Equal(t, audit.Addressee, events[0].Event.Actor.Kind)
		return nil
	})
}

// Where all that there is somebody else has, the list of what is deferred names the hold that keeps it, too.
func TestAHoldIsNamedWhereOnlyOthersHoldAnything(t *testing.T) {
	t.Parallel()
	p := newErasure(t, stage{})
	p.askable("printer", "email", vendorDocument, "")
	p.Change(func(ctx context.Context, tx *storage.Tx) error {
		shop, err := tx.System(ctx, p.Shop.ID)
		require.NoError(t, err)
		shop.State = storage.SystemDisabled
		require.NoError(t, tx.UpdateSystem(ctx, shop))
		_, err = tx.PlaceHold(ctx, storage.NewHold{
			Matter: "312 O 44/26", Citation: "Art. 17(3)(e) GDPR", Reason: "a claim", ReviewOn: privacy.NewDate(2026, 9, 1), People: []storage.Person{{Email: p.Person.Email}},
		})
		return err
	})
	p.at(time.Hour, p.proposed)
	p.at(2*time.Hour, p.approved)
	p.at(3*time.Hour, func() {
		p.Read(func(ctx context.Context, tx *storage.Tx) error {
			lines, err := tx.Deferrals(ctx, storage.DeferralFilter{Limit: 10})
			require.Len(t, lines, 1)
			require.Len(t, lines[0].Holds, 1)
			require.Equal(t, "312 O 44/26", lines[0].Holds[0].Matter)
			return err
		})
		p.liftHolds()
	})
	p.at(3*day, func() {
		d := p.deferral()
		p.Change(func(ctx context.Context, tx *storage.Tx) error { return tx.ErasedLaterByHand(ctx, d, "printer") })
	})
	p.run()
	require.True(t, p.deferral().Done)
}

// The workflow of an inquiry reminds at the moments that the register names, goes on resting when nobody answers, and ends with the answer.
func TestAnInquiryIsLookedAfterUntilItIsAnswered(t *testing.T) {
	t.Parallel()
	p := newErasure(t, stage{})
	p.disclosing(func(s *storage.System) {
		s.Declaration = strings.Replace(s.Declaration, "data_categories: [user.contact]}", "data_categories: [user.contact], email: dpo@parcels.example}", 1)
	})
	p.at(time.Hour, p.proposed)
	p.at(2*time.Hour, p.approved)
	p.run()
	next := p.again(t)
	sent := func() int {
		return len(next.Letters(notify.KindInquiry)) + 10*len(next.Letters(notify.KindInquiryReminder))
	}
	next.at(time.Minute, func() { require.Equal(t, 1, sent()) })
	next.at(8*day, func() { require.Equal(t, 11, sent()) })
	next.at(15*day, func() { require.Equal(t, 21, sent()) })
	next.at(40*day, func() { require.Equal(t, 31, sent(), "three reminders, and then the staff have it") })
	next.at(80*day, func() {
		require.Equal(t, 31, sent())
		require.NoError(t, next.answers(next.askedBy(next.letterTo(notify.KindInquiry)), privacy.InquiryRefused, "We are no processor of yours."))
		next.env.SignalWorkflow(contract.SignalInquiry, nil)
	})
	next.env.ExecuteWorkflow(contract.InquiryWorkflow, contract.InquiryInput{Ref: p.Ref, Inquiry: p.askedOf("Parcels Ltd").ID})
	require.True(t, next.env.IsWorkflowCompleted())
	require.NoError(t, next.env.GetWorkflowError())
	require.Equal(t, []string{storage.TaskInquiry}, next.OpenTasks(), "a refusal is the officer's to take up")
	require.Equal(t, "told", p.notices()[0].State)
}

// An objection to advertising takes no proof of who objects: nobody outside is told of the mailbox that was named. A member of staff tells them.
func TestNobodyOutsideHearsOfAnUnprovenMailbox(t *testing.T) {
	t.Parallel()
	p := newPlay(t, stage{request: []func(*casework.NewRequest){asking(privacy.Objection, against(privacy.LimitMarketing))}})
	p.askable("printer", "email", vendorDocument, "")
	p.run()
	require.Len(t, p.inquiries(), 1)
	p.visits(p.inquiry().ID)
	require.Empty(t, p.Letters(notify.KindInquiry))
	require.Equal(t, storage.InquiryByHand, p.inquiries()[0].Channel)
	require.Equal(t, []string{storage.TaskInquiry}, p.OpenTasks(), "the task outlasts the case")
}

// What is counted anew is asked anew: whoever was asked to erase hears that no answer is needed, and is asked nothing while a hold stands.
func TestARecountTakesTheQuestionBack(t *testing.T) {
	t.Parallel()
	p := newErasure(t, stage{})
	p.askable("printer", "email", vendorDocument, "")
	p.at(time.Hour, p.proposed)
	p.at(2*time.Hour, p.approved)
	p.at(3*time.Hour, func() {
		p.visits(p.inquiry().ID)
		p.hold(p.Person)
		p.accepted(casetest.Command(contract.Recollect))
	})
	p.at(4*time.Hour, func() {
		require.Equal(t, storage.InquiryClosed, p.inquiries()[0].State)
		require.True(t, p.visits(p.inquiries()[0].ID).Done)
		require.Len(t, p.Letters(notify.KindInquiryClosed), 1)
		require.Zero(t, p.plan().Totals.Asked, "all that they hold is kept")
		p.accepted(casetest.Command(contract.Withdraw))
	})
	p.run()
}

// A system whose owner is not asked for copies is not among those that the cover says were searched.
func TestWhoIsNotAskedIsLeftOut(t *testing.T) {
	t.Parallel()
	p := newPlay(t, stage{request: []func(*casework.NewRequest){casetest.Proven}})
	p.askable("printer", "email", strings.Replace(vendorDocument, "  answer_within_days", "  rights: [erasure]\n  answer_within_days", 1), "")
	var body []byte
	p.at(time.Hour, p.reviewed)
	p.at(2*time.Hour, func() { body = p.Fetch() })
	p.run()
	require.Empty(t, p.inquiries())
	require.NotContains(t, unzipped(t, body)["index.html"], "Printing House", "the cover names what was searched")
}
