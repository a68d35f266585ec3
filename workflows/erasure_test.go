package workflows_test

import (
	"context"
	"crypto/sha256"
	"slices"
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
	"github.com/privacy-docket/docket/storage/storagetest"
	"github.com/privacy-docket/docket/workflows/contract"
)

// erasing files a request for erasure of somebody whose identity is proven.
func erasing(n *casework.NewRequest) {
	casetest.Proven(n)
	n.Right = privacy.Erasure
}

// german switches the retention of German vouchers on.
func german(n *storage.NewTenant) { n.Settings.Retention = []string{"de-ao147-vouchers"} }

// newErasure is a play about erasing in a shop that may be changed, with somebody else in it.
func newErasure(t *testing.T, s stage) *play {
	t.Helper()
	s.request = append(s.request, erasing)
	p := newPlay(t, s)
	p.Shop.Changeable()
	other := storagetest.Person()
	other.Email = "other@example.org"
	p.Shop.Stock(other, 3)
	return p
}

// by has a person of the staff give a command.
func by(id uuid.UUID, role string) func(*contract.Command) {
	return func(c *contract.Command) { c.Actor = contract.Actor{Kind: "person", ID: id.String(), Role: role} }
}

// The two people whom every erasure takes.
var (
	ana = uuid.MustParse("0197a000-0000-7000-8000-00000000000a")
	bo  = uuid.MustParse("0197a000-0000-7000-8000-00000000000b")
)

func (p *play) proposed() {
	p.t.Helper()
	p.is(privacy.RequestReviewing)
	p.accepted(casetest.Command(contract.ProposePlan, by(ana, "agent")))
}

func (p *play) approved() {
	p.t.Helper()
	p.is(privacy.RequestApproving)
	p.accepted(casetest.Command(contract.ApprovePlan, by(bo, "dpo"), p.Approving()))
}

// of counts somebody's rows in the shop.
func (p *play) of(email string) (customers, orders int) {
	return p.Shop.Count(`SELECT count(*) FROM customers WHERE email = $1`, email),
		p.Shop.Count(`SELECT count(*) FROM orders o JOIN customers c ON c.id = o.customer_id WHERE c.email = $1`, email)
}

// unwrapped is a letter without its line ends.
func unwrapped(text string) string { return strings.Join(strings.Fields(text), " ") }

func (p *play) plan() (plan storage.ErasurePlan) {
	p.t.Helper()
	p.Read(func(ctx context.Context, tx *storage.Tx) error {
		subject, err := tx.Subject(ctx, p.Case().SubjectID)
		if err != nil {
			return err
		}
		plan, err = tx.ErasurePlan(ctx, subject, p.Ref.Case)
		return err
	})
	return plan
}

// From receipt to rows that are gone: planned by one, approved by another, read back, told.
func TestErasureRunsItsUsualPath(t *testing.T) {
	t.Parallel()
	p := newErasure(t, stage{})
	p.at(time.Hour, func() {
		plan := p.plan()
		require.EqualValues(t, 1+casetest.Orders, plan.Totals.Rows.Own)
		require.EqualValues(t, 1+casetest.Orders, plan.Totals.Rows.Erased)
		customers, orders := p.of(p.Person.Email)
		require.Equal(t, []int{1, casetest.Orders}, []int{customers, orders}, "nothing is changed by planning")
		p.proposed()
	})
	p.at(2*time.Hour, p.approved)
	p.run()

	require.Equal(t, []string{"received", "identity_proven", "collected", "proposed", "scheduled", "execution_begun", "executed"}, p.Steps())
	require.Equal(t, privacy.OutcomeFulfilled, p.Outcome())
	require.Equal(t, storage.ObligationMet, p.Obligation(privacy.Respond).State)
	require.Zero(t, p.Shop.Count(`SELECT count(*) FROM customers WHERE email = $1`, p.Person.Email))
	require.Equal(t, 3, p.Shop.Count(`SELECT count(*) FROM orders`), "somebody else's orders stay")
	plan := p.plan()
	require.Equal(t, storage.PlanDone, plan.State)
	letters := p.Letters(notify.KindErased)
	require.Len(t, letters, 1)
	require.Contains(t, letters[0].Text, "We erased data about you here")
	require.NotContains(t, letters[0].Text, "have to keep")
	p.Read(func(ctx context.Context, tx *storage.Tx) error {
		steps, err := tx.ErasureSteps(ctx, plan.ID)
		require.NoError(t, err)
		require.Len(t, steps, 2)
		for _, s := range steps {
			require.Zero(t, *s.Unfinished, s.Collection)
			require.Zero(t, *s.Kept, s.Collection)
			require.NotZero(t, s.Deleted, s.Collection)
		}
		suppressed, err := tx.SuppressionsOn(ctx, p.Person)
		require.NoError(t, err)
		require.NotEmpty(t, suppressed[0])
		tombs, err := tx.Tombs(ctx, p.Shop.ID, time.Time{})
		require.NoError(t, err)
		id, erased := tombs.Case("email", p.Person.Email)
		require.True(t, erased)
		require.Equal(t, p.Ref.Case, id)
		runs, err := tx.ErasureRuns(ctx, plan.ID)
		require.NoError(t, err)
		require.Nil(t, runs[0].WarrantSealed, "what the rows were found by is forgotten")
		return nil
	})
}

