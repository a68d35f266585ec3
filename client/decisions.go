package client

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"
)

// Contest is the automated decision that a request is about, in the person's own words. Decision says which it is, and is needed.
type Contest struct {
	Decision string `json:"decision"`
	Taken    string `json:"taken,omitempty"`
	Effect   string `json:"effect,omitempty"`
	View     string `json:"view,omitempty"`
}

// Contested is that decision with who made it, members of the staff by their ids, and the reviews of it.
type Contested struct {
	Contest
	Makers []string `json:"makers"`
	// SaidAt is when somebody last said who they are, be it nobody; nil when nobody has.
	SaidAt  *time.Time    `json:"makers_said_at,omitempty"`
	Reviews []HumanReview `json:"reviews"`
}

// HumanReview is what a human came to who looked at a decision. Outcome is upheld, changed or annulled.
type HumanReview struct {
	ID         uuid.UUID `json:"id"`
	Outcome    string    `json:"outcome"`
	Considered string    `json:"considered"`
	Data       string    `json:"data"`
	Reasons    string    `json:"reasons"`
	By         string    `json:"by"`
	Role       string    `json:"role"`
	At         time.Time `json:"at"`
	SHA256     string    `json:"sha256"`
}

// DecisionMakers are members of the staff who took or prepared a decision. Who is on record already stays, unless they are taken off, with a note that
// says why. With neither, those on record are all: nobody, where it is empty.
type DecisionMakers struct {
	Makers   []uuid.UUID `json:"makers"`
	TakenOff []uuid.UUID `json:"taken_off,omitempty"`
	Note     string      `json:"note,omitempty"`
}

// Decision shows the automated decision that a request is about. That somebody looked is recorded.
func (c *Client) Decision(ctx context.Context, id uuid.UUID) (Contested, error) {
	return ask[Contested](ctx, c, call{method: http.MethodGet, path: requestPath(id, "/decision")})
}

// SayDecisionMakers puts on record who took or prepared it, once per idempotency key.
func (c *Client) SayDecisionMakers(ctx context.Context, once string, id uuid.UUID, makers DecisionMakers) error {
	_, err := ask[Created](ctx, c, call{method: http.MethodPost, path: requestPath(id, "/decision/makers"), body: makers, once: once})
	return err
}
