package api_test

import (
	"context"
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/pquerna/otp/totp"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/api"
	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/storage"
)

// code is what an authenticator shows.
func (w *world) code(secret string) string {
	w.t.Helper()
	code, err := totp.GenerateCode(secret, w.clock.Now())
	require.NoError(w.t, err)
	return code
}

// mailed takes the newest letter to an address out of the outbox and gives the secret behind the # of its link.
func (w *world) mailed(tenant uuid.UUID, email string) string {
	w.t.Helper()
	letters, err := w.desk.ClaimMail(w.t.Context(), tenant, 50)
	require.NoError(w.t, err)
	for _, l := range slices.Backward(letters) {
		var m notify.Message
		require.NoError(w.t, json.Unmarshal(l.Content, &m))
		require.NoError(w.t, w.desk.MailTaken(w.t.Context(), tenant, l))
		if m.To.Address == email {
			found := regexp.MustCompile(`http://docket\.test/console/\w+#([\w-]{43})`).FindStringSubmatch(m.Rendered.Text)
			require.NotNil(w.t, found, "%s", m.Rendered.Text)
			return found[1]
		}
	}
	w.t.Fatal("no letter to this address")
	return ""
}

// enrol sets up an authenticator and gives its secret and the recovery codes.
func (b *browser) enrol() (secret string, recovery []string) {
	b.w.t.Helper()
	offer := into[struct{ Secret, URI, QR string }](b.w.t, b.must(http.StatusOK, http.MethodPost, "/v1/account/totp", nil))
	require.Regexp(b.w.t, "^otpauth://totp/", offer.URI)
	require.Regexp(b.w.t, "^data:image/png;base64,", offer.QR)
	b.must(http.StatusForbidden, http.MethodPut, "/v1/account/totp", map[string]any{"code": "000000"})
	codes := into[struct {
		Codes []string `json:"recovery_codes"`
	}](b.w.t, b.must(http.StatusOK, http.MethodPut, "/v1/account/totp", map[string]any{"code": b.w.code(offer.Secret)}))
	require.Len(b.w.t, codes.Codes, 10)
	return offer.Secret, codes.Codes
}

func (b *browser) giveCode(path, code string) answer {
	b.w.t.Helper()
	return b.call(http.MethodPost, path, map[string]any{"code": code})
}

