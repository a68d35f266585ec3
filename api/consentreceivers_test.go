package api_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/api"
	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/storage"
)

type madeReceiver struct {
	ID     uuid.UUID
	Secret string
}

func (w *world) addReceiver(body map[string]any) madeReceiver {
	w.t.Helper()
	got := w.call(api.Admin, http.MethodPost, "/v1/consent/receivers", body)
	require.Equal(w.t, http.StatusCreated, got.Status, "%s", got.Body)
	return into[madeReceiver](w.t, got)
}

type feed struct {
	Changes []struct {
		ID                       uuid.UUID
		Address, Purpose, Change string
	}
	Cursor string
	More   bool
}

// handedOn has what is in the log stand in the handovers of a receiver, as the relay does.
func (w *world) handedOn(receiver uuid.UUID) {
	w.t.Helper()
	w.placed()
	for more := true; more; {
		var err error
		more, err = w.desk.CountHandovers(w.t.Context(), w.tenant, receiver)
		require.NoError(w.t, err)
	}
}

// A system that asks by itself reads whom it may write to no more with a key of its own scope, confirms, and is listed with what it owes until then. Each read is on record.
func TestFeedOfWithdrawals(t *testing.T) {
	t.Parallel()
	w := wantsMail(t)
	r := w.addReceiver(map[string]any{"name": "CRM", "kind": "pull", "channels": []string{"email"}, "purposes": []string{"news"}})
	require.Empty(t, r.Secret)
	path := "/v1/consent/receivers/" + r.ID.String()
	for _, who := range []string{"ana", "ben", "cleo"} {
		w.happened(who+"@person.example", "withdrawn", func(e map[string]any) { e["country"] = "US" })
	}
	w.handedOn(r.ID)
	key := func(scopes ...string) string {
		got := w.call(api.Admin, http.MethodPost, "/v1/api-keys", map[string]any{"name": "crm", "role": "agent", "scopes": scopes})
		require.Equal(t, http.StatusCreated, got.Status, "%s", got.Body)
		return into[struct{ Key string }](t, got).Key
	}
	for _, narrow := range []string{key("consents:read", "consents:write"), key("consent-feed:write")} {
		require.Equal(t, "scope", into[problem](t, w.send(narrow, http.MethodGet, path+"/changes", nil)).Code)
	}
	require.Equal(t, http.StatusForbidden, w.call(api.Auditor, http.MethodGet, path+"/changes", nil).Status)
	own := key("consent-feed:read", "consent-feed:write")
	read := func(query string) feed {
		got := w.send(own, http.MethodGet, path+"/changes"+query, nil)
		require.Equal(t, http.StatusOK, got.Status, "%s", got.Body)
		return into[feed](t, got)
	}
	first := read("?limit=2")
	require.Len(t, first.Changes, 2)
	require.Equal(t, []string{"ana@person.example", "news", "withdrawn"}, []string{first.Changes[0].Address, first.Changes[0].Purpose, first.Changes[0].Change})
	require.True(t, first.More)
	second := read("?after=" + first.Cursor)
	require.Len(t, second.Changes, 1)
	require.False(t, second.More)
	require.Equal(t, first, read("?limit=2"), "what is not confirmed comes again")

	type owed struct {
		State, Receiver, Citation string
		DueLaw                    string `json:"due_law"`
		Withdrawals, Confirmed    int
		Laws                      []struct{ Law string }
	}
	open := func() []owed {
		return into[items[owed]](t, w.call(api.Auditor, http.MethodGet, "/v1/consent/handovers", nil)).Items
	}
	require.Equal(t, []any{"open", "CRM", "mailbox", 3, 0}, []any{open()[0].State, open()[0].Receiver, open()[0].DueLaw, open()[0].Withdrawals, open()[0].Confirmed})
	require.Contains(t, open()[0].Citation, "two days")
	confirm := func(cursor string) map[string]int {
		got := w.send(own, http.MethodPost, path+"/confirm", map[string]any{"cursor": cursor})
		require.Equal(t, http.StatusOK, got.Status, "%s", got.Body)
		return into[map[string]int](t, got)
	}
	require.Equal(t, map[string]int{"confirmed": 2, "late": 0}, confirm(first.Cursor))
	require.Equal(t, map[string]int{"confirmed": 0, "late": 0}, confirm(first.Cursor), "once more changes nothing")
	w.clock.Advance(49 * time.Hour)
	require.Equal(t, "overdue", open()[0].State)
	require.Equal(t, map[string]int{"confirmed": 1, "late": 1}, confirm(second.Cursor))
	require.Empty(t, open())
	all := into[items[owed]](t, w.call(api.Auditor, http.MethodGet, "/v1/consent/handovers?state=all&receiver="+r.ID.String(), nil)).Items
	require.Equal(t, "confirmed_late", all[0].State)

	reads := 0
	for _, e := range w.logged() {
		if e.Action == audit.ConsentChangesRead {
			require.Equal(t, r.ID.String(), e.Object.ID)
			reads++
		}
	}
	require.Equal(t, 3, reads)
}

