package pages

import (
	"crypto/hmac"
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage"
)

// A pass stands in a page that was opened with a code, in place of a cookie: whoever sends the page back within passLife is
// the one who opened it.
const passLife = 30 * time.Minute

const (
	indexPass  seal.IndexKind = "conversation_pass"
	indexReply seal.IndexKind = "conversation_reply"
	passNonce                 = 8
	passBody                  = 8 + passNonce
	passLength                = markLength + passBody
)

// newPass makes a pass for the pages of one case.
func newPass(t storage.Tenant, caseID uuid.UUID, now time.Time) (string, error) {
	body := binary.BigEndian.AppendUint64(nil, uint64(now.Add(passLife).Unix()))
	nonce := make([]byte, passNonce)
	_, _ = rand.Read(nonce) // never fails: it ends the program instead
	body = append(body, nonce...)
	mark, err := markOf(t, indexPass, append(caseID[:], body...))
	if err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(append(mark, body...)), nil
}

// checkPass says whether a pass is good for the case, and gives the name that makes a text sent with it count once. Another
// text sent with it, from the page that one goes back to, is another message.
func checkPass(t storage.Tenant, caseID uuid.UUID, pass, text string, now time.Time) (key string, err error) {
	raw, err := base64.RawURLEncoding.DecodeString(pass)
	if err != nil || len(raw) != passLength {
		return "", errStale
	}
	body := raw[markLength:]
	mark, err := markOf(t, indexPass, append(caseID[:], body...))
	if err != nil {
		return "", err
	}
	until := time.Unix(int64(binary.BigEndian.Uint64(body)), 0)
	if !hmac.Equal(mark, raw[:markLength]) || now.After(until) || until.After(now.Add(passLife)) {
		return "", errStale
	}
	said, err := markOf(t, indexReply, append(body[8:len(body):len(body)], text...))
	if err != nil {
		return "", err
	}
	return "reply/" + base64.RawURLEncoding.EncodeToString(append(body[8:], said...)), nil
}
