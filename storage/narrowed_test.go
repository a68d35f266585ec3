package storage_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/storage/storagetest"
)

// owing is a register with cases that are owed, answered in time and late, refused and withdrawn, extended, paused and assigned.
type owing struct {
	*storagetest.Register
	tenant, member, system uuid.UUID
	conn                   *pgx.Conn
}

func newOwing(t *testing.T) *owing {
	t.Helper()
	r := storagetest.New(t)
	o := &owing{Register: r, tenant: storagetest.Tenant(t, r.DB), conn: r.Owner(t)}
	o.member = storagetest.Staff(t, r.DB, o.tenant, "agent")
	storagetest.Change(t, r.DB, o.tenant, func(ctx context.Context, tx *storage.Tx) (err error) {
		o.system, err = tx.AddSystem(ctx, storage.System{Key: "crm", Name: "CRM", Kind: "postgres", Target: "postgres://db.test/crm"})
		return err
	})
	for i := range 30 {
		o.add(t, i)
		r.Clock.Advance(7 * time.Hour)
	}
	return o
}

func (o *owing) add(t *testing.T, i int) {
	t.Helper()
	first := storagetest.NewCase(t, o.DB, o.tenant)
	made := storagetest.NewCase(t, o.DB, o.tenant, func(n *storage.NewCase) {
		n.Right = []privacy.Right{privacy.Access, privacy.Erasure, privacy.Access}[i%3]
		n.Regime = []string{"gdpr", "ccpa"}[i%2]
		if i%7 == 0 {
			n.DuplicateOf = &first.ID
		}
	})
	storagetest.Change(t, o.DB, o.tenant, func(ctx context.Context, tx *storage.Tx) error {
		if i%3 == 0 {
			if err := tx.AssignCase(ctx, made.ID, &o.member); err != nil {
				return err
			}
		}
		if i%5 == 0 {
			if _, err := tx.AddExtension(ctx, made.ID, "complexity"); err != nil {
				return err
			}
		}
		c, err := tx.Case(ctx, made.ID)
		if err != nil {
			return err
		}
		if i%4 == 1 {
			system, err := tx.System(ctx, o.system)
			if err != nil {
				return err
			}
			if err := tx.StartRound(ctx, c, 1, []storage.System{system}); err != nil {
				return err
			}
		}
		return o.progress(ctx, tx, c, i)
	})
}

// progress brings what a case owes, and the case, to where the number says.
func (o *owing) progress(ctx context.Context, tx *storage.Tx, c storage.Case, i int) error {
	owed, err := tx.Obligations(ctx, c.ID)
	if err != nil {
		return err
	}
	switch i % 6 {
	case 0:
		err = tx.MoveObligation(ctx, owed[0], storage.ObligationMet, "")
	case 1:
		err = tx.MoveObligation(ctx, owed[0], storage.ObligationOverdue, "")
	case 2:
		err = tx.MoveObligation(ctx, owed[0], storage.ObligationPaused, "")
	case 3: // answered after its date
		late := owed[0].Deadline
		late.Due, late.EarliestSafe = tx.Now().Add(-time.Hour), tx.Now().Add(-time.Hour)
		if err = tx.SetDeadlines(ctx, "start_reset", storage.NewDate{Obligation: owed[0], Deadline: late, State: storage.ObligationOpen}); err != nil {
			return err
		}
		if owed, err = tx.Obligations(ctx, c.ID); err != nil {
			return err
		}
		err = tx.MoveObligation(ctx, owed[0], storage.ObligationMet, "")
	}
	if err != nil {
		return err
	}
	if i%6 == 0 || i%6 == 3 {
		if c, err = tx.Case(ctx, c.ID); err != nil {
			return err
		}
		move := storage.Move{Event: privacy.EventRefused, Key: "end", Reason: "excessive"}
		if i%12 == 0 {
			move = storage.Move{Event: privacy.EventWithdrawn, Key: "end"}
		}
		if _, _, err = tx.MoveCase(ctx, c, move); err != nil {
			return err
		}
	}
	return tx.RefreshNextDue(ctx, c.ID)
}

func (o *owing) ids(t *testing.T, sql string) (ids []uuid.UUID) {
	t.Helper()
	rows, err := o.conn.Query(t.Context(), sql, o.tenant)
	require.NoError(t, err)
	ids, err = pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	require.NoError(t, err)
	return ids
}

func is(b bool) *bool { return &b }

