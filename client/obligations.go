package client

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/privacy"
)

// BoardLine is one obligation among all that is owed.
type BoardLine struct {
	ID           uuid.UUID  `json:"id"`
	Request      uuid.UUID  `json:"request_id"`
	Reference    string     `json:"reference"`
	Right        string     `json:"right"`
	Regime       string     `json:"regime"`
	RequestState string     `json:"request_state"`
	Assignee     *uuid.UUID `json:"assignee_id,omitempty"`
	Kind         string     `json:"kind"`
	Citation     string     `json:"citation"`
	State        string     `json:"state"`
	Due          time.Time  `json:"due"`
	EarliestSafe time.Time  `json:"earliest_safe"`
	// Risk is how it stands: overdue, amber, neutral or paused. It becomes amber at AmberAt.
	Risk    string     `json:"risk"`
	AmberAt *time.Time `json:"amber_at,omitempty"`
	// Paused is what stops the clock, oldest first.
	Paused []PausedFor `json:"paused,omitempty"`
}

// PausedFor is one reason for which a clock stands still.
type PausedFor struct {
	Kind  string    `json:"kind"`
	Since time.Time `json:"since"`
}

// Obligation is one thing that a request owes, with every date that ever stood for it.
type Obligation struct {
	ID             uuid.UUID        `json:"id"`
	Kind           string           `json:"kind"`
	Citation       string           `json:"citation"`
	State          string           `json:"state"`
	Due            time.Time        `json:"due"`
	EarliestSafe   time.Time        `json:"earliest_safe"`
	MetAt          *time.Time       `json:"met_at,omitempty"`
	WaivedReason   string           `json:"waived_reason,omitempty"`
	AcknowledgedAt *time.Time       `json:"acknowledged_at,omitempty"`
	AcknowledgedBy string           `json:"acknowledged_by,omitempty"`
	Dates          []ObligationDate `json:"dates"`
}

// ObligationDate is a date with what made it. The last one is in force.
type ObligationDate struct {
	Seq          int32               `json:"seq"`
	Due          time.Time           `json:"due"`
	EarliestSafe time.Time           `json:"earliest_safe"`
	Cause        string              `json:"cause"`
	SetAt        time.Time           `json:"set_at"`
	SupersededAt *time.Time          `json:"superseded_at,omitempty"`
	Explanation  privacy.Explanation `json:"explanation"`
}

// Board says which obligations to list.
type Board struct {
	State, Kind string
	DueBefore   time.Time
}

// Obligations lists everything owed, soonest first.
func (c *Client) Obligations(ctx context.Context, which Board, paging Paging) (Page[BoardLine], error) {
	q := paging.query()
	set(q, "state", which.State)
	set(q, "kind", which.Kind)
	if !which.DueBefore.IsZero() {
		q.Set("due_before", which.DueBefore.UTC().Format(time.RFC3339))
	}
	return ask[Page[BoardLine]](ctx, c, call{method: http.MethodGet, path: "/v1/obligations", query: q})
}

// RequestObligations shows what a request owes.
func (c *Client) RequestObligations(ctx context.Context, id uuid.UUID) (Page[Obligation], error) {
	return ask[Page[Obligation]](ctx, c, call{method: http.MethodGet, path: requestPath(id, "/obligations")})
}
