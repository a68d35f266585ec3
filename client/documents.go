package client

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"
)

// Document is something that was shown to prove who the person is, or that somebody may ask for them.
type Document struct {
	ID        uuid.UUID  `json:"id"`
	Kind      string     `json:"kind"`
	MediaType string     `json:"media_type"`
	Bytes     int64      `json:"bytes"`
	CreatedAt time.Time  `json:"created_at"`
	Decision  string     `json:"decision,omitempty"`
	DecidedAt *time.Time `json:"decided_at,omitempty"`
}

// Documents lists what was shown, without its content.
func (c *Client) Documents(ctx context.Context, id uuid.UUID) (Page[Document], error) {
	return ask[Page[Document]](ctx, c, call{method: http.MethodGet, path: requestPath(id, "/documents")})
}

// AddDocument stores a PDF, JPEG or PNG that the person showed.
func (c *Client) AddDocument(ctx context.Context, id uuid.UUID, content []byte) (Created, error) {
	body, media, err := fileForm("document", content)
	if err != nil {
		return Created{}, err
	}
	return ask[Created](ctx, c, call{method: http.MethodPost, path: requestPath(id, "/documents"), body: body, media: media})
}
