package casework

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/require"
)

func pemOf(t *testing.T, key crypto.PublicKey) string {
	t.Helper()
	der, err := x509.MarshalPKIXPublicKey(key)
	require.NoError(t, err)
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
}

// Only keys that cannot be broken are taken, and each signs with one algorithm: a token cannot choose.
func TestParseAssertionKey(t *testing.T) {
	t.Parallel()
	edwards, _, err := ed25519.GenerateKey(rand.Reader)
	require.NoError(t, err)
	p256, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	p384, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	require.NoError(t, err)
	rsa2048, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	for want, key := range map[string]crypto.PublicKey{"EdDSA": edwards, "ES256": &p256.PublicKey, "RS256": &rsa2048.PublicKey} {
		parsed, err := ParseAssertionKey(pemOf(t, key))
		require.NoError(t, err)
		require.Equal(t, want, methodOf(parsed))
	}
	private, err := x509.MarshalPKCS8PrivateKey(rsa2048)
	require.NoError(t, err)
	for name, text := range map[string]string{
		"another curve": pemOf(t, &p384.PublicKey), "no PEM": "ssh-ed25519 AAAA", "empty": "",
		"a private key": string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private})),
	} {
		_, err := ParseAssertionKey(text)
		require.Error(t, err, name)
	}
}

// The claims are held to their time, their names and the mailbox of the request.
func TestAssertionClaims(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	claims := func(change func(*assertionClaims)) *assertionClaims {
		c := &assertionClaims{Email: "Ana@example.test", RegisteredClaims: jwt.RegisteredClaims{
			Subject: "u1", ID: "j1", ExpiresAt: jwt.NewNumericDate(now.Add(5 * time.Minute)),
		}}
		change(c)
		return c
	}
	require.NoError(t, claims(func(*assertionClaims) {}).check(now, "ana@EXAMPLE.test"))
	for name, change := range map[string]func(*assertionClaims){
		"no subject": func(c *assertionClaims) { c.Subject = "" }, "no id": func(c *assertionClaims) { c.ID = "" },
		"too long":      func(c *assertionClaims) { c.ExpiresAt = jwt.NewNumericDate(now.Add(11 * time.Minute)) },
		"another":       func(c *assertionClaims) { c.Email = "bo@example.test" },
		"no address":    func(c *assertionClaims) { c.Email = "" },
		"plus is other": func(c *assertionClaims) { c.Email = "ana+x@example.test" },
	} {
		require.ErrorIs(t, claims(change).check(now, "ana@example.test"), ErrAssertion, name)
	}
}
