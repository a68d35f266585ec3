package api_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/api"
)

// key makes a key through the API, with another one or a session.
func (w *world) key(with string, body map[string]any) answer {
	w.t.Helper()
	body["name"] = "made"
	return w.send(with, http.MethodPost, "/v1/api-keys", body)
}

type madeKey struct {
	ID  uuid.UUID
	Key string
}

// A key makes no key that may do more than it, or that lasts longer.
func TestKeysMakeNoWiderKeys(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	admin, end := w.keys[api.Admin], w.clock.Now().Add(time.Hour).UTC()
	got := w.key(admin, map[string]any{"role": "admin", "scopes": []string{"keys:write", "people:write"}, "expires_at": end})
	require.Equal(t, http.StatusCreated, got.Status, "%s", got.Body)
	narrow := into[madeKey](t, got).Key

	for name, body := range map[string]map[string]any{
		"scope":  {"role": "admin"},
		"scope ": {"role": "auditor", "scopes": []string{"keys:write", "requests:read"}},
		"expiry": {"role": "admin", "scopes": []string{"keys:write"}, "expires_at": end.Add(time.Second)},
	} {
		refused := w.key(narrow, body)
		require.Equal(t, http.StatusForbidden, refused.Status, "%s: %s", name, refused.Body)
	}
	within := w.key(narrow, map[string]any{"role": "admin", "scopes": []string{"keys:write"}})
	require.Equal(t, http.StatusCreated, within.Status, "%s", within.Body)
	keys := into[struct {
		Items []struct {
			ID      uuid.UUID
			Expires time.Time `json:"expires_at"`
		}
	}](t, w.call(api.Admin, http.MethodGet, "/v1/api-keys", nil)).Items
	for _, k := range keys {
		if k.ID == into[madeKey](t, within).ID {
			require.Equal(t, end, k.Expires.UTC(), "it ends with the key that made it")
		}
	}

	somebody := map[string]any{"name": "Eve", "email": "eve@staff.example", "role": "admin"}
	require.Equal(t, http.StatusForbidden, w.send(narrow, http.MethodPost, "/v1/staff", somebody).Status)
	_, agent := w.person(api.Agent)
	require.Equal(t, http.StatusForbidden, w.send(narrow, http.MethodPatch, "/v1/staff/"+agent.String(), map[string]any{"role": "admin"}).Status)
	require.Equal(t, http.StatusOK, w.send(narrow, http.MethodPatch, "/v1/staff/"+agent.String(), map[string]any{"role": "auditor"}).Status)
}

// A key of a member of staff has their role and says in the log that it was a key; it ends when they leave or get another role.
func TestPersonalKeysEndWithThePerson(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	admin := w.keys[api.Admin]
	_, me := w.person(api.Agent)
	require.Equal(t, http.StatusUnprocessableEntity, w.key(admin, map[string]any{"role": "admin", "staff_id": me}).Status, "their role, not more")
	one := w.file("ana@example.test")
	for _, change := range []map[string]any{{"role": "dpo"}, {"active": false}} {
		role := into[struct{ Items []struct{ ID, Role string } }](t, w.call(api.Admin, http.MethodGet, "/v1/staff", nil))
		var theirs string
		for _, m := range role.Items {
			if m.ID == me.String() {
				theirs = m.Role
			}
		}
		made := w.key(admin, map[string]any{"role": theirs, "staff_id": me})
		require.Equal(t, http.StatusCreated, made.Status, "%s", made.Body)
		key := into[madeKey](t, made)
		require.Equal(t, http.StatusOK, w.send(key.Key, http.MethodGet, "/v1/requests/"+one.ID.String()+"/person", nil).Status)
		looked := w.auditLog(map[string][]string{"actor_id": {me.String()}, "action": {"request.viewed"}}, 1)
		require.Equal(t, key.ID.String(), looked[0].Facts["api_key"], "what was done with a key says so")

		require.Equal(t, http.StatusOK, w.call(api.Admin, http.MethodPatch, "/v1/staff/"+me.String(), change).Status)
		require.Equal(t, http.StatusUnauthorized, w.send(key.Key, http.MethodGet, "/v1/requests/"+one.ID.String()+"/person", nil).Status, "%v", change)
	}
	ended := w.auditLog(map[string][]string{"action": {"api_key.revoked"}}, 50)
	require.Len(t, ended, 3, "the first one of the member too")
	for _, l := range ended {
		require.Equal(t, me.String(), l.Facts["staff"])
	}
}
