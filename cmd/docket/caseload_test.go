package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"testing"
	"time"

	"github.com/jonboulle/clockwork"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/client"
	"github.com/privacy-docket/docket/deploy/local"
	"github.com/privacy-docket/docket/deploy/local/localtest"
	"github.com/privacy-docket/docket/deploy/sample"
	"github.com/privacy-docket/docket/policies"
)

// lines are all requests of the company.
func (s *site) lines() []client.RequestLine {
	s.t.Helper()
	page, err := client.Collect(s.t.Context(), 0, "", func(ctx context.Context, paging client.Paging) (client.Page[client.RequestLine], error) {
		return s.staff.ListRequests(ctx, client.Requests{}, paging)
	})
	require.NoError(s.t, err)
	return page.Items
}

// The demo leaves requests in every state in which one rests, of each outcome and under each law of the company; a second
// start makes none, also when the first broke off before it could say that it was done.
func TestCaseloadHasEveryState(t *testing.T) {
	t.Parallel()
	stack := localtest.Own(t, func(o *local.Options) { o.MariaDB = true })
	s := onStack(t, stack)
	var err error
	s.company, err = s.product.sampleCompany(t.Context(), stack)
	require.NoError(t, err)
	s.serve()
	s.work()
	s.furtherKindsAreRead()
	stage := &stage{out: newNarrator(io.Discard), clock: s.product.clock}
	_, err = caseloadOf(t.Context(), stage, stack, s.product, s.company)
	require.NoError(t, err)

	made := s.lines()
	for _, want := range []string{
		"verifying gdpr ", "verifying ccpa ", "collecting gdpr ", "reviewing gdpr ", "reviewing uk-gdpr ", "clarifying gdpr ", "approving gdpr ",
		"closed gdpr fulfilled", "closed gdpr refused", "closed gdpr withdrawn", "closed gdpr cancelled",
	} {
		require.True(t, slices.ContainsFunc(made, func(l client.RequestLine) bool {
			return fmt.Sprintf("%s %s %s", l.State, l.Regime, l.Outcome) == want
		}), want)
	}
	require.True(t, slices.ContainsFunc(made, func(l client.RequestLine) bool { return l.DuplicateOf != nil }), "a duplicate")
	require.True(t, slices.ContainsFunc(made, func(l client.RequestLine) bool { return l.Assignee != nil }), "one that is assigned")
	s.onTheList(made)
	s.tasksOfEveryKind()
	s.clocks()
	s.quietAgain()

	kept, err := readLocalProduct(stack.Dir())
	require.NoError(t, err)
	require.True(t, kept.Caseload)
	kept.Caseload = false
	require.NoError(t, kept.save(stack.Dir()))
	s.systemInTheWay()
	_, err = caseloadOf(t.Context(), stage, stack, s.product, s.company)
	require.NoError(t, err)
	again := s.lines()
	require.Len(t, again, len(made))
	for i := range made {
		require.Equal(t, made[i].State, again[i].State, made[i].Reference)
	}
	s.quietAgain()
}

// onTheList looks that whoever objected to advertising is on the newsletter's list.
func (s *site) onTheList(made []client.RequestLine) {
	s.t.Helper()
	i := slices.IndexFunc(made, func(l client.RequestLine) bool { return l.Right == "objection" })
	require.GreaterOrEqual(s.t, i, 0)
	set, err := s.staff.RequestLimits(s.t.Context(), made[i].ID)
	require.NoError(s.t, err)
	at := slices.IndexFunc(set.Marks, func(m client.Mark) bool { return m.System == sample.Newsletter })
	require.GreaterOrEqual(s.t, at, 0)
	require.Equal(s.t, "done", set.Marks[at].State, set.Marks[at].Problem)
	require.EqualValues(s.t, 1, *set.Marks[at].Rows)
}

// systemInTheWay leaves the third system as a start does that broke off while a request was held by it. The next start takes
// it out of use before it has somebody else ask.
func (s *site) systemInTheWay() {
	s.t.Helper()
	system, err := s.staff.SystemNamed(s.t.Context(), sample.Surveys)
	require.NoError(s.t, err)
	active := "active"
	_, err = s.staff.ChangeSystem(s.t.Context(), system.ID, client.SystemChange{State: &active})
	require.NoError(s.t, err)
	require.NoError(s.t, s.product.outOfTheWay(s.t.Context(), s.stack, s.company))
	system, err = s.staff.System(s.t.Context(), system.ID)
	require.NoError(s.t, err)
	require.Equal(s.t, outOfUse, system.State)
}

