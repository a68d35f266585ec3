package casework

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage"
)

// ErrAssertion says that a signed assertion of identity does not hold; the text behind it says why, and never for whom.
var ErrAssertion = errors.New("the identity assertion does not hold")

// What an assertion is held to: a short life, so that one that leaks is soon worthless, and keys that nobody can break.
const (
	assertionLife = 10 * time.Minute
	minRSABits    = 2048
	maxAssertion  = 8 << 10
)

// assertionClaims are those of RFC 7519 that count here.
type assertionClaims struct {
	jwt.RegisteredClaims
	Email string `json:"email"`
}

// CheckAssertion accepts the word of the tenant's own sign-in that the person is who they say: a JWT signed by one of the
// tenant's assertion keys (EdDSA, ES256 or RS256), for this tenant (aud is its slug), about this mailbox, at most ten
// minutes old at its end, and used once. It gives the method of identity for the request.
func CheckAssertion(ctx context.Context, tx *storage.Tx, token, email string) (method string, err error) {
	if len(token) > maxAssertion {
		return "", fmt.Errorf("%w: it is longer than %d bytes", ErrAssertion, maxAssertion)
	}
	keys, err := assertionKeys(tx.Tenant().Settings.AssertionKeys)
	if err != nil {
		return "", err
	}
	claims, err := openAssertion(keys, tx.Tenant().Slug, tx.Now, token)
	if err != nil {
		return "", err
	}
	if err := claims.check(tx.Now(), email); err != nil {
		return "", err
	}
	spent := sha256.Sum256([]byte(claims.Issuer + "\x00" + claims.ID))
	first, err := tx.UseAssertion(ctx, spent[:], claims.ExpiresAt.Time)
	if err != nil {
		return "", err
	}
	if !first {
		return "", fmt.Errorf("%w: it was used before", ErrAssertion)
	}
	return "assertion", nil
}

// openAssertion checks the signature against each key of the tenant in turn.
func openAssertion(keys []crypto.PublicKey, audience string, now func() time.Time, token string) (*assertionClaims, error) {
	for _, key := range keys {
		method := methodOf(key)
		claims := &assertionClaims{}
		_, err := jwt.ParseWithClaims(token, claims, func(*jwt.Token) (any, error) { return key, nil },
			jwt.WithValidMethods([]string{method}), jwt.WithAudience(audience), jwt.WithExpirationRequired(),
			jwt.WithIssuedAt(), jwt.WithTimeFunc(now))
		switch {
		case err == nil:
			return claims, nil
		case errors.Is(err, jwt.ErrTokenExpired):
			return nil, fmt.Errorf("%w: it has expired", ErrAssertion)
		case errors.Is(err, jwt.ErrTokenInvalidAudience):
			return nil, fmt.Errorf("%w: its audience is not this tenant", ErrAssertion)
		case errors.Is(err, jwt.ErrTokenInvalidClaims):
			return nil, fmt.Errorf("%w: its times are missing or lie in the future", ErrAssertion)
		}
	}
	return nil, fmt.Errorf("%w: none of the tenant's assertion keys has signed it", ErrAssertion)
}

func (c *assertionClaims) check(now time.Time, email string) error {
	switch {
	case c.Subject == "" || c.ID == "":
		return fmt.Errorf("%w: sub and jti are needed", ErrAssertion)
	case c.ExpiresAt.After(now.Add(assertionLife)):
		return fmt.Errorf("%w: it lives longer than %s", ErrAssertion, assertionLife)
	}
	said, err := seal.NormalEmail(c.Email)
	if err != nil {
		return fmt.Errorf("%w: its email is missing or no address", ErrAssertion)
	}
	asked, err := seal.NormalEmail(email)
	if err != nil || said != asked {
		return fmt.Errorf("%w: it speaks of another mailbox than the request", ErrAssertion)
	}
	return nil
}

// assertionKeys reads the tenant's keys.
func assertionKeys(texts []string) ([]crypto.PublicKey, error) {
	if len(texts) == 0 {
		return nil, fmt.Errorf("%w: the tenant has no assertion keys; an administrator can set assertion_keys", ErrAssertion)
	}
	var keys []crypto.PublicKey
	for _, text := range texts {
		key, err := ParseAssertionKey(text)
		if err != nil {
			return nil, err
		}
		keys = append(keys, key)
	}
	return keys, nil
}

// ParseAssertionKey reads a public key in PEM: Ed25519, P-256, or RSA of at least 2048 bits. Nothing else is accepted.
func ParseAssertionKey(text string) (crypto.PublicKey, error) {
	block, _ := pem.Decode([]byte(text))
	if block == nil || block.Type != "PUBLIC KEY" {
		return nil, errors.New(`an assertion key must be PEM of the type "PUBLIC KEY"`)
	}
	key, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("read an assertion key: %w", err)
	}
	if methodOf(key) == "" {
		return nil, fmt.Errorf("an assertion key must be Ed25519, ECDSA on P-256, or RSA of at least %d bits", minRSABits)
	}
	return key, nil
}

// methodOf gives the only algorithm that a key may be used with, so that a token cannot choose.
func methodOf(key crypto.PublicKey) string {
	switch k := key.(type) {
	case ed25519.PublicKey:
		return jwt.SigningMethodEdDSA.Alg()
	case *ecdsa.PublicKey:
		if k.Curve == elliptic.P256() {
			return jwt.SigningMethodES256.Alg()
		}
	case *rsa.PublicKey:
		if k.N.BitLen() >= minRSABits {
			return jwt.SigningMethodRS256.Alg()
		}
	}
	return ""
}
