package client

import (
	"context"
	"encoding/json"
	"io"
	"net/http"

	"github.com/google/uuid"
)

// Checkpoint is the newest signed head of the audit log, and the key that checks it.
type Checkpoint struct {
	Checkpoint string `json:"checkpoint"`
	Verifier   string `json:"verifier_key"`
}

// Checkpoint gives the newest signed checkpoint.
func (c *Client) Checkpoint(ctx context.Context) (Checkpoint, error) {
	return ask[Checkpoint](ctx, c, call{method: http.MethodGet, path: "/v1/audit/checkpoint"})
}

// Proof gives the proofs of a request's events as the server wrote them: package audit reads and checks them.
func (c *Client) Proof(ctx context.Context, id uuid.UUID) (json.RawMessage, error) {
	return ask[json.RawMessage](ctx, c, call{method: http.MethodGet, path: requestPath(id, "/proof")})
}

// ExportAudit writes the whole log up to the newest checkpoint as a ZIP. An export that breaks off is an error.
func (c *Client) ExportAudit(ctx context.Context, w io.Writer) error {
	response, err := c.send(ctx, call{method: http.MethodGet, path: "/v1/audit/export"})
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if _, err := io.Copy(w, response.Body); err != nil {
		return &Unanswered{cause: err}
	}
	return nil
}
