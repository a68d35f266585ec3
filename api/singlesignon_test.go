package api_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/api"
)

// provider is a real OpenID provider, in a process of its own that dies with the test.
type provider struct {
	t      *testing.T
	issuer string
}

func newProvider(t *testing.T) *provider {
	t.Helper()
	folder := filepath.Join("signin", "testprovider")
	_, err := os.Stat(filepath.Join(folder, "node_modules", "oidc-provider"))
	require.NoError(t, err, "the provider is not installed: make test does it, or npm ci in api/%s", folder)
	cmd := exec.CommandContext(t.Context(), "node", "provider.mjs")
	cmd.Dir, cmd.Env = folder, append(os.Environ(), "REDIRECT="+public+"/v1/sign-in/oidc/callback")
	in, err := cmd.StdinPipe()
	require.NoError(t, err)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		_ = in.Close()
		_, _ = io.Copy(io.Discard, out)
		_ = cmd.Wait() // it was told to end
	})
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if strings.HasPrefix(lines.Text(), "http://") {
			return &provider{t: t, issuer: lines.Text()}
		}
	}
	t.Fatal("the provider did not say where it is")
	return nil
}

// is says who signs in at the provider from now on.
func (p *provider) is(sub, email string, verified bool, groups ...string) {
	p.t.Helper()
	text, err := json.Marshal(map[string]any{"sub": sub, "email": email, "email_verified": verified, "name": "Dana " + canary, "groups": groups})
	require.NoError(p.t, err)
	request, err := http.NewRequestWithContext(p.t.Context(), http.MethodPost, p.issuer+"/who", bytes.NewReader(text))
	require.NoError(p.t, err)
	response, err := http.DefaultClient.Do(request)
	require.NoError(p.t, err)
	require.NoError(p.t, response.Body.Close())
	require.Equal(p.t, http.StatusNoContent, response.StatusCode)
}

// approve walks through the provider's pages as a browser does, and gives the address at which it comes back to us.
func (p *provider) approve(address string) *url.URL {
	p.t.Helper()
	jar, err := cookiejar.New(nil)
	require.NoError(p.t, err)
	client := &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	for range 10 {
		request, err := http.NewRequestWithContext(p.t.Context(), http.MethodGet, address, nil)
		require.NoError(p.t, err)
		response, err := client.Do(request)
		require.NoError(p.t, err)
		require.NoError(p.t, response.Body.Close())
		next, err := response.Location()
		require.NoError(p.t, err, "the provider stopped at %s with %d", address, response.StatusCode)
		if strings.HasPrefix(next.String(), public) {
			return next
		}
		address = next.String()
	}
	p.t.Fatal("the provider sends in circles")
	return nil
}

// query is what the address at the provider asks for.
func query(t *testing.T, address string) url.Values {
	t.Helper()
	u, err := url.Parse(address)
	require.NoError(t, err)
	return u.Query()
}

// follow calls without following, and gives where the answer leads.
func (b *browser) follow(path string) string {
	b.w.t.Helper()
	got := b.must(http.StatusSeeOther, http.MethodGet, path, nil)
	return got.Header.Get("Location")
}

// elsewhere signs in at the provider and gives where the browser ends.
func (b *browser) elsewhere(p *provider) string {
	b.w.t.Helper()
	back := p.approve(b.follow("/v1/sign-in/oidc/acme"))
	return b.follow(back.Path + "?" + back.RawQuery)
}

func private(_ *world, c *api.Config) { c.PrivateIssuers = true }

func (w *world) setProvider(p *provider, trust bool) {
	w.t.Helper()
	got := w.call(api.Admin, http.MethodPut, "/v1/tenant/single-sign-on", map[string]any{
		"issuer": p.issuer, "client_id": "docket", "client_secret": "provider-secret", "label": "Acme", "role_claim": "groups",
		"roles": map[string]string{"privacy": "dpo", "desk": "agent"}, "trust_second_factor": trust,
	})
	require.Equal(w.t, http.StatusOK, got.Status, "%s", got.Body)
	require.NotContains(w.t, string(got.Body), "provider-secret")
}

