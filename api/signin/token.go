package signin

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
)

// NewToken makes the secret of a session or a link: 256 random bits. Only TokenHash of it is kept.
func NewToken() string {
	raw := make([]byte, sha256.Size)
	_, _ = rand.Read(raw) // never fails: it ends the program instead
	return base64.RawURLEncoding.EncodeToString(raw)
}

// TokenHash is what the register keeps of a token. The token is random, so a plain hash is no help in finding it.
func TokenHash(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}
