package storage_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/storage/storagetest"
)

// various files cases of every mixture of right, regime, state and member of staff, oldest first.
func various(t *testing.T, r *storagetest.Register, tenant, member uuid.UUID) []storage.Case {
	t.Helper()
	var all []storage.Case
	for i := range 24 {
		made := storagetest.NewCase(t, r.DB, tenant, func(n *storage.NewCase) {
			n.Right = []privacy.Right{privacy.Access, privacy.Portability}[i%2]
			n.Regime = []string{"gdpr", "uk-gdpr", "gdpr"}[i%3]
		})
		storagetest.Change(t, r.DB, tenant, func(ctx context.Context, tx *storage.Tx) error {
			c, err := tx.Case(ctx, made.ID)
			if err == nil && i%4 > 1 {
				c, _, err = tx.MoveCase(ctx, c, storage.Move{Event: privacy.EventVerificationBegun, Key: "begin"})
			}
			if err == nil && i%5 < 2 {
				err = tx.AssignCase(ctx, made.ID, &member)
				c.AssigneeID = &member
			}
			all = append(all, c)
			return err
		})
		if i%6 != 0 { // some came in at the same moment
			r.Clock.Advance(time.Minute)
		}
	}
	return all
}

// Whatever a list of cases is narrowed by, its pages hold what fits, newest first, and nothing twice.
func TestCasesNarrowed(t *testing.T) {
	t.Parallel()
	r := storagetest.New(t)
	tenant := storagetest.Tenant(t, r.DB)
	member := storagetest.Staff(t, r.DB, tenant, "agent")
	all := various(t, r, tenant, member)
	for _, state := range []string{"", "received", "verifying", "closed"} {
		for _, right := range []string{"", "access", "portability", "erasure"} {
			for _, regime := range []string{"", "gdpr", "uk-gdpr"} {
				for _, assignee := range []*uuid.UUID{nil, &member} {
					filter := storage.CaseFilter{State: state, Right: right, Regime: regime, Assignee: assignee, Limit: 4}
					var want []uuid.UUID
					for i := len(all) - 1; i >= 0; i-- {
						if c := all[i]; (state == "" || c.State == state) && (right == "" || c.RequestRight == right) &&
							(regime == "" || c.Regime == regime) && (assignee == nil || c.AssigneeID != nil) {
							want = append(want, c.ID)
						}
					}
					require.Equal(t, want, pagesOf(t, r, tenant, filter), fmt.Sprint(filter))
				}
			}
		}
	}
}

func pagesOf(t *testing.T, r *storagetest.Register, tenant uuid.UUID, f storage.CaseFilter) (ids []uuid.UUID) {
	t.Helper()
	for {
		var page []storage.CaseLine
		storagetest.Read(t, r.DB, tenant, func(ctx context.Context, tx *storage.Tx) (err error) {
			page, err = tx.Cases(ctx, f)
			return err
		})
		for _, line := range page {
			ids = append(ids, line.ID)
			f.Before = &storage.Position{At: line.ReceivedAt, ID: line.ID}
		}
		if len(page) < int(f.Limit) {
			return ids
		}
	}
}

// The board is narrowed by state, kind and day, soonest first, page by page.
func TestBoardNarrowed(t *testing.T) {
	t.Parallel()
	r := storagetest.New(t)
	tenant := storagetest.Tenant(t, r.DB)
	owed := map[string]int{}
	for i := range 12 {
		c := storagetest.NewCase(t, r.DB, tenant)
		storagetest.Change(t, r.DB, tenant, func(ctx context.Context, tx *storage.Tx) error {
			list, err := tx.Obligations(ctx, c.ID)
			if err != nil {
				return err
			}
			state := []string{storage.ObligationOpen, storage.ObligationPaused, storage.ObligationOverdue, storage.ObligationMet}[i%4]
			owed[state]++
			return tx.MoveObligation(ctx, list[0], state, "")
		})
		r.Clock.Advance(24 * time.Hour)
	}
	standing := owed[storage.ObligationOpen] + owed[storage.ObligationPaused] + owed[storage.ObligationOverdue]
	day := storagetest.Start().AddDate(0, 0, 36) // the first six are due before
	for _, tc := range []struct {
		filter storage.BoardFilter
		want   int
	}{
		{storage.BoardFilter{}, standing},
		{storage.BoardFilter{State: storage.ObligationPaused}, owed[storage.ObligationPaused]},
		{storage.BoardFilter{State: storage.ObligationOverdue, Kind: "respond"}, owed[storage.ObligationOverdue]},
		{storage.BoardFilter{State: storage.ObligationMet}, 0},
		{storage.BoardFilter{Kind: "respond"}, standing},
		{storage.BoardFilter{Kind: "extend"}, 0},
		{storage.BoardFilter{DueBefore: &day}, 5},
		{storage.BoardFilter{DueBefore: &day, State: storage.ObligationOpen}, 2},
	} {
		tc.filter.Limit = 2
		require.Len(t, boardOf(t, r, tenant, tc.filter), tc.want, fmt.Sprint(tc.filter))
	}
}

// boardOf reads the board page by page, and sees that it is in order.
func boardOf(t *testing.T, r *storagetest.Register, tenant uuid.UUID, f storage.BoardFilter) (lines []storage.BoardLine) {
	t.Helper()
	for {
		var page []storage.BoardLine
		storagetest.Read(t, r.DB, tenant, func(ctx context.Context, tx *storage.Tx) (err error) {
			page, err = tx.Board(ctx, f)
			return err
		})
		for _, line := range page {
			if f.After != nil {
				require.False(t, line.Due.Before(f.After.At))
			}
			lines, f.After = append(lines, line), &storage.Position{At: line.Due, ID: line.ID}
		}
		if len(page) < int(f.Limit) {
			return lines
		}
	}
}
