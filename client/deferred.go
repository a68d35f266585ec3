package client

import (
	"context"
	"net/http"
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

// LeftToItsTimeLine adds what it keeps, and what puts it off.
type LeftToItsTimeLine struct {
	LeftToItsTime
	Looks int32          `json:"looks"`
	Kept  []DeferredKept `json:"kept"`
	Holds []DeferredHold `json:"holds"`
	// Asked are the systems in which people are asked to erase.
	Asked []string `json:"asked"`
	// ToTell counts the recipients whom the staff have to tell, because the request is forgotten.
	ToTell int64 `json:"to_tell"`
}

// DeferredKept is what a system keeps for one reason.
type DeferredKept struct {
	System   string           `json:"system"`
	Name     string           `json:"name"`
	Stopped  bool             `json:"stopped,omitempty"`
	Ground   string           `json:"ground"`
	Citation privacy.Citation `json:"citation,omitzero"`
	Rows     int64            `json:"rows"`
	Until    privacy.Date     `json:"until,omitzero"`
}

// DeferredHold is a hold that stands on the person. Systems is empty when it covers all.
type DeferredHold struct {
	ID      uuid.UUID `json:"id"`
	Matter  string    `json:"matter"`
	Systems []string  `json:"systems"`
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

// DeferredErasures lists what erasures left to its time, soonest first, and behind it what is done if asked for; one page.
func (c *Client) DeferredErasures(ctx context.Context, done bool, p Paging) (Page[LeftToItsTimeLine], error) {
	q := p.query()
	if done {
		q.Set("done", "true")
	}
	return ask[Page[LeftToItsTimeLine]](ctx, c, call{method: http.MethodGet, path: "/v1/deferred-erasures?" + q.Encode()})
}

// DeferredErasure gives one.
func (c *Client) DeferredErasure(ctx context.Context, id uuid.UUID) (LeftToItsTimeInFull, error) {
	return ask[LeftToItsTimeInFull](ctx, c, call{method: http.MethodGet, path: "/v1/deferred-erasures/" + id.String()})
}

// ErasedLaterByHand says that people have erased in a system what they were asked to.
func (c *Client) ErasedLaterByHand(ctx context.Context, id uuid.UUID, system string) (LeftToItsTimeInFull, error) {
	return ask[LeftToItsTimeInFull](ctx, c, call{method: http.MethodPost, path: "/v1/deferred-erasures/" + id.String() + "/by-hand", body: map[string]string{"system": system}})
}
