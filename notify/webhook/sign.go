// Package webhook sends and checks events as the Standard Webhooks specification describes them.
package webhook

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Names of the headers.
const (
	HeaderID        = "webhook-id"
	HeaderTimestamp = "webhook-timestamp"
	HeaderSignature = "webhook-signature"
)

// prefix of a secret, so that people and scanners recognise it.
const prefix = "whsec_"

// Tolerance is how far a timestamp may lie from the receiver's clock, either way.
const Tolerance = 5 * time.Minute

// Secret is a key that sender and receiver share.
type Secret struct{ key []byte }

// NewSecret makes a secret of 256 random bits, in the form that ParseSecret reads.
func NewSecret() string {
	key := make([]byte, sha256.Size)
	_, _ = rand.Read(key) // never fails: it ends the program instead
	return prefix + base64.StdEncoding.EncodeToString(key)
}

// ParseSecret reads "whsec_" followed by 24 to 64 bytes in base64.
func ParseSecret(text string) (Secret, error) {
	encoded, ok := strings.CutPrefix(text, prefix)
	if !ok {
		return Secret{}, fmt.Errorf("a webhook secret begins with %s", prefix)
	}
	key, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil || len(key) < 24 || len(key) > 64 {
		return Secret{}, fmt.Errorf("a webhook secret holds 24 to 64 bytes in base64 after %s", prefix)
	}
	return Secret{key: key}, nil
}

// String hides the key, so that a secret can't be logged by accident.
func (Secret) String() string { return prefix + "…" }

// GoString hides it from %#v too.
func (s Secret) GoString() string { return s.String() }

// Sign gives the value of webhook-signature: one "v1,…" per secret, so that both the old and the new key verify
// while a secret is being replaced.
func Sign(secrets []Secret, id string, at time.Time, body []byte) string {
	signatures := make([]string, 0, len(secrets))
	for _, s := range secrets {
		signatures = append(signatures, "v1,"+base64.StdEncoding.EncodeToString(s.mac(id, at.Unix(), body)))
	}
	return strings.Join(signatures, " ")
}

func (s Secret) mac(id string, unix int64, body []byte) []byte {
	h := hmac.New(sha256.New, s.key)
	fmt.Fprintf(h, "%s.%d.", id, unix)
	h.Write(body)
	return h.Sum(nil)
}

// ErrSignature is returned by Verify for everything that is not signed by one of the secrets, now.
var ErrSignature = errors.New("the webhook's signature is not valid")

// Verify checks a received event against the secrets and the clock. It says what is wrong, but never which secret or
// how close a signature was.
func Verify(secrets []Secret, header http.Header, body []byte, now time.Time) error {
	unix, err := strconv.ParseInt(header.Get(HeaderTimestamp), 10, 64)
	if err != nil {
		return fmt.Errorf("%w: %s is not a number of seconds", ErrSignature, HeaderTimestamp)
	}
	if gap := now.Sub(time.Unix(unix, 0)); gap > Tolerance || gap < -Tolerance {
		return fmt.Errorf("%w: %s is more than %s away", ErrSignature, HeaderTimestamp, Tolerance)
	}
	for _, one := range strings.Fields(header.Get(HeaderSignature)) {
		encoded, ok := strings.CutPrefix(one, "v1,")
		if !ok {
			continue
		}
		given, err := base64.StdEncoding.DecodeString(encoded)
		if err == nil && matches(secrets, header.Get(HeaderID), unix, body, given) {
			return nil
		}
	}
	return ErrSignature
}

func matches(secrets []Secret, id string, unix int64, body, given []byte) bool {
	found := false
	for _, s := range secrets {
		found = hmac.Equal(s.mac(id, unix, body), given) || found
	}
	return found
}
