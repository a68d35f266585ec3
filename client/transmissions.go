package client

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"
)

// Transmission is a package that is sent to another controller. State is open, sent, failed or refused.
type Transmission struct {
	ID       uuid.UUID `json:"id"`
	Receiver string    `json:"receiver"`
	Package  uuid.UUID `json:"package_id"`
	State    string    `json:"state"`
	Reason   string    `json:"reason,omitempty"`
	Status   int       `json:"status,omitempty"`
	Bytes    int64     `json:"bytes,omitempty"`
	SHA256   string    `json:"sha256,omitempty"`
	AskedBy  string    `json:"asked_by"`
	AskedAt  time.Time `json:"asked_at"`
	// RefusedAt is when staff ended it while a try was on its way, which comes to its end first.
	RefusedAt *time.Time `json:"refused_at,omitempty"`
	// UnconfirmedAt is when it first went out without an answer that tells whether it was taken.
	UnconfirmedAt *time.Time `json:"unconfirmed_at,omitempty"`
	EndedAt       *time.Time `json:"ended_at,omitempty"`
}

// NewTransmission says whom a package is to go to, and the URL that takes it by PUT.
type NewTransmission struct {
	Receiver string `json:"receiver"`
	Address  string `json:"address"`
}

// TransmissionRefusal says to the person why it is not technically feasible.
type TransmissionRefusal struct {
	Explanation string `json:"explanation"`
}

// Transmissions lists those of a request, newest first. That somebody looked is recorded.
func (c *Client) Transmissions(ctx context.Context, id uuid.UUID) (Page[Transmission], error) {
	return ask[Page[Transmission]](ctx, c, call{method: http.MethodGet, path: requestPath(id, "/transmissions")})
}

// Transmit has a package sent, once per idempotency key.
func (c *Client) Transmit(ctx context.Context, once string, id uuid.UUID, n NewTransmission) (Created, error) {
	return ask[Created](ctx, c, call{method: http.MethodPost, path: requestPath(id, "/transmissions"), body: n, once: once})
}

// RefuseTransmission ends one that is tried in vain, once per idempotency key.
func (c *Client) RefuseTransmission(ctx context.Context, once string, id, transmission uuid.UUID, r TransmissionRefusal) error {
	_, err := ask[Created](ctx, c, call{method: http.MethodPost, path: requestPath(id, "/transmissions/"+transmission.String()+"/refuse"), body: r, once: once})
	return err
}
