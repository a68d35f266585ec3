package api_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/api"
	"github.com/privacy-docket/docket/audit"
)

// The screen for administrators says how old keys are and how long things are kept; a rotation is begun there and done by a
// relay, step by step, while everything stays readable.
func TestInstallationAndRotation(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(_ *world, c *api.Config) { c.MailFrom = "privacy@docket.test" })
	filed := w.file("ana@example.test")
	type view struct {
		MailFrom string `json:"mail_from"`
		Keys     []struct{ Name string }
		Rotation *struct {
			Rewrapped int
			EndedAt   *time.Time `json:"ended_at"`
		}
		Retention struct {
			Package int `json:"package_days"`
		}
	}
	see := func() view { return into[view](t, w.call(api.Admin, http.MethodGet, "/v1/installation", nil)) }
	require.Equal(t, "privacy@docket.test", see().MailFrom)
	require.Equal(t, 14, see().Retention.Package)
	require.Nil(t, see().Rotation)

	for range 2 { // a second press while one is under way changes nothing
		require.Equal(t, http.StatusAccepted, w.call(api.Admin, http.MethodPost, "/v1/keys/rotate", map[string]any{}).Status)
	}
	system := audit.Actor{Kind: audit.System, ID: "relay"}
	for steps, done := 0, false; !done; steps++ {
		require.Less(t, steps, 50)
		var err error
		_, done, err = w.db.RotateOn(t.Context(), system, w.tenant, 1)
		require.NoError(t, err)
		require.Contains(t, string(w.call(api.Agent, http.MethodGet, "/v1/requests/"+filed.ID.String()+"/person", nil).Body), "ana@example.test")
	}
	rotation := see().Rotation
	require.NotNil(t, rotation.EndedAt)
	require.Positive(t, rotation.Rewrapped)
	tenants, err := w.db.TenantsRotating(t.Context())
	require.NoError(t, err)
	require.Empty(t, tenants)
	require.Equal(t, http.StatusAccepted, w.call(api.Admin, http.MethodPost, "/v1/keys/rotate", map[string]any{}).Status, "the next one")
	require.Nil(t, see().Rotation.EndedAt)
}