// With a real provider: somebody new is made a member with the role that their groups stand for, the role follows the groups, the
// session opens that tenant and not the account.
func TestSingleSignOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, private)
	p := newProvider(t)
	w.setProvider(p, false)
	label := into[struct {
		Single *struct{ Label string } `json:"single_sign_on"`
	}](t, w.send("", http.MethodGet, "/v1/sign-in/methods?tenant=acme", nil))
	require.Equal(t, "Acme", label.Single.Label)
	require.JSONEq(t, `{"single_sign_on":null}`, string(w.send("", http.MethodGet, "/v1/sign-in/methods?tenant=other", nil).Body))

	p.is("sub-1", "dana@acme.test", true, "desk", "privacy")
	b := w.browser()
	require.Equal(t, public+"/console/", b.elsewhere(p))
	is := b.session()
	require.Equal(t, "dpo", is.Role)
	require.Equal(t, "dana@acme.test", is.Account.Email)
	b.must(http.StatusOK, http.MethodGet, "/v1/requests", nil)
	for path, method := range map[string]string{"/v1/account/totp": http.MethodPost, "/v1/account/passkeys/options": http.MethodPost, "/v1/sessions": http.MethodGet} {
		require.Equal(t, "single-sign-on", into[problem](t, b.must(http.StatusForbidden, method, path, nil)).Code)
	}
	b.must(http.StatusNotFound, http.MethodPut, "/v1/session/tenant", map[string]any{"tenant": "other"})

	p.is("sub-1", "dana@acme.test", true, "desk")
	again := w.browser()
	require.Equal(t, public+"/console/", again.elsewhere(p))
	require.Equal(t, "agent", again.session().Role)
	require.Equal(t, is.StaffID, again.session().StaffID)
	b.must(http.StatusUnauthorized, http.MethodGet, "/v1/session", nil)
	silentLog(t, w)
}

// Whom the provider does not vouch for, who has no role, who was taken away and whoever is somebody elsewhere are sent back.
func TestSingleSignOnRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t, private)
	p := newProvider(t)
	w.setProvider(p, false)
	ends := func(code string) {
		t.Helper()
		b := w.browser()
		require.Equal(t, public+"/console/sign-in?problem="+code, b.elsewhere(p))
		require.Equal(t, http.StatusUnauthorized, b.call(http.MethodGet, "/v1/session", nil).Status)
	}
	p.is("sub-1", "dana@acme.test", false, "desk")
	ends("unverified-email")
	p.is("sub-1", "dana@acme.test", true, "cooks")
	ends("no-role")
	elsewhere := w.hire(w.other, "admin", "eve@other.test")
	p.is("sub-2", elsewhere.email, true, "privacy")
	ends("other-account")
	gone := w.hire(w.tenant, "agent", "gone@acme.test")
	require.Equal(t, http.StatusOK, w.call(api.Admin, http.MethodPatch, "/v1/staff/"+gone.id.String(), map[string]any{"active": false}).Status)
	p.is("sub-3", gone.email, true, "desk")
	ends("no-role")
	require.Equal(t, public+"/console/sign-in?problem=no-single-sign-on", w.browser().follow("/v1/sign-in/oidc/other"))
}

// What comes back counts in the browser that set out, once, and in time; a second factor that somebody has is asked for unless the
// provider is trusted with it.
func TestSingleSignOnIsBound(t *testing.T) {
	t.Parallel()
	w := newWorld(t, private)
	p := newProvider(t)
	w.setProvider(p, false)
	dana := w.hire(w.tenant, "agent", "dana@acme.test")
	w.browser().enter(dana).enrol()
	p.is("sub-1", dana.email, true, "desk")

	b := w.browser()
	back := p.approve(b.follow("/v1/sign-in/oidc/acme"))
	at := back.Path + "?" + back.RawQuery
	require.Equal(t, public+"/console/sign-in?problem=took-too-long", w.browser().follow(at), "another browser")
	late := w.browser()
	lateBack := p.approve(late.follow("/v1/sign-in/oidc/acme"))
	state := b.cookies["docket_state"]
	require.Equal(t, public+"/console/", b.follow(at))
	require.Equal(t, "code", b.session().Stage)
	b.cookies["docket_state"] = state
	require.Equal(t, public+"/console/sign-in?problem=provider", b.follow(at), "twice")
	w.clock.Advance(11 * time.Minute)
	require.Equal(t, public+"/console/sign-in?problem=took-too-long", late.follow(lateBack.Path+"?"+lateBack.RawQuery))

	w.setProvider(p, true)
	trusted := w.browser()
	require.Equal(t, public+"/console/", trusted.elsewhere(p))
	require.Equal(t, "done", trusted.session().Stage)
}

