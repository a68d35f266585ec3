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

const historyTable = `      - name: history
        fields:
          - {name: id, data_categories: [system.operations], fides_meta: {primary_key: true, data_type: integer}}
          - {name: customer_id, data_categories: [user.unique_id], fides_meta: {references: [{dataset: shop, field: customers.id, direction: from}]}}
          - {name: said, data_categories: [user.name]}
`

// What the first round masked leads to rows that came while it did so: the second round finds them by what the first had put on record.
func TestSecondRoundFindsWhatTheFirstMasked(t *testing.T) {
	t.Parallel()
	p := newErasure(t, stage{})
	p.Shop.Exec(`CREATE TABLE history (id serial PRIMARY KEY, customer_id integer NOT NULL, said text);
		CREATE FUNCTION remember() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO history (customer_id, said) VALUES (OLD.id, OLD.name); RETURN NEW; END $$;
		CREATE TRIGGER remember AFTER UPDATE ON customers FOR EACH ROW EXECUTE FUNCTION remember()`)
	p.annotated(func(annotation, declaration string) (string, string) {
		terms := strings.Replace(declaration, "{collection: shop.customers, method: delete, with: shop.orders, needs: [name]}", "{collection: shop.customers, method: mask}", 1)
		return annotation + historyTable, terms + "      - {collection: shop.history, method: delete}\n"
	})
	p.at(time.Hour, p.proposed)
	p.at(2*time.Hour, p.approved)
	p.at(3*time.Hour, func() {
		require.Contains(t, p.Steps(), "mismatched")
		require.Zero(t, p.Shop.Count(`SELECT count(*) FROM customers WHERE email = $1`, p.Person.Email), "nothing says any more whose the rows are")
		require.Equal(t, 1, p.Shop.Count(`SELECT count(*) FROM history`))
		plan := p.plan()
		require.NotZero(t, plan.Plan.Systems[0].Reaches(dataset.Address{Dataset: "shop", Collection: "history"}))
		p.proposed()
	})
	p.at(4*time.Hour, p.approved)
	p.run()
	require.Equal(t, privacy.OutcomeFulfilled, p.Outcome())
	require.Zero(t, p.Shop.Count(`SELECT count(*) FROM history`))
	c := p.certificate()
	require.EqualValues(t, 1, c.Totals.Masked, "the certificate tells of both rounds")
	require.EqualValues(t, casetest.Orders+1, c.Totals.Deleted)
}

// certificate reads what the case's certificate says, signed or not.
func (p *play) certificate() (c audit.Certificate) {
	p.t.Helper()
	p.Read(func(ctx context.Context, tx *storage.Tx) error {
		drafts, err := tx.CertificateDrafts(ctx, 10)
		require.NoError(p.t, err)
		require.Len(p.t, drafts, 1)
		c = drafts[0].Certificate
		return nil
	})
	return c
}

// What was approved was approved for systems, annotations and rules as they were: anything else is planned anew.
func TestNothingRunsThatWasNotApproved(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*play){
		"the annotation": func(p *play) {
			p.annotated(func(annotation, declaration string) (string, string) {
				return strings.Replace(annotation, "name: Shop", "name: The shop", 1), declaration
			})
		},
		"the terms": func(p *play) {
			p.annotated(func(annotation, declaration string) (string, string) {
				return annotation, strings.Replace(declaration, "needs: [name]", "needs: [name, email]", 1)
			})
		},
		"the system": func(p *play) {
			p.Change(func(ctx context.Context, tx *storage.Tx) error {
				system, err := tx.System(ctx, p.Shop.ID)
				require.NoError(t, err)
				system.Change = strings.Replace(system.Change, "/", "//", 3)
				return tx.UpdateSystem(ctx, system)
			})
		},
		"the rules": func(p *play) {
			p.Change(func(ctx context.Context, tx *storage.Tx) error {
				is, err := tx.LockTenant(ctx)
				require.NoError(t, err)
				is.Settings.Retention = []string{"de-ao147-vouchers"}
				return tx.UpdateTenant(ctx, storage.NewTenant{
					Name: is.Name, Country: is.Country, Calendar: is.Calendar, Zone: is.Zone.String(), Language: is.Language, Regime: is.Regime, Profile: is.Profile, Settings: is.Settings,
				})
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newErasure(t, stage{tenant: func(n *storage.NewTenant) { n.Settings.ErasureWaitDays = 2 }})
			p.at(time.Hour, p.proposed)
			p.at(2*time.Hour, p.approved)
			p.at(day, func() { change(p) })
			p.at(3*day, func() {
				p.is(privacy.RequestReviewing)
				customers, orders := p.of(p.Person.Email)
				require.Equal(t, []int{1, casetest.Orders}, []int{customers, orders})
				early := p.command(casetest.Command(contract.ProposePlan, by(ana, "agent")))
				early.then = func() { require.Equal(t, "plan_outdated", refusalOf(t, early.err).Code) }
				p.accepted(casetest.Command(contract.Withdraw))
			})
			p.run()
		})
	}
}

