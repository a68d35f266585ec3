package workflows_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/casework/casetest"
	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

const year = 365 * day

// deferral reads what the plan left to its time.
func (p *play) deferral() (d storage.Deferral) {
	p.t.Helper()
	plan := p.plan()
	p.Read(func(ctx context.Context, tx *storage.Tx) (err error) {
		d, err = tx.DeferralOf(ctx, plan.ID)
		return err
	})
	return d
}

// asked lists what people are asked to erase by hand.
func (p *play) asked() (all []storage.AskedByHand) {
	p.t.Helper()
	d := p.deferral()
	p.Read(func(ctx context.Context, tx *storage.Tx) (err error) {
		all, err = tx.AskedByHand(ctx, d.ID)
		return err
	})
	return all
}

// decides has ana decide on the plan under review, which is then made anew.
func (p *play) decides(kind, collection, citation string) {
	p.t.Helper()
	decision := storage.ErasureDecision{Address: dataset.Address{Dataset: casetest.ShopKey, Collection: collection}, Kind: kind, Citation: citation, Reason: "canary-in-a-reason"}
	p.Change(func(ctx context.Context, tx *storage.Tx) error {
		return p.Desk.DecideOnPlan(ctx, tx, p.Ref, kind+collection, decision)
	})
	p.accepted(casetest.Command(contract.Recollect))
}

// annotated gives the shop another annotation and declaration.
func (p *play) annotated(change func(annotation, declaration string) (string, string)) {
	p.t.Helper()
	p.Change(func(ctx context.Context, tx *storage.Tx) error {
		row, err := tx.Dataset(ctx, casetest.ShopKey)
		if err != nil {
			return err
		}
		system, err := tx.System(ctx, p.Shop.ID)
		if err != nil {
			return err
		}
		var annotation string
		if annotation, system.Declaration = change(row.Annotation, system.Declaration); annotation != row.Annotation {
			if err := tx.SaveDataset(ctx, p.Shop.ID, casetest.ShopKey, annotation); err != nil {
				return err
			}
		}
		return tx.UpdateSystem(ctx, system)
	})
}

// messages adds a collection beside customers and orders, whose rows hang on the customer and no duty keeps.
func (p *play) messages() {
	p.t.Helper()
	p.Shop.Exec(`CREATE TABLE messages (id integer PRIMARY KEY, customer_id integer NOT NULL, body text)`)
	p.Shop.Exec(`INSERT INTO messages SELECT 1, id, 'canary-in-a-message' FROM customers WHERE email = $1`, p.Person.Email)
	p.annotated(func(annotation, declaration string) (string, string) {
		return annotation + `      - name: messages
        fields:
          - {name: id, data_categories: [system.operations], fides_meta: {primary_key: true, data_type: integer}}
          - {name: customer_id, data_categories: [user.unique_id], fides_meta: {references: [{dataset: shop, field: customers.id, direction: from}]}}
          - {name: body, data_categories: [user.content.private]}
`, declaration + "      - {collection: shop.messages, method: delete}\n"
	})
}

// Art. 17(3)(e) GDPR: what staff keep by a decision stays at every later look, also when nothing is left of the case that it was decided in.
func TestWhatStaffKeepStaysAtEveryLaterLook(t *testing.T) {
	t.Parallel()
	p := newErasure(t, stage{tenant: german})
	p.messages()
	p.at(time.Hour, func() { p.decides(storage.DecisionKeep, "messages", "Art. 17(3)(e) GDPR") })
	p.at(2*time.Hour, p.proposed)
	p.at(3*time.Hour, p.approved)
	p.at(4*time.Hour, func() {
		p.is(privacy.RequestClosed)
		require.Equal(t, 1, p.Shop.Count(`SELECT count(*) FROM messages`))
	})
	p.at(4*year, p.forgets)
	p.at(5*year, func() { require.NotNil(t, p.Case().ForgottenAt) })
	p.run()
	d, err := p.deferralOnly()
	require.NoError(t, err)
	require.True(t, d.Done)
	require.Equal(t, 3, p.Shop.Count(`SELECT count(*) FROM orders`), "the orders went when their time was over")
	require.Equal(t, 1, p.Shop.Count(`SELECT count(*) FROM messages WHERE body = 'canary-in-a-message'`), "what staff kept stays")
}

