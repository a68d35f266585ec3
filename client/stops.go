package client

import (
	"context"
	"net/http"

	"github.com/google/uuid"
)

// StopSystem has nothing read the system, what is under way included. The reason names no person.
func (c *Client) StopSystem(ctx context.Context, id uuid.UUID, reason string) (System, error) {
	body := map[string]string{"reason": reason}
	return ask[System](ctx, c, call{method: http.MethodPost, path: systemPath(id, "/stop"), body: body})
}

// ResumeSystem lets a stopped system be read again; what broke off goes on where it was.
func (c *Client) ResumeSystem(ctx context.Context, id uuid.UUID) (System, error) {
	return ask[System](ctx, c, call{method: http.MethodPost, path: systemPath(id, "/resume"), body: nothing{}})
}
