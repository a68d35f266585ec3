package client

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"
)

// Recipient is somebody who was given data and must hear that it was erased (Art. 19 GDPR). State is to_tell, told, confirmed or not_told.
type Recipient struct {
	ID         uuid.UUID  `json:"id"`
	Recipient  string     `json:"recipient"`
	Role       string     `json:"role"`
	System     string     `json:"system"`
	Through    string     `json:"through,omitempty"`
	Categories []string   `json:"categories"`
	State      string     `json:"state"`
	Reason     string     `json:"reason,omitempty"`
	CreatedAt  time.Time  `json:"created_at"`
	By         string     `json:"by,omitempty"`
	At         *time.Time `json:"at,omitempty"`
}

// RecipientList is all of a request's.
type RecipientList struct {
	Items []Recipient `json:"items"`
}

// RecipientTelling puts on record how far a recipient was told. Reason is impossible or disproportionate, of one that is not told.
type RecipientTelling struct {
	State  string `json:"state"`
	Reason string `json:"reason,omitempty"`
	Note   string `json:"note,omitempty"`
}

// Recipients lists who must hear of a request's erasure.
func (c *Client) Recipients(ctx context.Context, request uuid.UUID) (RecipientList, error) {
	return ask[RecipientList](ctx, c, call{method: http.MethodGet, path: requestPath(request, "/recipients")})
}

// TellRecipient says how far a recipient was told.
func (c *Client) TellRecipient(ctx context.Context, once string, request, recipient uuid.UUID, telling RecipientTelling) (RecipientList, error) {
	return ask[RecipientList](ctx, c, call{method: http.MethodPost, path: requestPath(request, "/recipients/"+recipient.String()), body: telling, once: once})
}