// Art. 17(3)(b) GDPR: what tax law keeps stays without what it does not need, and is erased by itself when its time is over.
func TestErasureLeavesToItsTimeWhatTheLawKeeps(t *testing.T) {
	t.Parallel()
	p := newErasure(t, stage{tenant: german})
	p.Shop.Exec(`UPDATE orders SET placed = '2017-06-01' WHERE id <= 2`)
	p.at(time.Hour, func() {
		totals := p.plan().Totals
		require.EqualValues(t, 1+casetest.Orders-2, totals.Rows.Kept, "an invoice names its customer")
		require.EqualValues(t, 2, totals.Rows.Erased)
		require.Equal(t, privacy.NewDate(2034, 12, 31), totals.KeptUntil)
		p.proposed()
	})
	p.at(2*time.Hour, p.approved)
	p.at(3*time.Hour, func() {
		p.is(privacy.RequestClosed)
		require.Equal(t, casetest.Orders-2, p.Shop.Count(`SELECT count(*) FROM orders o JOIN customers c ON c.id = o.customer_id WHERE c.email LIKE '%@erased.invalid'`))
		require.Equal(t, 1, p.Shop.Count(`SELECT count(*) FROM customers WHERE email LIKE '%@erased.invalid' AND name = $1`, p.Person.Name))
		require.Equal(t, casetest.Orders-2, p.Shop.Count(`SELECT count(*) FROM orders WHERE item IS NULL`), "nobody needs the item for an invoice of ours")
		letter := unwrapped(p.Letters(notify.KindErased)[0].Text)
		require.Contains(t, letter, "AO 147(3)")
		require.Contains(t, letter, "31 December 2034")
		require.Contains(t, letter, "We erase it by ourselves")
		plan := p.plan()
		p.Read(func(ctx context.Context, tx *storage.Tx) error {
			deferral, err := tx.DeferralOf(ctx, plan.ID)
			require.NoError(t, err)
			require.Equal(t, "2035-01-01", deferral.Due.UTC().Add(time.Hour).Format(time.DateOnly))
			return nil
		})
	})
	p.run()

	require.Zero(t, p.Shop.Count(`SELECT count(*) FROM orders o JOIN customers c ON c.id = o.customer_id WHERE c.email LIKE '%@erased.invalid'`), "eight years later nothing is left of the orders")
	require.Equal(t, 3, p.Shop.Count(`SELECT count(*) FROM orders`))
	require.Equal(t, 1, p.Shop.Count(`SELECT count(*) FROM customers`), "and nothing of who ordered")
	plan := p.plan()
	p.Read(func(ctx context.Context, tx *storage.Tx) error {
		deferral, err := tx.DeferralOf(ctx, plan.ID)
		require.NoError(t, err)
		require.True(t, deferral.Done)
		return nil
	})
}

