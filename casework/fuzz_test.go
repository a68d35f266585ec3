package casework

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/require"
)

// FuzzAssertion reads any text as a company's word that somebody is signed in there. Only what one of its keys signed is
// believed, only for the mailbox it names; an accepted key has exactly one algorithm.
func FuzzAssertion(f *testing.F) {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	private := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	public := private.Public().(ed25519.PublicKey)
	// Nobody holds a private half of this one; it is there so that a token meets keys of both kinds.
	other := &rsa.PublicKey{N: new(big.Int).SetBit(big.NewInt(1), 2048, 1), E: 65537}
	keys := []crypto.PublicKey{other, public}
	sign := func(method jwt.SigningMethod, key any, claims jwt.MapClaims) string {
		token, err := jwt.NewWithClaims(method, claims).SignedString(key)
		require.NoError(f, err)
		return token
	}
	claims := jwt.MapClaims{"iss": "shop", "sub": "u1", "jti": "j1", "aud": "acme", "email": "ana@example.test", "iat": now.Unix(), "exp": now.Add(5 * time.Minute).Unix()}
	good := sign(jwt.SigningMethodEdDSA, private, claims)
	der, err := x509.MarshalPKIXPublicKey(public)
	require.NoError(f, err)
	f.Add(good, "ana@example.test", string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})))
	f.Add(good, "bo@example.test", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----")
	f.Add(sign(jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, claims), "ana@example.test", "")
	f.Add(sign(jwt.SigningMethodHS256, []byte(public), claims), "ana@example.test", "-----BEGIN RSA PUBLIC KEY-----\n-----END RSA PUBLIC KEY-----")
	f.Add("e30.e30.", "", "ssh-ed25519 AAAA")
	f.Fuzz(func(t *testing.T, token, email, key string) {
		if parsed, err := ParseAssertionKey(key); err == nil {
			require.Contains(t, []string{"EdDSA", "ES256", "RS256"}, methodOf(parsed))
		}
		read, err := openAssertion(keys, "acme", func() time.Time { return now }, token)
		if err != nil {
			require.ErrorIs(t, err, ErrAssertion)
			return
		}
		require.Equal(t, "j1", read.ID, "nobody else can sign")
		require.Equal(t, "ana@example.test", read.Email)
		if read.check(now, email) == nil {
			require.NoError(t, read.check(now, "ana@example.test"))
			require.Error(t, read.check(now, "x"+email), "another mailbox")
		}
	})
}
