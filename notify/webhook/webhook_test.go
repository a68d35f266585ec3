package webhook_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/jonboulle/clockwork"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/notify/webhook"
)

func secret(t interface {
	require.TestingT
}, text string) webhook.Secret {
	s, err := webhook.ParseSecret(text)
	require.NoError(t, err)
	return s
}

const (
	oldKey = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
	newKey = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD2qJ5h0GHh3Y="
)

var now = time.Unix(1614265330, 0)

// The example of the Standard Webhooks specification's own libraries.
func TestSignKnownAnswer(t *testing.T) {
	t.Parallel()
	got := webhook.Sign([]webhook.Secret{secret(t, oldKey)}, "msg_p5jXN8AQM9LWM0D4loKWxJek", now, []byte(`{"test": 2432232314}`))
	require.Equal(t, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", got)
}

func message(url string) notify.Message {
	return notify.Message{
		ID: "evt-17", To: notify.Receiver{Address: url}, Date: now,
		Event: json.RawMessage(`{"type":"request.completed","timestamp":"2026-03-01T00:00:00Z","data":{"case":"c1"}}`),
	}
}

func sender(t *testing.T, clock clockwork.Clock, local bool) *webhook.Sender {
	t.Helper()
	s, err := webhook.New(webhook.Config{Secrets: []webhook.Secret{secret(t, newKey), secret(t, oldKey)}, Clock: clock, AllowLocal: local})
	require.NoError(t, err)
	return s
}

func TestReceiversVerifyWithEitherSecretAndSeeTheSameID(t *testing.T) {
	t.Parallel()
	clock := clockwork.NewFakeClockAt(now)
	var ids []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		ids = append(ids, r.Header.Get(webhook.HeaderID)+"@"+r.Header.Get(webhook.HeaderTimestamp))
		for _, key := range []string{oldKey, newKey} {
			if err := webhook.Verify([]webhook.Secret{secret(t, key)}, r.Header, body, clock.Now()); err != nil {
				w.WriteHeader(http.StatusUnauthorized)
			}
		}
	}))
	t.Cleanup(server.Close)
	s := sender(t, clock, true)
	for range 2 {
		receipt, err := s.Send(t.Context(), message(server.URL))
		require.NoError(t, err)
		require.Equal(t, "evt-17", receipt.RemoteID)
		clock.Advance(time.Minute)
	}
	require.Equal(t, []string{"evt-17@1614265330", "evt-17@1614265390"}, ids)
}

func TestAnswers(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		status    int
		after     string
		permanent bool
		disabled  bool
		wait      time.Duration
	}{
		"gone":             {410, "", true, true, 0},
		"unavailable":      {503, "120", false, false, 2 * time.Minute},
		"retry at a date":  {429, now.Add(time.Hour).UTC().Format(http.TimeFormat), false, false, time.Hour},
		"retry in a year":  {429, "31536000", false, false, 24 * time.Hour},
		"retry in nonsens": {429, "soon", false, false, 0},
		"redirect":         {302, "", false, false, 0},
		"bad request":      {400, "", false, false, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			reached := 0
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				reached++
				w.Header().Set("Retry-After", c.after)
				w.Header().Set("Location", "/elsewhere")
				w.WriteHeader(c.status)
				_, _ = w.Write([]byte("person@secret.example"))
			}))
			t.Cleanup(server.Close)
			_, err := sender(t, clockwork.NewFakeClockAt(now), true).Send(t.Context(), message(server.URL+"/token-secret"))
			require.Error(t, err)
			require.Equal(t, c.permanent, notify.Permanent(err))
			require.Equal(t, c.disabled, notify.Disabled(err))
			wait, asked := notify.RetryAfter(err)
			require.Equal(t, c.wait, wait)
			require.Equal(t, c.wait > 0, asked)
			require.NotContains(t, err.Error(), "secret")
			require.Equal(t, 1, reached, "redirects are not followed")
		})
	}
}

