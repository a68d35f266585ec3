package main

import (
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/keyset"
)

// A master key in Vault's transit engine wraps a tenant's keys and opens them again; associated data that differs fails.
func TestMasterKeyInVault(t *testing.T) {
	server := transit(t)
	host := strings.TrimPrefix(server.URL, "https://")
	ca := filepath.Join(t.TempDir(), "ca.pem")
	block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	require.NoError(t, os.WriteFile(ca, block, 0o600))
	t.Setenv("VAULT_CACERT", ca)
	t.Setenv("VAULT_TOKEN", "test")

	uri := "hcvault://" + host + "/transit/keys/docket"
	master, err := openMaster(t.Context(), uri)
	require.NoError(t, err)
	wrapped, err := master.NewTenantKeys("tenant")
	require.NoError(t, err)
	again, err := openMaster(t.Context(), uri)
	require.NoError(t, err)
	_, err = again.TenantKeys(wrapped, "tenant")
	require.NoError(t, err)
	_, err = again.TenantKeys(wrapped, "another")
	require.Error(t, err)

	_, err = openMaster(t.Context(), "hcvault://"+host+"/transit/keys/unknown")
	require.ErrorContains(t, err, "permission to encrypt")
	_, err = openMaster(t.Context(), "gcp-kms://projects/p/locations/l/keyRings/r/cryptoKeys/k")
	require.ErrorContains(t, err, "has no client for gcp-kms")
}

// transit speaks the two calls of Vault's transit engine that a key is used by.
func transit(t *testing.T) *httptest.Server {
	t.Helper()
	handle, err := keyset.NewHandle(aead.AES256GCMKeyTemplate())
	require.NoError(t, err)
	key, err := aead.New(handle)
	require.NoError(t, err)
	mux := http.NewServeMux()
	answer := func(use func(in map[string]string, associated []byte) (map[string]string, error)) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			var in map[string]string
			if r.Header.Get("X-Vault-Token") != "test" || json.NewDecoder(r.Body).Decode(&in) != nil {
				http.Error(w, `{"errors":["permission denied"]}`, http.StatusForbidden)
				return
			}
			associated, _ := base64.StdEncoding.DecodeString(in["associated_data"] + in["context"])
			out, err := use(in, associated)
			if err != nil {
				http.Error(w, `{"errors":["cipher: message authentication failed"]}`, http.StatusBadRequest)
				return
			}
			_ = json.NewEncoder(w).Encode(map[string]any{"data": out})
		}
	}
	mux.HandleFunc("/v1/transit/encrypt/docket", answer(func(in map[string]string, associated []byte) (map[string]string, error) {
		plain, err := base64.StdEncoding.DecodeString(in["plaintext"])
		if err != nil {
			return nil, err
		}
		sealed, err := key.Encrypt(plain, associated)
		return map[string]string{"ciphertext": "vault:v1:" + base64.StdEncoding.EncodeToString(sealed)}, err
	}))
	mux.HandleFunc("/v1/transit/decrypt/docket", answer(func(in map[string]string, associated []byte) (map[string]string, error) {
		sealed, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(in["ciphertext"], "vault:v1:"))
		if err != nil {
			return nil, err
		}
		plain, err := key.Decrypt(sealed, associated)
		return map[string]string{"plaintext": base64.StdEncoding.EncodeToString(plain)}, err
	}))
	server := httptest.NewTLSServer(mux)
	t.Cleanup(server.Close)
	return server
}