// Whatever the list of cases is narrowed by, alone and together, in either order, it holds what fits and nothing twice.
func TestCasesNarrowedByProgress(t *testing.T) {
	t.Parallel()
	o := newOwing(t)
	mid, now := storagetest.Start().Add(100*time.Hour), o.Clock.Now()
	text := func(at time.Time) string { return "'" + at.Format(time.RFC3339) + "'" }
	with := []struct {
		where string
		set   func(*storage.CaseFilter)
	}{
		{"outcome = 'refused'", func(f *storage.CaseFilter) { f.Outcome = "refused" }},
		{"reason_code = 'excessive'", func(f *storage.CaseFilter) { f.Reason = "excessive" }},
		{"on_time", func(f *storage.CaseFilter) { f.OnTime = is(true) }},
		{"NOT on_time", func(f *storage.CaseFilter) { f.OnTime = is(false) }},
		{"duplicate_of IS NOT NULL", func(f *storage.CaseFilter) { f.Duplicate = is(true) }},
		{"duplicate_of IS NULL", func(f *storage.CaseFilter) { f.Duplicate = is(false) }},
		{"state <> 'closed'", func(f *storage.CaseFilter) { f.Open = is(true) }},
		{"state = 'closed'", func(f *storage.CaseFilter) { f.State = "closed" }},
		{"next_due < " + text(now), func(f *storage.CaseFilter) { f.Overdue = true }},
		{"id IN (SELECT case_id FROM extensions)", func(f *storage.CaseFilter) { f.Extended = is(true) }},
		{"assignee_id = '" + o.member.String() + "'", func(f *storage.CaseFilter) { f.Assignee = &o.member }},
		{"assignee_id IS NULL", func(f *storage.CaseFilter) { f.Nobody = true }},
		{"request_right = 'erasure'", func(f *storage.CaseFilter) { f.Right = "erasure" }},
		{"regime = 'ccpa'", func(f *storage.CaseFilter) { f.Regime = "ccpa" }},
		{"received_at >= " + text(mid), func(f *storage.CaseFilter) { f.Received.From = mid }},
		{"received_at < " + text(mid), func(f *storage.CaseFilter) { f.Received.Before = mid }},
		{"closed_at >= " + text(mid), func(f *storage.CaseFilter) { f.Closed.From = mid }},
		{"closed_at < " + text(mid), func(f *storage.CaseFilter) { f.Closed.Before = mid }},
	}
	some := 0
	for i, a := range with {
		for _, b := range with[i:] {
			filter := storage.CaseFilter{Limit: 4}
			a.set(&filter)
			b.set(&filter)
			if filter.Nobody && filter.Assignee != nil || filter.Open != nil && filter.State != "" ||
				(filter.OnTime != nil || filter.Duplicate != nil) && a.where != b.where && (a.where == "NOT "+b.where || b.where == "NOT "+a.where || i == 4 && b.where == "duplicate_of IS NULL") {
				continue // the two exclude each other, and the API refuses them or cannot ask
			}
			const from = "SELECT id FROM cases WHERE tenant_id = $1 AND %s AND %s"
			want := o.ids(t, fmt.Sprintf(from+" ORDER BY received_at DESC, id DESC", a.where, b.where))
			require.Equal(t, want, append([]uuid.UUID{}, pagesOf(t, o.Register, o.tenant, filter)...), "%s and %s", a.where, b.where)
			some += len(want)
			want = o.ids(t, fmt.Sprintf(from+" AND next_due IS NOT NULL ORDER BY next_due, id", a.where, b.where))
			require.Equal(t, want, o.byDue(t, filter), "by due: %s and %s", a.where, b.where)
		}
	}
	require.Greater(t, some, 500, "the filters find something")
}

func (o *owing) byDue(t *testing.T, f storage.CaseFilter) (ids []uuid.UUID) {
	t.Helper()
	ids = []uuid.UUID{}
	for {
		var page []storage.CaseLine
		storagetest.Read(t, o.DB, o.tenant, func(ctx context.Context, tx *storage.Tx) (err error) {
			page, err = tx.CasesByDue(ctx, f)
			return err
		})
		for _, line := range page {
			ids, f.After = append(ids, line.ID), &storage.Position{At: *line.NextDue, ID: line.ID}
		}
		if len(page) < int(f.Limit) {
			return ids
		}
	}
}