// deferralOnly reads it also where the plan is forgotten.
func (p *play) deferralOnly() (d storage.Deferral, err error) {
	p.t.Helper()
	p.Read(func(ctx context.Context, tx *storage.Tx) error {
		var plan storage.ErasurePlan
		if plan, err = tx.ErasurePlanState(ctx, p.Ref.Case); err == nil {
			d, err = tx.DeferralOf(ctx, plan.ID)
		}
		return err
	})
	return d, err
}

// What is to be erased is not lost when its collection is renamed: it is not done, the data protection officer hears of it, and once it is
// annotated again under its name it is erased.
func TestWhatIsLeftToItsTimeIsNotLostByARename(t *testing.T) {
	t.Parallel()
	p := newErasure(t, stage{tenant: german})
	p.at(time.Hour, p.proposed)
	p.at(2*time.Hour, p.approved)
	var annotation, declaration string
	p.at(year, func() {
		p.Shop.Exec(`ALTER TABLE orders RENAME TO purchases`)
		p.annotated(func(a, d string) (string, string) {
			annotation, declaration = a, d
			return strings.ReplaceAll(a, "name: orders", "name: purchases"), strings.ReplaceAll(d, "shop.orders", "shop.purchases")
		})
	})
	p.at(9*year, func() {
		d := p.deferral()
		require.False(t, d.Done)
		letters := p.Letters(notify.KindErasureFailed)
		require.NotEmpty(t, letters)
		require.Contains(t, unwrapped(letters[0].Text), "shop.orders")
		require.Len(t, p.asked(), 1)
		require.Equal(t, casetest.Orders+3, p.Shop.Count(`SELECT count(*) FROM purchases`))
		p.Shop.Exec(`ALTER TABLE purchases RENAME TO orders`)
		p.annotated(func(string, string) (string, string) { return annotation, declaration })
	})
	p.run()
	require.True(t, p.deferral().Done)
	require.Equal(t, 3, p.Shop.Count(`SELECT count(*) FROM orders`))
	require.Equal(t, 1, p.Shop.Count(`SELECT count(*) FROM customers`))
}

// A system that was taken away is not forgotten either: people say that they have erased there.
func TestWhatIsLeftToItsTimeInASystemThatIsGoneIsErasedByPeople(t *testing.T) {
	t.Parallel()
	p := newErasure(t, stage{tenant: german})
	p.at(time.Hour, p.proposed)
	p.at(2*time.Hour, p.approved)
	p.at(year, func() {
		p.Change(func(ctx context.Context, tx *storage.Tx) error {
			system, err := tx.System(ctx, p.Shop.ID)
			if err != nil {
				return err
			}
			system.State = storage.SystemDisabled
			return tx.UpdateSystem(ctx, system)
		})
	})
	p.at(9*year, p.erasedByPeople)
	p.run()
	require.True(t, p.deferral().Done)
}

// erasedByPeople wants one system to be open, and says that it was erased in by hand.
func (p *play) erasedByPeople() {
	p.t.Helper()
	d, asked := p.deferral(), p.asked()
	require.False(p.t, d.Done)
	require.Len(p.t, asked, 1)
	require.True(p.t, asked[0].Open())
	require.NotEmpty(p.t, p.Letters(notify.KindErasureFailed))
	p.Change(func(ctx context.Context, tx *storage.Tx) error {
		require.ErrorIs(p.t, tx.ErasedLaterByHand(ctx, d, "another"), storage.ErrNotAsked)
		return tx.ErasedLaterByHand(ctx, d, casetest.ShopKey)
	})
}

