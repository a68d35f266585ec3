package workflows_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/activities"
	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/casework/casetest"
	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/privacy"
	plans "github.com/privacy-docket/docket/privacy/erasure"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows"
	"github.com/privacy-docket/docket/workflows/contract"
)

// canadian files a request under PIPEDA of somebody whose identity is proven.
func canadian(n *casework.NewRequest) {
	casetest.Proven(n)
	n.Regime = "pipeda"
}

// filesNext goes on at a moment with another request of the same person, whose rows are as they were left.
func (p *play) filesNext(t *testing.T, on time.Time, change ...func(*casework.NewRequest)) *play {
	t.Helper()
	next := p.after(t, on.Sub(p.env.Now()))
	workflows.Register(next.env)
	activities.Register(next.env, p.Desk, p.Objects, true)
	n := casework.NewRequest{Person: p.Person, Channel: "form"}
	for _, apply := range change {
		apply(&n)
	}
	next.Request = &casetest.Request{World: p.World, Person: p.Person}
	next.Change(func(ctx context.Context, tx *storage.Tx) (err error) {
		next.Opened, err = p.Desk.Open(ctx, tx, n)
		return err
	})
	next.Ref = contract.Ref{Tenant: p.Tenant, Case: next.Opened.ID}
	return next
}

// on has something happen at a moment of the play.
func (p *play) on(at time.Time, do func()) { p.at(at.Sub(p.env.Now()), do) }

// The days of these plays, all in 2026.
func april10() time.Time               { return time.Date(2026, time.April, 10, 9, 0, 0, 0, time.UTC) }
func in(m time.Month, d int) time.Time { return time.Date(2026, m, d, 9, 0, 0, 0, time.UTC) }

// answered is a play in which the person has asked to see their data under PIPEDA, and has an answer of 2 March: they can complain until 2 September.
func answered(t *testing.T, s stage) *play {
	t.Helper()
	s.request = append(s.request, canadian)
	p := newPlay(t, s)
	p.Shop.Changeable()
	p.at(2*time.Hour, p.reviewed)
	p.run()
	require.Equal(t, privacy.OutcomeFulfilled, p.Outcome())
	require.Equal(t, "2026-03-02", p.Case().ClosedAt.Format(time.DateOnly))
	return p
}

// beside has the person file another request under PIPEDA meanwhile.
func (p *play) beside(right privacy.Right) *casetest.Request {
	p.t.Helper()
	r := &casetest.Request{World: p.World, Person: p.Person}
	p.Change(func(ctx context.Context, tx *storage.Tx) (err error) {
		n := casework.NewRequest{Person: p.Person, Right: right, Channel: "form"}
		canadian(&n)
		r.Opened, err = p.Desk.Open(ctx, tx, n)
		return err
	})
	r.Ref = contract.Ref{Tenant: p.Tenant, Case: r.Opened.ID}
	return r
}

// ends has staff, or the person, end a request at once.
func (p *play) ends(r *casetest.Request, kind contract.CommandKind, change ...func(*contract.Command)) {
	p.t.Helper()
	_, err := p.Desk.Do(p.t.Context(), contract.CommandInput{Ref: r.Ref, Command: casetest.Command(kind, change...)})
	require.NoError(p.t, err)
}

// kept are the reasons for keeping rows of the newest plan.
func (p *play) kept() (out []plans.Keeping) {
	p.t.Helper()
	for _, s := range p.plan().Plan.Systems {
		for _, l := range s.Lines {
			out = append(out, l.Kept...)
		}
	}
	return out
}

// all wants the person's rows to be there, or all of them to be gone.
func (p *play) all(there bool) {
	p.t.Helper()
	customers, orders := p.of(p.Person.Email)
	if there {
		require.Equal(p.t, []int{1, casetest.Orders}, []int{customers, orders})
	} else {
		require.Zero(p.t, p.Shop.Count(`SELECT count(*) FROM customers`)+p.Shop.Count(`SELECT count(*) FROM orders`))
	}
}

