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
	State    string    `query:"state" enum:"received,verifying,clarifying,collecting,reviewing,packaging,delivering,closed"`
	Right    string    `query:"right" enum:"access,portability,rectification,erasure,restriction,objection,opt_out,limit_use"`
	Regime   string    `query:"regime" maxLength:"40"`
	Assignee uuid.UUID `query:"assignee_id" format:"uuid"`
}

func (s *server) requestOperations() {
	register(s, operation{
		id: "list-requests", method: http.MethodGet, path: "/v1/requests", summary: "List requests, newest first", tag: "requests",
	}, s.listRequests)
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
}

const requestList = "requests"

func (s *server) listRequests(ctx context.Context, who *caller, in *listRequests) (*page[RequestLine], error) {
	filter := storage.CaseFilter{State: in.State, Right: in.Right, Regime: in.Regime, Limit: in.Limit}
	if in.Assignee != uuid.Nil {
		filter.Assignee = &in.Assignee
	}
	var err error
	if filter.Before, err = readCursor(who, requestList, in.Cursor); err != nil {
		return nil, err
	}
	var rows []storage.CaseLine
	err = s.db.Read(ctx, who.tenant.ID, func(ctx context.Context, tx *storage.Tx) error {
		rows, err = tx.Cases(ctx, filter)
		return err
	})
	if err != nil {
		return nil, err
	}
	next, err := nextCursor(who, requestList, in.Limit, rows, func(r storage.CaseLine) (time.Time, uuid.UUID) { return r.ReceivedAt, r.ID })
	if err != nil {
		return nil, err
	}
	return newPage(each(rows, lineOf), next), nil
}

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
	}
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
