package workflows_test

import (
	"context"
	"testing"
	"time"

	"github.com/jonboulle/clockwork"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/worker"

	"github.com/privacy-docket/docket/activities"
	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/casework/casetest"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/consent"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows"
	"github.com/privacy-docket/docket/workflows/contract"
)

// canada is a tenant in Canada whose consents are looked at day by day.
type canada struct {
	*casetest.World
	t     *testing.T
	clock *clockwork.FakeClock
	// runs are the days on which the workflow ran.
	runs []string
}

func newCanada(t *testing.T) *canada {
	t.Helper()
	clock := clockwork.NewFakeClockAt(time.Date(2026, time.January, 5, 15, 0, 0, 0, time.UTC))
	c := &canada{World: casetest.New(t, clock, func(n *storage.NewTenant) {
		n.Country, n.Zone, n.Calendar = "CA", "America/Toronto", "CA-FED"
	}), t: t, clock: clock}
	c.Change(func(ctx context.Context, tx *storage.Tx) error {
		_, err := c.Desk.PutPurpose(ctx, tx, storage.NewConsentPurpose{Key: "offers", Class: "commercial"})
		return err
	})
	c.DB.ForgetTenant(c.Tenant)
	return c
}

func (c *canada) happened(address string, kind consent.Kind, relation privacy.ConsentEvent, at time.Time) {
	c.t.Helper()
	c.Change(func(ctx context.Context, tx *storage.Tx) error {
		_, err := c.Desk.RecordConsents(ctx, tx, []casework.NewConsent{{
			Address: storage.ConsentAddress{Kind: storage.AddressEmail, Value: address, Country: "CA"}, Purpose: "offers", Channel: privacy.ByEmail, Kind: kind, Relation: relation, At: at, How: "api",
		}})
		return err
	})
}

// until goes from day to day as the relay does, to the last: the workflow runs on those on which something is due.
func (c *canada) until(last string) {
	c.t.Helper()
	for {
		day, due, err := c.Desk.ConsentsDue(c.t.Context(), c.Tenant)
		require.NoError(c.t, err)
		if due {
			c.run(contract.ConsentDayInput{Tenant: c.Tenant, Day: day.String()})
			_, due, err = c.Desk.ConsentsDue(c.t.Context(), c.Tenant)
			require.NoError(c.t, err)
			require.False(c.t, due, "a day is done with when its workflow has ended")
		}
		if day.String() >= last {
			return
		}
		c.clock.Advance(day24)
	}
}

const day24 = 24 * time.Hour

func (c *canada) run(in contract.ConsentDayInput) {
	c.t.Helper()
	var suite testsuite.WorkflowTestSuite
	suite.SetLogger(quiet{})
	env := suite.NewTestWorkflowEnvironment()
	env.SetStartTime(c.clock.Now())
	env.SetTestTimeout(idleTime).SetWorkerOptions(worker.Options{WorkflowPanicPolicy: worker.FailWorkflow})
	workflows.Register(env)
	activities.Register(env, c.Desk, c.Objects, true)
	env.ExecuteWorkflow(contract.ConsentDayWorkflow, in)
	require.True(c.t, env.IsWorkflowCompleted())
	require.NoError(c.t, env.GetWorkflowError())
	c.runs = append(c.runs, in.Day)
}

// told are the days on which staff were told.
func (c *canada) told() (days []string) {
	c.t.Helper()
	rows, err := c.Register.Owner(c.t).Query(c.t.Context(), "SELECT split_part(key, '/', 2) FROM messages WHERE kind = 'consents_ending' ORDER BY created_at")
	require.NoError(c.t, err)
	for rows.Next() {
		var day string
		require.NoError(c.t, rows.Scan(&day))
		days = append(days, day)
	}
	require.NoError(c.t, rows.Err())
	return days
}

func (c *canada) mayWrite(address string) consent.Decision {
	c.t.Helper()
	var out []casework.MessageAnswer
	c.Read(func(ctx context.Context, tx *storage.Tx) (err error) {
		out, err = c.Desk.MayMessage(ctx, tx, casework.MessageQuestion{Purpose: "offers", Channel: privacy.ByEmail, Country: "CA"}, []string{address})
		return err
	})
	return out[0].Decision
}