// PIPEDA s.8(8), s.11(3): what the person has asked to see is kept for as long as they can complain of the answer, whichever law they are erased under,
// and goes by itself when that is over.
func TestPIPEDA88KeepsWhatWasAskedForUntilRecourseIsSpent(t *testing.T) {
	t.Parallel()
	access := answered(t, stage{})
	p := access.filesNext(t, april10(), erasing)
	p.at(time.Hour, func() {
		require.Zero(t, p.plan().Totals.Rows.Erased)
		require.EqualValues(t, 1+casetest.Orders, p.plan().Totals.Rows.Kept)
		for _, k := range p.kept() {
			require.Equal(t, plans.KeptForRecourse, k.Ground)
			require.Equal(t, privacy.Citation{Text: "PIPEDA ss.8(8), 11(3)", Mark: privacy.Verified}, k.Citation)
			require.Equal(t, access.Opened.Reference, k.Rule)
			require.Equal(t, privacy.NewDate(2026, 9, 2), k.Until)
		}
		p.proposed()
	})
	p.at(2*time.Hour, p.approved)
	p.at(3*time.Hour, func() {
		p.is(privacy.RequestClosed)
		require.Equal(t, "kept_under_exception", *p.Case().ReasonCode)
		letter := unwrapped(p.Letters(notify.KindErased)[0].Text)
		require.Contains(t, letter, "erased nothing, because of what we have to keep")
		require.Contains(t, letter, "PIPEDA ss.8(8), 11(3)), until 2 September 2026")
		require.Contains(t, letter, "We erase it by ourselves")
		kept := p.certificate().Systems[0].Collections[0].Kept[0]
		require.Equal(t, []string{"recourse", access.Opened.Reference, "PIPEDA ss.8(8), 11(3)", "2026-09-02"}, []string{kept.Ground, kept.Rule, kept.Citation, kept.Until})
		require.Equal(t, "2026-09-03T00:00:00", p.deferral().Due.In(berlin(t)).Format("2006-01-02T15:04:05"))
	})
	p.on(in(time.September, 2), func() { p.all(true) })
	p.run()
	p.all(false)
	require.True(t, p.deferral().Done)

	look := p.filesNext(t, in(time.October, 1), canadian, func(n *casework.NewRequest) { n.Right = privacy.Access })
	look.at(2*time.Hour, func() {
		look.Read(func(ctx context.Context, tx *storage.Tx) error {
			runs, err := tx.Runs(ctx, look.Ref.Case, 1)
			require.NoError(t, err)
			require.Len(t, runs, 1)
			require.Equal(t, storage.RunDone, runs[0].State)
			require.Zero(t, runs[0].Rows, "a look through all finds nothing any more")
			return nil
		})
		look.accepted(casetest.Command(contract.Withdraw))
	})
	look.run()
}

func berlin(t *testing.T) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Berlin")
	require.NoError(t, err)
	return zone
}

// Who takes their request back complains of nothing, and nothing is kept for that.
func TestARequestThatWasTakenBackKeepsNothing(t *testing.T) {
	t.Parallel()
	access := newPlay(t, stage{request: []func(*casework.NewRequest){canadian}})
	access.Shop.Changeable()
	access.at(2*time.Hour, func() { access.accepted(casetest.Command(contract.Withdraw)) })
	access.run()
	require.Equal(t, privacy.OutcomeWithdrawn, access.Outcome())
	p := access.filesNext(t, april10(), erasing)
	p.at(time.Hour, func() {
		require.Empty(t, p.kept())
		p.proposed()
	})
	p.at(2*time.Hour, p.approved)
	p.at(3*time.Hour, func() { p.all(false) })
	p.run()
}

// A hold that is placed while recourse keeps the data, as where the person did complain, keeps it when that is over, until it is lifted.
func TestAHoldKeepsOnWhatRecourseKept(t *testing.T) {
	t.Parallel()
	p := answered(t, stage{}).filesNext(t, april10(), erasing)
	p.at(time.Hour, p.proposed)
	p.at(2*time.Hour, p.approved)
	p.on(in(time.June, 1), func() { p.hold(storage.Person{Email: p.Person.Email}) })
	p.on(in(time.September, 10), func() {
		p.all(true)
		require.False(t, p.deferral().Done)
		p.liftHolds()
	})
	p.on(in(time.September, 12), func() { p.all(false) })
	p.run()
	require.True(t, p.deferral().Done)
}

// The person asks to see, in the meantime, what was kept of them: it waits for that answer too, and for the recourse about it.
func TestWhatIsKeptIsNotErasedUnderAnOpenRequest(t *testing.T) {
	t.Parallel()
	p := answered(t, stage{}).filesNext(t, april10(), erasing)
	p.at(time.Hour, p.proposed)
	p.at(2*time.Hour, p.approved)
	var later *casetest.Request
	p.on(in(time.August, 20), func() { later = p.beside(privacy.Access) })
	p.on(in(time.September, 10), func() {
		p.all(true)
		p.ends(later, contract.Refuse, casetest.Because("fee_not_accepted"))
	})
	p.on(in(time.November, 10), func() {
		p.all(true)
		require.Equal(t, "2027-03-11", p.deferral().Due.In(berlin(t)).Format(time.DateOnly), "six months from the refusal")
	})
	p.run()
	p.all(false)
	require.True(t, p.deferral().Done)
}

