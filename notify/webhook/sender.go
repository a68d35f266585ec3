package webhook

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
	"time"

	"github.com/jonboulle/clockwork"

	"github.com/privacy-docket/docket/notify"
)

// Event is the body of a webhook.
type Event struct {
	// Type of the event, dot-separated: "request.completed".
	Type string `json:"type"`
	// Timestamp of what happened, not of the sending.
	Timestamp time.Time `json:"timestamp"`
	// Data holds ids and facts about the process; nothing personal.
	Data json.RawMessage `json:"data"`
}

// MaxBody is the largest event.
const MaxBody = 256 << 10

// DefaultTimeout for one delivery, within the 15 to 30 seconds that the specification recommends.
const DefaultTimeout = 20 * time.Second

// Config says how events are sent.
type Config struct {
	// Secrets sign every event; give the new and the old one while a secret is being replaced.
	Secrets []Secret
	Clock   clockwork.Clock
	// Timeout for one delivery; 0 means DefaultTimeout.
	Timeout time.Duration
	// AllowLocal permits plain http and addresses inside the own network. Without it only https to public addresses
	// is called: the URL comes from a customer and must not reach what only we can reach.
	AllowLocal bool
	// Transport for tests; nil means a transport of its own that keeps AllowLocal.
	Transport http.RoundTripper
}

// Sender posts events. It implements notify.Sender.
type Sender struct {
	config Config
	client *http.Client
}

// New makes a sender.
func New(c Config) (*Sender, error) {
	if len(c.Secrets) == 0 || c.Clock == nil {
		return nil, fmt.Errorf("a webhook sender needs a secret and a clock")
	}
	if c.Timeout == 0 {
		c.Timeout = DefaultTimeout
	}
	if c.Transport == nil {
		c.Transport = NewTransport(c.AllowLocal)
	}
	client := &http.Client{
		Transport: c.Transport,
		// A redirect is a failure: the body was signed for the address that was registered.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return &Sender{config: c, client: client}, nil
}

// Send posts m.Event to m.To.Address. The id stays the same over retries, the timestamp is that of the try.
func (s *Sender) Send(ctx context.Context, m notify.Message) (notify.Receipt, error) {
	if err := s.check(m); err != nil {
		return notify.Receipt{}, &notify.Failure{Channel: notify.ChannelWebhook, Step: err.Error()}
	}
	ctx, cancel := context.WithTimeout(ctx, s.config.Timeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, m.To.Address, bytes.NewReader(m.Event))
	if err != nil {
		return notify.Receipt{}, &notify.Failure{Channel: notify.ChannelWebhook, Step: "compose (the address is not a URL)"}
	}
	now := s.config.Clock.Now()
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("User-Agent", "docket")
	request.Header.Set(HeaderID, m.ID)
	request.Header.Set(HeaderTimestamp, strconv.FormatInt(now.Unix(), 10))
	request.Header.Set(HeaderSignature, Sign(s.config.Secrets, m.ID, now, m.Event))
	response, err := s.client.Do(request)
	if err != nil {
		return notify.Receipt{}, unreached(err, ctx.Err())
	}
	defer func() { _ = response.Body.Close() }()
	_, _ = io.CopyN(io.Discard, response.Body, 4<<10) // so that the connection can be used again
	return s.answer(m, response, now)
}

// CheckAddress says what is wrong with an address before anything is sent to it. Whether it is public shows when it is
// called: a name can lead anywhere by then.
func CheckAddress(address string, allowLocal bool) error {
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Host == "" || u.User != nil || u.Fragment != "":
		return errors.New("the address is not a plain URL")
	case u.Scheme != "https" && (u.Scheme != "http" || !allowLocal):
		return errors.New("the address must begin with https://")
	default:
		return nil
	}
}

func (s *Sender) check(m notify.Message) error {
	if err := CheckAddress(m.To.Address, s.config.AllowLocal); err != nil {
		return fmt.Errorf("compose (%w)", err)
	}
	switch {
	case notify.CheckID(m.ID) != nil:
		return fmt.Errorf("compose (the message has no valid id)")
	case len(m.Event) == 0 || len(m.Event) > MaxBody || !json.Valid(m.Event):
		return fmt.Errorf("compose (the event must be JSON of at most %d bytes)", MaxBody)
	}
	return nil
}

// answer reads the status: 2xx is taken, 410 asks for silence, everything else may be better later.
func (s *Sender) answer(m notify.Message, r *http.Response, now time.Time) (notify.Receipt, error) {
	if r.StatusCode >= 200 && r.StatusCode < 300 {
		return notify.Receipt{Channel: notify.ChannelWebhook, RemoteID: m.ID}, nil
	}
	gone := r.StatusCode == http.StatusGone
	return notify.Receipt{}, &notify.Failure{
		Channel: notify.ChannelWebhook, Step: "post", Code: strconv.Itoa(r.StatusCode),
		Temporary: !gone, Disable: gone, RetryAfter: retryAfter(r.Header.Get("Retry-After"), now),
	}
}

// MaxRetryAfter bounds the pause that a receiver can ask for.
const MaxRetryAfter = 24 * time.Hour

// retryAfter reads both forms of the header (RFC 9110, 10.2.3): seconds or a date.
func retryAfter(value string, now time.Time) time.Duration {
	var pause time.Duration
	if seconds, err := strconv.ParseInt(value, 10, 32); err == nil {
		pause = time.Duration(seconds) * time.Second
	} else if at, err := http.ParseTime(value); err == nil {
		pause = at.Sub(now)
	}
	return min(max(pause, 0), MaxRetryAfter)
}