func (c *canada) ledger(address string) (kinds []consent.Kind) {
	c.t.Helper()
	c.Read(func(ctx context.Context, tx *storage.Tx) error {
		h, err := tx.ConsentHistory(ctx, storage.ConsentAddress{Kind: storage.AddressEmail, Value: address})
		for _, l := range h.Lines {
			kinds = append(kinds, l.Event.Kind)
		}
		return err
	})
	return kinds
}

// CASL s.10(10): an inquiry carries messages for six months. Staff are told 90, 30 and 7 days before; the day after the last the answer is no by itself, and that
// is put on record.
func TestCASLSection10ImpliedConsentEndsByItself(t *testing.T) {
	t.Parallel()
	c := newCanada(t)
	asked := time.Date(2026, time.January, 5, 14, 0, 0, 0, time.UTC)
	c.happened("ana@person.example", consent.Refreshed, "inquiry", asked)
	c.until("2026-07-05")
	require.Equal(t, consent.ByImplied, c.mayWrite("ana@person.example").Reason, "the last day")
	require.Equal(t, []string{"2026-04-06", "2026-06-05", "2026-06-28"}, c.runs)
	require.Equal(t, c.runs, c.told())
	c.until("2026-12-31")
	require.Equal(t, consent.WindowOver, c.mayWrite("ana@person.example").Reason)
	require.Equal(t, []string{"2026-04-06", "2026-06-05", "2026-06-28", "2026-07-06"}, c.runs)
	require.Equal(t, []consent.Kind{consent.Refreshed, consent.Expired}, c.ledger("ana@person.example"))
}

// A purchase on the way begins the two years anew, and express consent ends all of it: nobody is warned of what does not end.
func TestCASLSection10WhatRefreshesImpliedConsent(t *testing.T) {
	t.Parallel()
	c := newCanada(t)
	start := c.clock.Now()
	c.happened("bought@person.example", consent.Refreshed, "inquiry", start)
	c.happened("agreed@person.example", consent.Refreshed, "inquiry", start)
	c.happened("left@person.example", consent.Refreshed, "inquiry", start)
	c.happened("member@person.example", consent.Began, "membership", start)
	c.until("2026-04-10")
	require.Equal(t, []string{"2026-04-06"}, c.runs)
	c.happened("bought@person.example", consent.Refreshed, "purchase", c.clock.Now())
	c.happened("agreed@person.example", consent.Given, "", c.clock.Now())
	c.happened("left@person.example", consent.Withdrawn, "", c.clock.Now())
	c.until("2027-12-31")
	require.Equal(t, []string{"2026-04-06"}, c.runs, "nobody's day comes")
	require.Equal(t, consent.ByImplied, c.mayWrite("bought@person.example").Reason)
	require.Equal(t, "2028-04-10", c.mayWrite("bought@person.example").Until.String())
	require.Equal(t, consent.ByExpress, c.mayWrite("agreed@person.example").Reason)
	require.Equal(t, consent.WasWithdrawn, c.mayWrite("left@person.example").Reason)
	require.Equal(t, consent.ByInForce, c.mayWrite("member@person.example").Reason)
	c.happened("member@person.example", consent.Ended, "membership", c.clock.Now())
	c.until("2030-01-05")
	require.Equal(t, consent.WindowOver, c.mayWrite("member@person.example").Reason, "two years after it ended (s.10(14))")
	require.Equal(t, consent.WindowOver, c.mayWrite("bought@person.example").Reason)
	require.Equal(t, []consent.Kind{consent.Began, consent.Ended, consent.Expired}, c.ledger("member@person.example"))
}

// When nobody looked for weeks, what was missed is done once, and the answer was right all the while.
func TestAfterAPauseConsentsAreLookedAtOnce(t *testing.T) {
	t.Parallel()
	c := newCanada(t)
	for _, name := range []string{"a", "b", "c"} {
		c.happened(name+"@person.example", consent.Refreshed, "inquiry", c.clock.Now())
	}
	c.clock.Advance(200 * day24)
	require.Equal(t, consent.WindowOver, c.mayWrite("a@person.example").Reason)
	c.until("2026-08-01")
	require.Len(t, c.runs, 1)
	require.Equal(t, []consent.Kind{consent.Refreshed, consent.Expired}, c.ledger("b@person.example"))
}
