package api_test

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/api"
	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/storage"
)

type auditLine struct {
	ID         uuid.UUID
	At         time.Time
	Action     string
	Outcome    string
	ActorKind  string    `json:"actor_kind"`
	ActorID    string    `json:"actor_id"`
	ObjectKind string    `json:"object_kind"`
	ObjectID   string    `json:"object_id"`
	Request    uuid.UUID `json:"request_id"`
	Reference  string
	Facts      map[string]string
}

// log reads the audit log page by page.
func (w *world) auditLog(query url.Values, limit int) []auditLine {
	w.t.Helper()
	var all []auditLine
	query.Set("limit", fmt.Sprint(limit))
	for {
		got := w.call(api.Auditor, http.MethodGet, "/v1/audit/events?"+query.Encode(), nil)
		require.Equal(w.t, http.StatusOK, got.Status, "%s: %s", query.Encode(), got.Body)
		page := into[struct {
			Items []auditLine
			Next  string `json:"next_cursor"`
		}](w.t, got)
		all = append(all, page.Items...)
		if page.Next == "" {
			return all
		}
		query.Set("cursor", page.Next)
	}
}

// placed gives every event so far its place in the log.
func (w *world) placed() {
	w.t.Helper()
	require.NoError(w.t, w.db.InLog(w.t.Context(), w.tenant, func(log *storage.LogTx) error {
		_, err := audit.Sequencer{}.Integrate(w.t.Context(), log, w.tenant.String(), 1000)
		return err
	}))
}

// Whatever the log is searched by, alone and together, and from whichever page: the answer is what fits among all lines, in their order.
func TestAuditSearch(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	mine, me := w.person(api.Agent)
	one := w.file("ana@example.test")
	w.clock.Advance(30 * time.Hour)
	two := w.file("bo@example.test")
	w.placed() // what comes after this waits for its place in the log
	w.assign(one.ID, &me)
	w.clock.Advance(30 * time.Hour)
	require.Equal(t, http.StatusOK, w.send(mine, http.MethodGet, "/v1/requests/"+two.ID.String()+"/person", nil).Status)
	require.Equal(t, http.StatusForbidden, w.send(mine, http.MethodPost, "/v1/requests/"+two.ID.String()+"/extend", map[string]any{"reason": "complexity"}).Status)
	hook := w.call(api.Admin, http.MethodPost, "/v1/webhooks", map[string]any{"name": "x", "url": "https://hooks.example.com/in", "actions": []string{"*"}})
	require.Equal(t, http.StatusCreated, hook.Status, "%s", hook.Body)
	object := into[struct{ ID string }](t, hook).ID

	all := w.auditLog(url.Values{}, 200)
	require.Greater(t, len(all), 8)
	for i := range all[1:] {
		require.False(t, all[i].At.Before(all[i+1].At), "newest first")
	}
	middle := w.clock.Now().Add(-30 * time.Hour)
	filters := map[string]func(auditLine) bool{
		"action=request.received":                   func(l auditLine) bool { return l.Action == "request.received" },
		"actor_id=" + me.String():                   func(l auditLine) bool { return l.ActorID == me.String() },
		"request=" + one.ID.String():                func(l auditLine) bool { return l.Request == one.ID },
		"request=" + two.Reference:                  func(l auditLine) bool { return l.Reference == two.Reference },
		"object_id=" + object:                       func(l auditLine) bool { return l.ObjectID == object && l.Request == uuid.Nil },
		"outcome=refused":                           func(l auditLine) bool { return l.Outcome == "refused" },
		"from=" + middle.Format(time.RFC3339Nano):   func(l auditLine) bool { return !l.At.Before(middle) },
		"before=" + middle.Format(time.RFC3339Nano): func(l auditLine) bool { return l.At.Before(middle) },
	}
	together := 0
	for a, fitsA := range filters {
		for b, fitsB := range filters {
			query, err := url.ParseQuery(a + "&" + b)
			require.NoError(t, err)
			if query.Has("object_id") && query.Has("request") || len(query["request"]) > 1 && a != b {
				continue
			}
			var want []auditLine
			for _, l := range all {
				if fitsA(l) && fitsB(l) {
					want = append(want, l)
				}
			}
			if a == b {
				require.NotEmpty(t, want, a)
				require.Less(t, len(want), len(all), a)
			} else if len(want) > 0 {
				together++
			}
			for key := range query {
				query.Set(key, query.Get(key))
			}
			require.Equal(t, want, w.auditLog(query, 2), query.Encode())
		}
	}
	require.Greater(t, together, 12, "filters narrow together")
}

// What is nowhere in the log is an empty list; what makes no sense is told so; another tenant's ids find nothing.
func TestAuditSearchRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	one := w.file("ana@example.test")
	require.Empty(t, w.auditLog(url.Values{"request": {"AR-NONE"}}, 50))
	require.Empty(t, w.auditLog(url.Values{"actor_id": {uuid.NewString()}}, 50))
	for _, query := range []string{
		"action=request.recieved", "actor_id=me", "outcome=done", "from=1600-01-01T00:00:00Z", "before=yesterday",
		"request=" + one.Reference + "&object_id=x", "cursor=x",
	} {
		require.Equal(t, http.StatusUnprocessableEntity, w.call(api.Auditor, http.MethodGet, "/v1/audit/events?"+query, nil).Status, query)
	}
	for _, query := range []string{"request=" + one.ID.String(), "request=" + one.Reference} {
		got := w.send(w.foreign, http.MethodGet, "/v1/audit/events?"+query, nil)
		require.Equal(t, http.StatusOK, got.Status)
		require.Empty(t, into[struct{ Items []auditLine }](t, got).Items, query)
	}
}