// From the invitation to a revoked session: joining, an authenticator, signing in with it, what needs it fresh, and the end.
func TestInvitedToRevoked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	added := w.call(api.Admin, http.MethodPost, "/v1/staff", map[string]any{"name": "Dana Ruiz", "email": "dana@acme.test", "role": "admin"})
	require.Equal(t, http.StatusCreated, added.Status, "%s", added.Body)
	token := w.mailed(w.tenant, "dana@acme.test")

	b := w.browser()
	look := into[map[string]any](t, b.must(http.StatusOK, http.MethodPost, "/v1/invitations/look", map[string]any{"token": token}))
	require.Equal(t, "dana@acme.test", look["email"])
	require.Equal(t, false, look["account_exists"])
	for _, weak := range []string{"short", "password1234", "dana.ruiz@acme", "aaaaaaaaaaaaaaaa"} {
		b.must(http.StatusUnprocessableEntity, http.MethodPut, "/v1/invitations", map[string]any{"token": token, "name": "Dana Ruiz", "password": weak})
	}
	accepted := b.must(http.StatusOK, http.MethodPut, "/v1/invitations", map[string]any{"token": token, "name": "Dana Ruiz", "password": secret})
	require.Equal(t, "done", into[next](t, accepted).Next)
	require.Equal(t, "admin", b.session().Role)
	b.must(http.StatusNotFound, http.MethodPut, "/v1/invitations", map[string]any{"token": token, "name": "Dana Ruiz", "password": secret})

	key := map[string]any{"name": "k", "role": "agent"}
	require.Equal(t, "step-up-needed", into[problem](t, b.must(http.StatusForbidden, http.MethodPost, "/v1/api-keys", key)).Code)
	authenticator, recovery := b.enrol()
	b.must(http.StatusCreated, http.MethodPost, "/v1/api-keys", key)
	w.clock.Advance(11 * time.Minute)
	b.must(http.StatusForbidden, http.MethodPost, "/v1/api-keys", key)
	require.Nil(t, b.session().SteppedUp)
	require.Equal(t, http.StatusOK, b.giveCode("/v1/session/step-up", w.code(authenticator)).Status)
	require.NotNil(t, b.session().SteppedUp)
	b.must(http.StatusCreated, http.MethodPost, "/v1/api-keys", key)
	_, somebody := w.person(api.Agent)
	theirs := map[string]any{"name": "k", "role": "agent", "staff_id": somebody}
	require.Equal(t, "not-yours", into[problem](t, b.must(http.StatusForbidden, http.MethodPost, "/v1/api-keys", theirs)).Code)
	require.Equal(t, "code", into[problem](t, b.giveCode("/v1/session/step-up", w.code(authenticator))).Code, "a code works once")

	other := w.browser()
	asked := into[next](t, other.signIn("dana@acme.test", secret))
	require.Equal(t, next{Next: "code", Methods: []string{"totp", "recovery"}}, asked)
	other.must(http.StatusForbidden, http.MethodGet, "/v1/requests", nil)
	other.must(http.StatusForbidden, http.MethodPost, "/v1/account/totp", nil)
	require.Empty(t, other.session().Account.Email, "a password alone shows nothing")
	require.Equal(t, http.StatusOK, other.giveCode("/v1/sign-in/code", recovery[0]).Status)
	require.Equal(t, 9, other.session().Factors.Recovery)
	again := w.browser()
	again.signIn("dana@acme.test", secret)
	require.Equal(t, http.StatusForbidden, again.giveCode("/v1/sign-in/code", recovery[0]).Status)

	list := into[struct {
		Items []struct {
			ID      uuid.UUID
			Device  string
			Current bool
		}
	}](t, b.must(http.StatusOK, http.MethodGet, "/v1/sessions", nil)).Items
	require.Len(t, list, 3)
	require.Equal(t, "Firefox on Linux", list[0].Device)
	for _, l := range list {
		if !l.Current {
			b.must(http.StatusNoContent, http.MethodDelete, "/v1/sessions/"+l.ID.String(), nil)
		}
	}
	other.must(http.StatusUnauthorized, http.MethodGet, "/v1/session", nil)
	b.must(http.StatusOK, http.MethodGet, "/v1/session", nil)
	told := actions(into[struct{ Items []map[string]any }](t, w.call(api.Auditor, http.MethodGet, "/v1/audit/events?limit=200", nil)).Items)
	require.Subset(t, told, []string{
		"staff.invitation_sent", "staff.invitation_accepted", "staff.signed_in", "staff.factor_added", "staff.factor_given",
		"staff.sign_in_refused", "staff.session_ended", "api_key.created",
	})
	silentLog(t, w)
}

// A tenant that demands a second factor lets nobody without one do anything but add one, and nobody take their last one away.
func TestSecondFactorDemanded(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	dana := w.hire(w.tenant, "agent", "dana@acme.test")
	w.demandFactor()
	b := w.browser()
	require.Equal(t, "enrol", into[next](t, b.signIn(dana.email, secret)).Next)
	require.True(t, b.session().Factors.Required)
	require.Empty(t, b.session().Operations)
	b.must(http.StatusForbidden, http.MethodGet, "/v1/requests", nil)
	b.enrol()
	require.Equal(t, "done", b.session().Stage)
	b.must(http.StatusOK, http.MethodGet, "/v1/requests", nil)
	require.Equal(t, "last-factor", into[problem](t, b.must(http.StatusConflict, http.MethodDelete, "/v1/account/totp", nil)).Code)
	require.True(t, b.session().Factors.TOTP)
}

