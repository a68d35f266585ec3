package client

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"
)

// Webhook is a program that hears of the tenant's events.
type Webhook struct {
	ID            uuid.UUID  `json:"id"`
	Name          string     `json:"name"`
	URL           string     `json:"url"`
	Actions       []string   `json:"actions"`
	Active        bool       `json:"active"`
	Disabled      string     `json:"disabled_reason,omitempty"`
	PreviousUntil *time.Time `json:"previous_secret_until,omitempty"`
	CreatedAt     time.Time  `json:"created_at"`
	UpdatedAt     time.Time  `json:"updated_at"`
}

// NewWebhook is a webhook to be made.
type NewWebhook struct {
	Name    string   `json:"name"`
	URL     string   `json:"url"`
	Actions []string `json:"actions"`
}

// WebhookChange is what a webhook is to be.
type WebhookChange struct {
	NewWebhook
	Active bool `json:"active"`
}

// CreatedWebhook is a webhook with the secret that signs its events, which is given this once.
type CreatedWebhook struct {
	ID     uuid.UUID `json:"id"`
	Secret string    `json:"secret"`
}

// Webhooks lists the webhooks.
func (c *Client) Webhooks(ctx context.Context) (Page[Webhook], error) {
	return ask[Page[Webhook]](ctx, c, call{method: http.MethodGet, path: "/v1/webhooks"})
}

// CreateWebhook makes one.
func (c *Client) CreateWebhook(ctx context.Context, in NewWebhook) (CreatedWebhook, error) {
	return ask[CreatedWebhook](ctx, c, call{method: http.MethodPost, path: "/v1/webhooks", body: in})
}

// ChangeWebhook changes one, or switches it off and on.
func (c *Client) ChangeWebhook(ctx context.Context, id uuid.UUID, in WebhookChange) (Webhook, error) {
	return ask[Webhook](ctx, c, call{method: http.MethodPut, path: "/v1/webhooks/" + id.String(), body: in})
}
