package client

import (
	"context"
	"net/http"
	"time"
)

// SuppressionList are addresses that nobody may write to. Kind is email (when empty), phone or customer_id.
type SuppressionList struct {
	Addresses []string `json:"addresses"`
	Kind      string   `json:"kind,omitempty"`
}

// SuppressionsAdded is what became of a list.
type SuppressionsAdded struct {
	Given int   `json:"given"`
	Added int64 `json:"added"`
}

// SuppressionSearch is who is looked for.
type SuppressionSearch struct {
	Person Known `json:"person"`
}

// SuppressionsFound is what suppresses somebody.
type SuppressionsFound struct {
	Suppressed   bool          `json:"suppressed"`
	Suppressions []Suppression `json:"suppressions"`
}

// Suppression keeps somebody from being written to, or did. Reason is erasure, objection or list.
type Suppression struct {
	Kind      string     `json:"kind"`
	Reason    string     `json:"reason"`
	Since     time.Time  `json:"since"`
	EndedAt   *time.Time `json:"ended_at,omitempty"`
	EndReason string     `json:"end_reason,omitempty"`
}

// ImportSuppressions keeps addresses from being written to.
func (c *Client) ImportSuppressions(ctx context.Context, l SuppressionList) (SuppressionsAdded, error) {
	return ask[SuppressionsAdded](ctx, c, call{method: http.MethodPost, path: "/v1/suppressions/import", body: l})
}

// SearchSuppressions says whether somebody is suppressed by exactly what is given.
func (c *Client) SearchSuppressions(ctx context.Context, who Known) (SuppressionsFound, error) {
	return ask[SuppressionsFound](ctx, c, call{method: http.MethodPost, path: "/v1/suppressions/search", body: SuppressionSearch{Person: who}})
}
