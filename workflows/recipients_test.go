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

// recipients are a carrier that gets addresses, a bank that gets nothing that is erased, an authority, and a partner with everything.
const recipients = `    recipients:
      - {name: Parcels Ltd, role: processor, purpose: {en: Delivery}, country: DE, data_categories: [user.contact]}
      - {name: The Bank, role: controller, purpose: {en: Payment}, country: DE, data_categories: [user.financial]}
      - {name: Tax Office, role: authority, purpose: {en: Tax}, country: DE, data_categories: [user]}
      - {name: Partner AG, role: controller, purpose: {en: Analysis}, country: DE, data_categories: [user]}
`

// disclosing declares recipients of the shop's data; change may alter the system further.
func (p *play) disclosing(change func(*storage.System)) {
	p.t.Helper()
	p.Change(func(ctx context.Context, tx *storage.Tx) error {
		system, err := tx.System(ctx, p.Shop.ID)
		require.NoError(p.t, err)
		system.Declaration = strings.Replace(system.Declaration, "    recipients: []\n", recipients, 1)
		change(&system)
		return tx.UpdateSystem(ctx, system)
	})
}

func (p *play) notices() (out []storage.RecipientNotice) {
	p.t.Helper()
	p.Read(func(ctx context.Context, tx *storage.Tx) (err error) {
		out, err = tx.RecipientNotices(ctx, p.Ref.Case)
		return err
	})
	return out
}

func (p *play) tell(key string, telling casework.RecipientTelling) error {
	p.t.Helper()
	return p.Desk.DB().Change(p.t.Context(), p.Tenant, casework.System("test"), func(ctx context.Context, tx *storage.Tx) error {
		return p.Desk.TellRecipient(ctx, tx, p.Ref, key, telling)
	})
}

// Art. 19 GDPR: who got what was erased must hear of it, unless that is impossible or disproportionate, and the record says which.
func TestArt19RecipientsOfWhatWasErasedAreOwed(t *testing.T) {
	t.Parallel()
	p := newErasure(t, stage{})
	p.disclosing(func(*storage.System) {})
	p.at(time.Hour, p.proposed)
	p.at(2*time.Hour, func() {
		require.Empty(t, p.notices(), "nothing is owed before something is erased")
		p.approved()
	})
	p.run()
	owed := p.notices()
	require.Len(t, owed, 2, "not the bank, which got none of it, and not the authority")
	require.Equal(t, []string{"Parcels Ltd", "Partner AG"}, []string{owed[0].Recipient, owed[1].Recipient})
	require.Equal(t, []string{"user.contact"}, owed[0].Categories)
	for _, n := range owed {
		require.Equal(t, "to_tell", n.State)
	}

	parcels := casework.RecipientTelling{Notice: owed[0].ID, State: privacy.RecipientTold, Note: "By mail to their data protection officer."}
	require.NoError(t, p.tell("a", parcels))
	require.NoError(t, p.tell("a", parcels), "once per key")
	require.Error(t, p.tell("b", parcels), "told is told")
	require.NoError(t, p.tell("c", casework.RecipientTelling{Notice: owed[0].ID, State: privacy.RecipientConfirmed, Note: "Answered on Friday."}))
	require.ErrorContains(t, p.tell("d", casework.RecipientTelling{Notice: owed[1].ID, State: privacy.RecipientNotTold, Note: "x"}), "impossible")
	require.NoError(t, p.tell("e", casework.RecipientTelling{Notice: owed[1].ID, State: privacy.RecipientNotTold, Reason: privacy.ReasonImpossible, Note: "The firm is dissolved."}))
	now := p.notices()
	require.Equal(t, []string{"confirmed", "not_told"}, []string{now[0].State, now[1].State})
	require.Equal(t, "impossible", *now[1].Reason)
	p.Read(func(ctx context.Context, tx *storage.Tx) error {
		subject, err := tx.Subject(ctx, p.Case().SubjectID)
		require.NoError(t, err)
		notes, err := tx.Notes(ctx, p.Case(), subject)
		require.NoError(t, err)
		var texts []string
		for _, n := range notes {
			texts = append(texts, n.Body)
		}
		require.Contains(t, texts, "Partner AG: The firm is dissolved.")
		return nil
	})
}

// Where nothing is erased because everything is kept, nobody is owed anything.
func TestArt19NobodyIsOwedWhereAllIsKept(t *testing.T) {
	t.Parallel()
	p := newErasure(t, stage{})
	p.disclosing(func(*storage.System) {})
	p.Change(func(ctx context.Context, tx *storage.Tx) error {
		_, err := tx.PlaceHold(ctx, storage.NewHold{
			Matter: "312 O 44/26", Citation: "Art. 17(3)(e) GDPR", Reason: "a claim", ReviewOn: privacy.NewDate(2026, 9, 1), People: []storage.Person{{Email: p.Person.Email}},
		})
		return err
	})
	p.at(time.Hour, p.proposed)
	p.at(2*time.Hour, p.approved)
	p.at(3*time.Hour, func() {
		p.is(privacy.RequestClosed)
		require.Empty(t, p.notices())
		p.Change(func(ctx context.Context, tx *storage.Tx) error {
			holds, err := tx.HoldsOn(ctx, p.Person)
			require.NoError(t, err)
			return tx.LiftHold(ctx, holds[0].ID, "settled")
		})
	})
	p.run()
}

// tasksAbout are the addressees of the open tasks about inquiries.
func (p *play) tasksAbout() (addressees []string) {
	p.t.Helper()
	p.Read(func(ctx context.Context, tx *storage.Tx) error {
		tasks, err := tx.CaseTasks(ctx, p.Ref.Case)
		for _, task := range tasks {
			if task.State == "open" && task.Addressee != nil {
				addressees = append(addressees, *task.Addressee)
			}
		}
		return err
	})
	return addressees
}

