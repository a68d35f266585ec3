package workflows_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/activities"
	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/casework/casetest"
	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/correction"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/storage/storagetest"
	"github.com/privacy-docket/docket/workflows"
	"github.com/privacy-docket/docket/workflows/contract"
)

// newCorrection is a play about a person whose data is wrong, in a shop with somebody of the same name.
func newCorrection(t *testing.T, s stage) *play {
	t.Helper()
	s.request = append(s.request, func(n *casework.NewRequest) {
		casetest.Proven(n)
		n.Right = privacy.Rectification
	})
	p := newPlay(t, s)
	p.Shop.Correctable()
	other := storagetest.Person()
	other.Email, other.Name = "other@example.org", p.Person.Name
	p.Shop.Stock(other, 1)
	return p
}

func said(s string) *string { return &s }

// inShop is a correction of a customer's field.
func inShop(field string, was, becomes *string) correction.Proposal {
	return correction.Proposal{System: casetest.ShopKey, Address: dataset.Address{Dataset: "shop", Collection: "customers"}, Field: field, Was: was, Becomes: becomes}
}

// person is a member of the staff.
func person(id uuid.UUID) audit.Actor { return audit.Actor{Kind: audit.Person, ID: id.String()} }

// proposes has ana propose a correction.
func (p *play) proposes(key string, proposal correction.Proposal) (id uuid.UUID, err error) {
	p.t.Helper()
	err = p.Desk.DB().Change(p.t.Context(), p.Tenant, person(ana), func(ctx context.Context, tx *storage.Tx) (err error) {
		id, err = p.Desk.ProposeCorrection(ctx, tx, p.Ref, key, casework.NewCorrection{Proposal: proposal, Why: "The passport says so."})
		return err
	})
	return id, err
}

// decidesOn has ana decide on a correction.
func (p *play) decidesOn(id uuid.UUID, state string, reason privacy.RefusalReason) error {
	p.t.Helper()
	return p.Desk.DB().Change(p.t.Context(), p.Tenant, person(ana), func(ctx context.Context, tx *storage.Tx) error {
		return p.Desk.DecideCorrection(ctx, tx, p.Ref, "decide/"+state+id.String(), id, state, reason)
	})
}

// accepts proposes a correction and accepts it.
func (p *play) accepts(proposal correction.Proposal) {
	p.t.Helper()
	id, err := p.proposes(uuid.NewString(), proposal)
	require.NoError(p.t, err)
	require.NoError(p.t, p.decidesOn(id, storage.CorrectionAccepted, ""))
}

func (p *play) corrections() (all []storage.Correction) {
	p.t.Helper()
	p.Read(func(ctx context.Context, tx *storage.Tx) error {
		subject, err := tx.Subject(ctx, p.Case().SubjectID)
		if err != nil {
			return err
		}
		all, err = tx.Corrections(ctx, p.Ref.Case, subject)
		return err
	})
	return all
}

// correct has somebody write what was accepted.
func (p *play) correct(who uuid.UUID) contract.Command {
	return casetest.Command(contract.Correct, by(who, "dpo"), func(c *contract.Command) { c.Plan = casework.CorrectionsSum(p.corrections()) })
}

// refusedFor gives the code of the rule for which a command is refused.
func (p *play) refusedFor(c contract.Command) string {
	p.t.Helper()
	_, err := p.Desk.Do(p.t.Context(), contract.CommandInput{Ref: p.Ref, Command: c})
	refusal, ok := casework.RefusalOf(err)
	require.True(p.t, ok, "%v", err)
	return refusal.Code
}

// asks a question about the person's own row in the shop.
func (p *play) row(column string) (value *string) {
	p.t.Helper()
	n := p.Shop.Count(`SELECT count(*) FROM customers WHERE id = 1 AND ` + column + ` IS NULL`)
	if n == 1 {
		return nil
	}
	return said(p.Shop.Text(`SELECT ` + column + `::text FROM customers WHERE id = 1`))
}

