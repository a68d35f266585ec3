package storage

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/storage/internal/db"
)

// BoardFilter narrows the board. Zero fields do not narrow.
type BoardFilter struct {
	State     string
	Kind      string
	Right     string
	Regime    string
	Assignee  *uuid.UUID
	Nobody    bool       // only what nobody is assigned to
	System    *uuid.UUID // only of cases that are, or were, collected from it
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
	case f.Assignee != nil:
		return boardLines(t.q.BoardOfAssignee(ctx, db.BoardOfAssigneeParams{
			TenantID: t.tenant.ID, AssigneeID: *f.Assignee, State: optional(f.State),
			RequestRight: optional(f.Right), Regime: optional(f.Regime), Kind: optional(f.Kind), SystemID: f.System, DueBefore: before, AfterDue: after.At, AfterID: after.ID, Wanted: f.Limit,
		}))
	case f.Nobody:
		return boardLines(t.q.BoardOfNobody(ctx, db.BoardOfNobodyParams{
			TenantID: t.tenant.ID, State: optional(f.State), RequestRight: optional(f.Right),
			Regime: optional(f.Regime), Kind: optional(f.Kind), SystemID: f.System, DueBefore: before, AfterDue: after.At, AfterID: after.ID, Wanted: f.Limit,
		}))
	case f.State != "":
		return boardLines(t.q.BoardInState(ctx, db.BoardInStateParams{
			TenantID: t.tenant.ID, State: f.State, RequestRight: optional(f.Right), Regime: optional(f.Regime),
			Kind: optional(f.Kind), SystemID: f.System, DueBefore: before, AfterDue: after.At, AfterID: after.ID, Wanted: f.Limit,
		}))
	case f.Right != "":
		return boardLines(t.q.BoardOfRight(ctx, db.BoardOfRightParams{
			TenantID: t.tenant.ID, RequestRight: f.Right, Regime: optional(f.Regime), Kind: optional(f.Kind),
			SystemID: f.System, DueBefore: before, AfterDue: after.At, AfterID: after.ID, Wanted: f.Limit,
		}))
	case f.Regime != "":
		return boardLines(t.q.BoardUnderRegime(ctx, db.BoardUnderRegimeParams{
			TenantID: t.tenant.ID, Regime: f.Regime, Kind: optional(f.Kind), SystemID: f.System,
			DueBefore: before, AfterDue: after.At, AfterID: after.ID, Wanted: f.Limit,
		}))
	case f.Kind != "":
		return boardLines(t.q.BoardOfKind(ctx, db.BoardOfKindParams{
			TenantID: t.tenant.ID, Kind: f.Kind, SystemID: f.System, DueBefore: before, AfterDue: after.At,
			AfterID: after.ID, Wanted: f.Limit,
		}))
	}
	return boardLines(t.q.Board(ctx, db.BoardParams{
		TenantID: t.tenant.ID, SystemID: f.System, DueBefore: before, AfterDue: after.At,
		AfterID: after.ID, Wanted: f.Limit,
	}))
}

// boardRow is a line of any of the statements: they select the same columns.
type boardRow interface {
	db.BoardRow | db.BoardInStateRow | db.BoardOfKindRow | db.BoardOfAssigneeRow | db.BoardOfNobodyRow | db.BoardUnderRegimeRow | db.BoardOfRightRow
}

func boardLines[R boardRow](rows []R, err error) ([]BoardLine, error) {
	if err != nil {
		return nil, fmt.Errorf("read the board: %w", err)
	}
	lines := make([]BoardLine, len(rows))
	for i, row := range rows {
		lines[i] = BoardLine(row)
	}
	return lines, nil
}

// OpenPauses gives what stops the clocks of cases at the moment, oldest first.
func (t *Tx) OpenPauses(ctx context.Context, cases []uuid.UUID) (map[uuid.UUID][]OpenPause, error) {
	rows, err := t.q.OpenPausesOf(ctx, t.tenant.ID, cases)
	if err != nil {
		return nil, fmt.Errorf("read what is paused: %w", err)
	}
	found := map[uuid.UUID][]OpenPause{}
	for _, row := range rows {
		found[row.CaseID] = append(found[row.CaseID], row)
	}
	return found, nil
}

// OpenPause is a pause that has not ended.
type OpenPause = db.OpenPausesOfRow

// DayOwed counts what falls due on a day: Day is the number of the day, from 1 on, and 0 for all before.
type DayOwed = db.HorizonRow

// Horizon counts what falls due by day; days are the moments at which each begins, and the last the one at which the last ends.
// It reads the entries of an index, one for each obligation that is due before the end.
func (t *Tx) Horizon(ctx context.Context, days []time.Time) ([]DayOwed, error) {
	rows, err := t.q.Horizon(ctx, t.tenant.ID, days, t.now, days[len(days)-1])
	if err != nil {
		return nil, fmt.Errorf("count what falls due: %w", err)
	}
	return rows, nil
}
