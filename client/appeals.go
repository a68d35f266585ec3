package client

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"
)

// Appeal is what a person makes to the controller against its answer.
type Appeal struct {
	ID          uuid.UUID  `json:"id"`
	Kind        string     `json:"kind"`
	State       string     `json:"state"`
	Channel     string     `json:"channel"`
	Text        string     `json:"text"`
	Explanation string     `json:"explanation,omitempty"`
	ReceivedAt  time.Time  `json:"received_at"`
	DecidedBy   string     `json:"decided_by,omitempty"`
	DecidedAt   *time.Time `json:"decided_at,omitempty"`
}

// NewAppeal is one that came another way than through the person's page.
type NewAppeal struct {
	Text       string     `json:"text"`
	Channel    string     `json:"channel"`
	ReceivedAt *time.Time `json:"received_at,omitempty"`
}

// AppealDecision is granted, denied or withdrawn, with what the person is written.
type AppealDecision struct {
	Decision    string `json:"decision"`
	Explanation string `json:"explanation"`
}

// AppealExtension says why a decision takes longer.
type AppealExtension struct {
	Reason string `json:"reason"`
}

// Appeals lists those of a request, newest first.
func (c *Client) Appeals(ctx context.Context, id uuid.UUID) (Page[Appeal], error) {
	return ask[Page[Appeal]](ctx, c, call{method: http.MethodGet, path: requestPath(id, "/appeals")})
}

// AddAppeal takes one in, once per idempotency key.
func (c *Client) AddAppeal(ctx context.Context, once string, id uuid.UUID, n NewAppeal) (Created, error) {
	return ask[Created](ctx, c, call{method: http.MethodPost, path: requestPath(id, "/appeals"), body: n, once: once})
}

// DecideAppeal answers one, once per idempotency key.
func (c *Client) DecideAppeal(ctx context.Context, once string, id, appeal uuid.UUID, d AppealDecision) error {
	_, err := ask[Created](ctx, c, call{method: http.MethodPost, path: requestPath(id, "/appeals/"+appeal.String()+"/decide"), body: d, once: once})
	return err
}

// ExtendAppeal gives its decision more time, once per idempotency key.
func (c *Client) ExtendAppeal(ctx context.Context, once string, id, appeal uuid.UUID, e AppealExtension) error {
	_, err := ask[Created](ctx, c, call{method: http.MethodPost, path: requestPath(id, "/appeals/"+appeal.String()+"/extend"), body: e, once: once})
	return err
}
