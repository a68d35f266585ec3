package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/api"
)

type bulkAnswer struct {
	Done, Refused int
	Items         []struct {
		Request  uuid.UUID `json:"request_id"`
		Result   string
		Code     string
		Citation string
	}
}

func (w *world) bulk(key string, body map[string]any, idempotency string) answer {
	w.t.Helper()
	return w.send(key, http.MethodPost, "/v1/requests/bulk", body, "Idempotency-Key", idempotency)
}

// Many are assigned by one call, each with its event; what is not there is refused by itself, and what is wrong with the command
// refuses all.
func TestBulkAssign(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	mine, me := w.person(api.Agent)
	var ids []uuid.UUID
	for range 6 {
		ids = append(ids, w.file(uuid.NewString()+"@example.test").ID)
	}
	body := map[string]any{"requests": append(ids, uuid.New()), "command": "assign", "assignee": "me"}
	key := uuid.NewString()
	got := w.bulk(mine, body, key)
	require.Equal(t, http.StatusOK, got.Status, "%s", got.Body)
	told := into[bulkAnswer](t, got)
	require.Equal(t, []int{6, 1}, []int{told.Done, told.Refused})
	require.Equal(t, "not-found", told.Items[6].Code)
	for i, id := range ids {
		require.Equal(t, id, told.Items[i].Request)
		require.Equal(t, "done", told.Items[i].Result)
	}
	require.Len(t, w.list(mine, "/v1/requests?assignee="+me.String()).Items, 6)
	again := w.bulk(mine, body, key)
	require.Equal(t, string(got.Body), string(again.Body))
	require.Equal(t, "true", again.Header.Get("Idempotency-Replayed"))
	log := string(w.call(api.Auditor, http.MethodGet, "/v1/audit/events?limit=200", nil).Body)
	require.Equal(t, 6, strings.Count(log, `"request.assigned"`))
	for _, wrong := range []map[string]any{
		{"requests": []uuid.UUID{ids[0], ids[0]}, "command": "assign", "assignee": "me"},
		{"requests": ids, "command": "assign", "assignee": uuid.New()},
		{"requests": ids, "command": "assign"},
		{"requests": ids, "command": "extend"},
		{"requests": ids, "command": "assign", "assignee": "nobody", "reason": "complexity"},
		{"requests": make([]uuid.UUID, 201), "command": "assign", "assignee": "nobody"},
	} {
		require.Equal(t, http.StatusUnprocessableEntity, w.bulk(mine, wrong, uuid.NewString()).Status, "%v", wrong)
	}
	require.Equal(t, http.StatusUnprocessableEntity, w.bulk(mine, map[string]any{"requests": ids[:1], "command": "assign", "assignee": "nobody"}, key).Status, "another call under the key")
	refused := w.bulk(mine, map[string]any{"requests": ids, "command": "extend", "reason": "complexity"}, uuid.NewString())
	require.Equal(t, http.StatusForbidden, refused.Status, "an agent does not extend, one or many")
	require.Len(t, w.list(mine, "/v1/requests?assignee="+me.String()).Items, 6)
	theirs := w.bulk(w.foreign, map[string]any{"requests": ids, "command": "assign", "assignee": "nobody"}, uuid.NewString())
	require.Equal(t, 6, into[bulkAnswer](t, theirs).Refused)
}

// Many are extended by one call, each once, by its workflow; what the law refuses is refused with its citation and on record.
func TestBulkExtend(t *testing.T) {
	t.Parallel()
	w := working(t)
	one, two, three := w.file("a@example.test").ID, w.file("b@example.test").ID, w.file("c@example.test").ID
	for _, id := range []uuid.UUID{one, two, three} {
		w.until(id, "verifying")
	}
	require.Equal(t, http.StatusOK, w.command(api.DPO, two, "extend", map[string]any{"reason": "complexity"}).Status)
	body := map[string]any{"requests": []uuid.UUID{one, two, three}, "command": "extend", "reason": "number_of_requests"}
	got := w.bulk(w.keys[api.DPO], body, "once")
	require.Equal(t, http.StatusOK, got.Status, "%s", got.Body)
	told := into[bulkAnswer](t, got)
	require.Equal(t, []int{2, 1}, []int{told.Done, told.Refused}, "%s", got.Body)
	require.Equal(t, "already_extended", told.Items[1].Code)
	require.NotEmpty(t, told.Items[1].Citation)
	require.Contains(t, string(w.call(api.Auditor, http.MethodGet, "/v1/requests/"+two.String()+"/timeline", nil).Body), "command.refused")
	require.Len(t, w.list(w.keys[api.DPO], "/v1/requests?extended=yes").Items, 3)

	_, err := w.register.Owner(t).Exec(t.Context(), "UPDATE idempotency_keys SET status = 102, response = '{}' WHERE response LIKE '%\"items\"%'::bytea")
	require.NoError(t, err) // as if the server had died before it answered
	again := into[bulkAnswer](t, w.bulk(w.keys[api.DPO], body, "once"))
	require.Equal(t, told, again, "nothing is extended twice, and what was done is told as done")
}

// While Temporal is down nothing is extended, and sending it again goes on.
func TestBulkWithoutTemporal(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	body := map[string]any{"requests": []uuid.UUID{w.file("a@example.test").ID}, "command": "extend", "reason": "complexity"}
	for range 2 {
		got := w.bulk(w.keys[api.DPO], body, "once")
		require.Equal(t, http.StatusServiceUnavailable, got.Status, "%s", got.Body)
	}
}