func TestOnlyPublicHTTPSIsCalled(t *testing.T) {
	t.Parallel()
	server := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("was reached") }))
	t.Cleanup(server.Close)
	s := sender(t, clockwork.NewFakeClockAt(now), false)
	for _, url := range []string{
		server.URL, "http://example.com/", "https://10.0.0.1/", "https://[::1]/", "https://169.254.169.254/latest",
		"https://localhost:1/", "https://[::ffff:127.0.0.1]:1/", "https://0.0.0.0:1/", "https://user:pw@example.com/", "ftp://x", "", "https://",
	} {
		_, err := s.Send(t.Context(), message(url))
		require.Error(t, err, url)
		require.True(t, notify.Permanent(err), "%s: %v", url, err)
	}
}

func TestConnectionTroubleIsTemporaryAndTheContextIsKept(t *testing.T) {
	t.Parallel()
	s := sender(t, clockwork.NewFakeClockAt(now), true)
	_, err := s.Send(t.Context(), message("http://127.0.0.1:1/hook-secret"))
	require.Error(t, err)
	require.False(t, notify.Permanent(err))
	require.NotContains(t, err.Error(), "secret")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = s.Send(ctx, message("http://127.0.0.1:1/"))
	require.ErrorIs(t, err, context.Canceled)
	var f *notify.Failure
	require.True(t, errors.As(err, &f))
}

func TestVerifyRefuses(t *testing.T) {
	t.Parallel()
	secrets, body := []webhook.Secret{secret(t, newKey)}, []byte(`{}`)
	header := func(change func(http.Header)) http.Header {
		h := http.Header{}
		h.Set(webhook.HeaderID, "a")
		h.Set(webhook.HeaderTimestamp, "1614265330")
		h.Set(webhook.HeaderSignature, webhook.Sign(secrets, "a", now, body))
		change(h)
		return h
	}
	require.NoError(t, webhook.Verify(secrets, header(func(http.Header) {}), body, now))
	for name, change := range map[string]func(http.Header){
		"another id":   func(h http.Header) { h.Set(webhook.HeaderID, "b") },
		"another time": func(h http.Header) { h.Set(webhook.HeaderTimestamp, "1614265331") },
		"no time":      func(h http.Header) { h.Del(webhook.HeaderTimestamp) },
		"no signature": func(h http.Header) { h.Del(webhook.HeaderSignature) },
		"another version": func(h http.Header) {
			h.Set(webhook.HeaderSignature, strings.Replace(h.Get(webhook.HeaderSignature), "v1", "v2", 1))
		},
	} {
		require.ErrorIs(t, webhook.Verify(secrets, header(change), body, now), webhook.ErrSignature, name)
	}
	require.ErrorIs(t, webhook.Verify(secrets, header(func(http.Header) {}), []byte(`{ }`), now), webhook.ErrSignature)
	require.ErrorIs(t, webhook.Verify(secrets, header(func(http.Header) {}), body, now.Add(6*time.Minute)), webhook.ErrSignature)
	require.ErrorIs(t, webhook.Verify(secrets, header(func(http.Header) {}), body, now.Add(-6*time.Minute)), webhook.ErrSignature)
	require.ErrorIs(t, webhook.Verify([]webhook.Secret{secret(t, oldKey)}, header(func(http.Header) {}), body, now), webhook.ErrSignature)
}

func TestWhatIsSignedVerifiesAndNothingElse(t *testing.T) {
	t.Parallel()
	secrets := []webhook.Secret{secret(t, newKey)}
	rapid.Check(t, func(t *rapid.T) {
		body := rapid.SliceOf(rapid.Byte()).Draw(t, "body")
		h := http.Header{}
		h.Set(webhook.HeaderID, "a")
		h.Set(webhook.HeaderTimestamp, "1614265330")
		h.Set(webhook.HeaderSignature, webhook.Sign(secrets, "a", now, body))
		if err := webhook.Verify(secrets, h, body, now); err != nil {
			t.Fatal(err)
		}
		other := append([]byte{}, body...)
		other = append(other, rapid.Byte().Draw(t, "more"))
		if webhook.Verify(secrets, h, other, now) == nil {
			t.Fatal("another body verified")
		}
	})
}

func TestSecrets(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_short", "whsec_!!!!", "whsec_" + strings.Repeat("QUFB", 30)} {
		_, err := webhook.ParseSecret(bad)
		require.Error(t, err, bad)
	}
	require.Equal(t, "whsec_…", secret(t, newKey).String())
	_, err := webhook.New(webhook.Config{})
	require.Error(t, err)
}
