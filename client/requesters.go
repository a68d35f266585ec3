package client

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"
)

// Requester is a company whose programs file requests: a controller by opendsr, an authorised agent by drp.
type Requester struct {
	ID       uuid.UUID `json:"id"`
	Protocol string    `json:"protocol"`
	Handle   string    `json:"handle"`
	Name     string    `json:"name"`
	Domain   string    `json:"domain,omitempty"`
	WebURL   string    `json:"web_url,omitempty"`
	// VerifyKey is an agent's Ed25519 key, in base64.
	VerifyKey string   `json:"verify_key,omitempty"`
	Vouches   []string `json:"vouches"`
	Results   bool     `json:"results"`
	HasKey    bool     `json:"has_key"`
	// PreviousUntil is until when the key before is good too.
	PreviousUntil *time.Time `json:"previous_key_until,omitempty"`
	CreatedAt     time.Time  `json:"created_at"`
	UpdatedAt     time.Time  `json:"updated_at"`
	EndedAt       *time.Time `json:"ended_at,omitempty"`
}

// RequesterChange is what can be changed of a requester. All of it is set.
type RequesterChange struct {
	Name      string   `json:"name"`
	Domain    string   `json:"domain,omitempty"`
	WebURL    string   `json:"web_url,omitempty"`
	VerifyKey string   `json:"verify_key,omitempty"`
	Vouches   []string `json:"vouches,omitempty"`
	Results   bool     `json:"results,omitempty"`
}

// NewRequester is a requester to be registered.
type NewRequester struct {
	RequesterChange
	Protocol string `json:"protocol"`
	Handle   string `json:"handle"`
}

// CreatedRequester has a controller's key, shown this once.
type CreatedRequester struct {
	ID  uuid.UUID `json:"id"`
	Key string    `json:"key,omitempty"`
}

// Directory is a network's directory of agents, as a text.
type Directory struct {
	Directory string   `json:"directory"`
	Vouches   []string `json:"vouches,omitempty"`
}

// ImportedAgents says what became of a directory, by the agents' ids.
type ImportedAgents struct {
	Added     []string `json:"added"`
	Changed   []string `json:"changed"`
	Unchanged []string `json:"unchanged"`
}

// ProcessorKey is the key that signs what controllers are told, without the key.
type ProcessorKey struct {
	ID             uuid.UUID `json:"id"`
	Domain         string    `json:"domain"`
	BaseURL        string    `json:"base_url"`
	Certificate    string    `json:"certificate"`
	CertificateURL string    `json:"certificate_url"`
	Fingerprint    string    `json:"fingerprint_sha256"`
	SelfSigned     bool      `json:"self_signed"`
	SigningRequest string    `json:"signing_request"`
	ExpiresAt      time.Time `json:"expires_at"`
	CreatedAt      time.Time `json:"created_at"`
}

// Certificate is a chain in PEM, the key's own certificate first.
type Certificate struct {
	Certificate string `json:"certificate"`
}

const (
	requestersPath = "/v1/requesters"
	processorPath  = "/v1/processor-key"
)

// Requesters lists who may file requests by a protocol, and who could.
func (c *Client) Requesters(ctx context.Context) (Page[Requester], error) {
	return ask[Page[Requester]](ctx, c, call{method: http.MethodGet, path: requestersPath})
}

// CreateRequester registers one.
func (c *Client) CreateRequester(ctx context.Context, in NewRequester) (CreatedRequester, error) {
	return ask[CreatedRequester](ctx, c, call{method: http.MethodPost, path: requestersPath, body: in})
}

// ChangeRequester changes one.
func (c *Client) ChangeRequester(ctx context.Context, id uuid.UUID, in RequesterChange) (Requester, error) {
	return ask[Requester](ctx, c, call{method: http.MethodPut, path: requestersPath + "/" + id.String(), body: in})
}

// EndRequester lets one file no more.
func (c *Client) EndRequester(ctx context.Context, id uuid.UUID) error {
	_, err := ask[nothing](ctx, c, call{method: http.MethodDelete, path: requestersPath + "/" + id.String()})
	return err
}

// ReplaceRequesterKey gives a controller another key, shown this once.
func (c *Client) ReplaceRequesterKey(ctx context.Context, id uuid.UUID) (CreatedRequester, error) {
	return ask[CreatedRequester](ctx, c, call{method: http.MethodPost, path: requestersPath + "/" + id.String() + "/key"})
}

// ImportAgents registers the agents of a directory.
func (c *Client) ImportAgents(ctx context.Context, in Directory) (ImportedAgents, error) {
	return ask[ImportedAgents](ctx, c, call{method: http.MethodPost, path: requestersPath + "/agents", body: in})
}

// ProcessorKey reads the key that signs.
func (c *Client) ProcessorKey(ctx context.Context) (ProcessorKey, error) {
	return ask[ProcessorKey](ctx, c, call{method: http.MethodGet, path: processorPath})
}

// ReplaceProcessorKey makes another one.
func (c *Client) ReplaceProcessorKey(ctx context.Context) (ProcessorKey, error) {
	return ask[ProcessorKey](ctx, c, call{method: http.MethodPost, path: processorPath})
}

// SetProcessorCertificate puts an authority's certificate into place.
func (c *Client) SetProcessorCertificate(ctx context.Context, in Certificate) (ProcessorKey, error) {
	return ask[ProcessorKey](ctx, c, call{method: http.MethodPut, path: processorPath + "/certificate", body: in})
}