// Nobody approves what they prepared, and no program approves anything.
func TestErasureTakesTwoPeople(t *testing.T) {
	t.Parallel()
	p := newErasure(t, stage{})
	var own, program, early *reply
	p.at(time.Hour, func() {
		early = p.command(casetest.Command(contract.Approve))
		p.proposed()
	})
	p.at(2*time.Hour, func() {
		own = p.command(casetest.Command(contract.ApprovePlan, by(ana, "dpo"), p.Approving()))
		program = p.command(casetest.Command(contract.ApprovePlan, func(c *contract.Command) { c.Actor = contract.Actor{Kind: "api_key", ID: bo.String(), Role: "dpo"} }))
	})
	p.at(3*time.Hour, func() {
		p.is(privacy.RequestApproving)
		customers, orders := p.of(p.Person.Email)
		require.Equal(t, []int{1, casetest.Orders}, []int{customers, orders})
		p.accepted(casetest.Command(contract.Withdraw))
	})
	p.run()
	require.Equal(t, "right", refusalOf(t, early.err).Code)
	require.Equal(t, "four_eyes", refusalOf(t, own.err).Code)
	require.Equal(t, "four_eyes", refusalOf(t, program.err).Code)
	require.Equal(t, storage.PlanVoid, p.plan().State)
}

// What is done with a key is done by whoever made it, and with a key made with that one too: they are not another person.
func TestErasureTakesTwoPeopleAndNotOneWithAKey(t *testing.T) {
	t.Parallel()
	p := newErasure(t, stage{})
	key := func(maker audit.Actor) (id uuid.UUID) {
		require.NoError(t, p.DB.Change(t.Context(), p.Ref.Tenant, maker, func(ctx context.Context, tx *storage.Tx) (err error) {
			hash := sha256.Sum256([]byte(uuid.NewString()))
			id, err = tx.AddAPIKey(ctx, storage.NewAPIKey{Name: "desk", Role: "agent", SecretHash: hash[:]})
			return err
		}))
		return id
	}
	first := key(audit.Actor{Kind: audit.Person, ID: ana.String(), Role: "admin"})
	second := key(audit.Actor{Kind: audit.APIKey, ID: first.String(), Role: "admin"})
	var own *reply
	p.at(time.Hour, func() {
		p.is(privacy.RequestReviewing)
		p.accepted(casetest.Command(contract.ProposePlan, func(c *contract.Command) {
			c.Actor = contract.Actor{Kind: "api_key", ID: second.String(), Role: "agent"}
		}))
	})
	p.at(2*time.Hour, func() { own = p.command(casetest.Command(contract.ApprovePlan, by(ana, "dpo"), p.Approving())) })
	p.at(3*time.Hour, p.approved)
	p.run()
	require.Equal(t, "four_eyes", refusalOf(t, own.err).Code)
	require.Equal(t, privacy.OutcomeFulfilled, p.Outcome(), "somebody else may approve it")
}

// An approval is for the plan that was read, and for no other: not for one that was made meanwhile, and not for whichever there is.
func TestErasureApprovalNamesItsPlan(t *testing.T) {
	t.Parallel()
	p := newErasure(t, stage{})
	var read func(*contract.Command)
	var old, blind *reply
	p.at(time.Hour, func() {
		var c contract.Command
		p.Approving()(&c)
		read = func(other *contract.Command) { other.Plan = c.Plan }
		p.proposed()
	})
	p.at(2*time.Hour, func() {
		p.accepted(casetest.Command(contract.ReturnPlan, by(bo, "dpo"), p.Saying("There is another order.")))
	})
	p.at(3*time.Hour, func() {
		p.Shop.Exec(`INSERT INTO orders (id, customer_id, item) SELECT 900, id, 'lamp' FROM customers WHERE email = $1`, p.Person.Email)
		p.accepted(casetest.Command(contract.Recollect))
	})
	p.at(4*time.Hour, p.proposed)
	p.at(5*time.Hour, func() {
		old = p.command(casetest.Command(contract.ApprovePlan, by(bo, "dpo"), read))
		blind = p.command(casetest.Command(contract.ApprovePlan, by(bo, "dpo")))
	})
	p.at(6*time.Hour, func() {
		p.is(privacy.RequestApproving)
		p.approved()
	})
	p.run()
	require.Equal(t, "plan_changed", refusalOf(t, old.err).Code)
	require.Equal(t, "plan_changed", refusalOf(t, blind.err).Code)
	require.Equal(t, privacy.OutcomeFulfilled, p.Outcome())
}

