package client

import (
	"context"
	"net/http"

	"github.com/google/uuid"
)

// WriteMessage writes to the person, once per idempotency key. They read it on their page, behind a code.
func (c *Client) WriteMessage(ctx context.Context, once string, id uuid.UUID, text string) (Created, error) {
	body := map[string]string{"text": text}
	return ask[Created](ctx, c, call{method: http.MethodPost, path: requestPath(id, "/conversation"), body: body, once: once})
}