// Art. 16 GDPR: what is wrong is written over, what is missing is filled in, everybody else's rows stay, and the person and the recipients hear of it.
func TestArt16Rectification(t *testing.T) {
	t.Parallel()
	p := newCorrection(t, stage{})
	p.disclosing(func(*storage.System) {})
	name := p.Person.Name
	p.at(time.Hour, func() {
		p.is(privacy.RequestReviewing)
		require.Equal(t, []string{storage.TaskCorrection}, p.OpenTasks())
		p.accepts(inShop("name", &name, said("Łucja Ó Néill")))
		p.accepts(inShop("born", nil, said("1980-12-31")))
		id, err := p.proposes("email", inShop("nickname", nil, said("Lulu")))
		require.NoError(t, err)
		require.Equal(t, "undecided", p.refusedFor(p.correct(bo)))
		require.NoError(t, p.decidesOn(id, storage.CorrectionRefused, privacy.DataAccurate))
		require.Equal(t, []string{name, name}, []string{*p.row("name"), p.Shop.Text(`SELECT name FROM customers WHERE id = 2`)}, "nothing is written before it is decided")
		p.accepted(p.correct(ana))
	})
	p.run()
	moves := slices.DeleteFunc(p.Steps(), func(step string) bool { return strings.HasSuffix(step, "_correction") })
	require.Equal(t, []string{"received", "identity_proven", "collected", "correction_begun", "executed"}, moves)
	require.Equal(t, privacy.OutcomeFulfilled, p.Outcome())
	require.Equal(t, storage.ObligationMet, p.Obligation(privacy.Respond).State)
	require.Equal(t, "Łucja Ó Néill", *p.row("name"))
	require.Equal(t, "1980-12-31", *p.row("born"))
	require.Nil(t, p.row("nickname"), "refused")
	require.Equal(t, name, p.Shop.Text(`SELECT name FROM customers WHERE id = 2`), "somebody else who has the same name")
	for _, c := range p.corrections() {
		if c.State == storage.CorrectionWritten {
			require.EqualValues(t, 1, *c.Rows)
		}
	}
	letters := p.Letters(notify.KindCorrected)
	require.Len(t, letters, 1)
	text := unwrapped(letters[0].Text)
	require.Contains(t, text, "- The shop (name) - The shop (born)")
	require.Contains(t, text, "The shop (nickname): We checked the data and found that it is correct.")
	require.NotContains(t, text, "1980", "what it says is in no letter")
	require.Empty(t, p.OpenTasks())
	owed := p.notices()
	require.Len(t, owed, 1, "who got everything; nobody else was given names or birthdays")
	require.Equal(t, "Partner AG", owed[0].Recipient)
}

// Bad proposals are refused with a reason, and nothing is written.
func TestCorrectionsThatDoNotFit(t *testing.T) {
	t.Parallel()
	p := newCorrection(t, stage{})
	name := p.Person.Name
	p.at(time.Hour, func() {
		for want, proposal := range map[string]correction.Proposal{
			"no such value":      inShop("name", said("Somebody"), said("x")),
			"has a value in all": inShop("name", nil, said("x")),
			"says what is there": inShop("name", &name, &name),
			"has to have":        inShop("name", &name, nil),
			"takes 20":           inShop("nickname", nil, said("123456789012345678901")),
			"must be a date":     inShop("born", nil, said("31.12.1980")),
			"is no field":        inShop("password", nil, said("x")),
			"was not read":       {System: "elsewhere", Field: "x"},
		} {
			_, err := p.proposes(want, proposal)
			require.ErrorContains(t, err, want)
			require.NotContains(t, err.Error(), name)
		}
		require.Equal(t, "nothing_accepted", p.refusedFor(p.correct(ana)))
		id, err := p.proposes("a", inShop("nickname", nil, said("Lulu")))
		require.NoError(t, err)
		_, err = p.proposes("b", inShop("nickname", nil, said("Lucy")))
		require.ErrorContains(t, err, "two corrections are of the same value")
		require.ErrorContains(t, p.decidesOn(id, storage.CorrectionRefused, privacy.FreedomOfExpression), "does not")
		require.NoError(t, p.decidesOn(id, storage.CorrectionTakenBack, ""))
		require.ErrorContains(t, p.decidesOn(id, storage.CorrectionAccepted, ""), "taken back already")
		p.accepts(inShop("nickname", nil, said("Lucy")))
		stale := p.correct(ana)
		p.accepts(inShop("born", nil, said("1980-12-31")))
		require.Equal(t, "corrections_changed", p.refusedFor(stale))
		p.annotated(func(annotation, declaration string) (string, string) {
			return annotation + "\n# another\n", declaration
		})
		require.Equal(t, "corrections_outdated", p.refusedFor(p.correct(ana)))
		p.accepted(casetest.Command(contract.Withdraw))
	})
	p.run()
	require.Nil(t, p.row("nickname"))
}

