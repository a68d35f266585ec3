package pages

import (
	"crypto/hmac"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage"
)

// A form is filled in by a person in more than shortestFill and less than longestFill.
const (
	shortestFill = 3 * time.Second
	longestFill  = 12 * time.Hour
)

const (
	indexForm  seal.IndexKind = "form_token"
	markLength                = 16
	tokenBody                 = 8 + 16
)

var (
	errQuick = errors.New("the form came back too quickly")
	errStale = errors.New("the form's token is old or none of ours")
)

// newToken marks a form with the time at which it was shown and a name that makes its sending count once. Every server
// can check it: the mark is made with the tenant's key.
func newToken(t storage.Tenant, now time.Time) (string, error) {
	id := uuid.New()
	body := append(binary.BigEndian.AppendUint64(nil, uint64(now.Unix())), id[:]...)
	mark, err := markOf(t, indexForm, body)
	if err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(append(mark, body...)), nil
}

// markOf signs what a page carries with the tenant's key, for one purpose.
func markOf(t storage.Tenant, kind seal.IndexKind, body []byte) ([]byte, error) {
	mark, err := t.Keys.BlindIndex(kind, base64.RawURLEncoding.EncodeToString(body))
	if err != nil {
		return nil, fmt.Errorf("mark the page: %w", err)
	}
	return mark[:markLength], nil
}

// checkToken says whether a form came back in the time that a person takes.
func checkToken(t storage.Tenant, token string, now time.Time) error {
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(raw) != markLength+tokenBody {
		return errStale
	}
	mark, err := markOf(t, indexForm, raw[markLength:])
	if err != nil {
		return err
	}
	if !hmac.Equal(mark, raw[:markLength]) {
		return errStale
	}
	shown := time.Unix(int64(binary.BigEndian.Uint64(raw[markLength:])), 0)
	switch age := now.Sub(shown); {
	case age < shortestFill:
		return errQuick
	case age > longestFill:
		return errStale
	}
	return nil
}
