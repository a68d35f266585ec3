package client

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"
)

// Entry is one thing that happened to a request.
type Entry struct {
	At time.Time `json:"at"`
	// Kind is step, note, message, clock, pause, extension or evidence.
	Kind   string     `json:"kind"`
	What   string     `json:"what"`
	ID     *uuid.UUID `json:"id,omitempty"`
	Actor  string     `json:"actor_kind,omitempty"`
	By     string     `json:"actor_id,omitempty"`
	From   string     `json:"from,omitempty"`
	To     string     `json:"to,omitempty"`
	Reason string     `json:"reason_code,omitempty"`
	State  string     `json:"state,omitempty"`
	Leaf   *int64     `json:"leaf,omitempty"`
}

// Note is what somebody wrote into a request's file.
type Note struct {
	ID     uuid.UUID `json:"id"`
	Kind   string    `json:"kind"`
	Author string    `json:"author"`
	Text   string    `json:"text"`
	At     time.Time `json:"at"`
}

// MessageLine is a message without its words and its addressee.
type MessageLine struct {
	ID        uuid.UUID  `json:"id"`
	Kind      string     `json:"kind"`
	Channel   string     `json:"channel"`
	Audience  string     `json:"audience"`
	Language  string     `json:"language"`
	State     string     `json:"state"`
	Attempts  int32      `json:"attempts"`
	LastError string     `json:"last_error,omitempty"`
	CreatedAt time.Time  `json:"created_at"`
	SentAt    *time.Time `json:"sent_at,omitempty"`
	NextTry   *time.Time `json:"next_attempt_at,omitempty"`
}

// Message is a message as it was written.
type Message struct {
	ID      uuid.UUID `json:"id"`
	To      string    `json:"to"`
	Subject string    `json:"subject"`
	Text    string    `json:"text"`
}

// Timeline gives all that happened to a request, newest first.
func (c *Client) Timeline(ctx context.Context, id uuid.UUID) (Page[Entry], error) {
	return ask[Page[Entry]](ctx, c, call{method: http.MethodGet, path: requestPath(id, "/timeline")})
}

// Notes reads the notes of a request. That is recorded.
func (c *Client) Notes(ctx context.Context, id uuid.UUID) (Page[Note], error) {
	return ask[Page[Note]](ctx, c, call{method: http.MethodGet, path: requestPath(id, "/notes")})
}

// AddNote adds a note to a request's file, once per idempotency key.
func (c *Client) AddNote(ctx context.Context, once string, id uuid.UUID, text string) (Created, error) {
	body := map[string]string{"text": text}
	return ask[Created](ctx, c, call{method: http.MethodPost, path: requestPath(id, "/notes"), body: body, once: once})
}

// Messages lists what was written about a request, and whether it arrived.
func (c *Client) Messages(ctx context.Context, id uuid.UUID) (Page[MessageLine], error) {
	return ask[Page[MessageLine]](ctx, c, call{method: http.MethodGet, path: requestPath(id, "/messages")})
}

// Message reads a message. That is recorded.
func (c *Client) Message(ctx context.Context, id, message uuid.UUID) (Message, error) {
	return ask[Message](ctx, c, call{method: http.MethodGet, path: requestPath(id, "/messages/"+message.String())})
}

// Requeue sends a message that failed again.
func (c *Client) Requeue(ctx context.Context, id, message uuid.UUID) error {
	_, err := ask[nothing](ctx, c, call{method: http.MethodPost, path: requestPath(id, "/messages/"+message.String()+"/requeue")})
	return err
}