// What a person is found by is changed by two, and the rows are found all the same while it changes.
func TestCorrectingWhatAPersonIsFoundBy(t *testing.T) {
	t.Parallel()
	p := newCorrection(t, stage{})
	name, email := p.Person.Name, p.Person.Email
	p.at(time.Hour, func() {
		p.accepts(inShop("email", &email, said("new@example.org")))
		p.accepts(inShop("name", &name, said("Someone New")))
		require.Equal(t, "four_eyes", p.refusedFor(p.correct(ana)))
		p.accepted(p.correct(bo))
	})
	p.run()
	require.Equal(t, privacy.OutcomeFulfilled, p.Outcome())
	require.Equal(t, "new@example.org", *p.row("email"))
	require.Equal(t, "Someone New", *p.row("name"))
}

// A row that somebody changed in between is left as it is; the systems are read once more, and somebody decides anew.
func TestCorrectionsAreOvertaken(t *testing.T) {
	t.Parallel()
	p := newCorrection(t, stage{})
	name := p.Person.Name
	p.at(time.Hour, func() {
		p.accepts(inShop("name", &name, said("Right")))
		p.accepts(inShop("nickname", nil, said("Lulu")))
		p.Shop.Exec(`UPDATE customers SET name = 'Changed' WHERE id = 1`)
		p.accepted(p.correct(ana))
	})
	p.at(2*time.Hour, func() {
		p.is(privacy.RequestReviewing)
		require.Equal(t, "Changed", *p.row("name"), "it is not written over")
		require.Equal(t, "Lulu", *p.row("nickname"), "what nobody touched is written")
		p.accepts(inShop("name", said("Changed"), said("Right")))
		p.accepted(p.correct(ana))
	})
	p.run()
	require.Equal(t, privacy.OutcomeFulfilled, p.Outcome())
	require.Equal(t, "Right", *p.row("name"))
	states := map[string]int{}
	for _, c := range p.corrections() {
		states[c.State]++
	}
	require.Equal(t, map[string]int{storage.CorrectionOvertaken: 1, storage.CorrectionWritten: 2}, states)
	require.Len(t, p.Letters(notify.KindCorrected), 1)
}

// Where a system may only be read, a person corrects it and says so.
func TestCorrectionByHand(t *testing.T) {
	t.Parallel()
	p := newCorrection(t, stage{})
	p.readOnly()
	name := p.Person.Name
	p.at(time.Hour, func() {
		p.accepts(inShop("name", &name, said("Right")))
		p.accepted(p.correct(ana))
	})
	p.at(30*time.Hour, func() {
		p.is(privacy.RequestExecuting)
		require.Equal(t, []string{storage.TaskAmendmentFailed}, p.OpenTasks())
		p.accepted(casetest.Command(contract.DoneByHand, p.Saying("Done in the shop's own screen."), func(c *contract.Command) { c.System = &p.Shop.ID }))
	})
	p.run()
	require.Equal(t, privacy.OutcomeFulfilled, p.Outcome())
	require.Equal(t, storage.CorrectionByHand, p.corrections()[0].State)
	require.Contains(t, unwrapped(p.Letters(notify.KindCorrected)[0].Text), "The shop (name)")
}