// furtherKindsAreRead has the worker try the systems that are no PostgreSQL: a MariaDB, and a service behind HTTP.
func (s *site) furtherKindsAreRead() {
	s.t.Helper()
	for key, kind := range map[string]string{sample.Loyalty: "mysql", sample.Newsletter: "http"} {
		system, err := s.staff.SystemNamed(s.t.Context(), key)
		require.NoError(s.t, err)
		require.Equal(s.t, kind, system.Kind)
		check, err := s.staff.TestSystem(s.t.Context(), system.ID)
		require.NoError(s.t, err)
		require.True(s.t, check.OK, "%v", check.Findings)
	}
}

// tasksOfEveryKind waits for what staff are asked to do: each kind of task is there.
func (s *site) tasksOfEveryKind() {
	for _, kind := range []string{"identity_check", "review", "message", "collection_failed", "human_review"} {
		s.eventually("there is a task of the kind "+kind, func(ctx context.Context) (bool, error) {
			tasks, err := s.staff.Tasks(ctx, kind, client.Paging{})
			return slices.ContainsFunc(tasks.Items, func(t client.Task) bool { return t.State == "open" }), err
		})
	}
}

// clocks looks for what the board is for: something overdue and escalated, something soon, something paused, something extended.
func (s *site) clocks() {
	s.eventually("an answer is overdue", func(ctx context.Context) (bool, error) {
		board, err := s.staff.Obligations(ctx, client.Board{State: "overdue"}, client.Paging{})
		return len(board.Items) == 1, err
	})
	board, err := s.staff.Obligations(s.t.Context(), client.Board{}, client.Paging{Limit: client.PageSize})
	require.NoError(s.t, err)
	now := s.product.clock.Now()
	require.True(s.t, slices.ContainsFunc(board.Items, func(l client.BoardLine) bool {
		return l.Kind == "respond" && l.Due.After(now) && l.Due.Before(now.Add(dueWithin*24*time.Hour)) && l.Risk == "amber"
	}), "one is due soon")
	require.True(s.t, slices.ContainsFunc(board.Items, func(l client.BoardLine) bool { return len(l.Paused) > 0 }), "one is paused")
	extended := 0
	for _, l := range s.lines() {
		request, err := s.staff.Request(s.t.Context(), l.ID)
		require.NoError(s.t, err)
		if request.Extension != nil {
			extended++
		}
	}
	require.Equal(s.t, 1, extended)
}

// quietAgain looks that the caseload leaves nothing that would disturb who comes later: its keys have ended, the third
// system holds nobody up, the webhook calls nobody.
func (s *site) quietAgain() {
	keys, err := s.staff.Keys(s.t.Context())
	require.NoError(s.t, err)
	var open []string
	for _, key := range keys.Items {
		if key.RevokedAt == nil {
			open = append(open, key.Name)
		}
	}
	require.ElementsMatch(s.t, []string{companyKey, "Web shop: files what customers ask for"}, open)
	system, err := s.staff.SystemNamed(s.t.Context(), sample.Surveys)
	require.NoError(s.t, err)
	require.Equal(s.t, "disabled", system.State)
	require.NotNil(s.t, system.Stop)
	hooks, err := s.staff.Webhooks(s.t.Context())
	require.NoError(s.t, err)
	require.Len(s.t, hooks.Items, 1)
	require.False(s.t, hooks.Items[0].Active)
}

// A request that is to be due on a day was received on one on which the law makes it so, whatever day today is.
func TestReceiptLeadsToTheDueDay(t *testing.T) {
	t.Parallel()
	book, err := policies.Embedded()
	require.NoError(t, err)
	clock := clockwork.NewFakeClockAt(time.Date(2026, 11, 22, 9, 30, 0, 0, time.UTC))
	p := &part{caseload: &caseload{stage: &stage{clock: clock}, product: &product{book: book}}}
	for range 60 {
		for _, days := range []int{3, 25, -2} {
			received, err := p.receipt(days)
			require.NoError(t, err)
			require.False(t, received.After(p.clock.Now()))
			due, err := p.dueOn(received, "DE")
			require.NoError(t, err)
			left := clock.Now().In(received.Location())
			away := int(morning(due.EndIn(received.Location())).Sub(morning(left)).Round(24*time.Hour) / (24 * time.Hour))
			if days < 0 {
				require.LessOrEqual(t, away, days)
			} else {
				require.GreaterOrEqual(t, away, days)
			}
			require.InDelta(t, days, away, dueWithin)
		}
		clock.Advance(24 * time.Hour)
	}
}
