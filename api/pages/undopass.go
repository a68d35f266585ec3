package pages

import (
	"crypto/hmac"
	"encoding/base64"
	"encoding/binary"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage"
)

// undoLife is for how long the page that says that something has ended can take it back. Later there is the page where one chooses.
const undoLife = time.Hour

const (
	indexUndo  seal.IndexKind = "consent_undo"
	undoBody                  = 8 + 16
	undoLength                = markLength + undoBody
)

// newUndo makes the pass of a page on which a person has ended something, which the lines of a batch say.
func newUndo(t storage.Tenant, person, batch uuid.UUID, now time.Time) (string, error) {
	body := append(binary.BigEndian.AppendUint64(nil, uint64(now.Add(undoLife).Unix())), batch[:]...)
	mark, err := markOf(t, indexUndo, append(person[:], body...))
	if err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(append(mark, body...)), nil
}

// checkUndo gives the batch of a pass that is the person's and not too old; errStale for every other.
func checkUndo(t storage.Tenant, person uuid.UUID, pass string, now time.Time) (batch uuid.UUID, err error) {
	raw, err := base64.RawURLEncoding.DecodeString(pass)
	if err != nil || len(raw) != undoLength {
		return uuid.Nil, errStale
	}
	body := raw[markLength:]
	mark, err := markOf(t, indexUndo, append(person[:], body...))
	if err != nil {
		return uuid.Nil, err
	}
	until := time.Unix(int64(binary.BigEndian.Uint64(body)), 0)
	if !hmac.Equal(mark, raw[:markLength]) || now.After(until) {
		return uuid.Nil, errStale
	}
	return uuid.UUID(body[8:]), nil
}
