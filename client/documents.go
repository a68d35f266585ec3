package client

import (
	"context"
	"io"
	"net/http"
	"time"

	"github.com/google/uuid"
)

// Document is something that was shown to prove who the person is, or that somebody may ask for them, or that the person sent to show what they say.
type Document struct {
	ID        uuid.UUID  `json:"id"`
	Kind      string     `json:"kind"`
	MediaType string     `json:"media_type"`
	Bytes     int64      `json:"bytes"`
	CreatedAt time.Time  `json:"created_at"`
	Decision  string     `json:"decision,omitempty"`
	DecidedAt *time.Time `json:"decided_at,omitempty"`
	// SeenAt is when staff first looked at what the person sent; SHA256 is of that as it is stored, sealed.
	SeenAt      *time.Time `json:"seen_at,omitempty"`
	SHA256      string     `json:"sha256,omitempty"`
	DestroyedAt *time.Time `json:"destroyed_at,omitempty"`
}

// Documents lists what was shown or sent, without names and content.
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

// FetchDocument writes a document that can still be looked at; this is recorded.
func (c *Client) FetchDocument(ctx context.Context, id, document uuid.UUID, w io.Writer) error {
	return c.fetch(ctx, requestPath(id, "/documents/"+document.String()), w)
}
