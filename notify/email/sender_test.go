package email_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-message/mail"
	"github.com/emersion/go-smtp"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/notify/email"
)

func message() notify.Message {
	return notify.Message{
		ID: "msg-0193.7f", Date: time.Date(2026, 2, 3, 9, 30, 0, 999, time.UTC),
		To: notify.Receiver{Name: "Ünal\r\nBcc: evil@x.example", Address: "person@secret.example"},
		Rendered: notify.Rendered{
			Kind: notify.KindWithdrawn, Language: notify.German, Subject: "Grüße\r\nX-Evil: 1",
			Text: "Guten Tag,\n\nein sehr langer Satz mit Umlauten wie äöü.\n", HTML: "<p>Guten Tag,</p>",
		},
	}
}

func config(port int) email.Config {
	return email.Config{
		Host: "127.0.0.1", Port: port, Encryption: email.Plain, From: "privacy@nordlicht.example",
		FromName: "Nordlicht Datenschutz", ReplyTo: "dpo@nordlicht.example", Timeout: 20 * time.Second,
		InsecureSkipVerify: true, HELO: "docket.example",
	}
}

func send(t *testing.T, c email.Config, m notify.Message) (notify.Receipt, error) {
	t.Helper()
	s, err := email.New(c)
	require.NoError(t, err)
	return s.Send(t.Context(), m)
}

func TestSendWritesACompleteMail(t *testing.T) {
	t.Parallel()
	s := &server{}
	receipt, err := send(t, config(serve(t, s, plain)), message())
	require.NoError(t, err)
	require.Equal(t, notify.Receipt{Channel: notify.ChannelEmail, RemoteID: "msg-0193.7f@nordlicht.example"}, receipt)
	require.Len(t, s.taken(), 1)
	r, err := mail.CreateReader(bytes.NewReader(s.taken()[0]))
	require.NoError(t, err)
	subject, err := r.Header.Subject()
	require.NoError(t, err)
	require.Equal(t, "Grüße X-Evil: 1", subject)
	require.Empty(t, r.Header.Get("X-Evil"))
	require.Empty(t, r.Header.Get("Bcc"))
	require.Equal(t, []string{"person@secret.example"}, s.rcpt)
	require.Equal(t, "<msg-0193.7f@nordlicht.example>", r.Header.Get("Message-ID"))
	require.Equal(t, "Tue, 03 Feb 2026 09:30:00 +0000", r.Header.Get("Date"))
	require.Equal(t, "auto-generated", r.Header.Get("Auto-Submitted"))
	require.Equal(t, "de", r.Header.Get("Content-Language"))
	require.Equal(t, "<dpo@nordlicht.example>", r.Header.Get("Reply-To"))
	require.Empty(t, r.Header.Get("User-Agent"))
	require.True(t, strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/alternative"))
	require.Equal(t, []string{"text/plain", "text/html"}, parts(t, r))
}

func parts(t *testing.T, r *mail.Reader) (types []string) {
	t.Helper()
	for {
		p, err := r.NextPart()
		if errors.Is(err, io.EOF) {
			return types
		}
		require.NoError(t, err)
		kind, _, err := p.Header.(*mail.InlineHeader).ContentType()
		require.NoError(t, err)
		body, err := io.ReadAll(p.Body)
		require.NoError(t, err)
		require.Contains(t, string(body), "Guten Tag,")
		types = append(types, kind)
	}
}

func TestRetryIsTheSameMail(t *testing.T) {
	t.Parallel()
	s := &server{}
	c := config(serve(t, s, plain))
	for range 2 {
		_, err := send(t, c, message())
		require.NoError(t, err)
	}
	require.Equal(t, string(s.taken()[0]), string(s.taken()[1]))
}

func TestEncryptionAndSignIn(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		mode       mode
		encryption email.Encryption
		password   string
	}{
		"starttls": {startTLS, email.StartTLS, ""}, "starttls and password": {startTLS, email.StartTLS, "s3cret"},
		"implicit": {implicit, email.ImplicitTLS, "s3cret"}, "loopback": {plain, email.Plain, "s3cret"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := &server{password: c.password}
			conf := config(serve(t, s, c.mode))
			conf.Encryption = c.encryption
			if c.password != "" {
				conf.Username, conf.Password = "docket", c.password
			}
			_, err := send(t, conf, message())
			require.NoError(t, err)
			require.Len(t, s.taken(), 1)
		})
	}
}

