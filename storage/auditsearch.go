package storage

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/storage/internal/db"
)

// AuditLine is one event as the register lists it.
type AuditLine struct {
	ID        uuid.UUID
	At        time.Time
	Event     audit.Event
	LeafIndex *int64
}

// AuditFilter narrows the list of events. Zero fields do not narrow.
type AuditFilter struct {
	Case    *uuid.UUID
	Actor   string        // the id of a member of staff or of an API key
	Object  string        // the id of something that belongs to no case: a system, an account, a webhook
	Outcome audit.Outcome // what was not simply done: refused, failed or intent
	Action  audit.Action
	At      Range
	Before  *Position
	Limit   int32
}

// AuditEvents lists the tenant's events, newest first, by the statement whose index fits the filter best.
func (t *Tx) AuditEvents(ctx context.Context, f AuditFilter) ([]AuditLine, error) {
	if err := t.keepPlans(ctx); err != nil {
		return nil, err
	}
	action, actor, outcome := optional(string(f.Action)), optional(f.Actor), optional(string(f.Outcome))
	before, since := f.Before.or(lastOfAll), firstOfAll.At
	if !f.At.From.IsZero() {
		since = f.At.From
	}
	if end := f.At.Before; !end.IsZero() && !before.At.Before(end) {
		before = Position{At: end}
	}
	switch {
	case f.Case != nil:
		return auditLines(t.q.AuditEventsOfCase(ctx, db.AuditEventsOfCaseParams{
			TenantID: t.tenant.ID, CaseID: f.Case, ActorID: actor, Outcome: outcome, Action: action, Since: since, BeforeAt: before.At, BeforeID: before.ID, Wanted: f.Limit,
		}))
	case f.Object != "":
		return auditLines(t.q.AuditEventsOfObject(ctx, db.AuditEventsOfObjectParams{
			TenantID: t.tenant.ID, ObjectID: &f.Object, ActorID: actor, Outcome: outcome, Action: action, Since: since, BeforeAt: before.At, BeforeID: before.ID, Wanted: f.Limit,
		}))
	case f.Actor != "":
		return auditLines(t.q.AuditEventsByActor(ctx, db.AuditEventsByActorParams{
			TenantID: t.tenant.ID, ActorID: actor, Outcome: outcome, Action: action, Since: since, BeforeAt: before.At, BeforeID: before.ID, Wanted: f.Limit,
		}))
	case f.Outcome != "":
		return auditLines(t.q.AuditEventsByOutcome(ctx, db.AuditEventsByOutcomeParams{
			TenantID: t.tenant.ID, Outcome: string(f.Outcome), Action: action, Since: since, BeforeAt: before.At, BeforeID: before.ID, Wanted: f.Limit,
		}))
	case f.Action != "":
		return auditLines(t.q.AuditEventsByAction(ctx, db.AuditEventsByActionParams{
			TenantID: t.tenant.ID, Action: string(f.Action), Since: since, BeforeAt: before.At, BeforeID: before.ID, Wanted: f.Limit,
		}))
	}
	return auditLines(t.q.AuditEventsPage(ctx, db.AuditEventsPageParams{TenantID: t.tenant.ID, Since: since, BeforeAt: before.At, BeforeID: before.ID, Wanted: f.Limit}))
}

// CaseEvents lists the events of a case in order.
func (t *Tx) CaseEvents(ctx context.Context, caseID uuid.UUID) ([]AuditLine, error) {
	return auditLines(t.q.CaseAuditEvents(ctx, t.tenant.ID, &caseID))
}

// auditRow is an event as each of the statements brings it.
type auditRow interface {
	db.CaseAuditEventsRow | db.AuditEventsByIDRow | db.AuditEventsPageRow | db.AuditEventsOfCaseRow | db.AuditEventsOfObjectRow |
		db.AuditEventsByActorRow | db.AuditEventsByOutcomeRow | db.AuditEventsByActionRow
}

func auditLines[R auditRow](rows []R, err error) ([]AuditLine, error) {
	if err != nil {
		return nil, fmt.Errorf("read audit events: %w", err)
	}
	lines := make([]AuditLine, 0, len(rows))
	for _, r := range rows {
		row := db.AuditEventsPageRow(r)
		event, err := audit.Decode(row.Body)
		if err != nil {
			return nil, fmt.Errorf("read an audit event: %w", err)
		}
		lines = append(lines, AuditLine{ID: row.ID, At: row.At, Event: event, LeafIndex: row.LeafIndex})
	}
	return lines, nil
}
