package mailcatcher

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

const clientTimeout = 10 * time.Second

// Client talks to a catcher's API.
type Client struct {
	base string
	http *http.Client
}

// NewClient talks to the catcher whose page is at base, e.g. http://127.0.0.1:8025.
func NewClient(base string) *Client {
	return &Client{base: strings.TrimSuffix(base, "/"), http: &http.Client{Timeout: clientTimeout}}
}

// Messages returns the mails to a recipient, or all for the empty string, oldest first.
func (c *Client) Messages(ctx context.Context, to string) ([]Message, error) {
	var messages []Message
	err := c.call(ctx, http.MethodGet, "/api/messages?to="+url.QueryEscape(to), nil, &messages)
	return messages, err
}

// Raw returns a mail as it was sent.
func (c *Client) Raw(ctx context.Context, id string) ([]byte, error) {
	var raw []byte
	err := c.call(ctx, http.MethodGet, "/api/messages/"+url.PathEscape(id)+"/raw", nil, &raw)
	return raw, err
}

// Delete removes one mail.
func (c *Client) Delete(ctx context.Context, id string) error {
	return c.call(ctx, http.MethodDelete, "/api/messages/"+url.PathEscape(id), nil, nil)
}

// SetFault orders the catcher to misbehave; an order for the same recipient is replaced.
func (c *Client) SetFault(ctx context.Context, fault Fault) error {
	return c.call(ctx, http.MethodPut, "/api/faults", fault, nil)
}

// ClearFault takes back the order for a recipient, or with the empty string the one for everyone.
func (c *Client) ClearFault(ctx context.Context, to string) error {
	return c.call(ctx, http.MethodDelete, "/api/faults?to="+url.QueryEscape(to), nil, nil)
}

// call sends body as JSON and reads the answer into a *[]byte as it is and into anything else as JSON.
func (c *Client) call(ctx context.Context, method, path string, body, into any) error {
	var payload io.Reader
	if body != nil {
		data, err := json.Marshal(body)
		if err != nil {
			return fmt.Errorf("encode for the mail catcher: %w", err)
		}
		payload = bytes.NewReader(data)
	}
	request, err := http.NewRequestWithContext(ctx, method, c.base+path, payload)
	if err != nil {
		return fmt.Errorf("ask the mail catcher: %w", err)
	}
	response, err := c.http.Do(request)
	if err != nil {
		return fmt.Errorf("ask the mail catcher: %w", err)
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		return fmt.Errorf("read the mail catcher's answer: %w", err)
	}
	if response.StatusCode >= http.StatusBadRequest {
		return fmt.Errorf("the mail catcher answered %s: %s", response.Status, strings.TrimSpace(string(data)))
	}
	switch target := into.(type) {
	case nil:
		return nil
	case *[]byte:
		*target = data
		return nil
	default:
		return json.Unmarshal(data, target)
	}
}
