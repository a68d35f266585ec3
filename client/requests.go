package client

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"
)

// Person is whom a request is about.
type Person struct {
	Name       string `json:"name,omitempty"`
	Email      string `json:"email"`
	Phone      string `json:"phone,omitempty"`
	CustomerID string `json:"customer_id,omitempty"`
}

// NewRequest is a request to be filed.
type NewRequest struct {
	Person   Person `json:"person"`
	Right    string `json:"right"`
	Regime   string `json:"regime,omitempty"`
	Language string `json:"language,omitempty"`
	// Channel is how it came in: api, staff, email, phone, letter.
	Channel string `json:"channel"`
	// Ground is that of a restriction, and Against what an objection or an opt-out is against.
	Ground  string   `json:"ground,omitempty"`
	Against []string `json:"against,omitempty"`
	// Contest is the automated decision that the request is about, where it is about one.
	Contest *Contest `json:"contest,omitempty"`
	// Also are further rights in the same request.
	Also    []FurtherRight `json:"also,omitempty"`
	Details string         `json:"details,omitempty"`
	Country string         `json:"country,omitempty"`
	// ReceivedAt is for a request that was received before now; it needs the role admin or dpo and a BackdateReason.
	ReceivedAt        *time.Time `json:"received_at,omitempty"`
	BackdateReason    string     `json:"backdate_reason,omitempty"`
	IdentityAssertion string     `json:"identity_assertion,omitempty"`
}

// FurtherRight is one that a request carries beside its first.
type FurtherRight struct {
	Right   string   `json:"right"`
	Ground  string   `json:"ground,omitempty"`
	Against []string `json:"against,omitempty"`
	Contest *Contest `json:"contest,omitempty"`
}

// FurtherAccepted is the request that was made of it.
type FurtherAccepted struct {
	ID          uuid.UUID `json:"id"`
	Reference   string    `json:"reference"`
	Right       string    `json:"right"`
	Due         time.Time `json:"due"`
	DuplicateOf string    `json:"duplicate_of,omitempty"`
}

// Accepted is the answer to a request that was taken in.
type Accepted struct {
	ID          uuid.UUID `json:"id"`
	Reference   string    `json:"reference"`
	ReceivedAt  time.Time `json:"received_at"`
	Due         time.Time `json:"due"`
	DuplicateOf string    `json:"duplicate_of,omitempty"`
	// Also are the requests for the further rights.
	Also []FurtherAccepted `json:"also,omitempty"`
}

// RequestLine is a request in a list: nothing in it says who the person is.
type RequestLine struct {
	ID          uuid.UUID  `json:"id"`
	Reference   string     `json:"reference"`
	Right       string     `json:"right"`
	Regime      string     `json:"regime"`
	Channel     string     `json:"channel"`
	Language    string     `json:"language"`
	State       string     `json:"state"`
	Outcome     string     `json:"outcome,omitempty"`
	Identity    string     `json:"identity"`
	Assignee    *uuid.UUID `json:"assignee_id,omitempty"`
	DuplicateOf *uuid.UUID `json:"duplicate_of,omitempty"`
	ReceivedAt  time.Time  `json:"received_at"`
	ClosedAt    *time.Time `json:"closed_at,omitempty"`
	NextDue     *time.Time `json:"next_due,omitempty"`
	OnTime      *bool      `json:"on_time,omitempty"`
}

// Request is one request with everything but the person.
type Request struct {
	RequestLine
	RegimeVersion  string      `json:"regime_version"`
	Calendar       string      `json:"calendar"`
	Zone           string      `json:"zone"`
	Run            int32       `json:"run"`
	Reason         string      `json:"reason_code,omitempty"`
	IdentityMethod string      `json:"identity_method,omitempty"`
	AlsoProven     string      `json:"also_proven,omitempty"`
	RecordedAt     time.Time   `json:"recorded_at"`
	BackdateReason string      `json:"backdate_reason,omitempty"`
	Country        string      `json:"country,omitempty"`
	Ground         string      `json:"ground,omitempty"`
	Against        []string    `json:"against,omitempty"`
	Duplicates     []Reference `json:"duplicates"`
	// FiledBy is the company whose program filed it by a protocol; nil for every other.
	FiledBy *FiledBy `json:"filed_by,omitempty"`
	// Submitted came in together with this one.
	Submitted []Submitted `json:"submitted,omitempty"`
	// Inquiries is nil where nobody else was asked.
	Inquiries *InquiryCount `json:"inquiries,omitempty"`
	Extension *Extension    `json:"extension,omitempty"`
	Pauses    []Pause       `json:"pauses"`
	// Commands are what the state allows now; the law may still forbid one.
	Commands []string `json:"commands"`
}