func TestFailuresAreTypedAndSilentAboutPeople(t *testing.T) {
	t.Parallel()
	reply := func(code int, class int, text string) error {
		return &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode{class, 1, 1}, Message: text}
	}
	for name, c := range map[string]struct {
		server    *server
		change    func(*email.Config, *notify.Message)
		permanent bool
		text      string
	}{
		"unknown mailbox": {&server{refuse: reply(550, 5, "no person@secret.example here")}, nil, true, "email: recipient address failed (permanent), code 550 5.1.1"},
		"greylisted":      {&server{refuse: reply(451, 4, "person@secret.example: later")}, nil, false, "email: recipient address failed (temporary), code 451 4.1.1"},
		"wrong password": {&server{password: "right"}, func(c *email.Config, _ *notify.Message) {
			c.Username, c.Password = "docket", "wrong"
		}, false, "temporary"},
		"no STARTTLS offered": {&server{}, func(c *email.Config, _ *notify.Message) { c.Encryption = email.StartTLS }, false, "connect failed"},
		"nobody listens":      {&server{}, func(c *email.Config, _ *notify.Message) { c.Port = 1 }, false, "connect failed (temporary)"},
		"bad address":         {&server{}, func(_ *email.Config, m *notify.Message) { m.To.Address = "person@secret.example>\r\nRCPT TO:<x" }, true, "receiver's address"},
		"bad id":              {&server{}, func(_ *email.Config, m *notify.Message) { m.ID = "a\r\nb" }, true, "compose"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conf, m := config(serve(t, c.server, plain)), message()
			if c.change != nil {
				c.change(&conf, &m)
			}
			_, err := send(t, conf, m)
			var f *notify.Failure
			require.ErrorAs(t, err, &f)
			require.Equal(t, c.permanent, notify.Permanent(err), err)
			require.Contains(t, err.Error(), c.text)
			for e := err; e != nil; e = errors.Unwrap(e) {
				require.NotContains(t, e.Error(), "secret.example")
			}
			require.Empty(t, c.server.taken())
		})
	}
}

func TestABrokenConnectionAfterAcceptanceIsNoFailure(t *testing.T) {
	t.Parallel()
	s := &server{hangUp: func(c net.Conn) { _ = c.Close() }}
	for range 20 {
		_, err := send(t, config(serve(t, s, plain)), message())
		var f *notify.Failure
		if errors.As(err, &f) { // the line broke before the reply to DATA arrived: nobody can know then
			require.True(t, f.Temporary)
			require.NotEqual(t, "dialogue with the server", f.Step)
		}
	}
}

func TestTheContextEndsADelivery(t *testing.T) {
	t.Parallel()
	s := &server{stall: make(chan struct{})}
	t.Cleanup(func() { close(s.stall) })
	sender, err := email.New(config(serve(t, s, plain)))
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err = sender.Send(ctx, message())
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.False(t, notify.Permanent(err))
}

func TestParseURL(t *testing.T) {
	t.Parallel()
	c, err := email.ParseURL("smtp://docket@mail.example:2525?tls=none&timeout=5s&helo=a.example")
	require.NoError(t, err)
	require.Equal(t, email.Config{Host: "mail.example", Port: 2525, Encryption: email.Plain, Username: "docket", Timeout: 5 * time.Second, HELO: "a.example"}, c)
	c, err = email.ParseURL("smtps://mail.example")
	require.NoError(t, err)
	require.Equal(t, email.ImplicitTLS, c.Encryption)
	for _, bad := range []string{"", "mail.example", "http://mail.example", "smtp://m?tls=maybe", "smtps://m?tls=none", "smtp://m?tiemout=3s", "smtp://m:99999", "smtp://m?timeout=-1s", "smtp://u:hunter2@m?tls=x"} {
		_, err := email.ParseURL(bad)
		require.Error(t, err, bad)
		require.NotContains(t, err.Error(), "hunter2")
	}
}

func TestNewRefusesWhatCannotWork(t *testing.T) {
	t.Parallel()
	for _, c := range []email.Config{
		{Host: "mail.example", From: "nobody"},
		{From: "a@b.example"},
		{Host: "mail.example", From: "a@b.example", Encryption: email.Plain, Username: "u"},
	} {
		_, err := email.New(c)
		require.Error(t, err)
	}
}
