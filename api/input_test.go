package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/api"
)

// Bad input is named by its place, is not repeated, and changes nothing.
func TestBadInput(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	set := func(key string, value any) func(map[string]any) { return func(b map[string]any) { b[key] = value } }
	tests := map[string]struct {
		body     any
		media    string
		status   int
		code     string
		location string
	}{
		"unknown field":        {body: request("a@example.test", set("colour", "red-canary")), status: 422, code: "invalid", location: "body.colour"},
		"a person as a field":  {body: request("a@example.test", set("jane.canary@clinic.example", true)), status: 422, code: "invalid", location: "body"},
		"more than an address": {body: request("jane@example.test canary"), status: 422, code: "invalid", location: "body.person.email"},
		"malformed date":       {body: request("a@example.test", set("received_at", "31.01.2026-canary")), status: 422, code: "invalid", location: "body.received_at"},
		"unknown right":        {body: request("a@example.test", set("right", "canary")), status: 422, code: "invalid", location: "body.right"},
		"unknown regime":       {body: request("a@example.test", set("regime", "canary")), status: 422, code: "invalid", location: "body.regime"},
		"no address":           {body: request("canary"), status: 422, code: "invalid", location: "body.person.email"},
		"no right":             {body: map[string]any{"person": map[string]any{"email": "a@example.test"}, "channel": "staff"}, status: 422, code: "invalid", location: "body"},
		"not JSON":             {body: `{"person": canary`, status: 400, code: "bad-request", location: "body"},
		"a NUL":                {body: `{"details":"canary\u0000"}`, status: 400, code: "bad-request", location: "body"},
		"a key twice":          {body: `{"right":"access","person":{"email":"canary@example.test","Email":"b@example.test"}}`, status: 400, code: "bad-request", location: "body"},
		"too large":            {body: `{"details":"` + strings.Repeat("x", 2<<20) + `"}`, status: 413, code: "too-large"},
		"another type":         {body: `right=access`, media: "application/x-www-form-urlencoded", status: 415, code: "media-type"},
		"no type of ours":      {body: `{}`, media: "canary", status: 415, code: "media-type"},
	}
	for name, test := range tests { //nolint:paralleltest // what they leave behind is looked at when all are over
		t.Run(name, func(t *testing.T) {
			media := test.media
			if media == "" {
				media = "application/json"
			}
			got := w.call(api.DPO, http.MethodPost, "/v1/requests", test.body, "Content-Type", media, "Idempotency-Key", uuid.NewString())
			require.Equal(t, test.status, got.Status, "%s", got.Body)
			require.Equal(t, "application/problem+json", got.Header.Get("Content-Type"))
			p := into[problem](t, got)
			require.Equal(t, test.code, p.Code)
			if test.location != "" {
				require.NotEmpty(t, p.Errors)
				require.Equal(t, test.location, p.Errors[0].Location)
			}
			require.NotContains(t, string(got.Body), "canary")
		})
	}
	list := w.call(api.DPO, http.MethodGet, "/v1/requests", nil)
	require.JSONEq(t, `{"items":[]}`, string(list.Body))
}

// Only cursors that were given out come back, only to their list and their tenant.
func TestCursors(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var want []string
	for range 5 {
		want = append(want, w.file("a@example.test").Reference)
		w.clock.Advance(1e9)
	}
	type list struct {
		Items []struct{ Reference string }
		Next  string `json:"next_cursor"`
	}
	var got []string
	cursor, pages := "", 0
	for {
		page := into[list](t, w.call(api.Agent, http.MethodGet, "/v1/requests?limit=2&cursor="+cursor, nil))
		for _, item := range page.Items {
			got = append([]string{item.Reference}, got...)
		}
		pages++
		if page.Next == "" {
			break
		}
		cursor = page.Next
	}
	require.Equal(t, want, got)
	require.Equal(t, 3, pages)
	for _, path := range []string{"/v1/requests?cursor=AAAA" + cursor, "/v1/requests?cursor=x", "/v1/tasks?cursor=" + cursor, "/v1/requests?limit=0", "/v1/requests?colour=red"} {
		require.Equal(t, http.StatusUnprocessableEntity, w.call(api.Agent, http.MethodGet, path, nil).Status, path)
	}
	require.Equal(t, http.StatusUnprocessableEntity, w.send(w.foreign, http.MethodGet, "/v1/requests?cursor="+cursor, nil).Status)
}

