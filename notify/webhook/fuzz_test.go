package webhook_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/jonboulle/clockwork"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/notify/webhook"
)

// answering is a receiver that answers what it is told to.
type answering struct {
	status           int
	body, retryAfter string
}

func (a answering) RoundTrip(r *http.Request) (*http.Response, error) {
	header := http.Header{"Retry-After": {a.retryAfter}, "Location": {a.body}}
	return &http.Response{StatusCode: a.status, Header: header, Body: io.NopCloser(strings.NewReader(a.body)), Request: r, ProtoMajor: 1, ProtoMinor: 1}, nil
}

// FuzzAnswer posts to any address, takes any answer, and reads any text as a secret and as a signature. What fails says
// nothing of what was read, asks for no endless pause, and no signature is taken that was not made with the secret.
func FuzzAnswer(f *testing.F) {
	f.Add("https://hooks.example/a", 200, "", "", oldKey, "v1,AAAA")
	f.Add("https://hooks.example/a", 429, "", "120", "whsec_", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
	f.Add("https://user:pass@hooks.example", 410, "gone", "Fri, 31 Dec 9999 23:59:59 GMT", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "v1, v1,")
	f.Add("http://127.0.0.1/%zz", 302, "http://elsewhere.example", "-1", "whsec_!!!!", "")
	f.Fuzz(func(t *testing.T, address string, status int, body, retryAfter, key, signature string) {
		if status < 200 || status > 999 {
			return // net/http lets none through
		}
		clock := clockwork.NewFakeClockAt(now)
		s, err := webhook.New(webhook.Config{
			Secrets: []webhook.Secret{secret(t, newKey)}, Clock: clock, Transport: answering{status, body, retryAfter},
		})
		require.NoError(t, err)
		m := message(address)
		receipt, err := s.Send(t.Context(), m)
		if err == nil {
			require.Equal(t, m.ID, receipt.RemoteID)
			require.True(t, status < 300 && strings.HasPrefix(strings.ToLower(address), "https://"))
		} else {
			var failure *notify.Failure
			require.True(t, errors.As(err, &failure), "%v", err)
			require.LessOrEqual(t, len(failure.Code), 3)
			require.GreaterOrEqual(t, failure.RetryAfter, time.Duration(0))
			require.LessOrEqual(t, failure.RetryAfter, webhook.MaxRetryAfter)
		}
		header := http.Header{}
		for name, value := range map[string]string{webhook.HeaderID: m.ID, webhook.HeaderTimestamp: "1614265330", webhook.HeaderSignature: signature} {
			header.Set(name, value)
		}
		require.Error(t, webhook.Verify([]webhook.Secret{secret(t, newKey)}, header, []byte(body), now))
		if other, err := webhook.ParseSecret(key); err == nil {
			header.Set(webhook.HeaderSignature, signature+" "+webhook.Sign([]webhook.Secret{other}, m.ID, now, []byte(body)))
			require.NoError(t, webhook.Verify([]webhook.Secret{other}, header, []byte(body), now))
		}
	})
}
