package api_test

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/api"
	"github.com/privacy-docket/docket/api/signin"
	"github.com/privacy-docket/docket/storage"
)

// secret is a password that is good enough.
const secret = "seven-lamps-cross-the-harbour"

// member is somebody who can sign in.
type member struct {
	id, account uuid.UUID
	email       string
}

// hire makes a member of staff with an account and a password.
func (w *world) hire(tenant uuid.UUID, role, email string) member {
	w.t.Helper()
	hash, err := hashed()
	require.NoError(w.t, err)
	m := member{email: email}
	w.change(tenant, func(ctx context.Context, tx *storage.Tx) (err error) {
		if m.id, err = tx.AddStaff(ctx, storage.Staff{Role: role, Name: "Dana " + canary, Email: email}); err != nil {
			return err
		}
		if m.account, err = w.db.AccountByEmail(ctx, email); err == nil {
			return tx.Join(ctx, m.id, m.account)
		}
		m.account = uuid.Must(uuid.NewV7())
		account, err := tx.OfAccount(ctx, m.account)
		if err != nil {
			return err
		}
		if err := account.Create(ctx, storage.NewAccount{Email: email, Name: "Dana " + canary, PasswordHash: hash}); err != nil {
			return err
		}
		return tx.Join(ctx, m.id, m.account)
	})
	return m
}

// hashed is the hash of secret, made once for all.
var hashed = sync.OnceValues(func() (string, error) {
	passwords, err := signin.NewPasswords()
	if err != nil {
		return "", err
	}
	return passwords.Hash(context.Background(), secret)
})

// browser is somebody's browser: it keeps cookies as those do, and sends them where they belong.
type browser struct {
	w       *world
	cookies map[string]string
	// from is the address that a proxy says the calls come from.
	from string
}

func (w *world) browser() *browser { return &browser{w: w, cookies: map[string]string{}} }

func (b *browser) call(method, path string, body any, more ...string) answer {
	b.w.t.Helper()
	var pairs []string
	for name, value := range b.cookies {
		pairs = append(pairs, name+"="+value)
	}
	headers := []string{"Cookie", strings.Join(pairs, "; "), "User-Agent", "Mozilla/5.0 (X11; Linux) Firefox/140.0", "Idempotency-Key", uuid.NewString()}
	headers = append(headers, more...)
	if b.from != "" {
		headers = append(headers, "X-Forwarded-For", b.from)
	}
	got := b.w.send("", method, path, body, headers...)
	response := http.Response{Header: got.Header}
	for _, c := range response.Cookies() {
		if c.MaxAge < 0 {
			delete(b.cookies, c.Name)
		} else {
			b.cookies[c.Name] = c.Value
		}
	}
	return got
}

// must calls and expects the status.
func (b *browser) must(status int, method, path string, body any) answer {
	b.w.t.Helper()
	got := b.call(method, path, body)
	require.Equal(b.w.t, status, got.Status, "%s %s: %s", method, path, got.Body)
	return got
}

type next struct {
	Next    string
	Methods []string
}

func (b *browser) signIn(email, password string) answer {
	b.w.t.Helper()
	return b.call(http.MethodPost, "/v1/sign-in", map[string]any{"email": email, "password": password})
}

// enter signs in and expects to be inside.
func (b *browser) enter(m member) *browser {
	b.w.t.Helper()
	got := b.signIn(m.email, secret)
	require.Equal(b.w.t, http.StatusOK, got.Status, "%s", got.Body)
	require.Equal(b.w.t, "done", into[next](b.w.t, got).Next)
	return b
}

type session struct {
	Account struct {
		ID          uuid.UUID
		Name, Email string
	}
	Tenant      *struct{ Slug, Name, Zone, Language string }
	Role, Stage string
	StaffID     *uuid.UUID `json:"staff_id"`
	Operations  []string
	Memberships []struct{ Tenant, Name, Role string }
	Factors     struct {
		TOTP, Required bool
		Passkeys       int
		Recovery       int `json:"recovery_codes_left"`
	} `json:"second_factor"`
	Method    string
	SteppedUp *time.Time `json:"stepped_up_until"`
	Expires   time.Time  `json:"expires_at"`
}

func (b *browser) session() session {
	b.w.t.Helper()
	return into[session](b.w.t, b.must(http.StatusOK, http.MethodGet, "/v1/session", nil))
}

