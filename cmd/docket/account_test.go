package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/pquerna/otp/totp"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/client"
)

// post sends JSON to the server behind the command line and gives the status with the cookies.
func (d *desktop) post(method, path string, body any, cookies ...*http.Cookie) (int, []*http.Cookie) {
	d.t.Helper()
	status, given, _ := d.exchange(method, path, body, cookies...)
	return status, given
}

// exchange is post with what was answered.
func (d *desktop) exchange(method, path string, body any, cookies ...*http.Cookie) (int, []*http.Cookie, map[string]any) {
	d.t.Helper()
	text, err := json.Marshal(body)
	require.NoError(d.t, err)
	request, err := http.NewRequestWithContext(d.t.Context(), method, d.env["DOCKET_URL"]+path, bytes.NewReader(text))
	require.NoError(d.t, err)
	request.Header.Set("Content-Type", "application/json")
	for _, c := range cookies {
		request.AddCookie(c)
	}
	response, err := http.DefaultClient.Do(request)
	require.NoError(d.t, err)
	answer, err := io.ReadAll(response.Body)
	require.NoError(d.t, errors.Join(err, response.Body.Close()))
	var told map[string]any
	if len(answer) > 0 {
		require.NoError(d.t, json.Unmarshal(answer, &told), "%s", answer)
	}
	return response.StatusCode, response.Cookies(), told
}

// The first administrator is invited from the machine, joins by the link that was printed, is listed, and is signed out from there.
func TestAccountCommands(t *testing.T) {
	t.Parallel()
	d := newDesktop(t)
	person := d.write("dana.json", `{"name": "Dana Ruiz", "email": "dana@acme.test"}`)
	made := answer[madeInvitation](d, "account", "invite", "--tenant", "acme", "--role", "admin", "--person-file", person)
	_, first, ok := strings.Cut(made.Link, "/console/invitation#")
	require.True(t, ok, made.Link)
	again := answer[madeInvitation](d, "account", "invite", "--tenant", "acme", "--role", "admin", "--person-file", person)
	require.Equal(t, made.ID, again.ID)
	_, token, _ := strings.Cut(again.Link, "#")
	join := func(token string) (int, []*http.Cookie) {
		return d.post(http.MethodPut, "/v1/invitations", map[string]any{"token": token, "name": "Dana", "password": "seven-lamps-cross-the-harbour"})
	}
	status, _ := join(first)
	require.Equal(t, http.StatusNotFound, status, "the link before has ended")
	status, cookies := join(token)
	require.Equal(t, http.StatusOK, status)

	list := answer[client.Page[accountLine]](d, "account", "list", "--tenant", "acme").Items
	require.Len(t, list, 1)
	require.Equal(t, "active", list[0].Status)
	require.NotNil(t, list[0].LastSignIn)
	require.ErrorContains(t, d.fails("account", "invite", "--tenant", "acme", "--role", "admin", "--person-file", person), "nothing was changed")

	status, _ = d.post(http.MethodPost, "/v1/sign-out", nil, cookies...)
	require.Equal(t, http.StatusNoContent, status)
	status, cookies = d.post(http.MethodPost, "/v1/sign-in", map[string]any{"email": "dana@acme.test", "password": "seven-lamps-cross-the-harbour"})
	require.Equal(t, http.StatusOK, status)
	_, _, offer := d.exchange(http.MethodPost, "/v1/account/totp", nil, cookies...)
	code, err := totp.GenerateCode(offer["secret"].(string), d.register.Clock.Now())
	require.NoError(t, err)
	status, _ = d.post(http.MethodPut, "/v1/account/totp", map[string]any{"code": code}, cookies...)
	require.Equal(t, http.StatusOK, status)
	signIn := func() any {
		_, _, told := d.exchange(http.MethodPost, "/v1/sign-in", map[string]any{"email": "dana@acme.test", "password": "seven-lamps-cross-the-harbour"})
		return told["next"]
	}
	require.Equal(t, "code", signIn())
	require.Equal(t, map[string]int64{"ended": 2}, answer[map[string]int64](d, "account", "drop-factors", "--tenant", "acme", "--person-file", d.write("who.json", `{"email": "dana@acme.test"}`)))
	require.Equal(t, "done", signIn(), "who has lost everything comes in with the password")
	require.Equal(t, map[string]int64{"ended": 1}, answer[map[string]int64](d, "account", "end-sessions", "--tenant", "acme", "--person-file", d.write("who.json", `{"email": "dana@acme.test"}`)))
	status, _ = d.post(http.MethodPost, "/v1/sign-out", nil, cookies...)
	require.Equal(t, http.StatusUnauthorized, status)
}

// Operators are for the tenant that was made to operate, and what cannot be done is said.
func TestAccountInviteRefuses(t *testing.T) {
	t.Parallel()
	d := newDesktop(t)
	person := d.write("olga.json", `{"name": "Olga", "email": "olga@ops.test"}`)
	require.ErrorContains(t, d.fails("account", "invite", "--tenant", "acme", "--role", "operator", "--person-file", person), "--operates")
	require.ErrorContains(t, d.fails("account", "invite", "--tenant", "acme", "--role", "king", "--person-file", person), "--role must be")
	require.ErrorContains(t, d.fails("account", "invite", "--tenant", "gamma", "--role", "admin", "--person-file", person), "no tenant with this slug")
	require.ErrorContains(t, d.fails("account", "end-sessions", "--tenant", "acme", "--person-file", person), "nobody with this address")

	profile := d.write("profile.json", `{"address": "A", "contact": "c@ops.test", "authority": "X", "authority_url": "https://x.test"}`)
	d.ok("tenant", "create", "--slug", "ops", "--name", "Operations", "--country", "DE", "--zone", "Europe/Berlin", "--language", "en", "--regime", "gdpr", "--profile", profile, "--operates")
	require.NotEmpty(t, answer[madeInvitation](d, "account", "invite", "--tenant", "ops", "--role", "operator", "--person-file", person).Link)
}

// The sample company has somebody for each role, all with the password of the stack, and a second run changes nothing.
func TestSampleAccounts(t *testing.T) {
	t.Parallel()
	d := newDesktop(t)
	for range 2 {
		require.NoError(t, sampleAccounts(t.Context(), d.register.DB, d.tenant, "a-password-of-the-stack"))
	}
	for _, person := range append(samplePeople(), sampleOperator()) {
		status, _ := d.post(http.MethodPost, "/v1/sign-in", map[string]any{"email": person.Email, "password": "a-password-of-the-stack"})
		require.Equal(t, http.StatusOK, status, person.Role)
	}
	tenant, err := d.register.DB.TenantBySlug(t.Context(), operationsSlug)
	require.NoError(t, err)
	require.True(t, tenant.Operates)
}