// A person corrects by themselves what their system lets people correct, and nothing else.
func TestPeopleCorrectThemselves(t *testing.T) {
	t.Parallel()
	p := newCorrection(t, stage{})
	who := audit.Actor{Kind: audit.Subject, ID: p.Ref.Case.String()}
	p.at(time.Hour, func() {
		letters := p.Letters(notify.KindCorrectYourself)
		require.Len(t, letters, 1)
		require.Contains(t, letters[0].Text, "/data")
		offered, err := p.Desk.Offered(t.Context(), p.Ref, who)
		require.NoError(t, err)
		require.Len(t, offered[0].Fields, 1, "not the address: whoever reads a mailbox could take the account away")
		require.Equal(t, "nickname", offered[0].Fields[0].Name)
		email := p.Person.Email
		_, err = p.Desk.CorrectSelf(t.Context(), p.Ref, who, "a", []correction.Proposal{inShop("email", &email, said("x@example.org"))}, true)
		require.ErrorContains(t, err, "is no field")
		signal, err := p.Desk.CorrectSelf(t.Context(), p.Ref, who, "b", []correction.Proposal{inShop("nickname", nil, said("Lulu"))}, true)
		require.NoError(t, err)
		require.NotEmpty(t, signal.WorkflowID)
		_, err = p.Desk.CorrectSelf(t.Context(), p.Ref, who, "b", []correction.Proposal{inShop("nickname", nil, said("Lulu"))}, true)
		require.NoError(t, err, "sent twice")
		p.told()
	})
	p.run()
	require.Equal(t, privacy.OutcomeFulfilled, p.Outcome())
	require.Equal(t, "Lulu", *p.row("nickname"))
	require.Len(t, p.corrections(), 1)
	_, err := p.Desk.Offered(t.Context(), p.Ref, who)
	require.ErrorIs(t, err, casework.ErrNothingOffered)
}

// Who is refused puts a statement beside the data: it is kept, written where the system has a place for it, and given out with the data.
func TestStatementOfWhoIsRefused(t *testing.T) {
	t.Parallel()
	p := newCorrection(t, stage{})
	who := audit.Actor{Kind: audit.Subject, ID: p.Ref.Case.String()}
	require.ErrorContains(t, p.Desk.MakeStatement(t.Context(), p.Ref, who, "early", "x"), "nothing was refused")
	p.at(time.Hour, func() {
		p.accepted(casetest.Command(contract.Refuse, func(c *contract.Command) { c.Reason = string(privacy.DataAccurate) }))
	})
	p.run()
	require.Contains(t, p.Letters(notify.KindRefusal)[0].Text, "/statement")
	require.ErrorContains(t, p.Desk.MakeStatement(t.Context(), p.Ref, who, "empty", " "), "between 1 and 2000")
	require.NoError(t, p.Desk.MakeStatement(t.Context(), p.Ref, who, "s", "I was born in 1981."))
	require.NoError(t, p.Desk.MakeStatement(t.Context(), p.Ref, who, "s", "I was born in 1981."), "once")

	later := p.after(t, time.Hour)
	workflows.Register(later.env)
	activities.Register(later.env, later.Desk, later.Objects, true)
	later.run()
	require.Equal(t, "I was born in 1981.", *later.row("statement"))
	require.Zero(t, later.Shop.Count(`SELECT count(*) FROM customers WHERE statement IS NOT NULL AND id <> 1`))
	later.Read(func(ctx context.Context, tx *storage.Tx) error {
		all, err := tx.StatementsOn(ctx, p.Person.Email)
		require.Len(t, all, 1)
		return err
	})
}

