// Package listmonk tells listmonk, which sends newsletters, whom it may write to no more: by its own API, as its documentation describes it (listmonk.app/docs/apis/subscribers).
package listmonk

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/jonboulle/clockwork"

	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/notify/webhook"
)

// patience is how long one question to listmonk may take.
const patience = 20 * time.Second

// mostAnswer bounds what is read of an answer.
const mostAnswer = 1 << 20

// Client speaks to one listmonk. Errors are *notify.Failure, which repeat nothing of what was sent and answered.
type Client struct {
	base, login, token string
	http               *http.Client
	clock              clockwork.Clock
}

// New makes one for the listmonk at an address, as one of its API users, on a transport of webhook.NewTransport.
func New(address, login, token string, transport http.RoundTripper, clock clockwork.Clock) *Client {
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &Client{base: strings.TrimRight(address, "/"), login: login, token: token, clock: clock, http: &http.Client{Transport: transport, CheckRedirect: stay}}
}

// Check has listmonk do nothing, by the right that Block needs.
func (c *Client) Check(ctx context.Context) error {
	return c.ask(ctx, http.MethodPut, "/api/subscribers/query/blocklist", filter{"1 = 0"}, nil)
}

// filter names subscribers in listmonk's own language.
type filter struct {
	Query string `json:"query"`
}

// Block puts addresses on listmonk's list of those whom it writes to no more, all or none. Whom it does not know stays unknown to it.
func (c *Client) Block(ctx context.Context, addresses []string) error {
	if len(addresses) == 0 {
		return nil
	}
	return c.ask(ctx, http.MethodPut, "/api/subscribers/query/blocklist", filter{named(addresses)}, nil)
}

// Unblock takes an address off that list; one that is not on it is left as it is. Which newsletters it gets is listmonk's affair: when it blocked the address it ended them.
func (c *Client) Unblock(ctx context.Context, address string) error {
	var found struct {
		Data struct {
			Results []struct {
				ID     int    `json:"id"`
				Status string `json:"status"`
			} `json:"results"`
		} `json:"data"`
	}
	// listmonk finds people by what stands in the address of the question, and by nothing else.
	question := url.Values{"query": {named([]string{address})}, "per_page": {"10"}}
	if err := c.ask(ctx, http.MethodGet, "/api/subscribers?"+question.Encode(), nil, &found); err != nil {
		return err
	}
	for _, s := range found.Data.Results {
		if s.Status != "blocklisted" {
			continue
		}
		if err := c.ask(ctx, http.MethodPatch, "/api/subscribers/"+strconv.Itoa(s.ID), map[string]string{"status": "enabled"}, nil); err != nil {
			return err
		}
	}
	return nil
}

// named is the condition that an address is one of these. listmonk keeps addresses in small letters.
func named(addresses []string) string {
	quoted := make([]string, len(addresses))
	for i, a := range addresses {
		quoted[i] = "'" + strings.ReplaceAll(strings.ToLower(a), "'", "''") + "'"
	}
	return "LOWER(subscribers.email) IN (" + strings.Join(quoted, ", ") + ")"
}

func (c *Client) ask(ctx context.Context, method, path string, body, into any) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	var sent io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return fmt.Errorf("write the question to listmonk: %w", err)
		}
		sent = bytes.NewReader(text)
	}
	request, err := http.NewRequestWithContext(ctx, method, c.base+path, sent)
	if err != nil {
		return failed("compose (the address is not a URL)", "", false)
	}
	request.Header.Set("Authorization", "token "+c.login+":"+c.token)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("User-Agent", "docket")
	response, err := c.http.Do(request)
	if err != nil {
		step := "connect"
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			step = "wait for an answer"
		}
		return failed("listmonk: "+step, "", true)
	}
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(io.LimitReader(response.Body, mostAnswer))
	if response.StatusCode < 200 || response.StatusCode > 299 {
		f := failed("listmonk", strconv.Itoa(response.StatusCode), true)
		f.RetryAfter = webhook.RetryAfter(response.Header.Get("Retry-After"), c.clock.Now())
		return f
	}
	if into == nil {
		return nil
	}
	if err != nil || json.Unmarshal(answer, into) != nil {
		return failed("listmonk: read the answer", "", true)
	}
	return nil
}

func failed(step, code string, temporary bool) *notify.Failure {
	return &notify.Failure{Channel: notify.ChannelWebhook, Step: step, Code: code, Temporary: temporary}
}