// A password opens a session, and the session the operations of its role in its tenant; it says who and what, and ends.
func TestSignInWithPassword(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	dana := w.hire(w.tenant, "dpo", "dana@acme.test")
	filed := w.file("ana@example.test")
	b := w.browser()
	require.Equal(t, http.StatusUnauthorized, b.call(http.MethodGet, "/v1/session", nil).Status)
	b.enter(dana)

	is := b.session()
	require.Equal(t, "done", is.Stage)
	require.Equal(t, "dpo", is.Role)
	require.Equal(t, dana.email, is.Account.Email)
	require.Equal(t, "acme", is.Tenant.Slug)
	require.Equal(t, dana.id, *is.StaffID)
	require.Contains(t, is.Operations, "refuse-request")
	require.NotContains(t, is.Operations, "create-api-key")
	require.Len(t, is.Memberships, 1)
	require.Equal(t, began.Add(12*time.Hour), is.Expires)

	b.must(http.StatusOK, http.MethodGet, "/v1/requests/"+filed.ID.String()+"/person", nil)
	b.must(http.StatusCreated, http.MethodPost, "/v1/requests", request("bo@example.test"))
	require.Equal(t, "role", into[problem](t, b.must(http.StatusForbidden, http.MethodPost, "/v1/api-keys", map[string]any{"name": "k", "role": "agent"})).Code)

	events := into[struct{ Items []map[string]any }](t, w.call(api.Auditor, http.MethodGet, "/v1/audit/events", nil)).Items
	require.Contains(t, actions(events), "staff.signed_in")
	for _, e := range events {
		if e["action"] == "request.viewed" {
			require.Equal(t, []any{"person", dana.id.String(), "dpo"}, []any{e["actor_kind"], e["actor_id"], e["actor_role"]})
		}
	}
	kept := b.cookies["docket_session"]
	b.must(http.StatusNoContent, http.MethodPost, "/v1/sign-out", nil)
	require.NotContains(t, b.cookies, "docket_session")
	b.cookies["docket_session"] = kept
	b.must(http.StatusUnauthorized, http.MethodGet, "/v1/requests", nil)
}

func actions(events []map[string]any) (out []string) {
	for _, e := range events {
		out = append(out, e["action"].(string))
	}
	return out
}

// An unknown address and a wrong password get the same answer, byte for byte but for its id, in no less than the time of both.
func TestSignInTellsNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	dana := w.hire(w.tenant, "agent", "dana@acme.test")
	var bodies []string
	for _, email := range []string{dana.email, "nobody@acme.test"} {
		begun := time.Now()
		got := w.browser().signIn(email, "wrong-wrong-wrong")
		require.GreaterOrEqual(t, time.Since(begun), 300*time.Millisecond)
		require.Equal(t, http.StatusUnauthorized, got.Status)
		require.Empty(t, got.Header.Values("Set-Cookie"))
		p := into[map[string]any](t, got)
		delete(p, "instance")
		bodies = append(bodies, strings.TrimSpace(p["code"].(string)+p["detail"].(string)))
	}
	require.Equal(t, bodies[0], bodies[1])
	events := into[struct{ Items []map[string]any }](t, w.call(api.Auditor, http.MethodGet, "/v1/audit/events", nil)).Items
	require.Equal(t, "staff.sign_in_refused", events[0]["action"])
}

// A session ends an hour after its last use, and twelve hours after its beginning whatever is done with it.
func TestSessionsEndByThemselves(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	dana := w.hire(w.tenant, "agent", "dana@acme.test")
	open := w.browser().enter(dana)
	w.clock.Advance(30 * time.Minute)
	require.Equal(t, http.StatusOK, open.call(http.MethodGet, "/v1/requests", nil, "Docket-Unattended", "yes").Status)
	w.clock.Advance(30 * time.Minute)
	open.must(http.StatusUnauthorized, http.MethodGet, "/v1/requests", nil) // a page that asks by itself keeps nobody signed in
	idle, busy := w.browser().enter(dana), w.browser().enter(dana)
	for range 12 {
		w.clock.Advance(59 * time.Minute)
		busy.must(http.StatusOK, http.MethodGet, "/v1/requests", nil)
	}
	idle.must(http.StatusUnauthorized, http.MethodGet, "/v1/requests", nil)
	w.clock.Advance(12 * time.Minute)
	busy.must(http.StatusUnauthorized, http.MethodGet, "/v1/requests", nil)
}

