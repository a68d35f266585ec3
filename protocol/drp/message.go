// Package drp is the wire format of the Data Rights Protocol
// (github.com/consumer-reports-innovation-lab/data-rights-protocol), as a covered business meets it: signed messages of authorised agents, the
// checks that they must pass in order, and the status that agents are told. It does no I/O.
package drp

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"
)

// MaxBody is the longest message that is read, in bytes of base64.
const MaxBody = 64 << 10

// MaxLife is the longest that a message may be good for. The protocol recommends ten minutes; agents that say more than this have made a mistake.
const MaxLife = time.Hour

// Check is one of the six that every signed message passes, in the order of section 3.07.
type Check string

// The checks.
const (
	CheckEncoding  Check = "encoding"   // it is base64 of a signature and a message
	CheckSignature Check = "signature"  // the agent's key has signed it
	CheckAgent     Check = "agent"      // it is the agent's own
	CheckBusiness  Check = "business"   // it is for this business
	CheckIssued    Check = "not_issued" // its time has come
	CheckExpired   Check = "expired"    // and is not over
)

// What is wrong with a message that passes them.
const (
	FaultForm    Check = "form"
	FaultVersion Check = "version"
	FaultAction  Check = "unsupported_action"
	FaultRegime  Check = "unsupported_regime"
	FaultReplay  Check = "replay"
)

// Fault is why a message is not taken. It quotes nothing of it.
type Fault struct {
	Check   Check
	Status  int
	Message string
	// Fatal says that the same message will never be taken (section 3.06).
	Fatal bool
}

func (f *Fault) Error() string { return f.Message }

// Sign makes a message: the signature before the JSON, in base64 (section 3.07.1).
func Sign(key ed25519.PrivateKey, message []byte) []byte {
	signed := append(ed25519.Sign(key, message), message...)
	return []byte(base64.StdEncoding.EncodeToString(signed))
}

// Open gives the JSON of a message that the key has signed: the first two checks.
func Open(body []byte, key ed25519.PublicKey) ([]byte, error) {
	if len(body) > MaxBody {
		return nil, &Fault{CheckEncoding, http.StatusRequestEntityTooLarge, fmt.Sprintf("The message has more than %d bytes.", MaxBody), true}
	}
	signed, err := base64.StdEncoding.Strict().DecodeString(string(bytes.TrimSpace(body)))
	if err != nil {
		return nil, &Fault{CheckEncoding, http.StatusBadRequest, "The body is not base64. Send the signature and the JSON document behind it, together in base64, as text/plain.", true}
	}
	if len(signed) <= ed25519.SignatureSize {
		return nil, &Fault{CheckEncoding, http.StatusBadRequest, "The body is too short to hold a signature of 64 bytes and a message.", true}
	}
	message := signed[ed25519.SignatureSize:]
	if len(key) != ed25519.PublicKeySize || !ed25519.Verify(key, message, signed[:ed25519.SignatureSize]) {
		return nil, &Fault{CheckSignature, http.StatusForbidden, "The signature is not of the key that this agent is registered with.", true}
	}
	return message, nil
}

// Envelope is what every message says of itself.
type Envelope struct {
	Agent     string `json:"agent-id"`
	Business  string `json:"business-id"`
	IssuedAt  string `json:"issued-at"`
	ExpiresAt string `json:"expires-at"`
	Version   string `json:"drp.version"`
}

// Versions that are spoken here. They differ in nothing that a covered business reads.
func Versions() []string { return []string{"0.9.3", "0.9.4", "1.0"} }

// Pass puts the envelope through the other four checks and gives the end of the message's time. A message is good for MaxLife at most.
func (e Envelope) Pass(agent, business string, now time.Time) (expires time.Time, err error) {
	if e.Agent != agent {
		return time.Time{}, &Fault{CheckAgent, http.StatusForbidden, "The agent-id of the message is not that of the agent who sends it.", true}
	}
	if e.Business != business {
		return time.Time{}, &Fault{CheckBusiness, http.StatusForbidden, "The business-id of the message is not this business.", true}
	}
	issued, err := moment(e.IssuedAt)
	if err != nil {
		return time.Time{}, &Fault{CheckIssued, http.StatusBadRequest, "issued-at is not an ISO 8601 time with its zone, such as 2026-03-02T09:00:00Z.", true}
	}
	if !now.After(issued) {
		return time.Time{}, &Fault{CheckIssued, http.StatusBadRequest, "issued-at lies in the future. Set the clock right, or send the message when its time has come.", false}
	}
	if expires, err = moment(e.ExpiresAt); err != nil {
		return time.Time{}, &Fault{CheckExpired, http.StatusBadRequest, "expires-at is not an ISO 8601 time with its zone, such as 2026-03-02T09:10:00Z.", true}
	}
	if !now.Before(expires) {
		return time.Time{}, &Fault{CheckExpired, http.StatusBadRequest, "The message has expired. Sign a new one.", true}
	}
	if expires.Sub(issued) > MaxLife {
		return time.Time{}, &Fault{CheckExpired, http.StatusBadRequest, fmt.Sprintf("The message would be good for more than %s; ten minutes are enough.", MaxLife), true}
	}
	return expires, nil
}

// moment reads an ISO 8601 time. One without its zone could be any of several.
func moment(text string) (time.Time, error) {
	text = strings.Replace(text, " ", "T", 1)
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999-0700"} {
		if at, err := time.Parse(layout, text); err == nil {
			return at, nil
		}
	}
	return time.Time{}, fmt.Errorf("no time")
}

// read reads a message into what it should be.
func read(message []byte, into any) error {
	if !utf8.Valid(message) || json.Unmarshal(message, into) != nil {
		return &Fault{FaultForm, http.StatusBadRequest, "The signed message is not a JSON object with the members that the protocol names, in their types.", true}
	}
	return nil
}

// ReadEnvelope reads what a message says of itself.
func ReadEnvelope(message []byte) (e Envelope, err error) {
	return e, read(message, &e)
}

// ErrorBody is the answer to what was not taken (section 3.06).
func ErrorBody(f *Fault) []byte {
	body, _ := json.Marshal(struct { // texts can always be written
		Code    string `json:"code"`
		Message string `json:"message"`
		Fatal   bool   `json:"fatal,omitempty"`
	}{fmt.Sprint(f.Status), f.Message, f.Fatal})
	return body
}
