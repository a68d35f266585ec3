package listmonk_test

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
	"github.com/privacy-docket/docket/notify/listmonk"
)

// answering is a listmonk that answers what it is told to, and keeps what it was asked.
type answering struct {
	status int
	body   string
	asked  *[]string
}

func (a answering) RoundTrip(r *http.Request) (*http.Response, error) {
	sent := ""
	if r.Body != nil {
		text, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		sent = string(text)
	}
	*a.asked = append(*a.asked, r.Method+" "+r.URL.Path+" "+sent)
	header := http.Header{"Retry-After": {"120"}, "Location": {"https://elsewhere.example"}}
	return &http.Response{StatusCode: a.status, Header: header, Body: io.NopCloser(strings.NewReader(a.body)), Request: r, ProtoMajor: 1, ProtoMinor: 1}, nil
}

func newClient(status int, body string) (*listmonk.Client, *[]string) {
	asked := &[]string{}
	clock := clockwork.NewFakeClockAt(time.Date(2026, 6, 4, 9, 0, 0, 0, time.UTC))
	return listmonk.New("https://lists.example/sub/", "docket", "s3cret", answering{status, body, asked}, clock), asked
}

// Many are blocked by one question, in which an apostrophe of an address ends nothing; nobody is none.
func TestBlock(t *testing.T) {
	t.Parallel()
	c, asked := newClient(http.StatusOK, `{"data": true}`)
	require.NoError(t, c.Block(t.Context(), nil))
	require.Empty(t, *asked)
	require.NoError(t, c.Block(t.Context(), []string{"Ana@person.example", "o'brien@person.example"}))
	require.Equal(t, []string{`PUT /sub/api/subscribers/query/blocklist {"query":"LOWER(subscribers.email) IN ('ana@person.example', 'o''brien@person.example')"}`}, *asked)
}

// What is not a 2xx was not taken, a redirect neither: it is tried again, when it asks for that.
func TestNotTaken(t *testing.T) {
	t.Parallel()
	for _, status := range []int{302, 400, 403, 429, 500} {
		c, asked := newClient(status, "ana@person.example")
		err := c.Block(t.Context(), []string{"ana@person.example"})
		var failure *notify.Failure
		require.True(t, errors.As(err, &failure), "%v", err)
		require.True(t, failure.Temporary)
		require.Equal(t, 2*time.Minute, failure.RetryAfter)
		require.NotContains(t, err.Error(), "ana")
		require.Len(t, *asked, 1)
	}
	c, _ := newClient(http.StatusOK, `{"data": `)
	require.Error(t, c.Unblock(t.Context(), "ana@person.example"))
}

// FuzzUnblock takes any answer: who is let in was blocked, and a failure repeats nothing of what came.
func FuzzUnblock(f *testing.F) {
	f.Add(200, `{"data": {"results": [{"id": 3, "status": "blocklisted"}, {"id": 4, "status": "enabled"}]}}`)
	f.Add(200, `{"data": {"results": null}}`)
	f.Add(200, `[]`)
	f.Add(404, `{"message": "ana@person.example"}`)
	f.Fuzz(func(t *testing.T, status int, body string) {
		if status < 200 || status > 999 {
			return // net/http lets none through
		}
		c, asked := newClient(status, body)
		err := c.Unblock(t.Context(), "ana@person.example")
		if err != nil {
			var failure *notify.Failure
			require.True(t, errors.As(err, &failure), "%v", err)
			require.NotContains(t, err.Error(), "person.example")
		}
		for _, question := range (*asked)[1:] {
			require.Less(t, status, 300)
			require.True(t, strings.HasPrefix(question, "PATCH /sub/api/subscribers/") && strings.HasSuffix(question, `{"status":"enabled"}`), question)
		}
	})
}
