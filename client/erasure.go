package client

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/erasure"
)

// Erasure is the plan of an erasure with what was decided on it and what became of it.
type Erasure struct {
	State      string           `json:"state"`
	Round      int32            `json:"round"`
	SHA256     string           `json:"sha256"`
	Totals     erasure.Totals   `json:"totals"`
	Plan       erasure.Plan     `json:"plan"`
	CreatedAt  time.Time        `json:"created_at"`
	ProposedBy string           `json:"proposed_by,omitempty"`
	ProposedAt *time.Time       `json:"proposed_at,omitempty"`
	ApprovedBy string           `json:"approved_by,omitempty"`
	ApprovedAt *time.Time       `json:"approved_at,omitempty"`
	NotBefore  *time.Time       `json:"not_before,omitempty"`
	StartedAt  *time.Time       `json:"started_at,omitempty"`
	EndedAt    *time.Time       `json:"ended_at,omitempty"`
	PreparedBy []string         `json:"prepared_by"`
	Decisions  []PlanDecision   `json:"decisions"`
	Systems    []ErasedSystem   `json:"systems"`
	Deferred   *DeferredErasure `json:"deferred,omitempty"`
}

// PlanDecision is what somebody decided on a plan: keep, claim or accept.
type PlanDecision struct {
	ID         uuid.UUID `json:"id"`
	Kind       string    `json:"kind"`
	Dataset    string    `json:"dataset"`
	Collection string    `json:"collection"`
	Citation   string    `json:"citation,omitempty"`
	Reason     string    `json:"reason,omitempty"`
	By         string    `json:"by"`
	At         time.Time `json:"at"`
}

// ErasedSystem is one system that a plan is carried out on.
type ErasedSystem struct {
	ID          uuid.UUID          `json:"id"`
	Key         string             `json:"key"`
	Name        string             `json:"name"`
	State       string             `json:"state"`
	Problem     string             `json:"problem,omitempty"`
	Asked       string             `json:"asked,omitempty"`
	Answer      string             `json:"answer,omitempty"`
	StartedAt   *time.Time         `json:"started_at,omitempty"`
	EndedAt     *time.Time         `json:"ended_at,omitempty"`
	Collections []ErasedCollection `json:"collections"`
}

// ErasedCollection is what was changed in one collection, in rows, and what reading it back found.
type ErasedCollection struct {
	Dataset    string     `json:"dataset"`
	Collection string     `json:"collection"`
	Deleted    int64      `json:"deleted"`
	Masked     int64      `json:"masked"`
	Trimmed    int64      `json:"trimmed"`
	Parts      int64      `json:"parts"`
	AtLeast    bool       `json:"at_least,omitempty"`
	Unfinished *int64     `json:"unfinished,omitempty"`
	Kept       *int64     `json:"kept,omitempty"`
	IntendedAt time.Time  `json:"intended_at"`
	DoneAt     *time.Time `json:"done_at,omitempty"`
	VerifiedAt *time.Time `json:"verified_at,omitempty"`
}

// DeferredErasure is when what is kept is looked at again.
type DeferredErasure struct {
	Due  time.Time `json:"due"`
	Done bool      `json:"done"`
}

// Erasure gives the plan of a request's erasure.
func (c *Client) Erasure(ctx context.Context, request uuid.UUID) (Erasure, error) {
	return ask[Erasure](ctx, c, call{method: http.MethodGet, path: requestPath(request, "/erasure")})
}

// LegalHold is what keeps people's data from erasure. It names nobody.
type LegalHold struct {
	ID         uuid.UUID    `json:"id"`
	Matter     string       `json:"matter"`
	Citation   string       `json:"citation"`
	Systems    []string     `json:"systems"`
	ReviewOn   privacy.Date `json:"review_on"`
	People     int64        `json:"people"`
	Reason     string       `json:"reason"`
	PlacedBy   string       `json:"placed_by"`
	PlacedAt   time.Time    `json:"placed_at"`
	LiftedBy   string       `json:"lifted_by,omitempty"`
	LiftedAt   *time.Time   `json:"lifted_at,omitempty"`
	LiftReason string       `json:"lift_reason,omitempty"`
}