// What was read is what is written in: whoever the person's address belongs to by then, and however many rows say the same.
func TestCorrectionsStayInTheRowsThatWereRead(t *testing.T) {
	t.Parallel()
	p := newCorrection(t, stage{})
	name, email := p.Person.Name, p.Person.Email
	p.at(time.Hour, func() {
		p.accepts(inShop("name", &name, said("Right")))
		// The mailbox goes over to somebody else, who has the same name, before it is written.
		p.Shop.Exec(`UPDATE customers SET email = 'gone@example.org' WHERE id = 1`)
		p.Shop.Exec(`INSERT INTO customers (id, email, name) VALUES (88, $1, $2)`, email, name)
		p.accepted(p.correct(ana))
	})
	p.run()
	require.Equal(t, "Right", *p.row("name"))
	require.Equal(t, name, p.Shop.Text(`SELECT name FROM customers WHERE id = 88`), "a row that nobody read")
}

// A field that other rows hang on is one that people are found by, whoever enforces that.
func TestFieldsThatLeadElsewhereTakeTwo(t *testing.T) {
	t.Parallel()
	p := newCorrection(t, stage{})
	p.Shop.Exec(`CREATE TABLE calls (id integer PRIMARY KEY, nick text, note text)`)
	p.annotated(func(annotation, declaration string) (string, string) {
		return annotation + `      - name: calls
        fields:
          - {name: id, data_categories: [user.unique_id], fides_meta: {primary_key: true, data_type: integer}}
          - name: nick
            data_categories: [user.name]
            fides_meta: {references: [{dataset: shop, field: customers.nickname, direction: from}]}
          - {name: note, data_categories: [user.content.private]}
`, declaration
	})
	who := audit.Actor{Kind: audit.Subject, ID: p.Ref.Case.String()}
	p.at(time.Hour, func() {
		_, err := p.Desk.Offered(t.Context(), p.Ref, who)
		require.ErrorIs(t, err, casework.ErrNothingOffered, "another nickname would bring another's calls")
		p.accepts(inShop("nickname", nil, said("Lulu")))
		require.Equal(t, "four_eyes", p.refusedFor(p.correct(ana)))
		p.accepted(p.correct(bo))
	})
	p.run()
	require.Equal(t, "Lulu", *p.row("nickname"))
}

// A value that the system refuses is a person's to see to; the others are written, and each is told as it was.
func TestSystemsRefuseSingleValues(t *testing.T) {
	t.Parallel()
	p := newCorrection(t, stage{})
	p.Shop.Exec(`ALTER TABLE customers ADD CONSTRAINT short CHECK (length(nickname) < 5)`)
	name := p.Person.Name
	p.at(time.Hour, func() {
		p.accepts(inShop("nickname", nil, said("Lucinda")))
		p.accepts(inShop("name", &name, said("Right")))
		p.accepted(p.correct(ana))
	})
	p.at(30*time.Hour, func() {
		p.is(privacy.RequestExecuting)
		require.Equal(t, "Right", *p.row("name"))
		require.Nil(t, p.row("nickname"))
		p.accepted(casetest.Command(contract.DoneByHand, p.Saying("Cut to Lucy."), func(c *contract.Command) { c.System = &p.Shop.ID }))
	})
	p.run()
	states := map[string]string{}
	for _, c := range p.corrections() {
		states[c.Field] = c.State
	}
	require.Equal(t, map[string]string{"name": storage.CorrectionWritten, "nickname": storage.CorrectionByHand}, states)
}

