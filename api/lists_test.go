package api_test

import (
	"context"
	"encoding/csv"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/api"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
)

// person makes a key of a member of staff.
func (w *world) person(role api.Role) (key string, id uuid.UUID) {
	key = api.NewKey()
	w.change(w.tenant, func(ctx context.Context, tx *storage.Tx) (err error) {
		id, err = tx.AddStaff(ctx, storage.Staff{Role: string(role), Name: "S", Email: uuid.NewString() + "@staff.example"})
		if err != nil {
			return err
		}
		_, err = tx.AddAPIKey(ctx, storage.NewAPIKey{Name: "own", Role: string(role), StaffID: &id, SecretHash: api.KeyHash(key)})
		return err
	})
	return key, id
}

func (w *world) assign(id uuid.UUID, to *uuid.UUID) {
	w.t.Helper()
	got := w.call(api.Agent, http.MethodPost, "/v1/requests/"+id.String()+"/assign", map[string]any{"staff_id": to})
	require.Equal(w.t, http.StatusOK, got.Status, "%s", got.Body)
}

type listed struct {
	Items []struct {
		ID        uuid.UUID
		Request   uuid.UUID `json:"request_id"`
		Reference string
		Risk      string
		State     string
		Kind      string
		Due       time.Time
		AmberAt   time.Time `json:"amber_at"`
		NextDue   time.Time `json:"next_due"`
		Paused    []struct {
			Kind  string
			Since time.Time
		}
	}
	Next string `json:"next_cursor"`
}

func (w *world) list(key, path string) listed {
	w.t.Helper()
	got := w.send(key, http.MethodGet, path, nil)
	require.Equal(w.t, http.StatusOK, got.Status, "%s: %s", path, got.Body)
	return into[listed](w.t, got)
}

// Lists know who asks, and who nobody is; what contradicts itself is told so.
func TestListsByAssignee(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	mine, me := w.person(api.Agent)
	one, two := w.file("ana@example.test"), w.file("bo@example.test")
	w.assign(one.ID, &me)
	for _, path := range []string{"/v1/requests?", "/v1/requests?order=due&", "/v1/obligations?"} {
		for query, want := range map[string]filed{"assignee=me": one, "assignee=" + me.String(): one, "assignee=nobody": two} {
			found := w.list(mine, path+query).Items
			require.NotEmpty(t, found, path+query)
			for _, line := range found {
				require.Equal(t, want.Reference, line.Reference, path+query)
			}
		}
		require.Equal(t, http.StatusUnprocessableEntity, w.call(api.Agent, http.MethodGet, path+"assignee=me", nil).Status, "a program is no member of staff")
		require.Equal(t, http.StatusUnprocessableEntity, w.call(api.Agent, http.MethodGet, path+"assignee=somebody", nil).Status)
	}
	require.Equal(t, one.Reference, w.list(mine, "/v1/requests?assignee_id="+me.String()).Items[0].Reference)
	for _, query := range []string{"assignee=me&assignee_id=" + me.String(), "state=closed&open=yes", "received_from=1600-01-01T00:00:00Z", "on_time=perhaps"} {
		require.Equal(t, http.StatusUnprocessableEntity, w.send(mine, http.MethodGet, "/v1/requests?"+query, nil).Status, query)
	}
}

// By due date the soonest comes first, page by page; a cursor of one order is none of the other.
func TestRequestsByDue(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, email := range []string{"a@example.test", "b@example.test", "c@example.test"} {
		w.file(email)
		w.clock.Advance(50 * time.Hour)
	}
	newest := w.list(w.keys[api.Auditor], "/v1/requests?limit=2")
	first := w.list(w.keys[api.Auditor], "/v1/requests?order=due&limit=2")
	rest := w.list(w.keys[api.Auditor], "/v1/requests?order=due&limit=2&cursor="+first.Next)
	all := append(first.Items, rest.Items...)
	require.Len(t, all, 3)
	for i := range all[1:] {
		require.False(t, all[i+1].NextDue.Before(all[i].NextDue))
	}
	require.Equal(t, newest.Items[0].ID, all[2].ID, "received last, owed last")
	require.Equal(t, http.StatusUnprocessableEntity, w.call(api.Auditor, http.MethodGet, "/v1/requests?cursor="+first.Next, nil).Status)
}

