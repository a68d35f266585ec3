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
	Outcome  string
	Reason   string // why a case was refused
	Assignee *uuid.UUID
	Nobody   bool // only what nobody is assigned to
	// Of these, nil does not narrow, and false asks for the others.
	OnTime, Duplicate, Open, Extended *bool
	Overdue                           bool // only what owes something that is past its date
	Received, Closed                  Range
	Before                            *Position // by Cases
	After                             *Position // by CasesByDue
	Limit                             int32
}

// Range is from a moment until before another one; the zero time is no end.
type Range struct{ From, Before time.Time }

func (r Range) split() (from, before *time.Time) {
	if !r.From.IsZero() {
		from = &r.From
	}
	if !r.Before.IsZero() {
		before = &r.Before
	}
	return from, before
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

// caseRest is what a filter says besides the one thing that a statement's index is for.
type caseRest struct {
	state, right, regime, outcome, reason *string
	nobody                                *bool
	overdueAt, closedFrom, closedBefore   *time.Time
	receivedFrom, receivedBefore          time.Time
	before, after                         Position
}

func (t *Tx) restOf(f CaseFilter) caseRest {
	r := caseRest{
		state: optional(f.State), right: optional(f.Right), regime: optional(f.Regime), outcome: optional(f.Outcome), reason: optional(f.Reason),
		receivedFrom: firstOfAll.At, receivedBefore: lastOfAll.At, before: f.Before.or(lastOfAll), after: f.After.or(firstOfAll),
	}
	if f.Nobody {
		r.nobody = &f.Nobody
	}
	if f.Overdue {
		r.overdueAt = &t.now
	}
	if !f.Received.From.IsZero() {
		r.receivedFrom = f.Received.From
	}
	if end := f.Received.Before; !end.IsZero() {
		r.receivedBefore = end
		if !r.before.At.Before(end) {
			r.before = Position{At: end}
		}
	}
	r.closedFrom, r.closedBefore = f.Closed.split()
	return r
}

// Cases lists cases, newest first, by the statement whose index fits the filter best.
func (t *Tx) Cases(ctx context.Context, f CaseFilter) ([]CaseLine, error) {
	if err := t.keepPlans(ctx); err != nil {
		return nil, err
	}
	switch {
	case f.Assignee != nil || f.Nobody || (f.Duplicate != nil && *f.Duplicate):
		return t.casesOfFew(ctx, f, t.restOf(f))
	case f.State != "" || f.Outcome != "" || f.OnTime != nil:
		return t.casesByProgress(ctx, f, t.restOf(f))
	}
	return t.casesByKind(ctx, f, t.restOf(f))
}

// casesOfFew lists those of a member of staff, of nobody, or filed again.
func (t *Tx) casesOfFew(ctx context.Context, f CaseFilter, r caseRest) ([]CaseLine, error) {
	switch {
	case f.Assignee != nil && f.State != "":
		return caseLines(t.q.ListCasesOfAssigneeInState(ctx, db.ListCasesOfAssigneeInStateParams{
			TenantID: t.tenant.ID, AssigneeID: *f.Assignee, State: f.State, RequestRight: r.right, Regime: r.regime, Outcome: r.outcome,
			OnTime: f.OnTime, ReasonCode: r.reason, Duplicate: f.Duplicate, OverdueAt: r.overdueAt, Extended: f.Extended,
			ClosedFrom: r.closedFrom, ClosedBefore: r.closedBefore, ReceivedFrom: r.receivedFrom, BeforeAt: r.before.At, BeforeID: r.before.ID,
			Wanted: f.Limit,
		}))
	case f.Assignee != nil:
		return caseLines(t.q.ListCasesOfAssignee(ctx, db.ListCasesOfAssigneeParams{
			TenantID: t.tenant.ID, AssigneeID: *f.Assignee, RequestRight: r.right, Regime: r.regime, Outcome: r.outcome, OnTime: f.OnTime,
			ReasonCode: r.reason, Duplicate: f.Duplicate, Open: f.Open, OverdueAt: r.overdueAt, Extended: f.Extended, ClosedFrom: r.closedFrom,
			ClosedBefore: r.closedBefore, ReceivedFrom: r.receivedFrom, BeforeAt: r.before.At, BeforeID: r.before.ID, Wanted: f.Limit,
		}))
	case f.Nobody:
		return caseLines(t.q.ListCasesOfNobody(ctx, db.ListCasesOfNobodyParams{
			TenantID: t.tenant.ID, State: r.state, RequestRight: r.right, Regime: r.regime, Outcome: r.outcome, OnTime: f.OnTime,
			ReasonCode: r.reason, Duplicate: f.Duplicate, Open: f.Open, OverdueAt: r.overdueAt, Extended: f.Extended, ClosedFrom: r.closedFrom,
			ClosedBefore: r.closedBefore, ReceivedFrom: r.receivedFrom, BeforeAt: r.before.At, BeforeID: r.before.ID, Wanted: f.Limit,
		}))
	}
	return caseLines(t.q.ListDuplicates(ctx, db.ListDuplicatesParams{
		TenantID: t.tenant.ID, State: r.state, RequestRight: r.right, Regime: r.regime, Outcome: r.outcome, OnTime: f.OnTime,
		ReasonCode: r.reason, Open: f.Open, OverdueAt: r.overdueAt, Extended: f.Extended, ClosedFrom: r.closedFrom,
		ClosedBefore: r.closedBefore, ReceivedFrom: r.receivedFrom, BeforeAt: r.before.At, BeforeID: r.before.ID, Wanted: f.Limit,
	}))
}

// casesByProgress lists those in a state, with an outcome, or answered on time or not.
func (t *Tx) casesByProgress(ctx context.Context, f CaseFilter, r caseRest) ([]CaseLine, error) {
	switch {
	case f.State != "":
		return caseLines(t.q.ListCasesInState(ctx, db.ListCasesInStateParams{
			TenantID: t.tenant.ID, State: f.State, RequestRight: r.right, Regime: r.regime, Outcome: r.outcome, OnTime: f.OnTime,
			ReasonCode: r.reason, Duplicate: f.Duplicate, OverdueAt: r.overdueAt, Extended: f.Extended, ClosedFrom: r.closedFrom,
			ClosedBefore: r.closedBefore, ReceivedFrom: r.receivedFrom, BeforeAt: r.before.At, BeforeID: r.before.ID, Wanted: f.Limit,
		}))
	case f.Outcome != "":
		return caseLines(t.q.ListCasesByOutcome(ctx, db.ListCasesByOutcomeParams{
			TenantID: t.tenant.ID, Outcome: f.Outcome, RequestRight: r.right, Regime: r.regime, OnTime: f.OnTime, ReasonCode: r.reason,
			Duplicate: f.Duplicate, Open: f.Open, OverdueAt: r.overdueAt, Extended: f.Extended, ClosedFrom: r.closedFrom,
			ClosedBefore: r.closedBefore, ReceivedFrom: r.receivedFrom, BeforeAt: r.before.At, BeforeID: r.before.ID, Wanted: f.Limit,
		}))
	}
	return caseLines(t.q.ListCasesByTimeliness(ctx, db.ListCasesByTimelinessParams{
		TenantID: t.tenant.ID, OnTime: *f.OnTime, RequestRight: r.right, Regime: r.regime, ReasonCode: r.reason, Duplicate: f.Duplicate,
		Open: f.Open, OverdueAt: r.overdueAt, Extended: f.Extended, ClosedFrom: r.closedFrom, ClosedBefore: r.closedBefore,
		ReceivedFrom: r.receivedFrom, BeforeAt: r.before.At, BeforeID: r.before.ID, Wanted: f.Limit,
	}))
}

// casesByKind lists those under a right or a regime, or all.
func (t *Tx) casesByKind(ctx context.Context, f CaseFilter, r caseRest) ([]CaseLine, error) {
	switch {
	case f.Right != "":
		return caseLines(t.q.ListCasesOfRight(ctx, db.ListCasesOfRightParams{
			TenantID: t.tenant.ID, RequestRight: f.Right, Regime: r.regime, ReasonCode: r.reason, Duplicate: f.Duplicate, Open: f.Open,
			OverdueAt: r.overdueAt, Extended: f.Extended, ClosedFrom: r.closedFrom, ClosedBefore: r.closedBefore, ReceivedFrom: r.receivedFrom,
			BeforeAt: r.before.At, BeforeID: r.before.ID, Wanted: f.Limit,
		}))
	case f.Regime != "":
		return caseLines(t.q.ListCasesUnderRegime(ctx, db.ListCasesUnderRegimeParams{
			TenantID: t.tenant.ID, Regime: f.Regime, ReasonCode: r.reason, Duplicate: f.Duplicate, Open: f.Open, OverdueAt: r.overdueAt,
			Extended: f.Extended, ClosedFrom: r.closedFrom, ClosedBefore: r.closedBefore, ReceivedFrom: r.receivedFrom, BeforeAt: r.before.At,
			BeforeID: r.before.ID, Wanted: f.Limit,
		}))
	}
	return caseLines(t.q.ListCases(ctx, db.ListCasesParams{
		TenantID: t.tenant.ID, ReasonCode: r.reason, Duplicate: f.Duplicate, Open: f.Open, OverdueAt: r.overdueAt, Extended: f.Extended,
		ClosedFrom: r.closedFrom, ClosedBefore: r.closedBefore, ReceivedFrom: r.receivedFrom, BeforeAt: r.before.At, BeforeID: r.before.ID,
		Wanted: f.Limit,
	}))
}

// CasesByDue lists cases that owe something, soonest first. What owes nothing is left out.
func (t *Tx) CasesByDue(ctx context.Context, f CaseFilter) ([]CaseLine, error) {
	if err := t.keepPlans(ctx); err != nil {
		return nil, err
	}
	r := t.restOf(f)
	if f.Assignee != nil {
		return caseLines(t.q.ListCasesOfAssigneeByDue(ctx, db.ListCasesOfAssigneeByDueParams{
			TenantID: t.tenant.ID, AssigneeID: *f.Assignee, State: r.state, RequestRight: r.right, Regime: r.regime, Outcome: r.outcome,
			OnTime: f.OnTime, ReasonCode: r.reason, Duplicate: f.Duplicate, Open: f.Open, OverdueAt: r.overdueAt, Extended: f.Extended,
			ClosedFrom: r.closedFrom, ClosedBefore: r.closedBefore, ReceivedFrom: r.receivedFrom, ReceivedBefore: r.receivedBefore,
			AfterDue: r.after.At, AfterID: r.after.ID, Wanted: f.Limit,
		}))
	}
	return caseLines(t.q.ListCasesByDue(ctx, db.ListCasesByDueParams{
		TenantID: t.tenant.ID, Nobody: r.nobody, State: r.state, RequestRight: r.right, Regime: r.regime, Outcome: r.outcome,
		OnTime: f.OnTime, ReasonCode: r.reason, Duplicate: f.Duplicate, Open: f.Open, OverdueAt: r.overdueAt, Extended: f.Extended,
		ClosedFrom: r.closedFrom, ClosedBefore: r.closedBefore, ReceivedFrom: r.receivedFrom, ReceivedBefore: r.receivedBefore,
		AfterDue: r.after.At, AfterID: r.after.ID, Wanted: f.Limit,
	}))
}

// caseRow is a line of any of the statements: they select the same columns.
type caseRow interface {
	db.ListCasesRow | db.ListCasesInStateRow | db.ListCasesOfRightRow | db.ListCasesUnderRegimeRow | db.ListCasesOfAssigneeRow |
		db.ListCasesOfAssigneeInStateRow | db.ListCasesOfNobodyRow | db.ListDuplicatesRow | db.ListCasesByOutcomeRow | db.ListCasesByTimelinessRow |
		db.ListCasesByDueRow | db.ListCasesOfAssigneeByDueRow | db.ListCasesOfSubjectsRow | db.ListCasesByIdentityRow | db.ListCasesByNameRow
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
