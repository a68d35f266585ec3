// Package client speaks Docket's REST API for Go programs, the command line among them. It is written by hand: the API
// has some sixty operations of a handful of shapes, and what a generator makes of them is many times the size of this
// package and harder to read. A test holds every type against the OpenAPI document that the server gives out.
package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/google/uuid"
)

// answerTime bounds one call, but for an export of the audit log. The server itself gives up after 40 seconds.
const answerTime = 60 * time.Second

// maxAnswer bounds what is read of a JSON answer, in bytes.
const maxAnswer = 64 << 20

// Config says which server to speak to, and as whom.
type Config struct {
	// URL of the server, without /v1. Plain http is refused beyond this machine, unless PlainHTTP allows it.
	URL string
	// Key is an API key, dk_….
	Key string
	// PlainHTTP lets the key and personal data travel unencrypted, for networks that encrypt by themselves.
	PlainHTTP bool
	// Transport carries the calls; nil is http.DefaultTransport.
	Transport http.RoundTripper
}

// Client calls one server with one key. Its methods may be used by several goroutines at the same time.
// They return *Problem when the server said no, and *Unanswered when no usable answer came.
type Client struct {
	base *url.URL
	key  string
	http *http.Client
}

// New makes a client. It calls nobody.
func New(c Config) (*Client, error) {
	base, err := url.Parse(strings.TrimRight(c.URL, "/"))
	if err != nil || base.Host == "" || (base.Scheme != "https" && base.Scheme != "http") || base.User != nil || base.RawQuery != "" {
		return nil, errors.New("the server's address is not of the form https://host or https://host:port")
	}
	if base.Scheme == "http" && !c.PlainHTTP && !loopback(base.Hostname()) {
		return nil, errors.New("the server's address is plain http, which would send the API key and personal data unencrypted: use https")
	}
	if !strings.HasPrefix(c.Key, "dk_") || strings.ContainsFunc(c.Key, unprintable) {
		return nil, errors.New("the API key is not of the form dk_…: it was copied in part, or is the key of something else")
	}
	return &Client{base: base, key: c.Key, http: &http.Client{Transport: c.Transport, CheckRedirect: stay}}, nil
}

func loopback(host string) bool { return host == "localhost" || net.ParseIP(host).IsLoopback() }

func unprintable(r rune) bool { return r <= ' ' || r > '~' }

// stay follows no redirection: the key is for the server that was named.
func stay(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// NewIdempotencyKey makes a key for one new request. Sending the request again under the same key changes nothing more.
func NewIdempotencyKey() string { return uuid.NewString() }

// call is one request to the server.
type call struct {
	method, path string
	query        url.Values
	// body is sent as JSON, or as it is when media says what it is.
	body  any
	media string
	// once is the idempotency key.
	once string
}

// ask makes a call and reads its answer.
func ask[T any](ctx context.Context, c *Client, in call) (T, error) {
	var out T
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	response, err := c.send(ctx, in)
	if err != nil {
		return out, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer+1))
	if err != nil {
		return out, &Unanswered{cause: err}
	}
	if len(text) > maxAnswer {
		return out, &Unanswered{cause: errors.New("the answer is larger than 64 MiB")}
	}
	if response.StatusCode == http.StatusNoContent {
		return out, nil
	}
	if err := json.Unmarshal(text, &out); err != nil {
		return out, &Unanswered{cause: fmt.Errorf("the answer is not what Docket answers: %w", err)}
	}
	return out, nil
}

// send makes a call and gives the answer when it is a good one. The caller closes its body.
func (c *Client) send(ctx context.Context, in call) (*http.Response, error) {
	request, err := c.request(ctx, in)
	if err != nil {
		return nil, err
	}
	response, err := c.http.Do(request)
	if err != nil {
		return nil, &Unanswered{cause: err}
	}
	if response.StatusCode < 300 {
		return response, nil
	}
	defer response.Body.Close()
	return nil, refusal(response)
}

func (c *Client) request(ctx context.Context, in call) (*http.Request, error) {
	body, media, err := in.content()
	if err != nil {
		return nil, err
	}
	target := *c.base
	target.Path += in.path
	target.RawQuery = in.query.Encode()
	request, err := http.NewRequestWithContext(ctx, in.method, target.String(), body)
	if err != nil {
		return nil, fmt.Errorf("make the request: %w", err)
	}
	request.Header.Set("Authorization", "Bearer "+c.key)
	request.Header.Set("Accept", "application/json, application/problem+json")
	if media != "" {
		request.Header.Set("Content-Type", media)
	}
	if in.once != "" {
		request.Header.Set("Idempotency-Key", in.once)
	}
	return request, nil
}

func (in call) content() (body io.Reader, media string, err error) {
	if in.body == nil {
		return http.NoBody, "", nil
	}
	if raw, ok := in.body.([]byte); ok && in.media != "" {
		return bytes.NewReader(raw), in.media, nil
	}
	if stream, ok := in.body.(io.Reader); ok && in.media != "" {
		return stream, in.media, nil
	}
	text, err := json.Marshal(in.body)
	if err != nil {
		return nil, "", fmt.Errorf("write the request: %w", err)
	}
	return bytes.NewReader(text), "application/json", nil
}