// NewLegalHold is a hold to be placed.
type NewLegalHold struct {
	Matter   string       `json:"matter"`
	Citation string       `json:"citation,omitempty"`
	Reason   string       `json:"reason"`
	Systems  []string     `json:"systems,omitempty"`
	ReviewOn privacy.Date `json:"review_on"`
	People   []HeldPerson `json:"people"`
}

// HeldPerson is what somebody under a hold is known by.
type HeldPerson struct {
	Email      string `json:"email,omitempty"`
	Phone      string `json:"phone,omitempty"`
	CustomerID string `json:"customer_id,omitempty"`
}

// LegalHolds lists one page of the holds that stand, newest first, and of those that were lifted if asked for.
func (c *Client) LegalHolds(ctx context.Context, lifted bool, p Paging) (Page[LegalHold], error) {
	query := p.query()
	if lifted {
		query.Set("lifted", "true")
	}
	return ask[Page[LegalHold]](ctx, c, call{method: http.MethodGet, path: "/v1/holds", query: query})
}

// PlaceHold keeps what is held of people from being erased.
func (c *Client) PlaceHold(ctx context.Context, once string, hold NewLegalHold) (Created, error) {
	return ask[Created](ctx, c, call{method: http.MethodPost, path: "/v1/holds", body: hold, once: once})
}

// LiftHold ends a hold.
func (c *Client) LiftHold(ctx context.Context, id uuid.UUID, reason string) error {
	_, err := ask[nothing](ctx, c, call{method: http.MethodPost, path: "/v1/holds/" + id.String() + "/lift", body: map[string]string{"reason": reason}})
	return err
}

// Reapplication is a search of a restored system for those who were erased, and what was done.
type Reapplication struct {
	ID       uuid.UUID  `json:"id"`
	BackupAt time.Time  `json:"backup_at"`
	State    string     `json:"state"`
	Searched int64      `json:"searched"`
	People   int64      `json:"people"`
	Erased   int64      `json:"erased"`
	Kept     int64      `json:"kept"`
	Problem  string     `json:"problem,omitempty"`
	AskedBy  string     `json:"asked_by"`
	AskedAt  time.Time  `json:"asked_at"`
	EndedAt  *time.Time `json:"ended_at,omitempty"`
}

// Reapply erases again in a restored system whoever was erased since its backup was made.
func (c *Client) Reapply(ctx context.Context, once string, system uuid.UUID, backupAt time.Time) (Created, error) {
	return ask[Created](ctx, c, call{method: http.MethodPost, path: systemPath(system, "/reapplications"), body: map[string]time.Time{"backup_at": backupAt}, once: once})
}

// Reapplications lists what was erased again in a system, newest first.
func (c *Client) Reapplications(ctx context.Context, system uuid.UUID) (Page[Reapplication], error) {
	return ask[Page[Reapplication]](ctx, c, call{method: http.MethodGet, path: systemPath(system, "/reapplications")})
}

// ErasureCertificate gives the signed certificate of an erasure as the server wrote it: what docket audit verify-certificate takes.
func (c *Client) ErasureCertificate(ctx context.Context, request uuid.UUID) (json.RawMessage, error) {
	return ask[json.RawMessage](ctx, c, call{method: http.MethodGet, path: requestPath(request, "/erasure/certificate")})
}

// PrintErasureCertificate writes the certificate of an erasure as a PDF.
func (c *Client) PrintErasureCertificate(ctx context.Context, request uuid.UUID, w io.Writer) error {
	return c.fetch(ctx, requestPath(request, "/erasure/certificate.pdf"), w)
}
