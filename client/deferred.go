package client

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/privacy"
)

// LeftToItsTime is what an erasure left to its time.
type LeftToItsTime struct {
	ID        uuid.UUID  `json:"id"`
	Request   uuid.UUID  `json:"request"`
	Reference string     `json:"reference"`
	State     string     `json:"state"`
	Due       time.Time  `json:"due"`
	MadeAt    time.Time  `json:"made_at"`
	EndedAt   *time.Time `json:"ended_at,omitempty"`
}

// LeftToItsTimeInFull adds whose rows they are, while it waits, and what people are asked to erase.
type LeftToItsTimeInFull struct {
	LeftToItsTime
	Person *HeldPerson   `json:"person,omitempty"`
	ByHand []AskedByHand `json:"by_hand"`
}

// AskedByHand is what people are asked to erase in one system, or have erased.
type AskedByHand struct {
	System  string       `json:"system"`
	Problem string       `json:"problem"`
	Through privacy.Date `json:"through"`
	Open    bool         `json:"open"`
	AskedAt time.Time    `json:"asked_at"`
	DoneBy  string       `json:"done_by,omitempty"`
	DoneAt  *time.Time   `json:"done_at,omitempty"`
}

// DeferredErasures lists what erasures left to its time, soonest first, and what is done if asked for.
func (c *Client) DeferredErasures(ctx context.Context, done bool) (Page[LeftToItsTime], error) {
	path := "/v1/deferred-erasures"
	if done {
		path += "?" + url.Values{"done": {"true"}}.Encode()
	}
	return ask[Page[LeftToItsTime]](ctx, c, call{method: http.MethodGet, path: path})
}

// DeferredErasure gives one.
func (c *Client) DeferredErasure(ctx context.Context, id uuid.UUID) (LeftToItsTimeInFull, error) {
	return ask[LeftToItsTimeInFull](ctx, c, call{method: http.MethodGet, path: "/v1/deferred-erasures/" + id.String()})
}

// ErasedLaterByHand says that people have erased in a system what they were asked to.
func (c *Client) ErasedLaterByHand(ctx context.Context, id uuid.UUID, system string) (LeftToItsTimeInFull, error) {
	return ask[LeftToItsTimeInFull](ctx, c, call{method: http.MethodPost, path: "/v1/deferred-erasures/" + id.String() + "/by-hand", body: map[string]string{"system": system}})
}
