package webhook

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/privacy-docket/docket/notify"
)

// newClient follows no redirect: what is sent was meant, and signed, for the address that was given.
func newClient(transport http.RoundTripper) *http.Client {
	return &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// Caller posts what a protocol signs in its own way: callbacks to those who filed a request.
type Caller struct {
	client     *http.Client
	allowLocal bool
}

// NewCaller makes one on a transport of NewTransport. allowLocal is the operator's word that addresses may lead into the own network.
func NewCaller(transport http.RoundTripper, allowLocal bool) *Caller {
	return &Caller{client: newClient(transport), allowLocal: allowLocal}
}

// Post sends JSON to an address. The error is a *notify.Failure, which says whether another try makes sense, and repeats nothing of address or body.
func (c *Caller) Post(ctx context.Context, address string, header http.Header, body []byte, now time.Time) error {
	if err := CheckAddress(address, c.allowLocal); err != nil {
		return &notify.Failure{Channel: notify.ChannelWebhook, Step: "compose (" + err.Error() + ")"}
	}
	ctx, cancel := context.WithTimeout(ctx, DefaultTimeout)
	defer cancel()
	return post(ctx, c.client, address, header, body, now)
}

// post sends and reads the status: 2xx is taken, 410 asks for silence, everything else may be better later.
func post(ctx context.Context, client *http.Client, address string, header http.Header, body []byte, now time.Time) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return &notify.Failure{Channel: notify.ChannelWebhook, Step: "compose (the address is not a URL)"}
	}
	request.Header = header
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("User-Agent", "docket")
	response, err := client.Do(request)
	if err != nil {
		return unreached(err, ctx.Err())
	}
	defer func() { _ = response.Body.Close() }()
	_, _ = io.CopyN(io.Discard, response.Body, 4<<10) // so that the connection can be used again
	if response.StatusCode >= 200 && response.StatusCode < 300 {
		return nil
	}
	gone := response.StatusCode == http.StatusGone
	return &notify.Failure{
		Channel: notify.ChannelWebhook, Step: "post", Code: strconv.Itoa(response.StatusCode),
		Temporary: !gone, Disable: gone, RetryAfter: RetryAfter(response.Header.Get("Retry-After"), now),
	}
}

// MaxRetryAfter bounds the pause that a receiver can ask for.
const MaxRetryAfter = 24 * time.Hour

// RetryAfter reads both forms of the header (RFC 9110, 10.2.3): seconds or a date.
func RetryAfter(value string, now time.Time) time.Duration {
	var pause time.Duration
	if seconds, err := strconv.ParseInt(value, 10, 32); err == nil {
		pause = time.Duration(seconds) * time.Second
	} else if at, err := http.ParseTime(value); err == nil {
		pause = at.Sub(now)
	}
	return min(max(pause, 0), MaxRetryAfter)
}
