package api_test

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"net/http"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/api"
)

// The company's word that a person is signed in there proves identity: once, for this tenant, by its key, in time.
func TestIdentityAssertion(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	public, private, err := ed25519.GenerateKey(rand.Reader)
	require.NoError(t, err)
	_, stranger, err := ed25519.GenerateKey(rand.Reader)
	require.NoError(t, err)
	file := func(token string) answer {
		return w.call(api.Agent, http.MethodPost, "/v1/requests", request("ana@example.test", func(b map[string]any) { b["identity_assertion"] = token }), "Idempotency-Key", uuid.NewString())
	}
	good := w.token(jwt.SigningMethodEdDSA, private, nil)
	require.Equal(t, "assertion", into[problem](t, file(good)).Code, "a tenant without keys takes no word")
	w.setAssertionKey(public)

	got := file(good)
	require.Equal(t, http.StatusCreated, got.Status, "%s", got.Body)
	detail := string(w.call(api.Agent, http.MethodGet, "/v1/requests/"+into[filed](t, got).ID.String(), nil).Body)
	require.Contains(t, detail, `"identity":"proven"`)
	require.Contains(t, detail, `"identity_method":"assertion"`)
	for name, token := range map[string]string{
		"used before": good, "not a token": "x.y.z",
		"another's key":  w.token(jwt.SigningMethodEdDSA, stranger, nil),
		"unsigned":       w.token(jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, nil),
		"by public key":  w.token(jwt.SigningMethodHS256, []byte(public), nil),
		"another tenant": w.token(jwt.SigningMethodEdDSA, private, jwt.MapClaims{"aud": "other"}),
		"expired":        w.token(jwt.SigningMethodEdDSA, private, jwt.MapClaims{"exp": began.Add(-time.Second).Unix()}),
		"lives too long": w.token(jwt.SigningMethodEdDSA, private, jwt.MapClaims{"exp": began.Add(time.Hour).Unix()}),
		"another person": w.token(jwt.SigningMethodEdDSA, private, jwt.MapClaims{"email": "bo@example.test"}),
		"from tomorrow":  w.token(jwt.SigningMethodEdDSA, private, jwt.MapClaims{"iat": began.Add(time.Hour).Unix()}),
		"without end":    w.token(jwt.SigningMethodEdDSA, private, jwt.MapClaims{"exp": nil}),
	} {
		got := file(token)
		require.Equal(t, http.StatusUnprocessableEntity, got.Status, "%s: %s", name, got.Body)
		require.Equal(t, "assertion", into[problem](t, got).Code, name)
	}
	require.Equal(t, 1, w.count())
}

func (w *world) token(method jwt.SigningMethod, key any, change jwt.MapClaims) string {
	w.t.Helper()
	claims := jwt.MapClaims{
		"aud": "acme", "sub": "u1", "email": "Ana@example.test", "exp": began.Add(5 * time.Minute).Unix(), "jti": uuid.NewString(), "iat": began.Unix(),
	}
	for name, value := range change {
		claims[name] = value
		if value == nil {
			delete(claims, name)
		}
	}
	signed, err := jwt.NewWithClaims(method, claims).SignedString(key)
	require.NoError(w.t, err)
	return signed
}

// setAssertionKey sets the tenant's key as an administrator does.
func (w *world) setAssertionKey(public ed25519.PublicKey) {
	w.t.Helper()
	der, err := x509.MarshalPKIXPublicKey(public)
	require.NoError(w.t, err)
	tenant := into[map[string]any](w.t, w.call(api.Admin, http.MethodGet, "/v1/tenant", nil))
	delete(tenant, "id")
	delete(tenant, "slug")
	tenant["settings"].(map[string]any)["assertion_keys"] = []string{string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))}
	got := w.call(api.Admin, http.MethodPut, "/v1/tenant", tenant)
	require.Equal(w.t, http.StatusOK, got.Status, "%s", got.Body)
}