// A plan is approved by officers, and they are asked to: a lead could not.
func TestErasureApprovalIsAskedOfOfficers(t *testing.T) {
	t.Parallel()
	p := newErasure(t, stage{})
	p.at(time.Hour, p.proposed)
	var asked []storage.CaseTask
	p.at(2*time.Hour, func() {
		p.Read(func(ctx context.Context, tx *storage.Tx) (err error) {
			asked, err = tx.CaseTasks(ctx, p.Ref.Case)
			return err
		})
		p.approved()
	})
	p.run()
	i := slices.IndexFunc(asked, func(task storage.CaseTask) bool { return task.Kind == storage.TaskApproval })
	require.Equal(t, "dpo", asked[i].Role)
	var told []string
	for _, letter := range p.Letters(notify.KindTaskCreated) {
		if strings.Contains(unwrapped(letter.Text), "Approve the plan of erasure") {
			told = append(told, letter.To)
		}
	}
	require.ElementsMatch(t, []string{p.Staff["admin"], p.Staff["dpo"]}, told)
}

// While an approved plan waits, the person can take the request back, and nothing has been changed.
func TestErasureIsTakenBackWhileItWaits(t *testing.T) {
	t.Parallel()
	p := newErasure(t, stage{tenant: func(n *storage.NewTenant) { n.Settings.ErasureWaitDays = 3 }})
	p.at(time.Hour, p.proposed)
	p.at(2*time.Hour, p.approved)
	p.at(2*day, func() {
		p.is(privacy.RequestScheduled)
		require.Contains(t, unwrapped(p.Letters(notify.KindErasureScheduled)[0].Text), "We will erase your data on 5 March 2026")
		p.accepted(casetest.Command(contract.Withdraw))
	})
	p.run()
	require.Equal(t, privacy.OutcomeWithdrawn, p.Outcome())
	customers, orders := p.of(p.Person.Email)
	require.Equal(t, []int{1, casetest.Orders}, []int{customers, orders})
}

// A hold that comes while a plan waits sends it back; made anew, everything is kept, and goes when the hold is lifted.
func TestErasureHeeds(t *testing.T) {
	t.Parallel()
	p := newErasure(t, stage{tenant: func(n *storage.NewTenant) { n.Settings.ErasureWaitDays = 2 }})
	var hold uuid.UUID
	p.at(time.Hour, p.proposed)
	p.at(2*time.Hour, p.approved)
	p.at(day, func() {
		p.Change(func(ctx context.Context, tx *storage.Tx) (err error) {
			hold, err = tx.PlaceHold(ctx, storage.NewHold{
				Matter: "312 O 44/26", Citation: "Art. 17(3)(e) GDPR", Reason: "a claim", ReviewOn: privacy.NewDate(2026, 9, 1), People: []storage.Person{{Email: p.Person.Email}},
			})
			return err
		})
	})
	p.at(3*day, func() {
		p.is(privacy.RequestReviewing)
		require.Equal(t, []string{storage.TaskPlanReview}, p.OpenTasks())
		p.accepted(casetest.Command(contract.Recollect))
	})
	p.at(4*day, func() {
		require.EqualValues(t, 1+casetest.Orders, p.plan().Totals.Rows.Kept)
		p.proposed()
	})
	p.at(4*day+time.Hour, p.approved)
	p.at(8*day, func() {
		p.is(privacy.RequestClosed)
		require.Contains(t, unwrapped(p.Letters(notify.KindErased)[0].Text), "as long as it is open")
		customers, orders := p.of(p.Person.Email)
		require.Equal(t, []int{1, casetest.Orders}, []int{customers, orders})
		p.Change(func(ctx context.Context, tx *storage.Tx) error { return tx.LiftHold(ctx, hold, "settled") })
	})
	p.run()
	customers, orders := p.of(p.Person.Email)
	require.Zero(t, customers+orders, "what the hold kept goes by itself once it is lifted")
}

// PIPEDA 8(8): what the person has asked to see is not erased before they have seen it.
func TestErasureWaitsForOpenAccess(t *testing.T) {
	t.Parallel()
	p := newErasure(t, stage{})
	p.Change(func(ctx context.Context, tx *storage.Tx) error {
		n := casework.NewRequest{Person: storage.Person{Name: "The same", Email: p.Person.Email}, Right: privacy.Access, Channel: "form"}
		casetest.Proven(&n)
		_, err := p.Desk.Open(ctx, tx, n)
		return err
	})
	var refused *reply
	p.at(time.Hour, func() { refused = p.command(casetest.Command(contract.ProposePlan, by(ana, "agent"))) })
	p.at(2*time.Hour, func() { p.accepted(casetest.Command(contract.Withdraw)) })
	p.run()
	require.Equal(t, "access_open", refusalOf(t, refused.err).Code)
}

