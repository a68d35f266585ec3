package client

import (
	"context"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/google/uuid"
)

// ImportMapping says what the columns of a list of consents mean, by their names in its first line. What is the same for all lines is said once.
type ImportMapping struct {
	Address        string            `json:"address"`
	Purpose        string            `json:"purpose"`
	Channel        string            `json:"channel,omitempty"`
	Kind           string            `json:"kind,omitempty"`
	KindColumn     string            `json:"kind_column,omitempty"`
	Kinds          map[string]string `json:"kinds,omitempty"`
	At             string            `json:"at,omitempty"`
	AtLayout       string            `json:"at_layout,omitempty"`
	Zone           string            `json:"zone,omitempty"`
	Country        string            `json:"country,omitempty"`
	DefaultCountry string            `json:"default_country,omitempty"`
	Language       string            `json:"language,omitempty"`
	Relation       string            `json:"relation,omitempty"`
	RelationColumn string            `json:"relation_column,omitempty"`
	Refusable      bool              `json:"refusable,omitempty"`
	Source         string            `json:"source,omitempty"`
	SourceColumn   string            `json:"source_column,omitempty"`
	IP             string            `json:"ip,omitempty"`
	URL            string            `json:"url,omitempty"`
	Evidence       []string          `json:"evidence,omitempty"`
	Text           int32             `json:"text,omitempty"`
	TextLanguage   string            `json:"text_language,omitempty"`
	Transfer       *TransferMapping  `json:"transfer,omitempty"`
	Delimiter      string            `json:"delimiter,omitempty"`
}

// TransferMapping says how consents that come with a business are taken over.
type TransferMapping struct {
	Verifier string            `json:"verifier_key"`
	Purposes map[string]string `json:"purposes,omitempty"`
	Express  []string          `json:"express,omitempty"`
	Implied  []string          `json:"implied,omitempty"`
}

// NewConsentTransfer is the sale of a business with which consents go over. Day is a date.
type NewConsentTransfer struct {
	Buyer     string    `json:"buyer"`
	Reference string    `json:"reference"`
	Day       string    `json:"day"`
	Since     time.Time `json:"since,omitzero"`
}

// TransferConsents writes the ledger out for the buyer of the business. One that breaks off is an error, and no Docket takes it.
func (c *Client) TransferConsents(ctx context.Context, n NewConsentTransfer, w io.Writer) error {
	response, err := c.send(ctx, call{method: http.MethodPost, path: "/v1/consent/transfers", body: n})
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if _, err := io.Copy(w, response.Body); err != nil {
		return &Unanswered{cause: err}
	}
	return nil
}

// NewConsentImport begins an import.
type NewConsentImport struct {
	Name    string        `json:"name"`
	Mapping ImportMapping `json:"mapping"`
}

// ConsentImport is a list of consents on its way into the ledger.
type ConsentImport struct {
	ID        uuid.UUID     `json:"id"`
	Name      string        `json:"name"`
	State     string        `json:"state"`
	Mapping   ImportMapping `json:"mapping"`
	Bytes     int64         `json:"bytes"`
	SHA256    string        `json:"sha256,omitempty"`
	Checked   ImportCount   `json:"checked"`
	Written   ImportCount   `json:"written"`
	Problem   string        `json:"problem,omitempty"`
	CreatedBy string        `json:"created_by"`
	CreatedAt time.Time     `json:"created_at"`
	CheckedAt *time.Time    `json:"checked_at,omitempty"`
	StartedAt *time.Time    `json:"started_at,omitempty"`
	StoppedAt *time.Time    `json:"stopped_at,omitempty"`
	EndedAt   *time.Time    `json:"ended_at,omitempty"`
	Faults    []ImportFault `json:"faults"`
}

// ImportCount is how far a step has come.
type ImportCount struct {
	Lines   int64 `json:"lines"`
	Written int64 `json:"written"`
	Faulty  int64 `json:"faulty"`
}

// ImportFault is what is wrong with a line.
type ImportFault struct {
	Line    int32  `json:"line"`
	Field   string `json:"field"`
	Problem string `json:"problem"`
}

// ImportWhole says that the file of an import is complete.
type ImportWhole struct {
	Parts  int    `json:"parts"`
	SHA256 string `json:"sha256"`
}

// ImportRun has an import that was checked written to the ledger.
type ImportRun struct {
	SkipFaulty bool `json:"skip_faulty,omitempty"`
	Again      bool `json:"again,omitempty"`
}

// ImportPart is how many bytes of a file travel at once.
const ImportPart = 4 << 20

// BeginConsentImport begins an import; its file follows in parts.
func (c *Client) BeginConsentImport(ctx context.Context, once string, n NewConsentImport) (ConsentImport, error) {
	return ask[ConsentImport](ctx, c, call{method: http.MethodPost, path: "/v1/consent/imports", body: n, once: once})
}

// PutConsentPart hands in a part of the file, counted from 1.
func (c *Client) PutConsentPart(ctx context.Context, id uuid.UUID, part int, data []byte) error {
	_, err := ask[struct{}](ctx, c, call{method: http.MethodPut, path: importPath(id, "/parts/"+strconv.Itoa(part)), body: data, media: "application/octet-stream"})
	return err
}

// CheckConsentImport says that the file is complete, and has it read through.
func (c *Client) CheckConsentImport(ctx context.Context, id uuid.UUID, whole ImportWhole) (ConsentImport, error) {
	return ask[ConsentImport](ctx, c, call{method: http.MethodPost, path: importPath(id, "/check"), body: whole})
}

// StopConsentImport has no more of an import written that is running; what is written stays.
func (c *Client) StopConsentImport(ctx context.Context, id uuid.UUID) (ConsentImport, error) {
	return ask[ConsentImport](ctx, c, call{method: http.MethodPost, path: importPath(id, "/stop")})
}

// RunConsentImport has it written to the ledger, or goes on where it was stopped.
func (c *Client) RunConsentImport(ctx context.Context, id uuid.UUID, run ImportRun) (ConsentImport, error) {
	return ask[ConsentImport](ctx, c, call{method: http.MethodPost, path: importPath(id, "/run"), body: run})
}

// DropConsentImport gives an import up that was not run, or was stopped.
func (c *Client) DropConsentImport(ctx context.Context, id uuid.UUID) (ConsentImport, error) {
	return ask[ConsentImport](ctx, c, call{method: http.MethodPost, path: importPath(id, "/drop")})
}

// ConsentImport says how far an import has come.
func (c *Client) ConsentImport(ctx context.Context, id uuid.UUID) (ConsentImport, error) {
	return ask[ConsentImport](ctx, c, call{method: http.MethodGet, path: importPath(id, "")})
}

// ConsentImports lists the newest imports.
func (c *Client) ConsentImports(ctx context.Context) (Page[ConsentImport], error) {
	return ask[Page[ConsentImport]](ctx, c, call{method: http.MethodGet, path: "/v1/consent/imports"})
}

func importPath(id uuid.UUID, rest string) string {
	return "/v1/consent/imports/" + id.String() + rest
}
