package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/api"
)

// A calendar reads what is owed by its address alone: references and days, nobody's name. Revoked, it reads nothing.
func TestCalendarFeed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wide)
	dana := w.hire(w.tenant, "dpo", "dana@acme.test")
	key := into[struct{ Key string }](t, w.call(api.Admin, http.MethodPost, "/v1/api-keys", map[string]any{"name": "dana", "role": "dpo", "staff_id": dana.id})).Key
	mine, other := w.file("ana@example.test"), w.file("ben@example.test")
	require.Equal(t, http.StatusOK, w.command(api.DPO, mine.ID, "assign", map[string]any{"staff_id": dana.id}).Status)

	made := func(shows string) (id, path string) {
		got := w.send(key, http.MethodPost, "/v1/calendar-feeds", map[string]any{"shows": shows})
		require.Equal(t, http.StatusCreated, got.Status, "%s", got.Body)
		feed := into[struct{ ID, URL string }](t, got)
		return feed.ID, strings.TrimPrefix(feed.URL, "http://docket.test")
	}
	id, path := made("mine")
	got := w.send("", http.MethodGet, path, nil)
	require.Equal(t, http.StatusOK, got.Status, "%s", got.Body)
	require.Equal(t, "text/calendar; charset=utf-8", got.Header.Get("Content-Type"))
	text := strings.ReplaceAll(string(got.Body), "\r\n ", "")
	require.Contains(t, text, "SUMMARY:"+mine.Reference+": Answer the person")
	require.Contains(t, text, "DTSTART;VALUE=DATE:20260402")
	require.NotContains(t, text, other.Reference)
	require.NotContains(t, text, "example.test\r\nana")
	require.NotContains(t, text, "Ana")
	_, all := made("all")
	require.Contains(t, string(w.send("", http.MethodGet, all, nil).Body), other.Reference)

	require.NotContains(t, string(w.send(key, http.MethodGet, "/v1/calendar-feeds", nil).Body), path[len("/acme/calendar/"):], "the address is shown once")
	require.Equal(t, http.StatusConflict, w.call(api.DPO, http.MethodPost, "/v1/calendar-feeds", map[string]any{"shows": "all"}).Status, "a program has no calendar")
	require.Equal(t, http.StatusNotFound, w.send("", http.MethodGet, "/other"+strings.TrimPrefix(path, "/acme"), nil).Status, "another tenant's")
	require.Equal(t, http.StatusNoContent, w.send(key, http.MethodDelete, "/v1/calendar-feeds/"+id, nil).Status)
	require.Equal(t, http.StatusNotFound, w.send("", http.MethodGet, path, nil).Status)
	require.Equal(t, http.StatusOK, w.staffPatch(dana.id, map[string]any{"active": false}).Status)
	require.Equal(t, http.StatusNotFound, w.send("", http.MethodGet, all, nil).Status, "who has left reads nothing")
}