// A cursor is good for the receiver that it was handed out to, and for no other, though the same key may read for both. None can be guessed, and one of before cursors were bound to
// their receivers says what to do.
func TestFeedCursorIsOfItsReceiver(t *testing.T) {
	t.Parallel()
	w := wantsMail(t)
	crm, shop := w.addReceiver(map[string]any{"name": "CRM", "kind": "pull"}), w.addReceiver(map[string]any{"name": "Shop", "kind": "pull"})
	for _, who := range []string{"ana", "ben"} {
		w.happened(who+"@person.example", "withdrawn")
	}
	w.handedOn(crm.ID)
	w.handedOn(shop.ID)
	path := func(r madeReceiver) string { return "/v1/consent/receivers/" + r.ID.String() }
	read := func(r madeReceiver, query string) feed {
		got := w.call(api.Agent, http.MethodGet, path(r)+"/changes"+query, nil)
		require.Equal(t, http.StatusOK, got.Status, "%s", got.Body)
		return into[feed](t, got)
	}
	page := read(crm, "?limit=1")
	require.Equal(t, page.Cursor, read(crm, "?limit=1").Cursor, "the same place is the same cursor")
	place := page.Cursor[:strings.LastIndexByte(page.Cursor, '.')]
	mark := page.Cursor[len(place):]
	said := map[string]string{
		"nowhere": "is no cursor of the feed", "1": "is no cursor of the feed", "01.2" + mark: "is no cursor of the feed", "-1.0" + mark: "is no cursor of the feed", place + ".???": "was not handed out to this receiver",
		place: "before cursors were bound to their receivers", "999999.0": "before cursors were bound to their receivers",
		"999999.0" + mark: "was not handed out to this receiver", place + ".": "was not handed out to this receiver", place + mark[:len(mark)-2]: "was not handed out to this receiver",
		read(shop, "?limit=1").Cursor: "was not handed out to this receiver", read(shop, "").Cursor: "was not handed out to this receiver",
	}
	for cursor, why := range said {
		for _, got := range []answer{
			w.call(api.Agent, http.MethodGet, path(crm)+"/changes?after="+url.QueryEscape(cursor), nil), w.call(api.Agent, http.MethodPost, path(crm)+"/confirm", map[string]any{"cursor": cursor}),
		} {
			require.Equal(t, http.StatusUnprocessableEntity, got.Status, "%s: %s", cursor, got.Body)
			require.Contains(t, string(got.Body), why, cursor)
			require.Contains(t, string(got.Body), "read the feed without a cursor", cursor)
		}
	}
	require.Len(t, into[items[any]](t, w.call(api.Auditor, http.MethodGet, "/v1/consent/handovers", nil)).Items, 2, "nothing was confirmed by any of them")
	for _, want := range []int{1, 0} {
		got := w.call(api.Agent, http.MethodPost, path(crm)+"/confirm", map[string]any{"cursor": page.Cursor})
		require.Equal(t, want, into[map[string]int](t, got)["confirmed"])
	}
	require.Len(t, read(crm, "?after="+page.Cursor).Changes, 1)
}

type items[T any] struct{ Items []T }

// logged is everything that has its place in the log.
func (w *world) logged() (all []audit.Event) {
	w.t.Helper()
	w.placed()
	require.NoError(w.t, w.db.Read(w.t.Context(), w.tenant, func(ctx context.Context, tx *storage.Tx) (err error) {
		all, err = tx.PlacedEvents(ctx, 0, 1_000_000)
		return err
	}))
	return all
}

