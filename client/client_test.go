package client_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/client"
)

// serve makes a client of a server that answers as the test says.
func serve(t *testing.T, answer http.HandlerFunc) *client.Client {
	t.Helper()
	server := httptest.NewServer(answer)
	t.Cleanup(server.Close)
	c, err := client.New(client.Config{URL: server.URL + "/", Key: "dk_secret"})
	require.NoError(t, err)
	return c
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	for words, config := range map[string]client.Config{
		"not of the form https://host": {URL: "docket.example", Key: "dk_x"},
		"of the form https":            {URL: "https://user:dk_x@docket.example", Key: "dk_x"},
		"the server's address is not":  {URL: "ftp://docket.example", Key: "dk_x"},
		"plain http":                   {URL: "http://docket.example", Key: "dk_x"},
		"not of the form dk_":          {URL: "https://docket.example", Key: "secret"},
		"copied in part":               {URL: "https://docket.example", Key: "dk_x\ny"},
	} {
		_, err := client.New(config)
		require.ErrorContains(t, err, words)
		require.NotContains(t, err.Error(), "dk_x")
	}
	for _, config := range []client.Config{
		{URL: "http://127.0.0.1:8080", Key: "dk_x"}, {URL: "http://localhost", Key: "dk_x"}, {URL: "http://[::1]:1", Key: "dk_x"},
		{URL: "http://docket.internal", Key: "dk_x", PlainHTTP: true},
	} {
		_, err := client.New(config)
		require.NoError(t, err)
	}
}

// The key goes to the server that was named and to no other, whatever it answers.
func TestRedirectionsAreNotFollowed(t *testing.T) {
	t.Parallel()
	var reached bool
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true }))
	t.Cleanup(elsewhere.Close)
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, elsewhere.URL, http.StatusTemporaryRedirect)
	})
	_, err := c.Tenant(t.Context())
	require.ErrorContains(t, err, "use the address that it is really at")
	require.False(t, reached)
}

// A request carries the key, the idempotency key and its body.
func TestRequestAsItIsSent(t *testing.T) {
	t.Parallel()
	id := uuid.New()
	var got *http.Request
	var body bytes.Buffer
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		got = r
		_, _ = body.ReadFrom(r.Body)
		_, _ = w.Write([]byte(`{"reference": "AR-2222-3333", "a_field_of_tomorrow": 1}`))
	})
	after, err := c.Command(t.Context(), "once", id, client.Refuse{Reason: "excessive"})
	require.NoError(t, err)
	require.Equal(t, "AR-2222-3333", after.Reference)
	require.Equal(t, "/v1/requests/"+id.String()+"/refuse", got.URL.Path)
	require.Equal(t, "Bearer dk_secret", got.Header.Get("Authorization"))
	require.Equal(t, "once", got.Header.Get("Idempotency-Key"))
	require.JSONEq(t, `{"reason": "excessive"}`, body.String())
}

func TestProblems(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		status    int
		body      string
		code      string
		temporary bool
	}{
		"a refusal":          {409, `{"title": "Conflict", "code": "state", "detail": "No."}`, "state", false},
		"in flight":          {409, `{"title": "Conflict", "code": "idempotency-key-in-flight"}`, "idempotency-key-in-flight", true},
		"too many":           {429, `{"title": "Too Many Requests", "code": "too-many"}`, "too-many", true},
		"a proxy's own page": {502, `<html>`, "not-docket", true},
		"another's JSON":     {404, `{"message": "no route"}`, "not-docket", false},
	} {
		speaker := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "3")
			w.WriteHeader(c.status)
			_, _ = w.Write([]byte(c.body))
		})
		_, err := speaker.Tenant(t.Context())
		var p *client.Problem
		require.ErrorAs(t, err, &p, name)
		require.Equal(t, c.code, p.Code, name)
		require.Equal(t, c.status, p.Status, name)
		require.Equal(t, c.temporary, p.Temporary(), name)
		require.Equal(t, 3*time.Second, p.RetryAfter, name)
	}
}

// An export that breaks off is an error, not a short export; so is an answer that is none.
func TestBrokenAnswers(t *testing.T) {
	t.Parallel()
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = w.Write([]byte(`{"half`))
		if r.URL.Path == "/v1/audit/export" {
			w.(http.Flusher).Flush() //nolint:forcetypeassert // the server's own writer can
			panic(http.ErrAbortHandler)
		}
	})
	var unanswered *client.Unanswered
	require.ErrorAs(t, c.ExportAudit(t.Context(), &bytes.Buffer{}), &unanswered)
	_, err := c.Tenant(t.Context())
	require.ErrorAs(t, err, &unanswered)
	require.True(t, unanswered.Temporary())
}

// Collect gives exactly as many rows as are asked for, in order, whatever the pages are, and says when more follow.
func TestCollect(t *testing.T) {
	t.Parallel()
	const rows = 450
	list := func(_ context.Context, p client.Paging) (client.Page[int], error) {
		from, _ := strconv.Atoi(p.Cursor)
		out := client.Page[int]{}
		for i := from; i < min(from+p.Limit, rows); i++ {
			out.Items = append(out.Items, i)
		}
		if next := from + p.Limit; next < rows {
			out.Next = strconv.Itoa(next)
		}
		return out, nil
	}
	for limit, more := range map[int]string{0: "", 1: "1", 200: "200", 201: "201", 449: "449", 450: "", 1000: ""} {
		page, err := client.Collect(t.Context(), limit, "", list)
		require.NoError(t, err)
		want := limit
		if limit == 0 || limit > rows {
			want = rows
		}
		require.Len(t, page.Items, want)
		require.Equal(t, want-1, page.Items[want-1])
		require.Equal(t, more, page.Next)
	}
	stuck := func(context.Context, client.Paging) (client.Page[int], error) {
		return client.Page[int]{Items: []int{1}, Next: "x"}, nil
	}
	_, err := client.Collect(t.Context(), 0, "", stuck)
	require.ErrorContains(t, err, "never end")
	failing := func(context.Context, client.Paging) (client.Page[int], error) {
		return client.Page[int]{}, errors.New("down")
	}
	_, err = client.Collect(t.Context(), 0, "", failing)
	require.EqualError(t, err, "down")
}
