package client

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/google/uuid"
)

// Limit is what may no longer be done with somebody's data.
type Limit struct {
	ID          uuid.UUID  `json:"id"`
	Request     uuid.UUID  `json:"request_id"`
	Reference   string     `json:"reference,omitempty"`
	Kind        string     `json:"kind"`
	Citation    string     `json:"citation"`
	Provisional bool       `json:"provisional"`
	Since       time.Time  `json:"since"`
	EndsAt      *time.Time `json:"ends_at,omitempty"`
	LiftedAt    *time.Time `json:"lifted_at,omitempty"`
	LiftedBy    string     `json:"lifted_by,omitempty"`
}

// Mark is a mark that is set in a system, or taken away.
type Mark struct {
	System     string     `json:"system"`
	SystemName string     `json:"system_name"`
	Purpose    string     `json:"purpose"`
	State      string     `json:"state"`
	Rows       *int64     `json:"rows,omitempty"`
	Changed    int64      `json:"changed"`
	Problem    string     `json:"problem,omitempty"`
	CreatedAt  time.Time  `json:"created_at"`
	EndedAt    *time.Time `json:"ended_at,omitempty"`
}

// BalanceTest weighs the grounds that an objection is against. Outcome is grounds_override or person_prevails.
type BalanceTest struct {
	Outcome    string    `json:"outcome"`
	Interest   string    `json:"interest,omitempty"`
	Necessity  string    `json:"necessity,omitempty"`
	Impact     string    `json:"impact,omitempty"`
	Safeguards string    `json:"safeguards,omitempty"`
	By         string    `json:"by"`
	At         time.Time `json:"at"`
}

// RequestLimits is what one request has set.
type RequestLimits struct {
	Ground  string        `json:"ground,omitempty"`
	Against []string      `json:"against"`
	Limits  []Limit       `json:"limits"`
	Marks   []Mark        `json:"marks"`
	Tests   []BalanceTest `json:"balance_tests"`
}

// NewBalanceTest is one to be put on record.
type NewBalanceTest struct {
	Outcome    string `json:"outcome"`
	Interest   string `json:"interest"`
	Necessity  string `json:"necessity"`
	Impact     string `json:"impact"`
	Safeguards string `json:"safeguards"`
}

// Lifting ends a limit. Reason is ground_gone, person_asked or fraud_belief.
type Lifting struct {
	Reason string `json:"reason"`
	Note   string `json:"note"`
}

// Known is what a system knows somebody by.
type Known struct {
	Email      string `json:"email,omitempty"`
	Phone      string `json:"phone,omitempty"`
	CustomerID string `json:"customer_id,omitempty"`
}

// Use is what is to be done with somebody's data.
type Use struct {
	Person Known `json:"person"`
	Usage
}

// Usage is what data is to be used for.
type Usage struct {
	Purpose   string `json:"purpose"`
	Basis     string `json:"basis,omitempty"`
	Operation string `json:"operation,omitempty"`
	Sensitive bool   `json:"sensitive,omitempty"`
}

// UseOfMany asks the same of up to 10,000 people.
type UseOfMany struct {
	People []Known `json:"people"`
	Usage
}

// UseOfManyDecision names those whose data may not be used so now; everybody else's may.
type UseOfManyDecision struct {
	Checked int          `json:"checked"`
	Refused []UseRefused `json:"refused"`
	At      time.Time    `json:"at"`
}

// UseRefused is one of them, by the place in the list.
type UseRefused struct {
	Index  int        `json:"index"`
	Blocks []UseBlock `json:"blocks"`
}

// CameBack says who has come back by themselves, and why that is known: consent, contract or mistake.
type CameBack struct {
	Person Known  `json:"person"`
	Reason string `json:"reason"`
}

// SuppressionsEnded counts what was suppressed of what was given.
type SuppressionsEnded struct {
	Ended int64 `json:"ended"`
}

// UseDecision says whether data may be used so now.
type UseDecision struct {
	Allowed bool       `json:"allowed"`
	Blocks  []UseBlock `json:"blocks"`
	At      time.Time  `json:"at"`
}

// UseBlock is one thing that stands against it.
type UseBlock struct {
	Kind        string     `json:"kind"`
	Why         string     `json:"why"`
	Citation    string     `json:"citation,omitempty"`
	Provisional bool       `json:"provisional,omitempty"`
	Since       time.Time  `json:"since"`
	EndsAt      *time.Time `json:"ends_at,omitempty"`
}

// RequestLimits reads what a restriction, an objection or an opt-out has set.
func (c *Client) RequestLimits(ctx context.Context, id uuid.UUID) (RequestLimits, error) {
	return ask[RequestLimits](ctx, c, call{method: http.MethodGet, path: requestPath(id, "/limits")})
}

// RecordBalance puts on record how the grounds were weighed that an objection is against.
func (c *Client) RecordBalance(ctx context.Context, once string, id uuid.UUID, test NewBalanceTest) (RequestLimits, error) {
	return ask[RequestLimits](ctx, c, call{method: http.MethodPost, path: requestPath(id, "/balance-tests"), body: test, once: once})
}

// LiftLimit ends a limit that a closed request has set.
func (c *Client) LiftLimit(ctx context.Context, once string, id, limit uuid.UUID, lifting Lifting) (RequestLimits, error) {
	return ask[RequestLimits](ctx, c, call{method: http.MethodPost, path: requestPath(id, "/limits/"+limit.String()+"/lift"), body: lifting, once: once})
}

// Limits lists one page of the limits, newest first.
func (c *Client) Limits(ctx context.Context, kind string, lifted bool, cursor string) (Page[Limit], error) {
	query := url.Values{}
	if kind != "" {
		query.Set("kind", kind)
	}
	if lifted {
		query.Set("lifted", "true")
	}
	if cursor != "" {
		query.Set("cursor", cursor)
	}
	return ask[Page[Limit]](ctx, c, call{method: http.MethodGet, path: "/v1/limits", query: query})
}

// MayUse asks whether somebody's data may be used so now.
func (c *Client) MayUse(ctx context.Context, use Use) (UseDecision, error) {
	return ask[UseDecision](ctx, c, call{method: http.MethodPost, path: "/v1/use-checks", body: use})
}

// MayUseMany asks whose data of a list may not be used so now.
func (c *Client) MayUseMany(ctx context.Context, use UseOfMany) (UseOfManyDecision, error) {
	return ask[UseOfManyDecision](ctx, c, call{method: http.MethodPost, path: "/v1/use-checks/list", body: use})
}

// EndSuppression has somebody who was erased be written to and taken in again.
func (c *Client) EndSuppression(ctx context.Context, once string, who CameBack) (SuppressionsEnded, error) {
	return ask[SuppressionsEnded](ctx, c, call{method: http.MethodPost, path: "/v1/suppressions/end", body: who, once: once})
}
