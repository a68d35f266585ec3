package chat_test

import (
	"errors"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/notify/chat"
)

// answering is a server in place of Slack's.
type answering struct {
	status           int
	body, retryAfter string
}

func (a answering) RoundTrip(r *http.Request) (*http.Response, error) {
	header := http.Header{"Content-Type": {"application/json"}, "Retry-After": {a.retryAfter}}
	return &http.Response{StatusCode: a.status, Header: header, Body: io.NopCloser(strings.NewReader(a.body)), Request: r, ProtoMajor: 1, ProtoMinor: 1}, nil
}

// coded is the form of everything of an answer that is kept or logged.
var coded = regexp.MustCompile(`^[A-Za-z0-9_.-]{1,64}$`)

// FuzzAnswer gives any answer in place of Slack's: the notice counts as posted, or as failed for a reason in our words, and
// nothing that the other side wrote gets further.
func FuzzAnswer(f *testing.F) {
	f.Add(200, `{"ok":true,"channel":"C0DOCKET","ts":"1.2"}`, "")
	f.Add(200, `{"ok":false,"error":"channel_not_found"}`, "")
	f.Add(200, `{"ok":false,"error":"no mailbox ana@example.test\u0000","response_metadata":{"messages":["x"]}}`, "")
	f.Add(429, ``, "99999999999999")
	f.Add(429, `{}`, "-5")
	f.Add(503, `<html>`, "soon")
	f.Add(200, `{"ok":true,"channel":"\u0000","ts":["x"]}`, "")
	m := message(f, kinds()[0])
	f.Fuzz(func(t *testing.T, status int, body, retryAfter string) {
		if status < 200 || status > 999 {
			return // net/http lets none through
		}
		client := &http.Client{Transport: answering{status, body, retryAfter}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
		s, err := chat.New(chat.Config{Token: "xoxb-test", APIURL: "http://slack.test/", Client: client})
		require.NoError(t, err)
		receipt, err := s.Send(t.Context(), m)
		if err == nil {
			for _, part := range strings.SplitN(receipt.RemoteID, "/", 2) {
				require.Regexp(t, coded, part)
			}
			return
		}
		var failure *notify.Failure
		require.True(t, errors.As(err, &failure), "%v", err)
		require.True(t, failure.Code == "" || coded.MatchString(failure.Code), "%q", failure.Code)
		require.GreaterOrEqual(t, failure.RetryAfter, time.Duration(0))
		require.LessOrEqual(t, failure.RetryAfter, 24*time.Hour)
	})
}