func (w *world) demandFactor() {
	w.t.Helper()
	tenant, err := w.db.Tenant(w.t.Context(), w.tenant)
	require.NoError(w.t, err)
	tenant.Settings.SecondFactor = storage.SecondFactorRequired
	w.change(w.tenant, func(ctx context.Context, tx *storage.Tx) error {
		return tx.UpdateTenant(ctx, storage.NewTenant{
			Name: tenant.Name, Country: tenant.Country, Calendar: tenant.Calendar, Zone: tenant.Zone.String(), Language: tenant.Language,
			Regime: tenant.Regime, Profile: tenant.Profile, Settings: tenant.Settings,
		})
	})
	w.db.ForgetTenant(w.tenant)
}

// Whoever fails often waits, at that origin alone: the owner goes on from another, and on a device that was seen before from the same
// one. An address that nobody has is treated alike.
func TestLockOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(_ *world, c *api.Config) { c.Proxies = []string{"127.0.0.1"} })
	dana := w.hire(w.tenant, "agent", "dana@acme.test")
	owner := w.browser().enter(dana)
	owner.from = "192.0.2.7"
	for _, email := range []string{dana.email, "nobody@acme.test"} {
		attacker := w.browser()
		attacker.from = "192.0.2.7"
		for range 5 {
			require.Equal(t, http.StatusUnauthorized, attacker.signIn(email, "wrong-wrong-wrong").Status)
		}
		waits := attacker.signIn(email, secret)
		require.Equal(t, http.StatusTooManyRequests, waits.Status)
		require.Equal(t, "30", waits.Header.Get("Retry-After"))
		w.clock.Advance(30 * time.Second)
		require.Equal(t, http.StatusUnauthorized, attacker.signIn(email, "wrong-wrong-wrong").Status)
		seconds, err := strconv.Atoi(attacker.signIn(email, secret).Header.Get("Retry-After"))
		require.NoError(t, err)
		require.Equal(t, 60, seconds, "the wait doubles")
	}
	owner.enter(dana)
	elsewhere := w.browser()
	elsewhere.from = "198.51.100.4"
	elsewhere.enter(dana)
	w.clock.Advance(time.Minute)
	attacker := w.browser()
	attacker.from = "192.0.2.7"
	attacker.enter(dana)
	require.Equal(t, http.StatusUnauthorized, attacker.signIn(dana.email, "wrong-wrong-wrong").Status, "after a success one begins anew")
}

// Over all origins together there is a wider bound, and it holds only who was not seen before.
func TestLockOutOverAllOrigins(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(_ *world, c *api.Config) { c.Proxies = []string{"127.0.0.1"} })
	dana := w.hire(w.tenant, "agent", "dana@acme.test")
	owner := w.browser().enter(dana)
	require.Equal(t, http.StatusUnauthorized, w.browser().signIn(dana.email, "wrong-wrong-wrong").Status)
	_, err := w.register.Owner(t).Exec(t.Context(), "UPDATE sign_in_failures SET count = 99")
	require.NoError(t, err)
	for range 3 {
		w.browser().enter(dana) // a right password is no try too many
	}
	require.Equal(t, http.StatusUnauthorized, w.browser().signIn(dana.email, "wrong-wrong-wrong").Status)
	elsewhere := w.browser()
	elsewhere.from = "198.51.100.4"
	require.Equal(t, http.StatusTooManyRequests, elsewhere.signIn(dana.email, secret).Status)
	owner.enter(dana)
}