// A provider is outside unless the server was told otherwise: nobody has the server call what stands beside it.
func TestProvidersAreOutside(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	set := func(issuer string, roles map[string]string) int {
		return w.call(api.Admin, http.MethodPut, "/v1/tenant/single-sign-on", map[string]any{
			"issuer": issuer, "client_id": "docket", "client_secret": "s", "label": "L", "role_claim": "groups", "roles": roles, "trust_second_factor": false,
		}).Status
	}
	require.Equal(t, http.StatusUnprocessableEntity, set("http://127.0.0.1:1", nil))
	require.Equal(t, http.StatusUnprocessableEntity, set("ftp://login.example", nil))
	require.Equal(t, http.StatusUnprocessableEntity, set("https://login.example", map[string]string{"a": "operator"}))
	require.Equal(t, http.StatusOK, set("https://127.0.0.1:1", map[string]string{"a": "agent"}))
	require.Equal(t, public+"/console/sign-in?problem=provider", w.browser().follow("/v1/sign-in/oidc/acme"))
	require.Equal(t, http.StatusNoContent, w.call(api.Admin, http.MethodDelete, "/v1/tenant/single-sign-on", nil).Status)
	require.Equal(t, http.StatusNotFound, w.call(api.Admin, http.MethodGet, "/v1/tenant/single-sign-on", nil).Status)
}

// What a provider says of an address gives it to nobody: whoever proves the mailbox by an invitation has it, and the provider's own
// account goes on beside it, in its tenant alone.
func TestProvidersTakeNobodysAddress(t *testing.T) {
	t.Parallel()
	w := newWorld(t, private)
	p := newProvider(t)
	w.setProvider(p, false)
	p.is("sub-1", "eve@other.test", true, "privacy")
	before := w.browser()
	require.Equal(t, public+"/console/", before.elsewhere(p))

	admin := w.browser().enter(w.hire(w.other, "admin", "admin@other.test"))
	admin.enrol()
	admin.must(http.StatusCreated, http.MethodPost, "/v1/staff", map[string]any{"name": "Eve", "email": "eve@other.test", "role": "agent"})
	token := w.mailed(w.other, "eve@other.test")
	eve := w.browser()
	look := into[map[string]any](t, eve.must(http.StatusOK, http.MethodPost, "/v1/invitations/look", map[string]any{"token": token}))
	require.Equal(t, false, look["account_exists"])
	eve.must(http.StatusOK, http.MethodPut, "/v1/invitations", map[string]any{"token": token, "name": "Eve", "password": secret})
	again := w.browser()
	require.Equal(t, "done", into[next](t, again.signIn("eve@other.test", secret)).Next)
	require.Equal(t, "other", again.session().Tenant.Slug)

	by := w.browser()
	require.Equal(t, public+"/console/", by.elsewhere(p))
	require.Equal(t, "acme", by.session().Tenant.Slug)
	require.NotEqual(t, again.session().Account.ID, by.session().Account.ID)
	require.Equal(t, before.session().Account.ID, by.session().Account.ID)
}

