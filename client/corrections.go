package client

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"
)

// Holding is what the person's rows in one system said when they were read.
type Holding struct {
	System string      `json:"system"`
	Name   string      `json:"name"`
	Fields []HeldField `json:"fields"`
}

// HeldField is one field with the different values in the person's own rows.
type HeldField struct {
	Dataset     string      `json:"dataset"`
	Collection  string      `json:"collection"`
	Field       string      `json:"field"`
	Type        string      `json:"type,omitempty"`
	Categories  []string    `json:"categories"`
	Identity    string      `json:"identity,omitempty"`
	Required    bool        `json:"required,omitempty"`
	Manual      string      `json:"manual,omitempty"`
	SelfService bool        `json:"self_service,omitempty"`
	Present     []HeldValue `json:"present"`
	More        bool        `json:"more,omitempty"`
}

// HeldValue is one value; nil is none.
type HeldValue struct {
	Value *string `json:"value"`
	Rows  int64   `json:"rows"`
}

// Correction is a value that is to become another, with what became of it.
type Correction struct {
	ID         uuid.UUID  `json:"id"`
	System     string     `json:"system"`
	SystemName string     `json:"system_name"`
	Dataset    string     `json:"dataset"`
	Collection string     `json:"collection"`
	Field      string     `json:"field"`
	Was        *string    `json:"was"`
	Becomes    *string    `json:"becomes"`
	Why        string     `json:"why,omitempty"`
	State      string     `json:"state"`
	Reason     string     `json:"reason,omitempty"`
	Rows       *int64     `json:"rows,omitempty"`
	ProposedBy string     `json:"proposed_by"`
	ProposedAt time.Time  `json:"proposed_at"`
	DecidedBy  string     `json:"decided_by,omitempty"`
	DecidedAt  *time.Time `json:"decided_at,omitempty"`
	EndedAt    *time.Time `json:"ended_at,omitempty"`
}

// Statement is what a person wants to be kept beside what was not corrected.
type Statement struct {
	Text string    `json:"text"`
	At   time.Time `json:"at"`
}

// Corrections is all about the corrections of a request. SHA256 is of those that are accepted: Correct names it.
type Corrections struct {
	Holdings    []Holding    `json:"holdings"`
	Corrections []Correction `json:"corrections"`
	SHA256      string       `json:"sha256"`
	Writing     []Mark       `json:"writing"`
	Statements  []Statement  `json:"statements"`
}

// NewCorrection proposes that Was becomes Becomes, in every row of the person that has it; nil is no value.
type NewCorrection struct {
	System     string  `json:"system"`
	Dataset    string  `json:"dataset"`
	Collection string  `json:"collection"`
	Field      string  `json:"field"`
	Was        *string `json:"was,omitempty"`
	Becomes    *string `json:"becomes,omitempty"`
	Why        string  `json:"why"`
}

// CorrectionDecision is accept, refuse with a ground of the law, reopen or take_back.
type CorrectionDecision struct {
	Decision string `json:"decision"`
	Reason   string `json:"reason,omitempty"`
}

// Corrections gives what the systems say of the person of a request, and what is to be corrected.
func (c *Client) Corrections(ctx context.Context, id uuid.UUID) (Corrections, error) {
	return ask[Corrections](ctx, c, call{method: http.MethodGet, path: requestPath(id, "/corrections")})
}

// ProposeCorrection proposes a correction, once per idempotency key.
func (c *Client) ProposeCorrection(ctx context.Context, once string, id uuid.UUID, n NewCorrection) (Created, error) {
	return ask[Created](ctx, c, call{method: http.MethodPost, path: requestPath(id, "/corrections"), body: n, once: once})
}

// DecideCorrection decides on one, once per idempotency key.
func (c *Client) DecideCorrection(ctx context.Context, once string, id, correction uuid.UUID, d CorrectionDecision) error {
	_, err := ask[Created](ctx, c, call{method: http.MethodPost, path: requestPath(id, "/corrections/"+correction.String()), body: d, once: once})
	return err
}