// A search has its question in the body and finds by what is exact, and by words of a name.
func TestSearch(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ana := w.file("Ana.Unal@example.test")
	w.file("bo@example.test", func(b map[string]any) {
		b["person"] = map[string]any{"name": "Bo Berg", "email": "bo@example.test"}
	})
	for name, body := range map[string]map[string]any{
		"reference": {"reference": strings.ToLower(ana.Reference)}, "email": {"email": "ana.unal@EXAMPLE.test"},
		"phone": {"phone": "+49 30 1234567"}, "name": {"name": "unal"}, "both": {"name": "ANA", "email": "ana.unal@example.test"},
	} {
		got := w.call(api.Agent, http.MethodPost, "/v1/requests/search", body)
		require.Equal(t, http.StatusOK, got.Status, "%s: %s", name, got.Body)
		items := into[struct{ Items []struct{ Reference string } }](t, got).Items
		require.Len(t, items, 1, name)
		require.Equal(t, ana.Reference, items[0].Reference, name)
	}
	none := w.call(api.Agent, http.MethodPost, "/v1/requests/search", map[string]any{"name": "ana", "email": "bo@example.test"})
	require.JSONEq(t, `{"items":[]}`, string(none.Body))
	for range 2 {
		w.clock.Advance(1e9)
		w.file("Ana.Unal@example.test")
	}
	old := w.call(api.Agent, http.MethodPost, "/v1/requests/search", map[string]any{"reference": ana.Reference, "limit": 1})
	require.Contains(t, string(old.Body), ana.ID.String(), "an older case of a person who has newer ones")
	foreign := w.send(w.foreign, http.MethodPost, "/v1/requests/search", map[string]any{"reference": ana.Reference})
	require.JSONEq(t, `{"items":[]}`, string(foreign.Body))
}

// Whoever tries many keys is slowed down.
func TestWrongKeysAreLimited(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var last answer
	for range 40 {
		last = w.send(api.NewKey(), http.MethodGet, "/v1/requests", nil)
	}
	require.Equal(t, http.StatusTooManyRequests, last.Status)
	require.NotEmpty(t, last.Header.Get("Retry-After"))
	require.Equal(t, http.StatusOK, w.call(api.Agent, http.MethodGet, "/v1/requests", nil).Status, "who has a key is not held up")
}

// A zero character in an address is the caller's mistake, wherever it stands.
func TestZeroCharacterInAnAddress(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, path := range []string{
		"/v1/datasets/%00", "/v1/requests?regime=%00", "/acme%00/request", "/v1/requests?regime=%zz", "/v1/requests?regime=%ff", "/%c3%28/request",
	} {
		require.Equal(t, http.StatusBadRequest, w.call(api.Admin, http.MethodGet, path, nil).Status, path)
	}
}

// A day that is none is not repeated, and one that JSON could not write is not taken.
func TestDaysOutOfReach(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.file("ana@example.test").ID.String()
	for path, bodies := range map[string][]string{
		"/v1/requests/" + id + "/extend": {`{"reason":"complexity","until":"canary"}`, `{"reason":"complexity","until":"9999-12-31"}`},
		"/v1/policies/gdpr/explain":      {`{"right":"access","received":"2026-03-02T09:00:00Z","holidays":["canary"]}`, `{"right":"access","received":"9999-12-31T23:59:59Z"}`},
		"/v1/api-keys":                   {`{"name":"k","role":"agent","expires_at":"9999-12-31T23:59:59-11:00"}`},
	} {
		for _, body := range bodies {
			got := w.call(api.Admin, http.MethodPost, path, body, "Idempotency-Key", uuid.NewString())
			require.Equal(t, http.StatusUnprocessableEntity, got.Status, "%s: %s", body, got.Body)
			require.NotContains(t, string(got.Body), "canary")
		}
	}
}
