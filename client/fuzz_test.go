package client_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/client"
)

// answering is a server that answers what it is told to, and notes who asked.
type answering struct {
	status                     int
	body, retryAfter, location string
	asked                      *[]string
}

func (a answering) RoundTrip(r *http.Request) (*http.Response, error) {
	*a.asked = append(*a.asked, r.URL.Host)
	header := http.Header{"Retry-After": {a.retryAfter}}
	if a.location != "" {
		header.Set("Location", a.location)
	}
	return &http.Response{StatusCode: a.status, Header: header, Body: io.NopCloser(strings.NewReader(a.body)), Request: r, ProtoMajor: 1, ProtoMinor: 1}, nil
}

// FuzzAnswer takes any answer of a server, or of what stands before it. The key goes to the server that was named and to no
// other, and a no asks for no endless pause.
func FuzzAnswer(f *testing.F) {
	f.Add(200, `{"items":[{"id":"0197a0d8-0000-7000-8000-000000000001","reference":"AR-1"}]}`, "", "", "https://docket.example")
	f.Add(409, `{"type":"urn:docket:problem:x","title":"Conflict","status":200,"code":"x","errors":[{"location":"body"}]}`, "", "", "http://localhost")
	f.Add(429, `<html>`, "9223372036854775807", "", "https://docket.example/base/")
	f.Add(503, ``, "-1", "", "http://[::1%25eth0]:8080")
	f.Add(302, ``, "", "https://elsewhere.example", "https://docket.example")
	f.Fuzz(func(t *testing.T, status int, body, retryAfter, location, server string) {
		if status < 200 || status > 999 {
			return // net/http lets none through
		}
		var asked []string
		c, err := client.New(client.Config{URL: server, Key: "dk_secret", Transport: answering{status, body, retryAfter, location, &asked}})
		if err != nil {
			return
		}
		_, err = c.ListRequests(t.Context(), client.Requests{}, client.Paging{})
		require.LessOrEqual(t, len(asked), 1, "nobody else is asked")
		if err == nil {
			require.Less(t, status, 300)
			return
		}
		require.NotContains(t, err.Error(), "dk_secret")
		var problem *client.Problem
		if errors.As(err, &problem) {
			require.Equal(t, status, problem.Status)
			require.NotEmpty(t, problem.Code)
			require.GreaterOrEqual(t, problem.RetryAfter, time.Duration(0))
			require.LessOrEqual(t, problem.RetryAfter, 24*time.Hour)
		}
	})
}