// The board says how each obligation stands; the horizon counts the same by day in the tenant's zone.
func TestBoardAndHorizon(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	one := w.file("ana@example.test")
	board := func() map[string]string {
		risks := map[string]string{}
		for _, line := range w.list(w.keys[api.Auditor], "/v1/obligations?regime=gdpr&right=access").Items {
			risks[line.Kind] = line.Risk
		}
		return risks
	}
	respond := func() (line struct{ Due, AmberAt time.Time }) {
		for _, l := range w.list(w.keys[api.Auditor], "/v1/obligations?kind=respond").Items {
			line.Due, line.AmberAt = l.Due, l.AmberAt
		}
		return line
	}
	require.Equal(t, "neutral", board()["respond"])
	require.Empty(t, w.list(w.keys[api.Auditor], "/v1/obligations?regime=ccpa").Items)
	require.Equal(t, http.StatusUnprocessableEntity, w.call(api.Auditor, http.MethodGet, "/v1/obligations?system=nothing", nil).Status)
	w.clock.Advance(respond().AmberAt.Sub(w.clock.Now()))
	require.Equal(t, "amber", board()["respond"])
	w.same(board)
	w.clock.Advance(respond().Due.Sub(w.clock.Now()) + time.Second)
	require.Equal(t, "overdue", board()["respond"])
	w.same(board)
	w.change(w.tenant, func(ctx context.Context, tx *storage.Tx) error {
		if _, err := tx.OpenPause(ctx, one.ID, privacy.PauseClarification); err != nil {
			return err
		}
		owed, err := tx.Obligations(ctx, one.ID)
		for _, o := range owed {
			if err == nil && o.Kind == string(privacy.Respond) {
				err = tx.MoveObligation(ctx, o, storage.ObligationPaused, "")
			}
		}
		return err
	})
	paused := w.list(w.keys[api.Auditor], "/v1/obligations?state=paused").Items
	require.Len(t, paused, 1)
	require.Equal(t, "paused", paused[0].Risk)
	require.Equal(t, "clarification", paused[0].Paused[0].Kind)
	require.Equal(t, w.clock.Now().UTC().Truncate(time.Microsecond), paused[0].Paused[0].Since.UTC())
	w.same(board)
	require.Equal(t, http.StatusUnprocessableEntity, w.call(api.Auditor, http.MethodGet, "/v1/obligations/horizon?from=2026-02-30", nil).Status)
}

// same holds the horizon against the board.
func (w *world) same(board func() map[string]string) {
	w.t.Helper()
	counts := map[string]int64{}
	for _, risk := range board() {
		counts[risk]++
	}
	got := into[struct {
		Zone string
		Days []struct {
			Day                             string
			Overdue, Amber, Neutral, Paused int64
		}
		OverdueBefore int64 `json:"overdue_before"`
	}](w.t, w.call(api.Auditor, http.MethodGet, "/v1/obligations/horizon?from=2026-03-02&days=120", nil))
	require.Equal(w.t, "Europe/Berlin", got.Zone)
	require.Len(w.t, got.Days, 120)
	require.Equal(w.t, "2026-03-02", got.Days[0].Day)
	seen := map[string]int64{}
	for _, d := range got.Days {
		for risk, n := range map[string]int64{"overdue": d.Overdue, "amber": d.Amber, "neutral": d.Neutral, "paused": d.Paused} {
			if n > 0 {
				seen[risk] += n
			}
		}
	}
	require.Equal(w.t, counts, seen)
	require.Zero(w.t, got.OverdueBefore)
	later := into[struct {
		OverdueBefore int64 `json:"overdue_before"`
	}](w.t, w.call(api.Auditor, http.MethodGet, "/v1/obligations/horizon?from=2026-12-01", nil))
	require.Equal(w.t, counts["overdue"], later.OverdueBefore)
}

// The export holds the lines of the list and nobody's data, whole over many pages, and is on record.
func TestRequestsExport(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, me := w.person(api.Agent)
	one := w.file("canary@example.test")
	w.assign(one.ID, &me)
	w.change(w.tenant, func(ctx context.Context, tx *storage.Tx) error { // more than a page
		subject, err := tx.NewSubject(ctx, storage.Person{Email: "many@example.test"})
		for i := 0; i < 1005 && err == nil; i++ {
			err = tx.InsertCase(ctx, storage.NewCase{
				ID: uuid.Must(uuid.NewV7()), Subject: subject, Reference: "=X-" + uuid.NewString(), Right: privacy.Erasure, Regime: "gdpr",
				RegimeVersion: "2018", Calendar: "DE", Zone: "Europe/Berlin", Language: "en", Channel: "api", ReceivedAt: tx.Now(), StartedByCaller: true,
			})
		}
		return err
	})
	got := w.call(api.Auditor, http.MethodGet, "/v1/requests/export", nil)
	require.Equal(t, http.StatusOK, got.Status, "%s", got.Body)
	require.Equal(t, "text/csv; charset=utf-8", got.Header.Get("Content-Type"))
	require.NotContains(t, string(got.Body), "canary")
	rows, err := csv.NewReader(strings.NewReader(string(got.Body))).ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, 1+1006)
	seen := map[string]bool{}
	for _, row := range rows[1:] {
		seen[row[0]] = true
		if row[1] == "erasure" {
			require.True(t, strings.HasPrefix(row[0], "'="), "no table takes it for a formula")
		}
	}
	require.Len(t, seen, 1006, "each once")
	narrow, err := csv.NewReader(strings.NewReader(string(w.call(api.Auditor, http.MethodGet, "/v1/requests/export?right=access&received_before="+url.QueryEscape(w.clock.Now().Add(time.Hour).Format(time.RFC3339)), nil).Body))).ReadAll()
	require.NoError(t, err)
	require.Len(t, narrow, 2)
	require.Equal(t, []string{one.Reference, "access", "gdpr", "received", ""}, narrow[1][:5])
	require.Equal(t, me.String(), narrow[1][8])
	require.Contains(t, string(w.call(api.Auditor, http.MethodGet, "/v1/audit/events", nil).Body), "request.list_exported")
}
