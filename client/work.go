package client

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"
)

// Progress is how far collecting has come.
type Progress struct {
	// Round is 0 before collecting has begun.
	Round   int32       `json:"round"`
	Systems []SystemRun `json:"systems"`
}

// SystemRun is the collecting from one system.
type SystemRun struct {
	System  string `json:"system"`
	Name    string `json:"name"`
	State   string `json:"state"`
	Rows    int64  `json:"rows"`
	Total   *int64 `json:"total,omitempty"`
	Problem string `json:"problem,omitempty"`
	// Asked is who was asked about the system and has not answered yet.
	Asked     string     `json:"asked,omitempty"`
	StartedAt *time.Time `json:"started_at,omitempty"`
	EndedAt   *time.Time `json:"ended_at,omitempty"`
}

// Package is an encrypted export that answers a request.
type Package struct {
	ID          uuid.UUID  `json:"id"`
	Round       int32      `json:"round"`
	State       string     `json:"state"`
	Files       *int32     `json:"files,omitempty"`
	Rows        *int64     `json:"rows,omitempty"`
	Bytes       *int64     `json:"bytes,omitempty"`
	ReadyAt     *time.Time `json:"ready_at,omitempty"`
	ExpiresAt   *time.Time `json:"expires_at,omitempty"`
	DestroyedAt *time.Time `json:"destroyed_at,omitempty"`
	Downloads   []Download `json:"downloads"`
}

// Download is one fetching of a package.
type Download struct {
	StartedAt time.Time  `json:"started_at"`
	EndedAt   *time.Time `json:"ended_at,omitempty"`
	Bytes     int64      `json:"bytes"`
	Complete  bool       `json:"complete"`
}

// NewRedaction is what is to be left out of an answer. Without a Field it is whole rows, which KeyField and KeyValue name.
type NewRedaction struct {
	System     string `json:"system"`
	Dataset    string `json:"dataset"`
	Collection string `json:"collection"`
	Field      string `json:"field,omitempty"`
	KeyField   string `json:"key_field,omitempty"`
	KeyValue   string `json:"key_value,omitempty"`
	Ground     string `json:"ground"`
	Citation   string `json:"citation,omitempty"`
	Note       string `json:"note,omitempty"`
}

// Redaction is what is left out of an answer.
type Redaction struct {
	ID uuid.UUID `json:"id"`
	NewRedaction
	By string    `json:"created_by"`
	At time.Time `json:"created_at"`
}

// Task is a step that a person must do.
type Task struct {
	ID        uuid.UUID  `json:"id"`
	Request   uuid.UUID  `json:"request_id"`
	Reference string     `json:"reference,omitempty"`
	Kind      string     `json:"kind"`
	State     string     `json:"state"`
	Role      string     `json:"role"`
	System    *uuid.UUID `json:"system_id,omitempty"`
	Inquiry   *uuid.UUID `json:"inquiry_id,omitempty"`
	Addressee string     `json:"addressee,omitempty"` // whom that inquiry asks
	Assignee  *uuid.UUID `json:"assignee_id,omitempty"`
	NextDue   *time.Time `json:"next_due,omitempty"`
	CreatedAt time.Time  `json:"created_at"`
	ClaimedBy string     `json:"claimed_by,omitempty"`
	ClaimedAt *time.Time `json:"claimed_at,omitempty"`
	EndedAt   *time.Time `json:"ended_at,omitempty"`
	Result    string     `json:"result,omitempty"`
	// Answers are the commands that end the task, Decisions the ways to complete it.
	Answers   []string   `json:"answers"`
	Decisions []Decision `json:"decisions"`
}

// Decision is one way to complete a task: the command that it is, and the fields of its form.
type Decision struct {
	Decision string  `json:"decision"`
	Command  string  `json:"command"`
	Label    string  `json:"label"`
	Fields   []Field `json:"fields"`
}

// Field is one field of a form.
type Field struct {
	Name      string   `json:"name"`
	Kind      string   `json:"kind"`
	Label     string   `json:"label"`
	Required  bool     `json:"required"`
	MaxLength int      `json:"max_length,omitempty"`
	Choices   []string `json:"choices,omitempty"`
}

// Progress shows how far collecting has come.
func (c *Client) Progress(ctx context.Context, id uuid.UUID) (Progress, error) {
	return ask[Progress](ctx, c, call{method: http.MethodGet, path: requestPath(id, "/progress")})
}

// Packages lists the packages of a request.
func (c *Client) Packages(ctx context.Context, id uuid.UUID) (Page[Package], error) {
	return ask[Page[Package]](ctx, c, call{method: http.MethodGet, path: requestPath(id, "/packages")})
}

// Redactions shows what is left out of the answer. That is recorded.
func (c *Client) Redactions(ctx context.Context, id uuid.UUID) (Page[Redaction], error) {
	return ask[Page[Redaction]](ctx, c, call{method: http.MethodGet, path: requestPath(id, "/redactions")})
}

// AddRedaction leaves something out of the answer, once per idempotency key.
func (c *Client) AddRedaction(ctx context.Context, once string, id uuid.UUID, in NewRedaction) (Created, error) {
	return ask[Created](ctx, c, call{method: http.MethodPost, path: requestPath(id, "/redactions"), body: in, once: once})
}

// RemoveRedaction puts back what was left out.
func (c *Client) RemoveRedaction(ctx context.Context, id, redaction uuid.UUID) error {
	_, err := ask[nothing](ctx, c, call{method: http.MethodDelete, path: requestPath(id, "/redactions/"+redaction.String())})
	return err
}

// Tasks lists what is to be done by people, oldest first; kind "" is every kind.
func (c *Client) Tasks(ctx context.Context, kind string, paging Paging) (Page[Task], error) {
	q := paging.query()
	set(q, "kind", kind)
	return ask[Page[Task]](ctx, c, call{method: http.MethodGet, path: "/v1/tasks", query: q})
}