// What was corrected is told to the person however the request ends, and nobody ends it as if it had not been.
func TestWhatWasWrittenIsTold(t *testing.T) {
	t.Parallel()
	p := newCorrection(t, stage{})
	p.disclosing(func(*storage.System) {})
	name := p.Person.Name
	p.at(time.Hour, func() {
		p.accepts(inShop("name", &name, said("Right")))
		p.accepts(inShop("nickname", nil, said("Lulu")))
		p.Shop.Exec(`UPDATE customers SET nickname = 'Meanwhile' WHERE id = 1`)
		p.accepted(p.correct(ana))
	})
	p.at(2*time.Hour, func() {
		p.is(privacy.RequestReviewing)
		require.Equal(t, "corrected", p.refusedFor(casetest.Command(contract.Refuse, by(bo, "dpo"), func(c *contract.Command) { c.Reason = string(privacy.DataAccurate) })))
		p.accepted(casetest.Command(contract.Withdraw))
	})
	p.run()
	require.Equal(t, privacy.OutcomeWithdrawn, p.Outcome())
	require.Contains(t, unwrapped(p.Letters(notify.KindCorrected)[0].Text), "- The shop (name)")
	require.Len(t, p.notices(), 1, "and so do those who were given it")
}

// inOrders is a correction of what the person has ordered.
func inOrders(was, becomes string) correction.Proposal {
	return correction.Proposal{System: casetest.ShopKey, Address: dataset.Address{Dataset: "shop", Collection: "orders"}, Field: "item", Was: &was, Becomes: &becomes}
}

// A correction counts as written when it was written in the rows that it was decided on for, and not when as many rows say so by the end for whatever reason.
func TestCorrectionsAreNotBelievedFromWhatRowsSay(t *testing.T) {
	t.Parallel()
	p := newCorrection(t, stage{})
	p.at(time.Hour, func() {
		p.accepts(inOrders("thing 1", "lamp"))
		p.accepts(inOrders("thing 2", "lamp"))
		// Somebody writes something else in the one row, and the same in another that was never wrong.
		p.Shop.Exec(`UPDATE orders SET item = 'gone' WHERE item = 'thing 1' AND customer_id = 1`)
		p.Shop.Exec(`UPDATE orders SET item = 'lamp' WHERE item = 'thing 3' AND customer_id = 1`)
		p.accepted(p.correct(ana))
	})
	p.at(2*time.Hour, func() {
		p.is(privacy.RequestReviewing)
		states := map[string]string{}
		for _, c := range p.corrections() {
			states[*c.Was] = c.State
		}
		require.Equal(t, map[string]string{"thing 1": storage.CorrectionOvertaken, "thing 2": storage.CorrectionWritten}, states)
		p.accepted(casetest.Command(contract.Withdraw))
	})
	p.run()
	require.Equal(t, 1, p.Shop.Count(`SELECT count(*) FROM orders WHERE item = 'gone'`), "nobody's change is lost")
}

// One correction is overtaken and another is not that writes the same; and somebody changes a row that said so before. Neither is the system's doing.
func TestCorrectionsAreCountedByThemselves(t *testing.T) {
	t.Parallel()
	p := newCorrection(t, stage{})
	p.Shop.Exec(`UPDATE orders SET item = 'lamp' WHERE item = 'thing 3' AND customer_id = 1`)
	p.at(time.Hour, func() {
		p.accepts(inOrders("thing 1", "lamp"))
		p.accepts(inOrders("thing 2", "lamp"))
		p.Shop.Exec(`UPDATE orders SET item = 'gone' WHERE item = 'thing 1' AND customer_id = 1`)
		p.Shop.Exec(`UPDATE orders SET item = 'chair' WHERE item = 'lamp' AND customer_id = 1`)
		p.accepted(p.correct(ana))
	})
	p.at(2*time.Hour, func() {
		p.is(privacy.RequestReviewing)
		states := map[string]string{}
		for _, c := range p.corrections() {
			states[*c.Was] = c.State
		}
		require.Equal(t, map[string]string{"thing 1": storage.CorrectionOvertaken, "thing 2": storage.CorrectionWritten}, states)
		p.accepted(casetest.Command(contract.Withdraw))
	})
	p.run()
	require.Equal(t, 1, p.Shop.Count(`SELECT count(*) FROM orders WHERE item = 'gone'`), "nobody's change is lost")
	require.Equal(t, 1, p.Shop.Count(`SELECT count(*) FROM orders WHERE item = 'chair'`))
}

