package preflight_test

import (
	"context"
	"net"
	"net/smtp"
	"testing"
	"time"

	"github.com/jonboulle/clockwork"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/deploy/local/mailcatcher"
	"github.com/privacy-docket/docket/preflight"
)

// A message that is signed, goes through a real mail server and is fetched back verifies by the key in DNS, over both headers of
// one-click unsubscribing; changed on the way, it does not.
func TestASentMessageIsVerifiedAsItArrived(t *testing.T) {
	t.Parallel()
	w := newWorldOverDNS(t)
	server, inbox := catcher(t)
	send := func(raw string) preflight.Report {
		require.NoError(t, smtp.SendMail(server, nil, "bounce@example.com", []string{"reader@recipient.example"}, []byte(raw)))
		messages, err := inbox.Messages(t.Context(), "reader@recipient.example")
		require.NoError(t, err)
		arrived, err := inbox.Raw(t.Context(), messages[0].ID)
		require.NoError(t, err)
		require.NoError(t, inbox.Delete(t.Context(), messages[0].ID))
		return w.check(t, string(arrived), good())
	}
	signed := w.sign(t, stored(t, "good-en"), "example.com")
	report := send(signed)
	require.Equal(t, []string{}, found(report))
	require.Equal(t, []preflight.Signature{{Domain: "example.com", Result: "valid", Aligned: true, OneClick: true}}, report.Message.Signatures)

	report = send(swap("https://example.com/u/7f3c9a?list=garden>", "https://example.org/u/other>")(signed))
	require.Equal(t, []string{"auth.dkim_fails", "auth.dmarc_unaligned", "oneclick.unsigned"}, found(report))
}

// catcher runs the mail server of the local stack.
func catcher(t *testing.T) (server string, inbox *mailcatcher.Client) {
	t.Helper()
	config := mailcatcher.Config{SMTP: free(t), Page: free(t), Dir: t.TempDir()}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- mailcatcher.Run(ctx, config, clockwork.NewRealClock()) }()
	t.Cleanup(func() {
		stop()
		require.NoError(t, <-ended)
	})
	inbox = mailcatcher.NewClient("http://" + config.Page)
	require.Eventually(t, func() bool {
		_, err := inbox.Messages(t.Context(), "")
		return err == nil
	}, time.Minute, 10*time.Millisecond)
	return config.SMTP, inbox
}

func free(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { require.NoError(t, listener.Close()) }()
	return listener.Addr().String()
}
