package connectors

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"github.com/privacy-docket/docket/privacy/erasure"
)

// Tokens makes what stands in place of a value, from the secret of one erasure, and tells it from values. Connectors that have the
// system compute them do it as this does: Salt, Key and Mark are what they need.
type Tokens struct {
	// Salt stands before a value that is hashed: SHA-256(Salt ‖ value).
	Salt []byte
	// Key makes keyed hashes: HMAC-SHA256(Key, value).
	Key []byte
	// Mark makes the end of each token: HMAC-SHA256(Mark, what stands before it, in hexadecimal).
	Mark []byte
}

// NewTokens derives the keys. The secret must have 32 bytes.
func NewTokens(secret []byte) (Tokens, error) {
	if len(secret) != sha256.Size {
		return Tokens{}, errors.New("the secret of an erasure has 32 bytes")
	}
	return Tokens{Salt: mac(secret, "salt"), Key: mac(secret, "key"), Mark: mac(secret, "mark")}, nil
}

func mac(key []byte, text string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return h.Sum(nil)
}

// Of makes the token of a value. The mask's treatment must be one that makes tokens.
func (t Tokens) Of(m erasure.Mask, value string) (string, error) {
	var sum []byte
	switch m.Treatment {
	case erasure.Hash:
		of := sha256.Sum256(append(append([]byte(nil), t.Salt...), value...))
		sum = of[:]
	case erasure.KeyedHash:
		sum = mac(t.Key, value)
	case erasure.Random:
		sum = make([]byte, sha256.Size)
		if _, err := rand.Read(sum); err != nil {
			return "", fmt.Errorf("make a random token: %w", err)
		}
	default:
		return "", fmt.Errorf("the treatment %q makes no token", m.Treatment)
	}
	head := hex.EncodeToString(sum)[:TokenLength(m)-erasure.TokenMark]
	return head + t.end(head) + m.Suffix, nil
}

// Is tells whether a value is a token of this erasure.
func (t Tokens) Is(m erasure.Mask, value string) bool {
	token, ends := strings.CutSuffix(value, m.Suffix)
	if !ends || len(token) != TokenLength(m) {
		return false
	}
	head := token[:len(token)-erasure.TokenMark]
	return hmac.Equal([]byte(t.end(head)), []byte(token[len(head):]))
}

func (t Tokens) end(head string) string {
	return hex.EncodeToString(mac(t.Mark, head))[:erasure.TokenMark]
}

// TokenLength is how long the mask's token is without its suffix.
func TokenLength(m erasure.Mask) int {
	if m.Length == 0 {
		return erasure.TokenLength
	}
	return max(erasure.TokenShortest, min(erasure.TokenLength, m.Length-len(m.Suffix)))
}