// A new password, a new role and being taken away end the sessions that there are.
func TestSessionsEndWithWhatTheyStandOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	dana := w.hire(w.tenant, "agent", "dana@acme.test")
	change := func(body map[string]any) {
		got := w.call(api.Admin, http.MethodPatch, "/v1/staff/"+dana.id.String(), body)
		require.Equal(t, http.StatusOK, got.Status, "%s", got.Body)
	}
	here, there := w.browser().enter(dana), w.browser().enter(dana)
	here.must(http.StatusUnprocessableEntity, http.MethodPut, "/v1/account/password", map[string]any{"current": "wrong", "new": secret + "2"})
	here.must(http.StatusOK, http.MethodPut, "/v1/account/password", map[string]any{"current": secret, "new": secret + "-again"})
	here.must(http.StatusOK, http.MethodGet, "/v1/session", nil)
	there.must(http.StatusUnauthorized, http.MethodGet, "/v1/session", nil)
	require.Equal(t, http.StatusUnauthorized, there.signIn(dana.email, secret).Status)

	change(map[string]any{"role": "auditor"})
	here.must(http.StatusUnauthorized, http.MethodGet, "/v1/session", nil)
	require.Equal(t, http.StatusOK, here.signIn(dana.email, secret+"-again").Status)
	require.Equal(t, "auditor", here.session().Role)
	change(map[string]any{"active": false})
	here.must(http.StatusUnauthorized, http.MethodGet, "/v1/session", nil)
	require.Equal(t, "no-tenant", into[problem](t, here.signIn(dana.email, secret+"-again")).Code)
	change(map[string]any{"active": true})
	require.Equal(t, http.StatusOK, here.signIn(dana.email, secret+"-again").Status)
}

// A reset sets a password once, and ends every session; asking for one tells nothing.
func TestReset(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	dana := w.hire(w.tenant, "agent", "dana@acme.test")
	b := w.browser().enter(dana)
	for _, email := range []string{dana.email, "nobody@acme.test"} {
		begun := time.Now()
		b.must(http.StatusAccepted, http.MethodPost, "/v1/resets", map[string]any{"email": email})
		require.GreaterOrEqual(t, time.Since(begun), 300*time.Millisecond)
	}
	link := map[string]any{"token": w.mailed(w.tenant, dana.email), "password": "four-quiet-bridges-and-a-drum"}
	b.must(http.StatusNoContent, http.MethodPut, "/v1/resets", link)
	b.must(http.StatusNotFound, http.MethodPut, "/v1/resets", link)
	b.must(http.StatusUnauthorized, http.MethodGet, "/v1/session", nil)
	require.Equal(t, http.StatusOK, b.signIn(dana.email, "four-quiet-bridges-and-a-drum").Status)
	b.must(http.StatusAccepted, http.MethodPost, "/v1/resets", map[string]any{"email": dana.email})
	link["token"] = w.mailed(w.tenant, dana.email)
	w.clock.Advance(61 * time.Minute)
	b.must(http.StatusNotFound, http.MethodPut, "/v1/resets", link)
}

// Nobody takes the last administrator away, or changes what they are themselves.
func TestTheLastAdministratorStays(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	dana := w.hire(w.tenant, "admin", "dana@acme.test")
	b := w.browser().enter(dana)
	b.enrol()
	patch := func(of *browser, id uuid.UUID, body map[string]any) string {
		return into[problem](t, of.must(http.StatusConflict, http.MethodPatch, "/v1/staff/"+id.String(), body)).Code
	}
	require.Equal(t, "oneself", patch(b, dana.id, map[string]any{"role": "agent"}))
	for _, body := range []map[string]any{{"role": "agent"}, {"active": false}} {
		got := w.call(api.Admin, http.MethodPatch, "/v1/staff/"+dana.id.String(), body)
		require.Equal(t, "last-admin", into[problem](t, got).Code, "%s", got.Body)
	}
	ben := w.hire(w.tenant, "admin", "ben@acme.test")
	b.must(http.StatusOK, http.MethodPatch, "/v1/staff/"+ben.id.String(), map[string]any{"role": "agent"})
	staff := into[struct {
		Items []struct {
			Email, Status string
			Factor        bool `json:"second_factor"`
		}
	}](t, b.must(http.StatusOK, http.MethodGet, "/v1/staff", nil)).Items
	require.Len(t, staff, 2)
	require.True(t, staff[0].Factor)
	require.False(t, staff[1].Factor)
}

