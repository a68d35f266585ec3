package storage

import (
	"context"
	"fmt"
	"time"

	"github.com/privacy-docket/docket/storage/internal/db"
)

// BoardFilter narrows the board. Zero fields do not narrow.
type BoardFilter struct {
	State     string
	Kind      string
	DueBefore *time.Time
	After     *Position
	Limit     int32
}

// Board lists what is owed, soonest first, by the statement whose index fits the filter best.
func (t *Tx) Board(ctx context.Context, f BoardFilter) ([]BoardLine, error) {
	if err := t.keepPlans(ctx); err != nil {
		return nil, err
	}
	after, before := f.After.or(firstOfAll), lastOfAll.At
	if f.DueBefore != nil {
		before = *f.DueBefore
	}
	switch {
	case f.State != "":
		return boardLines(t.q.BoardInState(ctx, db.BoardInStateParams{
			TenantID: t.tenant.ID, State: f.State, Kind: optional(f.Kind), DueBefore: before, AfterDue: after.At, AfterID: after.ID, Wanted: f.Limit,
		}))
	case f.Kind != "":
		return boardLines(t.q.BoardOfKind(ctx, db.BoardOfKindParams{
			TenantID: t.tenant.ID, Kind: f.Kind, DueBefore: before, AfterDue: after.At, AfterID: after.ID, Wanted: f.Limit,
		}))
	}
	return boardLines(t.q.Board(ctx, db.BoardParams{
		TenantID: t.tenant.ID, DueBefore: before, AfterDue: after.At, AfterID: after.ID, Wanted: f.Limit,
	}))
}

func boardLines[R db.BoardRow | db.BoardInStateRow | db.BoardOfKindRow](rows []R, err error) ([]BoardLine, error) {
	if err != nil {
		return nil, fmt.Errorf("read the board: %w", err)
	}
	lines := make([]BoardLine, len(rows))
	for i, row := range rows {
		lines[i] = BoardLine(row)
	}
	return lines, nil
}