// What a duty keeps in a system that people erased in is erased by people when its time is over: they are asked each day, and it is not done before
// they have said so.
func TestWhatIsLeftToItsTimeByHandIsAskedFor(t *testing.T) {
	t.Parallel()
	p := newErasure(t, stage{tenant: german})
	p.readOnly()
	p.at(time.Hour, p.proposed)
	p.at(2*time.Hour, p.approved)
	p.at(3*time.Hour, func() {
		p.accepted(casetest.Command(contract.DoneByHand, casetest.On(p.Shop.ID), p.Saying("Deleted in the shop's own console.")))
	})
	p.at(8*year, func() { require.Empty(t, p.asked(), "not before its time") })
	p.at(9*year, p.erasedByPeople)
	p.run()
	require.True(t, p.deferral().Done)
	require.Greater(t, len(p.Letters(notify.KindErasureFailed)), 2, "they were asked again while it was open")
}

// A row of which nobody can tell the day was made before it was counted: no duty that counts from its making ends later than one that counts from
// that day, and the letter says so.
func TestWhatHasNoDayGoesWhenNothingCanKeepItAnyMore(t *testing.T) {
	t.Parallel()
	p := newErasure(t, stage{tenant: german})
	p.Shop.Exec(`ALTER TABLE orders ALTER COLUMN placed DROP NOT NULL`)
	p.Shop.Exec(`UPDATE orders SET placed = '2020-06-01' WHERE id = 1`)
	p.Shop.Exec(`UPDATE orders SET placed = NULL WHERE id = 2`)
	p.Shop.Exec(`DELETE FROM orders WHERE id > 2 AND customer_id = (SELECT id FROM customers WHERE email = $1)`, p.Person.Email)
	p.at(time.Hour, func() {
		problems := p.problems("orders")
		require.Len(t, problems, 1)
		require.Contains(t, problems[0], "undated: ")
		require.Contains(t, problems[0], "until 2034-12-31")
		p.proposed()
	})
	p.at(2*time.Hour, p.approved)
	p.at(3*time.Hour, func() { require.Contains(t, unwrapped(p.Letters(notify.KindErased)[0].Text), "31 December 2034") })
	p.at(4*year, func() {
		require.Equal(t, 1, p.Shop.Count(`SELECT count(*) FROM orders WHERE id <= 2`), "the dated one is over")
		require.False(t, p.deferral().Done)
	})
	p.run()
	require.Zero(t, p.Shop.Count(`SELECT count(*) FROM orders WHERE id <= 2`))
	require.Equal(t, 1, p.Shop.Count(`SELECT count(*) FROM customers`))
	require.True(t, p.deferral().Done)
}

// problems are those of one of the shop's collections in the newest plan, with their codes.
func (p *play) problems(collection string) (out []string) {
	p.t.Helper()
	for _, s := range p.plan().Plan.Systems {
		for _, l := range s.Lines {
			for _, problem := range l.Problems {
				if l.Collection == collection {
					out = append(out, string(problem.Code)+": "+problem.What)
				}
			}
		}
	}
	return out
}

// A mistake in the terms that a duty hangs on keeps the plan from being proposed, whatever is accepted.
func TestErasureIsNotPlannedByTermsWithAMistake(t *testing.T) {
	t.Parallel()
	for name, mistake := range map[string][2]string{
		"collection": {"{collection: shop.orders", "{collection: shop.order"},
		"records":    {"records: [invoice]", "records: [invoces]"},
		"with":       {"with: shop.orders", "with: shop.oders"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newErasure(t, stage{tenant: german})
			p.annotated(func(annotation, declaration string) (string, string) {
				require.Contains(t, declaration, mistake[0])
				return annotation, strings.ReplaceAll(declaration, mistake[0], mistake[1])
			})
			var refused *reply
			p.at(time.Hour, func() { p.decides(storage.DecisionAccept, "orders", "") })
			p.at(90*time.Minute, func() { p.decides(storage.DecisionAccept, "customers", "") })
			p.at(2*time.Hour, func() { refused = p.command(casetest.Command(contract.ProposePlan, by(ana, "agent"))) })
			p.at(3*time.Hour, func() { p.accepted(casetest.Command(contract.Withdraw)) })
			p.run()
			require.Equal(t, "plan_problem", refusalOf(t, refused.err).Code)
			require.Contains(t, refused.err.Error(), "declaration")
		})
	}
}
