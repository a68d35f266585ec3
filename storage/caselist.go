package storage

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/storage/internal/db"
)

// CaseFilter narrows a list of cases. Zero fields do not narrow.
type CaseFilter struct {
	State    string
	Right    string
	Regime   string
	Assignee *uuid.UUID
	Before   *Position
	Limit    int32
}

// Position is a place in a list that is ordered by time and id.
type Position struct {
	At time.Time
	ID uuid.UUID
}

// The ends of every list. What has a date is written with a year between these.
var (
	firstOfAll = Position{At: time.Date(1, time.January, 1, 0, 0, 0, 0, time.UTC)}
	lastOfAll  = Position{At: time.Date(9999, time.January, 1, 0, 0, 0, 0, time.UTC), ID: uuid.Max}
)

// or is the position, and for none the one given.
func (p *Position) or(none Position) Position {
	if p == nil {
		return none
	}
	return *p
}

// split gives the parts of a position, nil for none.
func (p *Position) split() (at *time.Time, id *uuid.UUID) {
	if p == nil {
		return nil, nil
	}
	return &p.At, &p.ID
}

// keepPlans has the statements that follow planned once and not with each call. PostgreSQL does not foresee how few rows a
// page has: it would take a plan for any arguments to be the dearer one, and start further processes for rows that nobody
// fetches. The lists' statements are such that one plan fits all.
func (t *Tx) keepPlans(ctx context.Context) error {
	if err := t.later.KeepPlans(ctx); err != nil {
		return fmt.Errorf("keep the plans: %w", err)
	}
	return nil
}

// Cases lists cases, newest first, by the statement whose index fits the filter best.
func (t *Tx) Cases(ctx context.Context, f CaseFilter) ([]CaseLine, error) {
	if err := t.keepPlans(ctx); err != nil {
		return nil, err
	}
	before := f.Before.or(lastOfAll)
	right, regime := optional(f.Right), optional(f.Regime)
	switch {
	case f.Assignee != nil && f.State != "":
		return caseLines(t.q.ListCasesOfAssigneeInState(ctx, db.ListCasesOfAssigneeInStateParams{
			TenantID: t.tenant.ID, AssigneeID: *f.Assignee, State: f.State, RequestRight: right, Regime: regime,
			BeforeAt: before.At, BeforeID: before.ID, Wanted: f.Limit,
		}))
	case f.Assignee != nil:
		return caseLines(t.q.ListCasesOfAssignee(ctx, db.ListCasesOfAssigneeParams{
			TenantID: t.tenant.ID, AssigneeID: *f.Assignee, RequestRight: right, Regime: regime,
			BeforeAt: before.At, BeforeID: before.ID, Wanted: f.Limit,
		}))
	case f.State != "":
		return caseLines(t.q.ListCasesInState(ctx, db.ListCasesInStateParams{
			TenantID: t.tenant.ID, State: f.State, RequestRight: right, Regime: regime,
			BeforeAt: before.At, BeforeID: before.ID, Wanted: f.Limit,
		}))
	case f.Right != "":
		return caseLines(t.q.ListCasesOfRight(ctx, db.ListCasesOfRightParams{
			TenantID: t.tenant.ID, RequestRight: f.Right, Regime: regime, BeforeAt: before.At, BeforeID: before.ID, Wanted: f.Limit,
		}))
	case f.Regime != "":
		return caseLines(t.q.ListCasesUnderRegime(ctx, db.ListCasesUnderRegimeParams{
			TenantID: t.tenant.ID, Regime: f.Regime, BeforeAt: before.At, BeforeID: before.ID, Wanted: f.Limit,
		}))
	}
	return caseLines(t.q.ListCases(ctx, t.tenant.ID, before.At, before.ID, f.Limit))
}

// caseRow is a line of any of the statements: they select the same columns.
type caseRow interface {
	db.ListCasesRow | db.ListCasesInStateRow | db.ListCasesOfRightRow | db.ListCasesUnderRegimeRow | db.ListCasesOfAssigneeRow |
		db.ListCasesOfAssigneeInStateRow | db.ListCasesOfSubjectsRow | db.ListCasesByIdentityRow | db.ListCasesByNameRow
}

func caseLines[R caseRow](rows []R, err error) ([]CaseLine, error) {
	if err != nil {
		return nil, fmt.Errorf("list cases: %w", err)
	}
	lines := make([]CaseLine, len(rows))
	for i, row := range rows {
		lines[i] = CaseLine(row)
	}
	return lines, nil
}

// CasesOf lists the newest cases of these people.
func (t *Tx) CasesOf(ctx context.Context, subjects []uuid.UUID, limit int32) ([]CaseLine, error) {
	if err := t.keepPlans(ctx); err != nil {
		return nil, err
	}
	return caseLines(t.q.ListCasesOfSubjects(ctx, t.tenant.ID, subjects, limit))
}

// CasesByEmail lists the newest cases of everyone who came with this address, exactly.
func (t *Tx) CasesByEmail(ctx context.Context, email string, limit int32) ([]CaseLine, error) {
	return t.casesBy(ctx, identityEmail, email, limit)
}

// CasesByPhone lists the newest cases of everyone who came with this number, exactly.
func (t *Tx) CasesByPhone(ctx context.Context, phone string, limit int32) ([]CaseLine, error) {
	return t.casesBy(ctx, identityPhone, phone, limit)
}

func (t *Tx) casesBy(ctx context.Context, kind, value string, limit int32) ([]CaseLine, error) {
	index, err := t.blindIndex(kind, value)
	if err != nil {
		return nil, err
	}
	return t.casesByIndex(ctx, kind, index, limit)
}

func (t *Tx) casesByIndex(ctx context.Context, kind string, index []byte, limit int32) ([]CaseLine, error) {
	if err := t.keepPlans(ctx); err != nil {
		return nil, err
	}
	return caseLines(t.q.ListCasesByIdentity(ctx, t.tenant.ID, kind, index, limit))
}

// CasesByName lists the newest cases of everyone whose name has all of these words.
func (t *Tx) CasesByName(ctx context.Context, name string, limit int32) ([]CaseLine, error) {
	tokens, err := t.tenant.Keys.NameIndexes(name)
	if err != nil {
		return nil, fmt.Errorf("index the name: %w", err)
	}
	if len(tokens) == 1 {
		return t.casesByIndex(ctx, identityNameToken, tokens[0], limit)
	}
	if err := t.keepPlans(ctx); err != nil {
		return nil, err
	}
	return caseLines(t.q.ListCasesByName(ctx, t.tenant.ID, tokens, maxMatches, limit))
}
