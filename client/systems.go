package client

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/google/uuid"
)

// System is a place where personal data lies, without its credentials.
type System struct {
	ID          uuid.UUID `json:"id"`
	Key         string    `json:"key"`
	Name        string    `json:"name"`
	Kind        string    `json:"kind"`
	State       string    `json:"state"`
	Address     string    `json:"address"`
	Declaration string    `json:"declaration"`
	// Service is the document that says how a system behind HTTP is reached.
	Service string `json:"service,omitempty"`
	// Changes says whether there is a way in that may change it.
	Changes bool `json:"changes"`
	// Stop is set while the system is stopped in an emergency.
	Stop *Stop `json:"stop,omitempty"`
}

// Stop is an emergency stop that is in force.
type Stop struct {
	At     time.Time `json:"at"`
	By     string    `json:"by"`
	Reason string    `json:"reason"`
}

// NewSystem is a system to be added. Target holds credentials, and so does Change, with which it may be changed.
type NewSystem struct {
	Key         string `json:"key"`
	Name        string `json:"name"`
	Kind        string `json:"kind"`
	Target      string `json:"target"`
	Change      string `json:"change_target,omitempty"`
	Service     string `json:"service,omitempty"`
	Declaration string `json:"declaration"`
}

// SystemChange changes what is not nil.
type SystemChange struct {
	Name        *string `json:"name,omitempty"`
	Target      *string `json:"target,omitempty"`
	Change      *string `json:"change_target,omitempty"`
	Service     *string `json:"service,omitempty"`
	Declaration *string `json:"declaration,omitempty"`
	State       *string `json:"state,omitempty"`
}

// Check is what a system said about itself.
type Check struct {
	OK       bool      `json:"ok"`
	Findings []Finding `json:"findings"`
	Counts   []Count   `json:"counts"`
}

// Finding is one thing that is wrong with a system or its annotation.
type Finding struct {
	Code  string `json:"code"`
	Where string `json:"where,omitempty"`
	What  string `json:"what"`
	Do    string `json:"do"`
}

// Count is how many rows a request would touch in one collection.
type Count struct {
	Dataset    string `json:"dataset"`
	Collection string `json:"collection"`
	Rows       int64  `json:"rows"`
}

// DatasetLine is an annotation in a list.
type DatasetLine struct {
	Key       string    `json:"key"`
	SystemID  uuid.UUID `json:"system_id"`
	System    string    `json:"system"`
	SHA256    string    `json:"sha256"`
	UpdatedAt time.Time `json:"updated_at"`
}

// Dataset is an annotation in the fideslang format.
type Dataset struct {
	DatasetLine
	Annotation string `json:"annotation"`
}

// SavedDataset is the answer to an annotation that was kept.
type SavedDataset struct {
	Key      string  `json:"key"`
	Warnings []Fault `json:"warnings"`
	Notes    []Fault `json:"notes"`
}

// Scan is the draft of an annotation, or what keeps it from being made.
type Scan struct {
	OK       bool      `json:"ok"`
	Key      string    `json:"key"`
	Draft    string    `json:"draft"`
	Unsure   []Doubt   `json:"unsure"`
	Notes    []string  `json:"notes"`
	Findings []Finding `json:"findings"`
}

// Doubt is a guess that a person should look at first.
type Doubt struct {
	Where string `json:"where"`
	Why   string `json:"why"`
}

// ScanWish says what is to be drafted; without a schema the server chooses.
type ScanWish struct {
	Schema string `json:"schema,omitempty"`
}

// Systems lists the systems.
func (c *Client) Systems(ctx context.Context) (Page[System], error) {
	return ask[Page[System]](ctx, c, call{method: http.MethodGet, path: "/v1/systems"})
}

// System shows one.
func (c *Client) System(ctx context.Context, id uuid.UUID) (System, error) {
	return ask[System](ctx, c, call{method: http.MethodGet, path: systemPath(id, "")})
}

// CreateSystem adds one.
func (c *Client) CreateSystem(ctx context.Context, in NewSystem) (System, error) {
	return ask[System](ctx, c, call{method: http.MethodPost, path: "/v1/systems", body: in})
}

// ChangeSystem changes one.
func (c *Client) ChangeSystem(ctx context.Context, id uuid.UUID, in SystemChange) (System, error) {
	return ask[System](ctx, c, call{method: http.MethodPatch, path: systemPath(id, ""), body: in})
}

// TestSystem tries the connection and compares the annotation with what is there.
func (c *Client) TestSystem(ctx context.Context, id uuid.UUID) (Check, error) {
	return ask[Check](ctx, c, call{method: http.MethodPost, path: systemPath(id, "/test"), body: nothing{}})
}

// PreviewSystem counts what a request would touch, without reading a value.
func (c *Client) PreviewSystem(ctx context.Context, id, request uuid.UUID) (Check, error) {
	body := map[string]uuid.UUID{"request_id": request}
	return ask[Check](ctx, c, call{method: http.MethodPost, path: systemPath(id, "/preview"), body: body})
}

// Datasets lists the annotations of all systems.
func (c *Client) Datasets(ctx context.Context) (Page[DatasetLine], error) {
	return ask[Page[DatasetLine]](ctx, c, call{method: http.MethodGet, path: "/v1/datasets"})
}

// Dataset shows an annotation.
func (c *Client) Dataset(ctx context.Context, key string) (Dataset, error) {
	return ask[Dataset](ctx, c, call{method: http.MethodGet, path: "/v1/datasets/" + url.PathEscape(key)})
}

// PutDataset adds or replaces the annotation of one dataset of a system: YAML in the fideslang format.
func (c *Client) PutDataset(ctx context.Context, system uuid.UUID, annotation []byte) (SavedDataset, error) {
	return ask[SavedDataset](ctx, c, call{method: http.MethodPut, path: systemPath(system, "/dataset"), body: annotation, media: "application/yaml"})
}

// ScanSystem drafts an annotation from a system's live schema; nothing is saved.
func (c *Client) ScanSystem(ctx context.Context, id uuid.UUID, wish ScanWish) (Scan, error) {
	return ask[Scan](ctx, c, call{method: http.MethodPost, path: systemPath(id, "/scan"), body: wish})
}

func systemPath(id uuid.UUID, below string) string { return "/v1/systems/" + id.String() + below }
