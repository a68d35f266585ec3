package webhook

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
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
	return &Sender{config: c, client: newClient(c.Transport)}, nil
}

// Send posts m.Event to m.To.Address. The id stays the same over retries, the timestamp is that of the try.
func (s *Sender) Send(ctx context.Context, m notify.Message) (notify.Receipt, error) {
	if err := s.check(m); err != nil {
		return notify.Receipt{}, &notify.Failure{Channel: notify.ChannelWebhook, Step: err.Error()}
	}
	now := s.config.Clock.Now()
	header := http.Header{}
	header.Set(HeaderID, m.ID)
	header.Set(HeaderTimestamp, strconv.FormatInt(now.Unix(), 10))
	header.Set(HeaderSignature, Sign(s.config.Secrets, m.ID, now, m.Event))
	ctx, cancel := context.WithTimeout(ctx, s.config.Timeout)
	defer cancel()
	if err := post(ctx, s.client, m.To.Address, header, m.Event, now); err != nil {
		return notify.Receipt{}, err
	}
	return notify.Receipt{Channel: notify.ChannelWebhook, RemoteID: m.ID}, nil
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
