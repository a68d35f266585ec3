package mailcatcher_test

import (
	"context"
	"net"
	"net/http"
	"net/smtp"
	"strings"
	"testing"

	"github.com/jonboulle/clockwork"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/deploy/local/mailcatcher"
)

// catcher is a running catcher with its client.
type catcher struct {
	config mailcatcher.Config
	client *mailcatcher.Client
	clock  *clockwork.FakeClock
	stop   func()
}

func start(t *testing.T, dir string) *catcher {
	t.Helper()
	c := &catcher{config: mailcatcher.Config{SMTP: freeAddress(t), Page: freeAddress(t), Dir: dir}, clock: clockwork.NewFakeClock()}
	c.client = mailcatcher.NewClient("http://" + c.config.Page)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- mailcatcher.Run(ctx, c.config, c.clock) }()
	stopped := false
	c.stop = func() {
		if !stopped {
			stopped = true
			cancel()
			require.NoError(t, <-ended)
		}
	}
	t.Cleanup(c.stop)
	require.Eventually(t, func() bool {
		_, err := c.client.Messages(t.Context(), "")
		return err == nil
	}, waitFor, poll)
	return c
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, l.Close())
	return l.Addr().String()
}

func (c *catcher) send(from, to, mail string) error {
	return smtp.SendMail(c.config.SMTP, nil, from, []string{to}, []byte(strings.ReplaceAll(mail, "\n", "\r\n")))
}

func (c *catcher) messages(t *testing.T, to string) []mailcatcher.Message {
	t.Helper()
	messages, err := c.client.Messages(t.Context(), to)
	require.NoError(t, err)
	return messages
}

const letter = `From: Docket <docket@example.test>
To: Zoë <zoe@example.test>
Subject: =?utf-8?q?Ihr_Best=C3=A4tigungscode?=
List-Unsubscribe: <https://example.test/u/1>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=outer

--outer
Content-Type: multipart/alternative; boundary=inner

--inner
Content-Type: text/plain; charset=iso-8859-1
Content-Transfer-Encoding: quoted-printable

Ihr Code f=FCr https://example.test/r/7?x=3D1. Danke.
--inner
Content-Type: text/html; charset=utf-8

<p onclick="alert(1)">Ihr <b>Code</b></p><script>alert(2)</script>
--inner--
--outer
Content-Type: text/csv
Content-Disposition: attachment; filename="daten.csv"
Content-Transfer-Encoding: base64

YSxiCg==
--outer--
`

// A mail with everything arrives whole, over SMTP and back through the API.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	c := start(t, t.TempDir())
	require.NoError(t, c.send("bounce@example.test", "zoe@example.test", letter))

	caught := c.messages(t, "ZOE@example.test")
	require.Len(t, caught, 1)
	m := caught[0]
	require.Equal(t, "bounce@example.test", m.From)
	require.Equal(t, []string{"zoe@example.test"}, m.To)
	require.Equal(t, "Ihr Bestätigungscode", m.Subject)
	require.Equal(t, "<https://example.test/u/1>", m.Header("list-unsubscribe"))
	require.Equal(t, "Ihr Code für https://example.test/r/7?x=1. Danke.", m.Text)
	require.Contains(t, m.HTML, "<b>Code</b>")
	require.Equal(t, []mailcatcher.Attachment{{Name: "daten.csv", Type: "text/csv", Size: 4}}, m.Attachments)
	require.Equal(t, c.clock.Now().UTC(), m.Received.UTC())
	require.Empty(t, m.Problem)
	require.Empty(t, c.messages(t, "somebody-else@example.test"))

	raw, err := c.client.Raw(t.Context(), m.ID)
	require.NoError(t, err)
	require.Equal(t, strings.ReplaceAll(letter, "\n", "\r\n"), string(raw), "the raw mail is what was sent, byte for byte")
}

// What was caught is there after a restart, and what was deleted is not.
func TestMailSurvivesARestart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	c := start(t, dir)
	require.NoError(t, c.send("a@example.test", "first@example.test", letter))
	require.NoError(t, c.send("a@example.test", "second@example.test", letter))
	before := c.messages(t, "first@example.test")
	require.NoError(t, c.client.Delete(t.Context(), c.messages(t, "second@example.test")[0].ID))
	c.stop()

	again := start(t, dir)
	require.Equal(t, before, again.messages(t, ""))
}

// A mail that is no mail is kept and shown with its problem: a catcher refuses nothing.
func TestBrokenMailIsKept(t *testing.T) {
	t.Parallel()
	c := start(t, t.TempDir())
	for _, broken := range []string{
		"no header at all",
		"Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/plain\n\nunfinished",
		"Content-Type: text/plain; charset=no-such-charset\n\nbody\n",
		"Subject: =?utf-8?b?!!!?=\n\nbody\n",
	} {
		require.NoError(t, c.send("a@example.test", "b@example.test", broken))
	}
	require.Len(t, c.messages(t, "b@example.test"), 4)
	require.NotEmpty(t, c.messages(t, "")[1].Problem)
}

// The pages show a mail without running anything that is in it.
func TestPagesAreHarmless(t *testing.T) {
	t.Parallel()
	c := start(t, t.TempDir())
	require.NoError(t, c.send("a@example.test", "zoe@example.test", letter))
	id := c.messages(t, "")[0].ID

	list, _ := c.get(t, "/", c.config.Page)
	require.Contains(t, list, "Ihr Bestätigungscode")
	page, header := c.get(t, "/messages/"+id, c.config.Page)
	require.Contains(t, header.Get("Content-Security-Policy"), "default-src 'none'")
	require.NotContains(t, page, "<script")
	require.NotContains(t, page, "onclick")
	require.Contains(t, page, `<iframe sandbox `)
	require.Contains(t, page, `href="https://example.test/r/7?x=1"`, "the full stop is not part of the link")
	_, header = c.get(t, "/messages/"+id+"/html", c.config.Page)
	require.Contains(t, header.Get("Content-Security-Policy"), "sandbox")
	require.NotContains(t, header.Get("Content-Security-Policy"), "script-src")

	refused, _ := c.get(t, "/", "rebound.example")
	require.Contains(t, refused, "open this page under 127.0.0.1")
}

func (c *catcher) get(t *testing.T, path, host string) (string, http.Header) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+c.config.Page+path, nil)
	require.NoError(t, err)
	request.Host = host
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	var body strings.Builder
	require.NoError(t, response.Write(&body))
	return body.String(), response.Header
}
