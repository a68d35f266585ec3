package email

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/mail"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"github.com/privacy-docket/docket/notify"
)

// Sender delivers one message per connection. It implements notify.Sender.
type Sender struct {
	config Config
	from   *mail.Address
	domain string
}

// New checks the configuration. It does not connect.
func New(c Config) (*Sender, error) {
	from, err := mail.ParseAddress(c.From)
	if err != nil || c.Host == "" {
		return nil, fmt.Errorf("e-mail needs the server's host and a valid From address")
	}
	if c.Username != "" && c.Encryption == Plain && !c.loopback() {
		return nil, fmt.Errorf("a password is not sent to another machine without TLS: set tls=starttls or smtps://")
	}
	if c.Timeout == 0 {
		c.Timeout = DefaultTimeout
	}
	if c.FromName != "" {
		from.Name = oneLine(c.FromName)
	}
	domain := c.MessageDomain
	if domain == "" {
		domain = from.Address[strings.LastIndexByte(from.Address, '@')+1:]
	}
	return &Sender{config: c, from: from, domain: domain}, nil
}

// MessageID is the Message-ID of a message, without angle brackets.
func (s *Sender) MessageID(m notify.Message) string { return m.ID + "@" + s.domain }

// Send delivers m. A message that the server has accepted counts as sent even if the connection breaks afterwards.
func (s *Sender) Send(ctx context.Context, m notify.Message) (notify.Receipt, error) {
	msg, err := s.compose(m)
	if err != nil {
		return notify.Receipt{}, &notify.Failure{Channel: notify.ChannelEmail, Step: err.Error()}
	}
	ctx, cancel := context.WithTimeout(ctx, s.config.Timeout)
	defer cancel() // also closes the connection
	client, err := gomail.NewClient(s.config.Host, s.options(ctx)...)
	if err != nil {
		return notify.Receipt{}, &notify.Failure{Channel: notify.ChannelEmail, Step: "set up the connection"}
	}
	if err := client.DialAndSendWithContext(ctx, msg); err != nil && !msg.IsDelivered() {
		return notify.Receipt{}, classify(err, ctx.Err())
	}
	return notify.Receipt{Channel: notify.ChannelEmail, RemoteID: s.MessageID(m)}, nil
}

func (s *Sender) tls() *tls.Config {
	return &tls.Config{
		ServerName: s.config.Host, MinVersion: tls.VersionTLS12,
		InsecureSkipVerify: s.config.InsecureSkipVerify, //nolint:gosec // Config says that it is for tests
	}
}

// dial closes the connection when ctx ends; go-mail itself looks at the context only until it is connected.
func (s *Sender) dial(ctx context.Context) gomail.DialContextFunc {
	return func(dialing context.Context, network, address string) (net.Conn, error) {
		var d net.Dialer
		conn, err := d.DialContext(dialing, network, address)
		if err != nil {
			return nil, err
		}
		context.AfterFunc(ctx, func() { _ = conn.Close() })
		if s.config.Encryption != ImplicitTLS {
			return conn, nil
		}
		secured := tls.Client(conn, s.tls())
		return secured, secured.HandshakeContext(ctx)
	}
}

func (s *Sender) options(ctx context.Context) []gomail.Option {
	c := s.config
	options := []gomail.Option{
		gomail.WithTimeout(c.Timeout), gomail.WithTLSConfig(s.tls()), gomail.WithDialContextFunc(s.dial(ctx)),
	}
	switch c.Encryption {
	case ImplicitTLS:
		options = append(options, gomail.WithSSL())
	case Plain:
		options = append(options, gomail.WithTLSPolicy(gomail.NoTLS))
	default:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	}
	options = append(options, gomail.WithPort(c.port()))
	if c.HELO != "" {
		options = append(options, gomail.WithHELO(c.HELO))
	}
	if c.Username != "" {
		auth := gomail.WithOpportunisticSMTPAuth(gomail.SMTPAuthSCRAMSHA256PLUS, gomail.SMTPAuthSCRAMSHA256,
			gomail.SMTPAuthPlain, gomail.SMTPAuthLogin)
		if c.Encryption == Plain { // only to a loopback address, see New
			auth = gomail.WithSMTPAuth(gomail.SMTPAuthPlainNoEnc)
		}
		options = append(options, auth, gomail.WithUsername(c.Username), gomail.WithPassword(c.Password))
	}
	return options
}

// compose writes the message. The same m gives the same bytes: Message-ID, Date and the boundary come from m.
func (s *Sender) compose(m notify.Message) (*gomail.Msg, error) {
	if notify.CheckID(m.ID) != nil || m.Date.IsZero() || m.Rendered.Text == "" {
		return nil, fmt.Errorf("compose (a message needs a valid id, a date and a text)")
	}
	to, err := mail.ParseAddress(m.To.Address)
	if err != nil || strings.ContainsAny(m.To.Address, "\r\n") {
		return nil, fmt.Errorf("compose (the receiver's address is not valid)")
	}
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent(), gomail.WithBoundary("part-"+m.UUID()))
	msg.FromMailAddress(s.from)
	msg.ToMailAddress(&mail.Address{Name: oneLine(m.To.Name), Address: to.Address})
	if s.config.ReplyTo != "" {
		if err := msg.ReplyTo(s.config.ReplyTo); err != nil {
			return nil, fmt.Errorf("compose (the Reply-To address is not valid)")
		}
	}
	msg.SetMessageIDWithValue(s.MessageID(m))
	msg.SetDateWithValue(m.Date.UTC().Truncate(time.Second))
	msg.Subject(oneLine(m.Rendered.Subject))
	// RFC 3834: no vacation replies to a machine; X-Auto-Response-Suppress says the same to Exchange.
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	msg.SetGenHeader("X-Auto-Response-Suppress", "All")
	msg.SetGenHeader("Content-Language", string(m.Rendered.Language))
	msg.SetBodyString(gomail.TypeTextPlain, m.Rendered.Text)
	if m.Rendered.HTML != "" {
		msg.AddAlternativeString(gomail.TypeTextHTML, m.Rendered.HTML)
	}
	return msg, nil
}

// oneLine keeps line ends out of headers, whoever wrote the value.
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f }), " ")
}