// Who has an account joins another tenant with its password, or by being signed in; nobody joins in their place.
func TestInvitationToAnAccount(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	dana := w.hire(w.tenant, "agent", "dana@acme.test")
	invite := func() string {
		require.Equal(t, http.StatusCreated, w.send(w.foreign, http.MethodPost, "/v1/staff", map[string]any{"name": "D", "email": dana.email, "role": "dpo"}).Status)
		return w.mailed(w.other, dana.email)
	}
	token := invite()
	b := w.browser()
	require.Equal(t, true, into[map[string]any](t, b.must(http.StatusOK, http.MethodPost, "/v1/invitations/look", map[string]any{"token": token}))["account_exists"])
	b.must(http.StatusUnauthorized, http.MethodPut, "/v1/invitations", map[string]any{"token": token, "name": "Eve", "password": "five-copper-kettles-singing"})
	b.enter(dana)
	got := b.must(http.StatusOK, http.MethodPut, "/v1/invitations", map[string]any{"token": token})
	require.Equal(t, "tenant", into[next](t, got).Next)
	b.must(http.StatusOK, http.MethodPut, "/v1/session/tenant", map[string]any{"tenant": "other"})
	require.Equal(t, "dpo", b.session().Role)
}

// What keeps others out of a tenant is changed with a second factor given just now: whose word proves an identity, whether staff need a
// factor, where a system is. The rest of the settings is not.
func TestGuardsNeedAFactor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser().enter(w.hire(w.tenant, "admin", "ada@acme.test"))
	tenant := into[map[string]any](t, b.must(http.StatusOK, http.MethodGet, "/v1/tenant", nil))
	delete(tenant, "id")
	delete(tenant, "slug")
	settings := tenant["settings"].(map[string]any)
	tenant["name"] = "Acme & Co"
	b.must(http.StatusOK, http.MethodPut, "/v1/tenant", tenant)
	stale := b.must(http.StatusConflict, http.MethodPut, "/v1/tenant", tenant)
	require.Equal(t, "changed-meanwhile", into[problem](t, stale).Code, "what another has changed since is not written over")
	delete(tenant, "version")
	settings["second_factor"] = "required"
	require.Equal(t, "step-up-needed", into[problem](t, b.must(http.StatusForbidden, http.MethodPut, "/v1/tenant", tenant)).Code)
	require.Equal(t, http.StatusOK, w.call(api.Admin, http.MethodPut, "/v1/tenant", tenant).Status, "nobody is there to be asked behind a key")

	// The tenant demands one now: who is inside without goes on once they have one.
	require.Equal(t, "enrol", b.session().Stage)
	require.Equal(t, "sign-in-unfinished", into[problem](t, b.must(http.StatusForbidden, http.MethodGet, "/v1/requests", nil)).Code)
	b.enrol()
	b.must(http.StatusOK, http.MethodGet, "/v1/requests", nil)
	settings["second_factor"] = ""
	delete(settings, "second_factor")
	b.must(http.StatusOK, http.MethodPut, "/v1/tenant", tenant)
}

// Administrators whose roles are taken at the same moment: the last of them stays, and nobody is told that something broke.
func TestAdministratorsTakeEachOtherAway(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for range 5 {
		admins := []member{w.hire(w.tenant, "admin", uuid.NewString()+"@acme.test"), w.hire(w.tenant, "admin", uuid.NewString()+"@acme.test")}
		statuses := make(chan int, len(admins))
		for _, m := range admins {
			go func() {
				statuses <- w.call(api.Admin, http.MethodPatch, "/v1/staff/"+m.id.String(), map[string]any{"role": "agent"}).Status
			}()
		}
		require.Subset(t, []int{http.StatusOK, http.StatusConflict}, []int{<-statuses, <-statuses})
		roles := string(w.call(api.Admin, http.MethodGet, "/v1/staff", nil).Body)
		require.Contains(t, roles, `"role":"admin"`)
	}
}
