package api

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
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
		id: "search-requests", method: http.MethodPost, path: "/v1/requests/search", tag: "requests",
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
	next := ""
	if n := len(rows); n > 0 {
		if next, err = newCursor(who, requestList, n == int(in.Limit), rows[n-1].ReceivedAt, rows[n-1].ID); err != nil {
			return nil, err
		}
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

// requestDetail is one request with everything but the person.
type requestDetail struct {
	RequestLine
	RegimeVersion  string      `json:"regime_version"`
	Calendar       string      `json:"calendar"`
	Zone           string      `json:"zone"`
	Run            int32       `json:"run" doc:"1, and one more for each reopening."`
	Reason         string      `json:"reason_code,omitempty" doc:"Of the last step, where it had one: the ground of a refusal."`
	IdentityMethod string      `json:"identity_method,omitempty"`
	RecordedAt     time.Time   `json:"recorded_at"`
	BackdateReason string      `json:"backdate_reason,omitempty"`
	Country        string      `json:"country,omitempty"`
	Duplicates     []reference `json:"duplicates" doc:"Later requests of the same mailbox that were linked to this one."`
	Extension      *extension  `json:"extension,omitempty"`
	Pauses         []pause     `json:"pauses"`
	Commands       []string    `json:"commands" doc:"What the request's state allows now; the law may still forbid one."`
}

type reference struct {
	ID        uuid.UUID `json:"id" format:"uuid"`
	Reference string    `json:"reference"`
}

type extension struct {
	Reason    string    `json:"reason"`
	GrantedBy string    `json:"granted_by"`
	GrantedAt time.Time `json:"granted_at"`
}

type pause struct {
	Kind     string     `json:"kind"`
	From     time.Time  `json:"from"`
	Until    *time.Time `json:"until,omitempty"`
	OpenedBy string     `json:"opened_by"`
	ClosedBy string     `json:"closed_by,omitempty"`
}

// shown is an answer with a body.
type shown[T any] struct{ Body T }

func (s *server) getRequest(ctx context.Context, who *caller, in *CaseID) (*shown[requestDetail], error) {
	out := &shown[requestDetail]{}
	err := s.db.Read(ctx, who.tenant.ID, func(ctx context.Context, tx *storage.Tx) (err error) {
		out.Body, err = detailOf(ctx, tx, in.ID)
		return err
	})
	return out, err
}

func detailOf(ctx context.Context, tx *storage.Tx, id uuid.UUID) (requestDetail, error) {
	c, err := tx.Case(ctx, id)
	if err != nil {
		return requestDetail{}, err
	}
	facts, err := storage.FactsOf(c)
	if err != nil {
		return requestDetail{}, err
	}
	d := requestDetail{
		RequestLine: RequestLine{
			ID: c.ID, Reference: c.Reference, Right: c.RequestRight, Regime: c.Regime, Channel: c.Channel, Language: c.Language,
			State: c.State, Outcome: text(c.Outcome), Identity: c.Identity, Assignee: c.AssigneeID, DuplicateOf: c.DuplicateOf,
			ReceivedAt: c.ReceivedAt, ClosedAt: c.ClosedAt, NextDue: c.NextDue,
		},
		RegimeVersion: c.RegimeVersion, Calendar: c.Calendar, Zone: c.Zone, Run: c.Run, Reason: text(c.ReasonCode),
		IdentityMethod: text(c.IdentityMethod), RecordedAt: c.RecordedAt, BackdateReason: text(c.BackdateReason),
		Country: facts.Country, Commands: allowedIn(privacy.RequestState(c.State)),
	}
	return d, d.addRelated(ctx, tx)
}

func (d *requestDetail) addRelated(ctx context.Context, tx *storage.Tx) error {
	duplicates, err := tx.Duplicates(ctx, d.ID)
	if err != nil {
		return err
	}
	d.Duplicates = each(duplicates, func(r storage.Duplicate) reference { return reference(r) })
	pauses, err := tx.Pauses(ctx, d.ID)
	if err != nil {
		return err
	}
	d.Pauses = each(pauses, func(p storage.PauseLine) pause {
		return pause{Kind: p.Kind, From: p.FromAt, Until: p.UntilAt, OpenedBy: p.OpenedBy, ClosedBy: text(p.ClosedBy)}
	})
	extensions, err := tx.Extensions(ctx, d.ID)
	if err != nil {
		return err
	}
	for _, e := range extensions {
		d.Extension = &extension{Reason: e.ReasonCode, GrantedBy: e.GrantedBy, GrantedAt: e.GrantedAt}
	}
	return nil
}

// allowedIn lists the commands of people that a state lets happen.
func allowedIn(state privacy.RequestState) []string {
	out := []string{}
	for _, kind := range contract.PeopleCommands() {
		if kind.AllowedIn(state) == nil {
			out = append(out, commandName(kind))
		}
	}
	if state.Terminal() {
		out = append(out, "reopen")
	}
	return out
}

type personView struct {
	Name       string `json:"name,omitempty"`
	Email      string `json:"email"`
	Phone      string `json:"phone,omitempty"`
	CustomerID string `json:"customer_id,omitempty"`
	Details    string `json:"details,omitempty" doc:"What the person wrote."`
}

// getPerson shows the person, and records that somebody looked, in one transaction: no record, no data.
func (s *server) getPerson(ctx context.Context, who *caller, in *CaseID) (*shown[personView], error) {
	out := &shown[personView]{}
	err := s.db.Change(ctx, who.tenant.ID, who.actor, func(ctx context.Context, tx *storage.Tx) error {
		c, subject, err := fileOf(ctx, tx, in.ID)
		if err != nil {
			return err
		}
		person, err := tx.Person(ctx, subject)
		if err != nil {
			return err
		}
		details, err := tx.Details(c, subject)
		if err != nil {
			return err
		}
		out.Body = personView{Name: person.Name, Email: person.Email, Phone: person.Phone, CustomerID: person.CustomerID, Details: details}
		return tx.Audit(ctx, viewed(in.ID, "person", in.ID))
	})
	return out, err
}

// fileOf reads a case with its subject's key.
func fileOf(ctx context.Context, tx *storage.Tx, id uuid.UUID) (storage.Case, storage.Subject, error) {
	c, err := tx.Case(ctx, id)
	if err != nil {
		return storage.Case{}, storage.Subject{}, err
	}
	subject, err := tx.Subject(ctx, c.SubjectID)
	return c, subject, err
}

// viewed is the record that somebody looked at personal data.
func viewed(caseID uuid.UUID, kind string, id uuid.UUID) audit.Event {
	return audit.Event{Action: audit.RequestViewed, CaseID: caseID.String(), Object: audit.Object{Kind: kind, ID: id.String()}}
}
