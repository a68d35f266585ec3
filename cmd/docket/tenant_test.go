package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/client"
)

// Every wrong field of a tenant is named with what to give, all at once, and nothing is made.
func TestTenantCreateRefuses(t *testing.T) {
	t.Parallel()
	d := newDesktop(t)
	profile := d.write("profile.json", `{"address": "A", "contact": "c@acme.test", "authority": "X", "authority_url": "http://x"}`)
	settings := d.write("settings.json", `{"verify_days": 3, "verify_remind_days": 9, "ladder": "rope", "package_days": 400, "phone_country": "+49"}`)
	err := d.fails("tenant", "create", "--slug", "v1", "--country", "de", "--calendar", "MOON", "--zone", "Local", "--language", "la",
		"--regime", "lex", "--profile", profile, "--settings", settings)
	for _, words := range []string{
		"--slug v1 is an address of the server", "--name must", "--country must", "--calendar must be one of AT, ", "--zone must", "--language must",
		"--regime must be one that is in force, of appi, ", "authority_url must begin with https://", "--settings: ladder must be", "verify_remind_days must",
		"package_days must", "phone_country must",
	} {
		require.ErrorContains(t, err, words)
	}
	typo := d.write("typo.json", `{"adress": "A"}`)
	require.ErrorContains(t, d.fails("tenant", "create", "--slug", "x", "--profile", typo), `--profile: json: unknown field "adress"`)
	ids, err := d.register.DB.TenantIDs(t.Context())
	require.NoError(t, err)
	require.Len(t, ids, 1)
}

// The first key comes with the tenant and works; a second run says that there is one; a lost key can be replaced.
func TestTenantCreate(t *testing.T) {
	t.Parallel()
	d := newDesktop(t)
	profile := d.write("profile.json", `{"address": "A", "contact": "c@beta.test", "authority": "X", "authority_url": "https://x.test"}`)
	args := []string{"tenant", "create", "--slug", "beta", "--name", "Beta", "--country", "FR", "--zone", "Europe/Paris", "--language", "fr", "--regime", "gdpr", "--profile", profile}
	made := answer[madeTenant](d, args...)
	require.True(t, made.Created)
	again := answer[madeTenant](d, args...)
	require.False(t, again.Created)
	require.Equal(t, made.ID, again.ID)
	require.Empty(t, again.Key)
	d.env["DOCKET_API_KEY"] = made.Key
	require.Equal(t, "FR", answer[client.Tenant](d, "tenant", "show").Calendar, "the country's own when none is given")
	rescue := answer[client.CreatedKey](d, "tenant", "key", "beta", "--name", "rescue", "--role", "admin")
	d.env["DOCKET_API_KEY"] = rescue.Key
	require.Equal(t, "beta", answer[client.Tenant](d, "tenant", "show").Slug)
	require.ErrorContains(t, d.fails("tenant", "key", "gamma", "--name", "x", "--role", "admin"), "no tenant with this slug")
	require.ErrorContains(t, d.fails("tenant", "key", "beta", "--name", "x", "--role", "king"), "--role must be")
}
