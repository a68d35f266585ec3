// Package chat posts notices to the staff in Slack.
package chat

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"github.com/privacy-docket/docket/notify"
)

// Config says how to reach Slack.
type Config struct {
	// Token is a bot token (xoxb-…) with the scope chat:write.
	Token string
	// APIURL is Slack's address; empty means slack.com. Tests give another one.
	APIURL string
	// Timeout for one post; 0 means 15 seconds.
	Timeout time.Duration
	// Client for HTTP; nil means a client of its own that follows no redirects.
	Client *http.Client
}

// DefaultTimeout for one post.
const DefaultTimeout = 15 * time.Second

// Sender posts messages. It implements notify.Sender.
type Sender struct {
	client  *slack.Client
	apiURL  string
	timeout time.Duration
}

// New makes a sender. It does not connect.
func New(c Config) (*Sender, error) {
	if c.Token == "" {
		return nil, fmt.Errorf("a bot token for Slack is needed (xoxb-…)")
	}
	if c.APIURL == "" {
		c.APIURL = slack.APIURL
	}
	if !strings.HasSuffix(c.APIURL, "/") {
		c.APIURL += "/"
	}
	if c.Timeout == 0 {
		c.Timeout = DefaultTimeout
	}
	if c.Client == nil {
		// A redirect would carry the token somewhere else.
		c.Client = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	}
	client := slack.New(c.Token, slack.OptionAPIURL(c.APIURL), slack.OptionHTTPClient(c.Client))
	return &Sender{client: client, apiURL: c.APIURL, timeout: c.Timeout}, nil
}

// Send posts m to the channel or user named in m.To.Address. client_msg_id is the same on every try: Slack keeps the
// first post and answers later ones with it, or says that it has been deleted since, which counts as sent.
func (s *Sender) Send(ctx context.Context, m notify.Message) (notify.Receipt, error) {
	if notify.CheckID(m.ID) != nil || m.To.Address == "" || m.Rendered.Subject == "" {
		return notify.Receipt{}, &notify.Failure{Channel: notify.ChannelSlack, Step: "compose (a notice needs a valid id, a channel and a subject)"}
	}
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	channel, timestamp, err := s.client.PostMessageContext(ctx, m.To.Address,
		slack.MsgOptionText(m.Rendered.Subject, true), // what a notification shows
		slack.MsgOptionBlocks(Blocks(m.Rendered)...),
		slack.MsgOptionDisableLinkUnfurl(), slack.MsgOptionDisableMediaUnfurl(),
		slack.MsgOptionMetadata(slack.SlackMetadata{
			EventType: "docket_" + string(m.Rendered.Kind), EventPayload: map[string]any{"message_id": m.ID},
		}),
		slack.UnsafeMsgOptionEndpoint(s.apiURL+"chat.postMessage", func(v url.Values) { v.Set("client_msg_id", m.UUID()) }),
	)
	if err == nil {
		return notify.Receipt{Channel: notify.ChannelSlack, RemoteID: word(channel) + "/" + word(timestamp)}, nil
	}
	if err.Error() == "duplicate_message_not_found" {
		return notify.Receipt{Channel: notify.ChannelSlack, RemoteID: m.To.Address, Duplicate: true}, nil
	}
	return notify.Receipt{}, classify(err, ctx.Err())
}

// word keeps what has the form of Slack's codes and ids. Anything else came from something that is not Slack, and could hold
// whatever it likes.
func word(s string) string {
	odd := func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune("_.-", r)
	}
	if s == "" || len(s) > 64 || strings.ContainsFunc(s, odd) {
		return "unknown"
	}
	return s
}

// maxRetryAfter bounds the pause that an answer can ask for.
const maxRetryAfter = 24 * time.Hour

// classify tells what may succeed later. Slack's codes are words of its own and hold nothing personal.
func classify(err, ended error) error {
	f := &notify.Failure{Channel: notify.ChannelSlack, Step: "post", Temporary: true}
	var limited *slack.RateLimitedError
	var status slack.StatusCodeError
	var refused slack.SlackErrorResponse
	switch {
	case errors.As(err, &limited):
		f.Code, f.RetryAfter = "ratelimited", min(max(limited.RetryAfter, 0), maxRetryAfter)
	case errors.As(err, &status):
		f.Code = fmt.Sprint(status.Code)
		f.Temporary = status.Code >= 500 || status.Code == http.StatusTooManyRequests || status.Code == http.StatusRequestTimeout
	case errors.As(err, &refused):
		f.Code, f.Temporary = word(refused.Err), passing(refused.Err)
	}
	if ended != nil {
		return f.FromContext(ended)
	}
	return f.FromContext(err)
}

// passing lists the codes that Slack documents as its own trouble. Everything else (channel_not_found, invalid_auth,
// invalid_blocks, …) needs a person.
func passing(code string) bool {
	switch code {
	case "ratelimited", "rate_limited", "fatal_error", "internal_error", "service_unavailable", "request_timeout",
		"team_added_to_org", "message_limit_exceeded":
		return true
	}
	return false
}