// A request that is closed after the plan was made, proposed or approved sends it back, and the plan that is made anew keeps what it was about.
func TestAPlanDoesNotMissARequestThatWasClosedSince(t *testing.T) {
	t.Parallel()
	p := newErasure(t, stage{tenant: func(n *storage.NewTenant) { n.Settings.ErasureWaitDays = 3 }})
	refused := func(right privacy.Right) {
		p.ends(p.beside(right), contract.Refuse, casetest.Because("fee_not_accepted"))
	}
	var proposing, approving *reply
	p.at(time.Hour, func() {
		require.Empty(t, p.kept())
		refused(privacy.Access)
		proposing = p.command(casetest.Command(contract.ProposePlan, by(ana, "agent")))
	})
	p.at(2*time.Hour, func() { p.accepted(casetest.Command(contract.Recollect)) })
	p.at(3*time.Hour, func() {
		require.Len(t, p.kept(), 2)
		p.proposed()
	})
	p.at(day, func() {
		refused(privacy.Rectification)
		approving = p.command(casetest.Command(contract.ApprovePlan, by(bo, "dpo"), p.Approving()))
	})
	p.at(day+time.Hour, func() { p.accepted(casetest.Command(contract.ReturnPlan)) })
	p.at(day+2*time.Hour, func() { p.accepted(casetest.Command(contract.Recollect)) })
	p.at(day+3*time.Hour, func() {
		require.Equal(t, privacy.NewDate(2026, 9, 3), p.kept()[0].Until, "the later of the two")
		p.proposed()
	})
	p.at(day+4*time.Hour, p.approved)
	p.at(2*day, func() { refused(privacy.Access) })
	p.at(6*day, func() {
		p.is(privacy.RequestReviewing)
		p.accepted(casetest.Command(contract.Withdraw))
	})
	p.run()
	require.Equal(t, "recourse", refusalOf(t, proposing.err).Code)
	require.Equal(t, "recourse", refusalOf(t, approving.err).Code)
	require.Contains(t, refusalOf(t, approving.err).Message, "until 2026-09-03")
}

// Nobody is asked to erase what recourse keeps: neither those who have a system, nor people where no connector may change one. When it is over they
// are, unless a hold keeps it then.
func TestNobodyIsAskedToEraseWhatRecourseKeeps(t *testing.T) {
	t.Parallel()
	p := newErasure(t, stage{})
	p.readOnly()
	p.askable("printer", "email", vendorDocument, "")
	p.ends(p.beside(privacy.Access), contract.Refuse, casetest.Because("fee_not_accepted"))
	p.at(time.Hour, func() {
		require.Zero(t, p.plan().Totals.Asked+p.plan().Totals.Manual)
		p.proposed()
	})
	p.at(2*time.Hour, p.approved)
	p.at(3*time.Hour, func() {
		p.is(privacy.RequestClosed)
		require.Empty(t, p.inquiries())
		require.Empty(t, p.Letters(notify.KindErasureFailed))
		letter := unwrapped(p.Letters(notify.KindErased)[0].Text)
		require.Contains(t, letter, "Printing House: the law makes us keep")
		require.NotContains(t, letter, "We erased data about you here")
	})
	p.on(in(time.June, 1), func() { p.hold(storage.Person{Email: p.Person.Email}) })
	p.on(in(time.September, 10), func() {
		require.Empty(t, p.asked(), "a hold keeps it")
		p.liftHolds()
	})
	p.on(in(time.September, 13), func() {
		d, asked := p.deferral(), p.asked()
		require.Len(t, asked, 2)
		p.Change(func(ctx context.Context, tx *storage.Tx) error {
			require.NoError(t, tx.ErasedLaterByHand(ctx, d, "printer"))
			return tx.ErasedLaterByHand(ctx, d, casetest.ShopKey)
		})
	})
	p.run()
	require.True(t, p.deferral().Done)
}

// What a backup brings back of somebody who was erased was not what a later request was about: it is erased again. An earlier one's recourse stands.
func TestALaterRequestKeepsNothingThatABackupBringsBack(t *testing.T) {
	t.Parallel()
	p := newErasure(t, stage{})
	p.at(time.Hour, p.proposed)
	p.at(2*time.Hour, p.approved)
	p.run()
	later := p.after(t, day)
	later.ends(later.beside(privacy.Access), contract.Refuse, casetest.Because("fee_not_accepted"))
	p.Shop.Stock(p.Person, casetest.Orders)
	r := later.reapplied(t, day, p.Shop.ID, monday())
	require.Empty(t, problemOf(r))
	require.EqualValues(t, 1, r.People)
	require.Zero(t, r.Kept)
	customers, orders := p.of(p.Person.Email)
	require.Zero(t, customers+orders)

	last := later.after(t, 2*day)
	again := last.beside(privacy.Rectification)
	last.ends(again, contract.Cancel)
	last.Read(func(ctx context.Context, tx *storage.Tx) error {
		before, err := p.Desk.RecoursesBefore(ctx, tx, p.Ref.Case, p.Person)
		require.NoError(t, err)
		require.Empty(t, before)
		since, err := p.Desk.RecoursesBefore(ctx, tx, again.Ref.Case, p.Person)
		require.NoError(t, err)
		require.Len(t, since, 1, "had the person been erased then")
		return nil
	})
}

// A case is what its recourse is found by, and is not forgotten while that runs.
func TestACaseIsNotForgottenWhileItsRecourseRuns(t *testing.T) {
	t.Parallel()
	p := answered(t, stage{tenant: func(n *storage.NewTenant) { n.Settings.CaseMonths = 2 }})
	early := p.after(t, in(time.August, 1).Sub(p.env.Now()))
	early.forgets()
	require.Nil(t, early.Case().ForgottenAt)
	later := early.after(t, in(time.September, 4).Sub(early.env.Now()))
	later.forgets()
	require.NotNil(t, later.Case().ForgottenAt)
}