// Art. 19 GDPR: whom nobody can write to a member of staff tells, who has a task for it; nobody forgets them, and what is put on record ends the task.
func TestArt19RecipientsWithoutAMailboxAreATask(t *testing.T) {
	t.Parallel()
	p := newErasure(t, stage{})
	p.disclosing(func(*storage.System) {})
	p.at(time.Hour, p.proposed)
	p.at(2*time.Hour, p.approved)
	p.run()
	parcels, partner := p.askedOf("Parcels Ltd"), p.askedOf("Partner AG")
	require.Equal(t, storage.InquiryByHand, parcels.Channel)
	require.Equal(t, []string{"user.contact"}, parcels.Body.Categories)
	p.visits(parcels.ID)
	p.visits(partner.ID)
	require.Equal(t, []string{storage.TaskInquiry, storage.TaskInquiry}, p.OpenTasks())
	require.ElementsMatch(t, []string{"Parcels Ltd", "Partner AG"}, p.tasksAbout(), "a task says whom it is about")
	require.Contains(t, p.Letters(notify.KindTaskCreated)[len(p.Letters(notify.KindTaskCreated))-1].Text, "Partner AG")
	err := p.Desk.DB().Change(t.Context(), p.Tenant, casework.System("test"), func(ctx context.Context, tx *storage.Tx) error {
		return p.Desk.CloseInquiry(ctx, tx, p.Ref, "close", partner.ID, "no answer")
	})
	require.ErrorContains(t, err, "nobody has told this recipient")

	owed := p.notices()
	require.NoError(t, p.tell("a", casework.RecipientTelling{Notice: owed[0].ID, State: privacy.RecipientTold, Note: "Told their officer on the telephone."}))
	require.Len(t, p.OpenTasks(), 1, "whoever told them need not ask any more")
	require.True(t, p.askedOf("Parcels Ltd").Open(), "their answer is waited for")
	require.NoError(t, p.tell("b", casework.RecipientTelling{Notice: owed[1].ID, State: privacy.RecipientNotTold, Reason: privacy.ReasonImpossible, Note: "Dissolved."}))
	require.Empty(t, p.OpenTasks())
	require.Equal(t, storage.InquiryClosed, p.askedOf("Partner AG").State)

	late := p.again(t)
	late.at(15*day, func() {
		require.Equal(t, []string{storage.TaskInquiry}, late.OpenTasks(), "they never answered: somebody has to ask")
		require.NoError(t, late.tell("c", casework.RecipientTelling{Notice: owed[0].ID, State: privacy.RecipientConfirmed, Note: "Their letter of Friday."}))
		late.env.SignalWorkflow(contract.SignalInquiry, nil)
	})
	late.env.ExecuteWorkflow(contract.InquiryWorkflow, contract.InquiryInput{Ref: p.Ref, Inquiry: parcels.ID})
	require.True(t, late.env.IsWorkflowCompleted())
	require.NoError(t, late.env.GetWorkflowError())
	require.Empty(t, late.OpenTasks())
	require.Equal(t, privacy.InquiryDone, p.askedOf("Parcels Ltd").Outcome)
	require.Equal(t, "Their letter of Friday.", p.askedOf("Parcels Ltd").Words)
}

// A recipient that has a system is told over its connector: with what it is asked about its system at first, and by itself of what is erased later.
func TestArt19RecipientsAreToldOverTheConnectorOfTheirSystem(t *testing.T) {
	t.Parallel()
	p := newErasure(t, stage{tenant: german})
	printer := p.askable("printer", "email", vendorDocument, "")
	p.disclosing(func(s *storage.System) {
		s.Declaration = strings.Replace(s.Declaration, "{en: Analysis}, country: DE,", "{en: Analysis}, system: printer, country: DE,", 1)
	})
	stateOf := func(name string) (states []string) {
		for _, n := range p.notices() {
			if n.Recipient == name {
				states = append(states, n.State)
				require.Equal(t, printer, *n.ThroughID)
				require.Equal(t, "Printing House", *n.ThroughName)
			}
		}
		return states
	}
	p.at(time.Hour, p.proposed)
	p.at(2*time.Hour, p.approved)
	p.at(3*time.Hour, func() { p.visits(p.askedAbout(printer).ID) })
	p.at(4*time.Hour, func() {
		p.accepted(casetest.Command(contract.GoOnWithout, casetest.On(printer), p.Saying("They are slow.")))
	})
	p.at(5*time.Hour, func() {
		require.Equal(t, []string{"told"}, stateOf("Partner AG"), "they were asked about their system; their answer is to come")
		require.NoError(t, p.answers(p.askedBy(p.letterTo(notify.KindInquiry)), privacy.InquiryDone, ""))
		require.Equal(t, []string{"confirmed"}, stateOf("Partner AG"))
	})
	p.run()
	require.True(t, p.deferral().Done)
	require.Equal(t, []string{"confirmed", "to_tell"}, stateOf("Partner AG"), "of what was erased later they are still to hear")
	last := p.askedOf("Partner AG")
	require.Equal(t, []any{storage.InquiryByEmail, "privacy@printing.example", printer}, []any{last.Channel, last.Address, *last.System})
	require.Len(t, last.Body.Notices, 1)
	p.visits(last.ID)
	require.Equal(t, []string{"confirmed", "told"}, stateOf("Partner AG"))
	require.NoError(t, p.answers(p.askedBy(p.letterTo(notify.KindInquiry)), privacy.InquiryRefused, "A duty of ours."))
	require.Equal(t, []string{"confirmed", "told"}, stateOf("Partner AG"))
}
