package api_test

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/api"
	"github.com/privacy-docket/docket/protocol/drp"
)

// partnered is a world with a controller and a paired agent, whose keys it gives.
func partnered(f *testing.F) (w *world, key, token string, signing ed25519.PrivateKey) {
	f.Helper()
	w, _ = fuzzed(f)
	w.business()
	made := into[struct{ Key string }](f, w.call(api.Admin, http.MethodPost, "/v1/requesters", map[string]any{"protocol": "opendsr", "handle": "shop", "name": "Shop", "domain": "shop.example"}))
	signing = ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, ed25519.SeedSize))
	w.call(api.Admin, http.MethodPost, "/v1/requesters", map[string]any{
		"protocol": "drp", "handle": "AGENT", "name": "Agent", "verify_key": base64.StdEncoding.EncodeToString(signing.Public().(ed25519.PublicKey)),
	})
	a := &agent{w: w, handle: "AGENT", private: signing}
	a.pair()
	return w, made.Key, a.token, signing
}

// Whatever a known partner sends, the answer is JSON or nothing, never a fault of ours, and nothing of it is in a log.
func FuzzPartners(f *testing.F) {
	w, key, token, signing := partnered(f)
	c := &controller{w: w, listener: &listener{url: "https://shop.example/in"}}
	a := &agent{w: w, handle: "AGENT", private: signing, listener: &listener{url: "https://agent.example/in"}}
	good, err := json.Marshal(c.ask(uuid.New(), "access", canary+"@example.test"))
	require.NoError(f, err)
	exercised, err := json.Marshal(a.exercise("access", func(m map[string]any) { m["email"] = canary + "@example.test" }))
	require.NoError(f, err)
	paths := []string{
		"/opendsr/acme/v2/requests", "/opendsr/acme/v1/opengdpr_requests", "/drp/acme/v1/data-rights-request", "/drp/acme/v1/agent/AGENT",
		"/opendsr/acme/v2/requests/{id}", "/drp/acme/v1/data-rights-request/{id}", "/opendsr/acme/certificates/{id}", "/{id}/.well-known/gpc.json",
	}
	for i := range paths {
		f.Add(uint8(i), "a7551968-d5d6-44b2-9831-815ac9017798", good, true)
		f.Add(uint8(i), "x", exercised, true)
		f.Add(uint8(i), "%ff", []byte("null"), false)
	}
	f.Fuzz(func(t *testing.T, which uint8, name string, body []byte, signed bool) {
		path := paths[int(which)%len(paths)]
		r := route{method: http.MethodPost, path: path, takes: "application/json"}
		if strings.Contains(path, "{id}") {
			r.method = http.MethodGet
		}
		shown := key
		if strings.HasPrefix(path, "/drp/") {
			shown = token
			if signed {
				body = drp.Sign(signing, body)
			}
		}
		request := requestTo(t, r, address(path, name, map[string]string{}), body)
		if request == nil {
			return
		}
		request.Header.Set("Authorization", "Bearer "+shown)
		w.log.TakeAll()
		answer := httptest.NewRecorder()
		w.handler.ServeHTTP(answer, request)
		require.Less(t, answer.Code, http.StatusInternalServerError, "%s", answer.Body)
		if answer.Body.Len() > 0 && answer.Code != http.StatusMovedPermanently {
			require.True(t, json.Valid(answer.Body.Bytes()), "%s", answer.Body)
		}
		for _, entry := range w.log.All() {
			require.NotContains(t, entry.Message, canary)
			require.NotContains(t, fmt.Sprint(entry.ContextMap()), canary)
		}
	})
}