// A provider that is taken away or replaced has let nobody in any more: its sessions end, and whom only it knew is invited.
func TestSessionsEndWithTheProvider(t *testing.T) {
	t.Parallel()
	w := newWorld(t, private)
	p := newProvider(t)
	w.setProvider(p, false)
	p.is("sub-1", "dana@acme.test", true, "desk")
	b, joined := w.browser(), w.browser().enter(w.hire(w.tenant, "agent", "joined@acme.test"))
	require.Equal(t, public+"/console/", b.elsewhere(p))
	w.setProvider(p, true)
	b.must(http.StatusOK, http.MethodGet, "/v1/session", nil) // the same provider

	require.Equal(t, http.StatusNoContent, w.call(api.Admin, http.MethodDelete, "/v1/tenant/single-sign-on", nil).Status)
	b.must(http.StatusUnauthorized, http.MethodGet, "/v1/session", nil)
	joined.must(http.StatusOK, http.MethodGet, "/v1/session", nil)
	for _, m := range into[struct {
		Items []struct{ ID, Email, Status string }
	}](t, w.call(api.Admin, http.MethodGet, "/v1/staff", nil)).Items {
		if m.Email != "dana@acme.test" {
			continue
		}
		require.Equal(t, "invited", m.Status)
		require.Equal(t, http.StatusNoContent, w.call(api.Admin, http.MethodPost, "/v1/staff/"+m.ID+"/invitation", nil).Status)
	}
	token := w.mailed(w.tenant, "dana@acme.test")
	w.browser().must(http.StatusOK, http.MethodPut, "/v1/invitations", map[string]any{"token": token, "name": "Dana", "password": secret})
	require.Equal(t, "done", into[next](t, w.browser().signIn("dana@acme.test", secret)).Next)

	w.setProvider(p, false)
	p.is("sub-2", "bo@acme.test", true, "desk")
	require.Equal(t, public+"/console/", b.elsewhere(p))
	got := w.call(api.Admin, http.MethodPut, "/v1/tenant/single-sign-on", map[string]any{
		"issuer": p.issuer + "/another", "client_id": "docket", "client_secret": "s", "label": "L", "role_claim": "groups", "roles": map[string]string{}, "trust_second_factor": false,
	})
	require.Equal(t, http.StatusOK, got.Status, "%s", got.Body)
	b.must(http.StatusUnauthorized, http.MethodGet, "/v1/session", nil)
}

// Somebody whom a trusted provider let in by the session that they have there was not asked just now: what needs that has them sign in anew.
func TestTrustedProvidersAskAnew(t *testing.T) {
	t.Parallel()
	w := newWorldAt(t, time.Now(), private)
	p := newProvider(t)
	got := w.call(api.Admin, http.MethodPut, "/v1/tenant/single-sign-on", map[string]any{
		"issuer": p.issuer, "client_id": "docket", "client_secret": "provider-secret", "label": "Acme", "role_claim": "groups",
		"roles": map[string]string{"privacy": "admin"}, "trust_second_factor": true,
	})
	require.Equal(t, http.StatusOK, got.Status, "%s", got.Body)
	p.is("sub-1", "ada@acme.test", true, "privacy")
	b := w.browser()
	require.Equal(t, public+"/console/", b.elsewhere(p))
	require.Equal(t, "single_sign_on", b.session().Method)
	key := map[string]any{"name": "k", "role": "agent"}
	refused := into[problem](t, b.must(http.StatusForbidden, http.MethodPost, "/v1/api-keys", key))
	require.Equal(t, "step-up-needed", refused.Code)
	require.Contains(t, refused.Detail, "fresh=yes")

	address := b.follow("/v1/sign-in/oidc/acme?fresh=yes")
	require.Equal(t, []string{"0", "login"}, []string{query(t, address).Get("max_age"), query(t, address).Get("prompt")})
	back := p.approve(address)
	w.clock.Advance(time.Minute) // the provider's clock is the machine's
	require.Equal(t, public+"/console/", b.follow(back.Path+"?"+back.RawQuery))
	b.must(http.StatusCreated, http.MethodPost, "/v1/api-keys", key)
	w.clock.Advance(11 * time.Minute)
	b.must(http.StatusForbidden, http.MethodPost, "/v1/api-keys", key)
}