// The board is narrowed by everything that the case says, as it says it now.
func TestBoardNarrowedByCase(t *testing.T) {
	t.Parallel()
	o := newOwing(t)
	storagetest.Change(t, o.DB, o.tenant, func(ctx context.Context, tx *storage.Tx) error { // given away, and taken back
		ids := o.ids(t, "SELECT id FROM cases WHERE tenant_id = $1 ORDER BY received_at DESC LIMIT 8")
		for i, id := range ids {
			if err := tx.AssignCase(ctx, id, map[bool]*uuid.UUID{true: &o.member}[i%2 == 0]); err != nil {
				return err
			}
		}
		return nil
	})
	with := []struct {
		where string
		set   func(*storage.BoardFilter)
	}{
		{"o.state = 'paused'", func(f *storage.BoardFilter) { f.State = "paused" }},
		{"o.kind = 'respond'", func(f *storage.BoardFilter) { f.Kind = "respond" }},
		{"c.request_right = 'erasure'", func(f *storage.BoardFilter) { f.Right = "erasure" }},
		{"c.regime = 'ccpa'", func(f *storage.BoardFilter) { f.Regime = "ccpa" }},
		{"c.assignee_id IS NOT NULL", func(f *storage.BoardFilter) { f.Assignee = &o.member }},
		{"c.assignee_id IS NULL", func(f *storage.BoardFilter) { f.Nobody = true }},
		{"c.id IN (SELECT case_id FROM collection_runs)", func(f *storage.BoardFilter) { f.System = &o.system }},
	}
	some := 0
	for i, a := range with {
		for _, b := range with[i:] {
			filter := storage.BoardFilter{Limit: 3}
			a.set(&filter)
			b.set(&filter)
			if filter.Nobody && filter.Assignee != nil {
				continue
			}
			want := o.ids(t, `SELECT o.id FROM obligations o JOIN cases c ON c.id = o.case_id WHERE o.tenant_id = $1
				AND o.state IN ('open', 'paused', 'overdue') AND `+a.where+" AND "+b.where+" ORDER BY o.due, o.id")
			var got []uuid.UUID
			for _, line := range boardOf(t, o.Register, o.tenant, filter) {
				got = append(got, line.ID)
			}
			require.Equal(t, want, append([]uuid.UUID{}, got...), "%s and %s", a.where, b.where)
			some += len(want)
		}
	}
	require.Greater(t, some, 100)
}

// An obligation is at risk from the first reminder of its ladder on, and under a new date from the first reminder before that one; the cautious date is what reminders count from.
func TestAmber(t *testing.T) {
	t.Parallel()
	r := storagetest.New(t)
	tenant := storagetest.Tenant(t, r.DB)
	c := storagetest.NewCase(t, r.DB, tenant)
	due := r.Clock.Now().AddDate(0, 0, 30)
	ladder := privacy.Ladder{Reminders: []time.Duration{24 * time.Hour, 72 * time.Hour}}
	storagetest.Change(t, r.DB, tenant, func(ctx context.Context, tx *storage.Tx) error {
		return tx.AddObligations(ctx, c.ID, ladder, storagetest.Deadline(privacy.Acknowledge, due))
	})
	amber := func() time.Time {
		var at time.Time
		require.NoError(t, r.Owner(t).QueryRow(t.Context(), "SELECT amber_at FROM obligations WHERE case_id = $1 AND kind = 'acknowledge'", c.ID).Scan(&at))
		return at.UTC()
	}
	require.Equal(t, due.AddDate(0, 0, -1).Add(-72*time.Hour).UTC(), amber())
	storagetest.Change(t, r.DB, tenant, func(ctx context.Context, tx *storage.Tx) error {
		owed, err := tx.Obligations(ctx, c.ID)
		if err != nil {
			return err
		}
		for _, o := range owed {
			if o.Kind == string(privacy.Acknowledge) {
				return tx.SetDeadlines(ctx, "extension", storage.NewDate{Obligation: o, Deadline: storagetest.Deadline(privacy.Acknowledge, due.AddDate(0, 0, 7)), State: o.State})
			}
		}
		return nil
	})
	require.Equal(t, due.AddDate(0, 0, 6).Add(-72*time.Hour).UTC(), amber())
}

// The horizon counts each obligation on its day in the zone that the days are given in, and what was due before once.
func TestHorizon(t *testing.T) {
	t.Parallel()
	o := newOwing(t)
	first := o.Clock.Now().AddDate(0, 0, 24).Truncate(24 * time.Hour)
	var days []time.Time
	for i := range 12 {
		days = append(days, first.AddDate(0, 0, i))
	}
	var rows []storage.DayOwed
	storagetest.Read(t, o.DB, o.tenant, func(ctx context.Context, tx *storage.Tx) (err error) {
		rows, err = tx.Horizon(ctx, days)
		return err
	})
	var counted, before int64
	for _, row := range rows {
		n := row.Overdue + row.Amber + row.Neutral + row.Paused
		from, to := "'-infinity'", "'"+days[0].Format(time.RFC3339)+"'"
		if row.Day > 0 {
			from, to = "'"+days[row.Day-1].Format(time.RFC3339)+"'", "'"+days[row.Day].Format(time.RFC3339)+"'"
			counted += n
		} else {
			before = n
		}
		require.Len(t, o.ids(t, `SELECT id FROM obligations WHERE tenant_id = $1 AND state IN ('open', 'paused', 'overdue')
			AND due >= `+from+" AND due < "+to), int(n), "day %d", row.Day)
	}
	require.Positive(t, counted)
	require.Positive(t, before)
}
