package api_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/api"
	"github.com/privacy-docket/docket/seal"
)

// withCodec serves the codec to a page of Temporal; alone says that the server is for this machine only.
func withCodec(alone bool) func(*world, *api.Config) {
	return func(w *world, c *api.Config) {
		wrapped, err := w.register.Master.NewCodecKey()
		require.NoError(w.t, err)
		key, err := w.register.Master.CodecKey(wrapped)
		require.NoError(w.t, err)
		c.Codec, c.CodecOrigins, c.CodecLoopback = seal.NewCodec(key, "docket"), []string{"http://temporal.test"}, alone
	}
}

// Histories are opened for administrators of the operating tenant, from Temporal's page; without a key only on a
// machine that is alone, and never for what came through a proxy.
func TestCodec(t *testing.T) {
	t.Parallel()
	w, local := newWorld(t, withCodec(false)), newWorld(t, withCodec(true))
	try := func(w *world, key string, headers ...string) int {
		return w.send(key, http.MethodPost, "/codec/decode", `{"payloads":[]}`, append(headers, "X-Namespace", "docket")...).Status
	}
	require.Equal(t, http.StatusUnauthorized, try(w, ""))
	for role, key := range w.keys {
		require.Equal(t, http.StatusUnauthorized, try(w, key), "histories are every tenant's: %s", role)
	}
	ops := w.newOperations()
	require.Equal(t, http.StatusUnauthorized, try(w, w.newKey(ops, api.DPO)))
	operating := w.newKey(ops, api.Admin)
	require.Equal(t, http.StatusOK, try(w, operating))
	narrow := into[madeKey](t, w.key(operating, map[string]any{"role": "admin", "scopes": []string{"requests:read"}})).Key
	require.Equal(t, http.StatusUnauthorized, try(w, narrow))
	require.Equal(t, http.StatusOK, try(w, operating, "Origin", "http://temporal.test", "Sec-Fetch-Site", "cross-site"))
	require.Equal(t, http.StatusForbidden, try(w, operating, "Origin", "http://elsewhere.test"))
	require.Equal(t, http.StatusOK, try(local, ""))
	require.Equal(t, http.StatusUnauthorized, try(local, "", "X-Forwarded-For", "127.0.0.1"))
	require.Equal(t, http.StatusUnauthorized, try(local, "", "Host", "rebound.test:80"), "a name that was made to point here")
	require.Equal(t, http.StatusNotFound, newWorld(t).send("", http.MethodPost, "/codec/decode", "{}").Status)
}
