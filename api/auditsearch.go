package api

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/storage"
)

// actionName is an action of the audit log; the document lists them all.
type actionName string

// Schema implements huma.SchemaProvider.
func (actionName) Schema(huma.Registry) *huma.Schema {
	s := &huma.Schema{Type: huma.TypeString}
	for _, action := range audit.Actions() {
		s.Enum = append(s.Enum, string(action))
	}
	s.PrecomputeMessages()
	return s
}

type auditSearch struct {
	Paging
	Action  actionName `query:"action"`
	ActorID uuid.UUID  `query:"actor_id" format:"uuid" doc:"The member of staff or the API key that did it."`
	Request string     `query:"request" maxLength:"40" doc:"The request that it was about: its id or its reference."`
	Object  string     `query:"object_id" maxLength:"128" doc:"What it was about and belongs to no request: a system, a webhook, an account."`
	Outcome string     `query:"outcome" enum:"refused,failed,intent" doc:"What was not simply done."`
	From    time.Time  `query:"from"`
	Before  time.Time  `query:"before"`
}

// read gives the filter of the register, and no filter when what is asked for is nowhere in it.
func (in *auditSearch) read(ctx context.Context, who *caller, tx *storage.Tx) (*storage.AuditFilter, error) {
	f := storage.AuditFilter{
		Object: in.Object, Outcome: audit.Outcome(in.Outcome), Action: audit.Action(in.Action), At: storage.Range{From: in.From, Before: in.Before}, Limit: in.Limit,
	}
	for place, at := range map[string]time.Time{"query.from": in.From, "query.before": in.Before} {
		if !at.IsZero() && !reckonable(at) {
			return nil, invalid(place, "must lie in the years 1900 to 2199")
		}
	}
	if in.Request != "" && in.Object != "" {
		return nil, invalid("query.object_id", "it is for what belongs to no request; leave one of the two out")
	}
	if in.ActorID != uuid.Nil {
		f.Actor = in.ActorID.String()
	}
	var err error
	if f.Before, err = readCursor(who, eventList, in.Cursor); err != nil || in.Request == "" {
		return &f, err
	}
	if id, err := uuid.Parse(in.Request); err == nil {
		f.Case = &id
		return &f, nil
	}
	c, err := tx.CaseByReference(ctx, strings.ToUpper(strings.TrimSpace(in.Request)))
	if errors.Is(err, storage.ErrNotFound) {
		return nil, nil //nolint:nilnil // nobody asked for this request: no line is about it
	}
	f.Case = &c.ID
	return &f, err
}

const eventList = "audit"

func (s *server) events(ctx context.Context, who *caller, in *auditSearch) (*page[eventView], error) {
	var rows []storage.AuditLine
	var references map[uuid.UUID]string
	err := s.db.Read(ctx, who.tenant.ID, func(ctx context.Context, tx *storage.Tx) error {
		filter, err := in.read(ctx, who, tx)
		if err != nil || filter == nil {
			return err
		}
		if rows, err = tx.AuditEvents(ctx, *filter); err != nil {
			return err
		}
		references, err = tx.References(ctx, requestsOf(rows))
		return err
	})
	if err != nil {
		return nil, err
	}
	next, err := nextCursor(who, eventList, in.Limit, rows, func(r storage.AuditLine) (time.Time, uuid.UUID) { return r.At, r.ID })
	if err != nil {
		return nil, err
	}
	return newPage(each(rows, func(l storage.AuditLine) eventView {
		view := eventOf(l)
		if id, err := uuid.Parse(view.Request); err == nil {
			view.Called = references[id]
		}
		return view
	}), next), nil
}

// requestsOf names the requests that lines are about.
func requestsOf(lines []storage.AuditLine) []uuid.UUID {
	var ids []uuid.UUID
	for _, l := range lines {
		if id, err := uuid.Parse(l.Event.CaseID); err == nil {
			ids = append(ids, id)
		}
	}
	return ids
}
