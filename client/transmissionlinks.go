package client

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"
)

// TransmissionLink is a link by which another controller fetches a package. State is open or ended.
type TransmissionLink struct {
	ID        uuid.UUID           `json:"id"`
	Receiver  string              `json:"receiver"`
	Package   uuid.UUID           `json:"package_id"`
	State     string              `json:"state"`
	Reason    string              `json:"reason,omitempty"`
	ExpiresAt time.Time           `json:"expires_at"`
	MadeBy    string              `json:"made_by"`
	MadeAt    time.Time           `json:"made_at"`
	Fetches   []TransmissionFetch `json:"fetches"`
	EndedAt   *time.Time          `json:"ended_at,omitempty"`
}

// TransmissionFetch is one fetch by such a link. Whole says that all of the archive went out.
type TransmissionFetch struct {
	BegunAt time.Time  `json:"begun_at"`
	EndedAt *time.Time `json:"ended_at,omitempty"`
	Bytes   int64      `json:"bytes,omitempty"`
	Whole   bool       `json:"whole"`
}

// NewTransmissionLink says whom a link is for.
type NewTransmissionLink struct {
	Receiver string `json:"receiver"`
}

// MadeTransmissionLink is a link that was made. Whoever has its URL needs nothing else.
type MadeTransmissionLink struct {
	ID        uuid.UUID `json:"id"`
	URL       string    `json:"url"`
	ExpiresAt time.Time `json:"expires_at"`
}

// TransmissionLinks lists those of a request, newest first. That somebody looked is recorded.
func (c *Client) TransmissionLinks(ctx context.Context, id uuid.UUID) (Page[TransmissionLink], error) {
	return ask[Page[TransmissionLink]](ctx, c, call{method: http.MethodGet, path: requestPath(id, "/transmission-links")})
}

// MakeTransmissionLink makes a link, once per idempotency key: the same key gives the same link as long as it works.
func (c *Client) MakeTransmissionLink(ctx context.Context, once string, id uuid.UUID, n NewTransmissionLink) (MadeTransmissionLink, error) {
	return ask[MadeTransmissionLink](ctx, c, call{method: http.MethodPost, path: requestPath(id, "/transmission-links"), body: n, once: once})
}

// EndTransmissionLink takes a link back, once per idempotency key.
func (c *Client) EndTransmissionLink(ctx context.Context, once string, id, link uuid.UUID) error {
	_, err := ask[Created](ctx, c, call{method: http.MethodPost, path: requestPath(id, "/transmission-links/"+link.String()+"/end"), once: once})
	return err
}
