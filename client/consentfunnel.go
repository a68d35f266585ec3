package client

import (
	"context"
	"net/http"
	"net/url"
)

// ConsentFunnel is what became of sign-ups, by the week in which they came. Days are dates.
type ConsentFunnel struct {
	From  string       `json:"from"`
	To    string       `json:"to"`
	Weeks []FunnelWeek `json:"weeks"`
}

// FunnelWeek is a week, from its Monday on.
type FunnelWeek struct {
	From string `json:"from"`
	FunnelCount
	Parts []FunnelPart `json:"parts"`
}

// FunnelPart are the sign-ups of a week for one purpose, by the words that people saw.
type FunnelPart struct {
	Purpose  string `json:"purpose"`
	Language string `json:"language,omitempty"`
	Version  int32  `json:"version,omitempty"`
	FunnelCount
}

// FunnelCount is how far those who signed up have come.
type FunnelCount struct {
	Requested int64 `json:"requested"`
	Confirmed int64 `json:"confirmed"`
	Standing  int64 `json:"standing"`
}

// FunnelSpan says of which weeks and of which purpose sign-ups are counted; what is empty is not narrowed.
type FunnelSpan struct{ From, To, Purpose string }

func (s FunnelSpan) query() url.Values {
	q := url.Values{}
	set(q, "from", s.From)
	set(q, "to", s.To)
	set(q, "purpose", s.Purpose)
	return q
}

// ConsentFunnel says how many signed up in each week, how many of them confirmed it, and of how many it still stands.
func (c *Client) ConsentFunnel(ctx context.Context, span FunnelSpan) (ConsentFunnel, error) {
	return ask[ConsentFunnel](ctx, c, call{method: http.MethodGet, path: "/v1/consent/funnel", query: span.query()})
}