// Art. 17(3)(e) GDPR: a hold that is placed while an erasure is under way stops it where nothing was erased yet, and the rest is planned anew.
func TestHoldStopsAnErasureUnderWay(t *testing.T) {
	t.Parallel()
	p := newErasure(t, stage{})
	p.at(time.Hour, p.proposed)
	p.at(90*time.Minute, func() { p.Shop.Exec(`ALTER TABLE orders RENAME TO moved`) }) // so that the system fails
	p.at(2*time.Hour, p.approved)
	p.at(3*time.Hour, func() {
		p.is(privacy.RequestExecuting)
		p.Shop.Exec(`ALTER TABLE moved RENAME TO orders`)
		p.hold(storage.Person{Email: p.Person.Email})
		p.accepted(casetest.Command(contract.RetrySystem, casetest.On(p.Shop.ID)))
	})
	p.at(4*time.Hour, func() {
		p.is(privacy.RequestExecuting)
		require.Equal(t, []string{storage.TaskErasureFailed}, p.OpenTasks(), "it failed again, by the hold")
		customers, orders := p.of(p.Person.Email)
		require.Equal(t, []int{1, casetest.Orders}, []int{customers, orders})
		p.accepted(casetest.Command(contract.Recollect, p.Saying("A hold was placed.")))
	})
	p.at(5*time.Hour, p.proposed)
	p.at(6*time.Hour, p.approved)
	p.at(7*time.Hour, func() {
		p.is(privacy.RequestClosed)
		customers, orders := p.of(p.Person.Email)
		require.Equal(t, []int{1, casetest.Orders}, []int{customers, orders}, "all of it is held")
		p.liftHolds()
	})
	p.run()
}

func (p *play) hold(who storage.Person) {
	p.t.Helper()
	p.Change(func(ctx context.Context, tx *storage.Tx) error {
		_, err := tx.PlaceHold(ctx, storage.NewHold{
			Matter: "312 O 44/26", Citation: "Art. 17(3)(e) GDPR", Reason: "a claim", ReviewOn: privacy.NewDate(2026, 9, 1), People: []storage.Person{who},
		})
		return err
	})
}

func (p *play) liftHolds() {
	p.t.Helper()
	p.Change(func(ctx context.Context, tx *storage.Tx) error {
		holds, err := tx.Holds(ctx, storage.HoldFilter{Limit: 100})
		require.NoError(p.t, err)
		for _, h := range holds {
			if err := tx.LiftHold(ctx, h.ID, "settled"); err != nil {
				return err
			}
		}
		return nil
	})
}

// A hold names somebody by a number that the person never gave: their rows say that it is theirs.
func TestHoldIsFoundByWhatTheRowsSay(t *testing.T) {
	t.Parallel()
	p := newErasure(t, stage{})
	p.Shop.Exec(`ALTER TABLE customers ADD COLUMN number text; UPDATE customers SET number = 'K-' || id`)
	p.annotated(func(annotation, declaration string) (string, string) {
		numbered := "          - {name: number, data_categories: [user.unique_id], fides_meta: {identity: customer_id}}\n      - name: orders"
		return strings.Replace(annotation, "      - name: orders", numbered, 1), declaration
	})
	p.hold(storage.Person{CustomerID: "K-1"})
	p.at(time.Hour, func() {
		plan := p.plan()
		require.Len(t, plan.Plan.Holds, 1)
		require.EqualValues(t, 1+casetest.Orders, plan.Totals.Rows.Kept)
		p.proposed()
	})
	p.at(2*time.Hour, p.approved)
	p.at(3*time.Hour, func() {
		p.is(privacy.RequestClosed)
		customers, orders := p.of(p.Person.Email)
		require.Equal(t, []int{1, casetest.Orders}, []int{customers, orders})
		p.liftHolds()
	})
	p.run()
}

// A field that can't be written stays by somebody's decision, and neither the letter nor the certificate says otherwise.
func TestWhatCannotBeErasedIsTold(t *testing.T) {
	t.Parallel()
	p := newErasure(t, stage{})
	p.annotated(func(annotation, declaration string) (string, string) {
		fixed := strings.Replace(annotation, "{name: name, data_categories: [user.name]}", "{name: name, data_categories: [user.name], fides_meta: {read_only: true}}", 1)
		return fixed, strings.Replace(declaration, "{collection: shop.customers, method: delete, with: shop.orders, needs: [name]}", "{collection: shop.customers, method: mask}", 1)
	})
	p.at(time.Hour, func() {
		p.Change(func(ctx context.Context, tx *storage.Tx) error {
			return p.Desk.DecideOnPlan(ctx, tx, p.Ref, "accept", storage.ErasureDecision{
				Address: dataset.Address{Dataset: "shop", Collection: "customers"}, Kind: storage.DecisionAccept, Reason: "The shop's maker does not let us.",
			})
		})
		p.accepted(casetest.Command(contract.Recollect))
	})
	p.at(2*time.Hour, p.proposed)
	p.at(3*time.Hour, p.approved)
	p.run()
	require.Equal(t, privacy.OutcomeFulfilled, p.Outcome())
	letter := unwrapped(p.Letters(notify.KindErased)[0].Text)
	require.Contains(t, letter, "some values can not be erased for a technical reason")
	c := p.certificate()
	var told []string
	for _, s := range c.Systems {
		for _, l := range s.Collections {
			told = append(told, l.NotErased...)
		}
	}
	require.Equal(t, []string{"shop.customers.name"}, told)
}
