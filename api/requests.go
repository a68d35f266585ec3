package api

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/storage"
)

// CaseID is the address of one request.
type CaseID struct {
	ID uuid.UUID `path:"id" format:"uuid"`
}

// RequestLine is a request in a list: nothing in it says who the person is.
type RequestLine struct {
	ID          uuid.UUID  `json:"id" format:"uuid"`
	Reference   string     `json:"reference"`
	Right       string     `json:"right"`
	Regime      string     `json:"regime"`
	Channel     string     `json:"channel"`
	Language    string     `json:"language"`
	State       string     `json:"state"`
	Outcome     string     `json:"outcome,omitempty"`
	Identity    string     `json:"identity"`
	Assignee    *uuid.UUID `json:"assignee_id,omitempty" format:"uuid"`
	DuplicateOf *uuid.UUID `json:"duplicate_of,omitempty" format:"uuid"`
	ReceivedAt  time.Time  `json:"received_at"`
	ClosedAt    *time.Time `json:"closed_at,omitempty"`
	NextDue     *time.Time `json:"next_due,omitempty" doc:"The soonest date of what is still owed."`
	OnTime      *bool      `json:"on_time,omitempty" doc:"Whether it was answered in time; absent while it is not answered."`
}

// page is one page of a list.
type page[T any] struct {
	Body struct {
		Items []T    `json:"items"`
		Next  string `json:"next_cursor,omitempty" doc:"Give it as cursor to get the next page; absent on the last."`
	}
}

func newPage[T any](items []T, next string) *page[T] {
	p := &page[T]{}
	p.Body.Items, p.Body.Next = items, next
	if items == nil {
		p.Body.Items = []T{}
	}
	return p
}

type listRequests struct {
	Paging
	Narrowed
	Order string `query:"order" enum:"newest,due" default:"newest" doc:"newest: those received last first. due: what is owed soonest first; requests that owe nothing are left out."`
}

func (s *server) requestOperations() {
	register(s, operation{
		id: "list-requests", method: http.MethodGet, path: "/v1/requests", summary: "List requests, newest or soonest owed first", tag: "requests",
	}, s.listRequests)
	register(s, operation{
		id: "export-requests", method: http.MethodGet, path: "/v1/requests/export", tag: "requests",
		summary: "The requests of a list as CSV, without the people; this is recorded",
	}, s.exportRequests)
	register(s, operation{
		id: "search-requests", method: http.MethodPost, path: "/v1/requests/search", tag: "requests", together: true,
		summary: "Find requests by reference, exact e-mail address or telephone number, or the words of a name",
	}, s.searchRequests)
	register(s, operation{
		id: "get-request", method: http.MethodGet, path: "/v1/requests/{id}", summary: "Show a request, without the person", tag: "requests",
		errors: []int{http.StatusNotFound},
	}, s.getRequest)
	register(s, operation{
		id: "get-request-person", method: http.MethodGet, path: "/v1/requests/{id}/person", tag: "requests",
		summary: "Show who a request is about and what they wrote; this is recorded", errors: []int{http.StatusNotFound, http.StatusGone},
	}, s.getPerson)
	register(s, operation{
		id: "record-copy", method: http.MethodPost, path: "/v1/requests/{id}/copied", tag: "requests", together: true,
		summary: "Record that personal data on a screen was copied", errors: []int{http.StatusNotFound},
	}, s.recordCopy)
}

// The lists that cursors are of: a place in one order is none in the other.
const (
	requestList = "requests"
	dueList     = "requests by due"
)

func (s *server) listRequests(ctx context.Context, who *caller, in *listRequests) (*page[RequestLine], error) {
	filter, err := in.read(who)
	if err != nil {
		return nil, err
	}
	filter.Limit = in.Limit
	if in.Order == "due" {
		return s.requestsByDue(ctx, who, in, filter)
	}
	if filter.Before, err = readCursor(who, requestList, in.Cursor); err != nil {
		return nil, err
	}
	rows, err := s.cases(ctx, who, filter, (*storage.Tx).Cases)
	if err != nil {
		return nil, err
	}
	next, err := nextCursor(who, requestList, in.Limit, rows, receivedOf)
	if err != nil {
		return nil, err
	}
	return newPage(each(rows, lineOf), next), nil
}

func (s *server) requestsByDue(ctx context.Context, who *caller, in *listRequests, filter storage.CaseFilter) (*page[RequestLine], error) {
	var err error
	if filter.After, err = readCursor(who, dueList, in.Cursor); err != nil {
		return nil, err
	}
	rows, err := s.cases(ctx, who, filter, (*storage.Tx).CasesByDue)
	if err != nil {
		return nil, err
	}
	next, err := nextCursor(who, dueList, in.Limit, rows, func(r storage.CaseLine) (time.Time, uuid.UUID) { return *r.NextDue, r.ID })
	if err != nil {
		return nil, err
	}
	return newPage(each(rows, lineOf), next), nil
}

// cases reads one page of a list.
func (s *server) cases(
	ctx context.Context, who *caller, filter storage.CaseFilter, list func(*storage.Tx, context.Context, storage.CaseFilter) ([]storage.CaseLine, error),
) (rows []storage.CaseLine, err error) {
	err = s.db.Read(ctx, who.tenant.ID, func(ctx context.Context, tx *storage.Tx) error {
		rows, err = list(tx, ctx, filter)
		return err
	})
	return rows, err
}

func receivedOf(r storage.CaseLine) (time.Time, uuid.UUID) { return r.ReceivedAt, r.ID }

func each[A, B any](in []A, f func(A) B) []B {
	out := make([]B, len(in))
	for i, a := range in {
		out[i] = f(a)
	}
	return out
}

func lineOf(c storage.CaseLine) RequestLine {
	return RequestLine{
		ID: c.ID, Reference: c.Reference, Right: c.RequestRight, Regime: c.Regime, Channel: c.Channel, Language: c.Language,
		State: c.State, Outcome: text(c.Outcome), Identity: c.Identity, Assignee: c.AssigneeID, DuplicateOf: c.DuplicateOf,
		ReceivedAt: c.ReceivedAt, ClosedAt: c.ClosedAt, NextDue: c.NextDue,
		OnTime: c.OnTime,
	}
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
