package mailcatcher

import (
	"context"
	"fmt"
	"io"
	"net"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
	"github.com/jonboulle/clockwork"
)

const (
	maxMessage    = 25 << 20 // bytes
	maxRecipients = 100
	smtpTimeout   = 2 * time.Minute // longer than the longest ordered delay
)

// backend makes a session per connection.
type backend struct {
	ctx    context.Context
	store  *store
	faults *faults
	clock  clockwork.Clock
}

// NewSession implements smtp.Backend.
func (b *backend) NewSession(conn *smtp.Conn) (smtp.Session, error) {
	return &session{backend: b, conn: conn.Conn()}, nil
}

func newSMTPServer(b *backend) *smtp.Server {
	s := smtp.NewServer(b)
	s.Domain = "localhost"
	s.MaxMessageBytes = maxMessage
	s.MaxRecipients = maxRecipients
	s.ReadTimeout, s.WriteTimeout = smtpTimeout, smtpTimeout
	s.AllowInsecureAuth = true // loopback; senders that insist on signing in may, with anything
	s.EnableSMTPUTF8 = true
	return s
}

// session is one mail transaction after another on one connection.
type session struct {
	*backend
	conn net.Conn
	from string
	to   []string
	// ordered is the fault of the first recipient that has one, for the steps after RCPT.
	ordered *Fault
	// leaving cuts the connection once the answer is out.
	leaving bool
}

// AuthMechanisms implements smtp.AuthSession.
func (s *session) AuthMechanisms() []string { return []string{sasl.Plain} }

// Auth implements smtp.AuthSession and lets everyone in: there is nothing to protect and nothing is delivered.
func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(string, string, string) error { return nil }), nil
}

// Mail implements smtp.Session.
func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	s.from = from
	return nil
}

// Rcpt implements smtp.Session.
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if order, ok := s.faults.take(to); ok {
		if order.Mode == Refuse {
			return refusal(order.Code)
		}
		if s.ordered == nil {
			s.ordered = &order
		}
	}
	s.to = append(s.to, to)
	return nil
}

func refusal(code int) error {
	if code >= 500 {
		return &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "mailbox refused, as ordered"}
	}
	if code == 0 {
		code = 450
	}
	return &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode{4, 2, 1}, Message: "mailbox busy, as ordered"}
}

// Data implements smtp.Session.
func (s *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	order := Fault{}
	if s.ordered != nil {
		order = *s.ordered
	}
	switch order.Mode {
	case Drop:
		return nil
	case Cut:
		return s.hangUp()
	case Silent:
		if err := s.wait(maxDelay); err != nil {
			return err
		}
		return s.hangUp()
	case Delay:
		if err := s.wait(order.delay()); err != nil {
			return err
		}
	}
	if err := s.store.add(s.from, s.to, raw, s.clock.Now()); err != nil {
		return &smtp.SMTPError{Code: 452, EnhancedCode: smtp.EnhancedCode{4, 3, 1}, Message: "could not keep the mail"}
	}
	if order.Mode == HangUp {
		return s.hangUp()
	}
	s.leaving = order.Mode == Leave
	return nil
}

func (s *session) wait(d time.Duration) error {
	select {
	case <-s.clock.After(d):
		return nil
	case <-s.ctx.Done():
		return s.ctx.Err()
	}
}

func (s *session) hangUp() error {
	if err := s.conn.Close(); err != nil {
		return fmt.Errorf("hang up, as ordered: %w", err)
	}
	return io.ErrClosedPipe
}

// Reset implements smtp.Session. It comes behind the answer to a mail.
func (s *session) Reset() {
	s.from, s.to, s.ordered = "", nil, nil
	if s.leaving {
		_ = s.conn.Close() // as ordered; that it is closed already would be as well
	}
}

// Logout implements smtp.Session.
func (s *session) Logout() error { return nil }