// What the column holds for the same value needs no change and is lost to nobody.
func TestCorrectionsToWhatTheSystemTakesForTheSame(t *testing.T) {
	t.Parallel()
	p := newCorrection(t, stage{})
	p.Shop.Exec(`ALTER TABLE orders ALTER COLUMN item TYPE numeric(9, 2) USING substr(item, 7)::numeric`)
	p.at(time.Hour, func() {
		p.accepts(inOrders("1.00", "1"))
		p.accepted(p.correct(ana))
	})
	p.run()
	require.Equal(t, privacy.OutcomeFulfilled, p.Outcome())
	require.Equal(t, storage.CorrectionWritten, p.corrections()[0].State)
	require.EqualValues(t, 1, *p.corrections()[0].Rows)
}

// What the system makes something else of was not overtaken by anybody: a person looks at it.
func TestCorrectionsThatTheSystemChanges(t *testing.T) {
	t.Parallel()
	p := newCorrection(t, stage{})
	p.Shop.Exec(`CREATE FUNCTION loud() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.name := upper(NEW.name); RETURN NEW; END $$;
		CREATE TRIGGER loud BEFORE UPDATE ON customers FOR EACH ROW EXECUTE FUNCTION loud()`)
	name := p.Person.Name
	p.at(time.Hour, func() {
		p.accepts(inShop("name", &name, said("Right")))
		p.accepts(inShop("nickname", nil, said("Lulu")))
		p.accepted(p.correct(ana))
	})
	p.at(30*time.Hour, func() {
		p.is(privacy.RequestExecuting)
		require.Equal(t, []string{storage.TaskAmendmentFailed}, p.OpenTasks())
		require.Equal(t, "RIGHT", *p.row("name"))
		p.accepted(casetest.Command(contract.DoneByHand, p.Saying("The shop writes names in capitals."), func(c *contract.Command) { c.System = &p.Shop.ID }))
	})
	p.run()
	states := map[string]string{}
	for _, c := range p.corrections() {
		states[c.Field] = c.State
	}
	require.Equal(t, map[string]string{"name": storage.CorrectionByHand, "nickname": storage.CorrectionWritten}, states)
}

// A try that broke off after it had written is not taken for one that somebody else was faster than.
func TestCorrectionsAreWrittenOnceOverAllTries(t *testing.T) {
	t.Parallel()
	p := newCorrection(t, stage{})
	owner := p.Register.Owner(t)
	_, err := owner.Exec(t.Context(), `CREATE SEQUENCE tries;
		GRANT USAGE ON SEQUENCE tries TO PUBLIC;
		CREATE FUNCTION once() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF nextval('tries') < 2 THEN RAISE EXCEPTION 'the register is away'; END IF; RETURN NEW; END $$;
		CREATE TRIGGER once BEFORE UPDATE ON corrections FOR EACH ROW WHEN (NEW.state IN ('written', 'overtaken')) EXECUTE FUNCTION once()`)
	require.NoError(t, err)
	name := p.Person.Name
	p.at(time.Hour, func() {
		p.accepts(inShop("name", &name, said("Right")))
		p.accepted(p.correct(ana))
	})
	p.run()
	var tries int
	require.NoError(t, owner.QueryRow(t.Context(), `SELECT last_value FROM tries`).Scan(&tries))
	require.Equal(t, 2, tries)
	require.Equal(t, privacy.OutcomeFulfilled, p.Outcome())
	require.Equal(t, storage.CorrectionWritten, p.corrections()[0].State)
	require.EqualValues(t, 1, *p.corrections()[0].Rows)
}