// Somebody who writes while they are erased is found by reading back, and what is left is planned anew.
func TestErasureIsReadBack(t *testing.T) {
	t.Parallel()
	p := newErasure(t, stage{})
	// What comes back as soon as it is deleted is a system that does not do as it says.
	p.Shop.Exec(`CREATE FUNCTION come_back() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO orders VALUES (OLD.id + 1000, OLD.customer_id, OLD.item, OLD.placed); RETURN OLD; END $$;
		CREATE TRIGGER come_back BEFORE DELETE ON orders FOR EACH ROW WHEN (OLD.id < 1000 AND OLD.item = 'thing 1') EXECUTE FUNCTION come_back();
		ALTER TABLE orders DROP CONSTRAINT orders_customer_id_fkey`)
	p.at(time.Hour, p.proposed)
	p.at(2*time.Hour, p.approved)
	p.at(3*time.Hour, func() {
		p.is(privacy.RequestReviewing)
		require.Contains(t, p.Steps(), "mismatched")
		p.Shop.Exec(`DROP TRIGGER come_back ON orders`)
		p.accepted(casetest.Command(contract.Withdraw))
	})
	p.run()
}

// readOnly takes the way in that may change the shop away.
func (p *play) readOnly() {
	p.t.Helper()
	p.Change(func(ctx context.Context, tx *storage.Tx) error {
		system, err := tx.System(ctx, p.Shop.ID)
		if err != nil {
			return err
		}
		system.Change = ""
		return tx.UpdateSystem(ctx, system)
	})
}

// A system that may only be read is erased in by hand, and the case says so.
func TestErasureByHand(t *testing.T) {
	t.Parallel()
	p := newErasure(t, stage{})
	p.readOnly()
	p.at(time.Hour, p.proposed)
	p.at(2*time.Hour, p.approved)
	p.at(3*time.Hour, func() {
		p.is(privacy.RequestExecuting)
		require.Equal(t, []string{storage.TaskErasureFailed}, p.OpenTasks())
		require.NotEmpty(t, p.Letters(notify.KindErasureFailed))
		withdrawn := p.command(casetest.Command(contract.Withdraw))
		withdrawn.then = func() { require.Error(t, withdrawn.err, "what has begun is brought to its end") }
		p.accepted(casetest.Command(contract.DoneByHand, casetest.On(p.Shop.ID), p.Saying("Deleted in the shop's own console.")))
	})
	p.run()
	require.Equal(t, privacy.OutcomeFulfilled, p.Outcome())
	require.Empty(t, p.OpenTasks())
}

// A backup that was made before the erasure brings the person back, and is erased again: whoever came later of their own will is not.
func TestErasureIsReappliedToARestoredBackup(t *testing.T) {
	t.Parallel()
	p := newErasure(t, stage{})
	p.at(time.Hour, p.proposed)
	p.at(2*time.Hour, p.approved)
	before := monday().Add(30 * time.Minute)
	reapply := func(backup time.Time) storage.Reapplication { return p.reapplied(t, 0, p.Shop.ID, backup) }
	p.run()
	p.is(privacy.RequestClosed)
	p.Shop.Stock(p.Person, 4) // as the backup has them
	later := reapply(monday().Add(4 * time.Hour))
	require.Equal(t, "done", later.State)
	require.Zero(t, later.People, "the backup was made after the erasure: whoever is in it came of their own will")
	again := reapply(before)
	require.Equal(t, "done", again.State, "%v", again.Problem)
	require.EqualValues(t, 1, again.People)
	require.EqualValues(t, 1+4, again.Erased)
	require.Zero(t, p.Shop.Count(`SELECT count(*) FROM customers WHERE email = $1`, p.Person.Email))
	require.Equal(t, 3, p.Shop.Count(`SELECT count(*) FROM orders`), "somebody else's orders stay")
	require.Zero(t, reapply(before).People, "who is erased is found no more")
}
