package api_test

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/descope/virtualwebauthn"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// token is an authenticator of somebody's, with one passkey on it.
type token struct {
	t     *testing.T
	party virtualwebauthn.RelyingParty
	virtualwebauthn.Authenticator
	credential virtualwebauthn.Credential
}

func newToken(t *testing.T, account uuid.UUID) *token {
	t.Helper()
	return &token{
		t: t, party: virtualwebauthn.RelyingParty{Name: "Docket", ID: "docket.test", Origin: public},
		Authenticator: virtualwebauthn.NewAuthenticatorWithOptions(virtualwebauthn.AuthenticatorOptions{UserHandle: account[:]}),
		credential:    virtualwebauthn.NewCredential(virtualwebauthn.KeyTypeEC2),
	}
}

// create answers navigator.credentials.create.
func (k *token) create(options answer) map[string]any {
	k.t.Helper()
	parsed, err := virtualwebauthn.ParseAttestationOptions(string(options.Body))
	require.NoError(k.t, err, "%s", options.Body)
	made := virtualwebauthn.CreateAttestationResponse(k.party, k.Authenticator, k.credential, *parsed)
	k.AddCredential(k.credential)
	return k.json(made)
}

// get answers navigator.credentials.get. The counter goes up with each use, as it does on a device.
func (k *token) get(options answer) map[string]any {
	k.t.Helper()
	parsed, err := virtualwebauthn.ParseAssertionOptions(string(options.Body))
	require.NoError(k.t, err, "%s", options.Body)
	k.credential.Counter++
	return k.json(virtualwebauthn.CreateAssertionResponse(k.party, k.Authenticator, k.credential, *parsed))
}

func (k *token) json(text string) map[string]any {
	k.t.Helper()
	var credential map[string]any
	require.NoError(k.t, json.Unmarshal([]byte(text), &credential))
	return map[string]any{"credential": credential, "name": "my key"}
}

func without(body map[string]any, field string) map[string]any {
	delete(body, field)
	return body
}

func (b *browser) options(path string) answer {
	b.w.t.Helper()
	return b.must(http.StatusOK, http.MethodPost, path+"/options", nil)
}

func (b *browser) passkey(path string, k *token) answer {
	b.w.t.Helper()
	return b.call(http.MethodPost, path, without(k.get(b.options(path)), "name"))
}

// A passkey is added, is the second factor after a password, opens a session by itself without an address, and is given anew; one that
// was taken away does nothing.
func TestPasskeys(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	dana := w.hire(w.tenant, "admin", "dana@acme.test")
	key := newToken(t, dana.account)
	b := w.browser().enter(dana)
	added := into[struct{ ID uuid.UUID }](t, b.must(http.StatusCreated, http.MethodPost, "/v1/account/passkeys", key.create(b.options("/v1/account/passkeys"))))
	require.Equal(t, 1, b.session().Factors.Passkeys)
	require.NotNil(t, b.session().SteppedUp)

	second := w.browser()
	require.Equal(t, next{Next: "code", Methods: []string{"passkey"}}, into[next](t, second.signIn(dana.email, secret)))
	got := second.passkey("/v1/sign-in/passkey", key)
	require.Equal(t, http.StatusOK, got.Status, "%s", got.Body)
	require.Equal(t, "done", second.session().Stage)

	alone := w.browser()
	got = alone.passkey("/v1/sign-in/passkey", key)
	require.Equal(t, http.StatusOK, got.Status, "%s", got.Body)
	require.Equal(t, dana.email, alone.session().Account.Email)
	alone.must(http.StatusCreated, http.MethodPost, "/v1/api-keys", map[string]any{"name": "k", "role": "agent"})
	w.clock.Advance(11 * time.Minute)
	alone.must(http.StatusForbidden, http.MethodPost, "/v1/api-keys", map[string]any{"name": "k", "role": "agent"})
	got = alone.passkey("/v1/session/step-up/passkey", key)
	require.Equal(t, http.StatusOK, got.Status, "%s", got.Body)
	alone.must(http.StatusCreated, http.MethodPost, "/v1/api-keys", map[string]any{"name": "k", "role": "agent"})

	list := into[struct{ Items []struct{ Name string } }](t, alone.must(http.StatusOK, http.MethodGet, "/v1/account/passkeys", nil)).Items
	require.Equal(t, "my key", list[0].Name)
	alone.must(http.StatusNoContent, http.MethodDelete, "/v1/account/passkeys/"+added.ID.String(), nil)
	require.Equal(t, "passkey", into[problem](t, w.browser().passkey("/v1/sign-in/passkey", key)).Code)
}

// What was signed works once, for five minutes, for whom and what it was asked, at this address; a copy of a passkey does not work.
func TestPasskeysAreNotReplayed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	dana := w.hire(w.tenant, "agent", "dana@acme.test")
	key := newToken(t, dana.account)
	b := w.browser().enter(dana)
	b.must(http.StatusCreated, http.MethodPost, "/v1/account/passkeys", key.create(b.options("/v1/account/passkeys")))
	send := func(body map[string]any) int {
		return w.browser().call(http.MethodPost, "/v1/sign-in/passkey", without(body, "name")).Status
	}
	ask := func() answer { return w.browser().options("/v1/sign-in/passkey") }
	signed := key.get(ask())
	require.Equal(t, http.StatusOK, send(signed))
	require.Equal(t, http.StatusForbidden, send(signed), "twice")
	late := key.get(ask())
	w.clock.Advance(5 * time.Minute)
	require.Equal(t, http.StatusForbidden, send(late), "too late")
	require.Equal(t, http.StatusForbidden, send(key.get(b.options("/v1/session/step-up/passkey"))), "asked for something else")
	elsewhere := *key
	elsewhere.party.Origin = "http://docket.test.evil"
	require.Equal(t, http.StatusForbidden, send(elsewhere.get(ask())), "signed at another address")
	key.credential.Counter = 0
	require.Equal(t, http.StatusForbidden, send(key.get(ask())), "a counter that went back")
	ben := newToken(t, w.hire(w.tenant, "agent", "ben@acme.test").account)
	require.Equal(t, http.StatusForbidden, send(ben.get(ask())), "unknown")
}