// Somebody in two tenants chooses, sees the one chosen, and changes over with a new token; what belongs to the other is not there.
func TestTwoTenants(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	dana := w.hire(w.tenant, "agent", "dana@acme.test")
	w.hire(w.other, "auditor", dana.email)
	filed := w.file("ana@example.test")
	b := w.browser()
	require.Equal(t, "tenant", into[next](t, b.signIn(dana.email, secret)).Next)
	require.Equal(t, "sign-in-unfinished", into[problem](t, b.must(http.StatusForbidden, http.MethodGet, "/v1/requests", nil)).Code)
	require.Nil(t, b.session().Tenant)
	require.Len(t, b.session().Memberships, 2)

	before := b.cookies["docket_session"]
	b.must(http.StatusOK, http.MethodPut, "/v1/session/tenant", map[string]any{"tenant": "acme"})
	require.NotEqual(t, before, b.cookies["docket_session"])
	require.Equal(t, "agent", b.session().Role)
	b.must(http.StatusOK, http.MethodGet, "/v1/requests/"+filed.ID.String(), nil)
	b.must(http.StatusOK, http.MethodPut, "/v1/session/tenant", map[string]any{"tenant": "other"})
	require.Equal(t, "auditor", b.session().Role)
	b.must(http.StatusNotFound, http.MethodGet, "/v1/requests/"+filed.ID.String(), nil)
	b.must(http.StatusNotFound, http.MethodPut, "/v1/session/tenant", map[string]any{"tenant": "nowhere"})

	mine := b.session().Account.ID.String()
	for shown, status := range map[string]int{mine + "/other": http.StatusOK, mine + "/acme": http.StatusConflict, uuid.NewString() + "/other": http.StatusConflict} {
		require.Equal(t, status, b.call(http.MethodGet, "/v1/requests", nil, "Docket-Shown", shown).Status, shown)
	}
	refused := b.call(http.MethodPost, "/v1/requests", request("bo@example.test"), "Docket-Shown", mine+"/acme")
	require.Equal(t, "session-changed", into[problem](t, refused).Code, "what was written under one tenant's name is not filed with another")
	require.Equal(t, http.StatusOK, b.call(http.MethodPut, "/v1/session/tenant", map[string]any{"tenant": "acme"}, "Docket-Shown", mine+"/acme").Status)
	require.Equal(t, http.StatusOK, b.call(http.MethodGet, "/v1/requests", nil, "Docket-Shown", mine+"/acme").Status)

	old := w.browser()
	old.cookies["docket_session"] = before
	old.must(http.StatusUnauthorized, http.MethodGet, "/v1/session", nil)
}

// A program that asks before it uses data needs no key that could change anything.
func TestAskingIsReading(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	got := w.call(api.Admin, http.MethodPost, "/v1/api-keys", map[string]any{"name": "newsletter", "role": "agent", "scopes": []string{"limits:read"}})
	require.Equal(t, http.StatusCreated, got.Status, "%s", got.Body)
	key := into[struct{ Key string }](t, got).Key
	person := map[string]any{"email": "ana@example.test"}
	asked := w.send(key, http.MethodPost, "/v1/use-checks", map[string]any{"person": person, "purpose": "direct_marketing"})
	require.Equal(t, http.StatusOK, asked.Status, "%s", asked.Body)
	require.True(t, into[struct{ Allowed bool }](t, asked).Allowed)
	refused := w.send(key, http.MethodPost, "/v1/opt-out-signals", map[string]any{"person": person}, "Idempotency-Key", uuid.NewString(), "Sec-GPC", "1")
	require.Equal(t, "scope", into[problem](t, refused).Code)
}

// A key that was narrowed may do what its scopes hold and nothing else, and says so.
func TestScopes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.file("ana@example.test")
	got := w.call(api.Admin, http.MethodPost, "/v1/api-keys", map[string]any{"name": "script", "role": "agent", "scopes": []string{"requests:read"}})
	require.Equal(t, http.StatusCreated, got.Status, "%s", got.Body)
	key := into[struct{ Key string }](t, got).Key
	require.Equal(t, http.StatusOK, w.send(key, http.MethodGet, "/v1/requests", nil).Status)
	require.Equal(t, http.StatusOK, w.send(key, http.MethodPost, "/v1/requests/search", map[string]any{"email": "ana@example.test"}).Status)
	for path, body := range map[string]any{"/v1/requests": request("bo@example.test"), "/v1/policies/gdpr/explain": map[string]any{"right": "access", "received": "2026-01-31T10:00:00Z"}} {
		refused := w.send(key, http.MethodPost, path, body, "Idempotency-Key", uuid.NewString())
		require.Equal(t, "scope", into[problem](t, refused).Code, path)
	}
	is := into[struct{ Scopes, Operations []string }](t, w.send(key, http.MethodGet, "/v1/caller", nil))
	require.Equal(t, []string{"requests:read"}, is.Scopes)
	require.Contains(t, is.Operations, "get-request")
	require.NotContains(t, is.Operations, "create-request")
	for _, unknown := range []string{"requests", "requests:delete", "everything:read"} {
		bad := w.call(api.Admin, http.MethodPost, "/v1/api-keys", map[string]any{"name": "script", "role": "agent", "scopes": []string{unknown}})
		require.Equal(t, http.StatusUnprocessableEntity, bad.Status, unknown)
	}
}