// What a receiver is made of has to fit its kind; where it is has to be on the open network. It is changed, tried and retired, and its secrets are shown once or never.
func TestReceivers(t *testing.T) {
	t.Parallel()
	answers := http.StatusOK
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(answers) }))
	t.Cleanup(server.Close)
	w := working(t, func(_ *world, c *api.Config) { c.WebhooksLocal = true })
	w.putPurpose("news", map[string]any{})
	for name, body := range map[string]map[string]any{
		"no address":           {"name": "x", "kind": "http"},
		"no plain URL":         {"name": "x", "kind": "http", "url": "https://a:b@x.example"},
		"http with a token":    {"name": "x", "kind": "http", "url": "https://x.example", "token": "t"},
		"listmonk without one": {"name": "x", "kind": "listmonk", "url": "https://x.example", "login": "docket"},
		"listmonk for sms":     {"name": "x", "kind": "listmonk", "url": "https://x.example", "login": "docket", "token": "t", "channels": []string{"sms"}},
		"pull with an address": {"name": "x", "kind": "pull", "url": "https://x.example"},
		"no such purpose":      {"name": "x", "kind": "pull", "purposes": []string{"fun"}},
	} {
		got := w.call(api.Admin, http.MethodPost, "/v1/consent/receivers", body)
		require.Equal(t, http.StatusConflict, got.Status, "%s: %s", name, got.Body)
	}
	r := w.addReceiver(map[string]any{"name": "Mailings", "kind": "http", "url": server.URL})
	require.Contains(t, r.Secret, "whsec_")
	monk := w.addReceiver(map[string]any{"name": "Lists", "kind": "listmonk", "url": server.URL, "login": "docket", "token": "t0ken"})
	listed := w.call(api.Auditor, http.MethodGet, "/v1/consent/receivers", nil)
	require.NotContains(t, string(listed.Body), "t0ken")
	require.NotContains(t, string(listed.Body), "whsec_")
	path := func(id uuid.UUID, act string) string { return "/v1/consent/receivers/" + id.String() + act }
	type tried struct {
		OK      bool
		Problem string
	}
	for _, id := range []uuid.UUID{r.ID, monk.ID} {
		answers = http.StatusOK
		require.True(t, into[tried](t, w.call(api.DPO, http.MethodPost, path(id, "/test"), map[string]any{})).OK)
		answers = http.StatusForbidden
		no := into[tried](t, w.call(api.DPO, http.MethodPost, path(id, "/test"), map[string]any{}))
		require.False(t, no.OK)
		require.Contains(t, no.Problem, "403")
	}
	require.Equal(t, http.StatusOK, w.call(api.Admin, http.MethodPut, path(monk.ID, ""), map[string]any{"name": "Lists", "url": server.URL + "/lists", "login": "other"}).Status)
	require.Equal(t, http.StatusConflict, w.call(api.Admin, http.MethodPut, path(monk.ID, ""), map[string]any{"name": "Lists", "url": server.URL}).Status)
	require.NotEqual(t, r.Secret, into[madeReceiver](t, w.call(api.Admin, http.MethodPost, path(r.ID, "/secret"), map[string]any{})).Secret)
	require.Equal(t, http.StatusConflict, w.call(api.Admin, http.MethodPost, path(monk.ID, "/secret"), map[string]any{}).Status)
	require.Equal(t, http.StatusConflict, w.call(api.Agent, http.MethodGet, path(r.ID, "/changes"), nil).Status, "it is told")
	require.Equal(t, http.StatusOK, w.call(api.Admin, http.MethodPost, path(r.ID, "/retire"), map[string]any{}).Status)
	for _, act := range []string{"/retire", "/secret", "/test"} {
		require.Contains(t, []int{http.StatusNotFound, http.StatusConflict}, w.call(api.Admin, http.MethodPost, path(r.ID, act), map[string]any{}).Status, act)
	}
	require.Equal(t, http.StatusConflict, w.call(api.Admin, http.MethodPut, path(r.ID, ""), map[string]any{"name": "x", "url": server.URL}).Status)
	require.Equal(t, http.StatusNotFound, w.call(api.Admin, http.MethodPost, path(uuid.New(), "/test"), map[string]any{}).Status)
}