// FiledBy is who filed a request by a protocol, and what it is called there.
type FiledBy struct {
	Requester uuid.UUID `json:"requester_id"`
	Protocol  string    `json:"protocol"`
	Handle    string    `json:"handle"`
	Name      string    `json:"name"`
	RequestID uuid.UUID `json:"request_id"`
}

// Submitted is a request for another right that came in with this one.
type Submitted struct {
	ID        uuid.UUID `json:"id"`
	Reference string    `json:"reference"`
	Right     string    `json:"right"`
	State     string    `json:"state"`
	Outcome   string    `json:"outcome,omitempty"`
}

// Reference names another request.
type Reference struct {
	ID        uuid.UUID `json:"id"`
	Reference string    `json:"reference"`
}

// Extension is the one extension of a request's deadline.
type Extension struct {
	Reason    string    `json:"reason"`
	GrantedBy string    `json:"granted_by"`
	GrantedAt time.Time `json:"granted_at"`
}

// Pause is a time in which the clock stood.
type Pause struct {
	Kind     string     `json:"kind"`
	From     time.Time  `json:"from"`
	Until    *time.Time `json:"until,omitempty"`
	OpenedBy string     `json:"opened_by"`
	ClosedBy string     `json:"closed_by,omitempty"`
}

// Representative is somebody who asks for a person.
type Representative struct {
	Name  string `json:"name"`
	Email string `json:"email"`
	// Standing is why they may, in their own words.
	Standing string `json:"standing"`
}

// PersonView is who a request is about and what they wrote.
type PersonView struct {
	Person
	Details string `json:"details,omitempty"`
	// Representative asks for the person; nil when they ask themselves.
	Representative *Representative `json:"representative,omitempty"`
}

// Requests says which requests to list.
type Requests struct {
	State, Right, Regime string
	Assignee             *uuid.UUID
}

// Search says what a request must fit. At least one field is given.
type Search struct {
	Reference string `json:"reference,omitempty"`
	Email     string `json:"email,omitempty"`
	Phone     string `json:"phone,omitempty"`
	Name      string `json:"name,omitempty"`
	Limit     int    `json:"limit,omitempty"`
}

// CreateRequest files a request, once per idempotency key.
func (c *Client) CreateRequest(ctx context.Context, once string, in NewRequest) (Accepted, error) {
	return ask[Accepted](ctx, c, call{method: http.MethodPost, path: "/v1/requests", body: in, once: once})
}

// ListRequests lists requests, newest first.
func (c *Client) ListRequests(ctx context.Context, which Requests, paging Paging) (Page[RequestLine], error) {
	q := paging.query()
	set(q, "state", which.State)
	set(q, "right", which.Right)
	set(q, "regime", which.Regime)
	if which.Assignee != nil {
		q.Set("assignee_id", which.Assignee.String())
	}
	return ask[Page[RequestLine]](ctx, c, call{method: http.MethodGet, path: "/v1/requests", query: q})
}

// SearchRequests finds requests by person or reference. A search by person is recorded.
func (c *Client) SearchRequests(ctx context.Context, in Search) (Page[RequestLine], error) {
	return ask[Page[RequestLine]](ctx, c, call{method: http.MethodPost, path: "/v1/requests/search", body: in})
}

// Request shows one request.
func (c *Client) Request(ctx context.Context, id uuid.UUID) (Request, error) {
	return ask[Request](ctx, c, call{method: http.MethodGet, path: requestPath(id, "")})
}

// RequestPerson shows who a request is about. That somebody looked is recorded.
func (c *Client) RequestPerson(ctx context.Context, id uuid.UUID) (PersonView, error) {
	return ask[PersonView](ctx, c, call{method: http.MethodGet, path: requestPath(id, "/person")})
}

func requestPath(id uuid.UUID, below string) string { return "/v1/requests/" + id.String() + below }
