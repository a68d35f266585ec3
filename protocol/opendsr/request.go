// Package opendsr is the wire format of OpenDSR 2.0 (github.com/opengdpr/OpenDSR), by which a controller has its processors answer requests
// of people: what a controller sends, what it is answered, and the signatures on both. It does no I/O.
package opendsr

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
)

// MaxBody is the longest request that is read, in bytes.
const MaxBody = 256 << 10

// The most that one request may name.
const (
	maxIdentities = 50
	maxCallbacks  = 5
	maxValue      = 500
	maxExtensions = 16 << 10
)

// The types of request (section 6.2).
const (
	Access      = "access"
	Portability = "portability"
	Erasure     = "erasure"
)

// The regulations (section 7.1.1).
const (
	GDPR = "gdpr"
	CCPA = "ccpa"
)

// Identities that people are looked for by here, and the only format that they are taken in.
const (
	Email      = "email"
	CustomerID = "controller_customer_id"
	Raw        = "raw"
)

// Fault says what is wrong with a field of a request. It never quotes a value: values are about people.
type Fault struct{ Field, Problem string }

func (f *Fault) Error() string { return f.Field + " " + f.Problem }

// Identity is one way in which a controller knows a person.
type Identity struct{ Type, Value, Format string }

// Request is what a controller asks for.
type Request struct {
	ID         uuid.UUID
	Type       string
	Regulation string
	Identities []Identity
	// Submitted is when the person asked the controller.
	Submitted  time.Time
	APIVersion string
	Callbacks  []string
	// Extensions is an object with a member per processor's domain.
	Extensions json.RawMessage
}

// Value gives the person's identity of a type, in clear; "" where there is none.
func (r Request) Value(kind string) string {
	for _, i := range r.Identities {
		if i.Type == kind && i.Format == Raw {
			return i.Value
		}
	}
	return ""
}

// wire is a request as it comes.
type wire struct {
	Regulation string          `json:"regulation"`
	ID         string          `json:"subject_request_id"`
	Type       string          `json:"subject_request_type"`
	Identities json.RawMessage `json:"subject_identities"`
	Submitted  string          `json:"submitted_time"`
	APIVersion string          `json:"api_version"`
	Callbacks  []string        `json:"status_callback_urls"`
	Extensions json.RawMessage `json:"extensions"`
}

// Parse reads a request. Members that it does not know are left alone, as senders add their own. Version 1 has no regulation; there it is the
// GDPR. The error is a *Fault.
func Parse(body []byte, version Version) (Request, error) {
	if len(body) > MaxBody {
		return Request{}, &Fault{"the body", fmt.Sprintf("must have at most %d bytes", MaxBody)}
	}
	if !utf8.Valid(body) {
		return Request{}, &Fault{"the body", "must be UTF-8"}
	}
	var w wire
	if err := json.Unmarshal(body, &w); err != nil {
		return Request{}, unreadable(err)
	}
	if w.Regulation == "" && version.early() {
		w.Regulation = GDPR
	}
	r := Request{Type: w.Type, Regulation: w.Regulation, APIVersion: w.APIVersion, Callbacks: w.Callbacks}
	for _, step := range []func(*Request, wire) error{readID, readKinds, readTime, readIdentities, readCallbacks, readExtensions} {
		if err := step(&r, w); err != nil {
			return Request{}, err
		}
	}
	return r, nil
}

// unreadable says where JSON breaks, and not what stands there.
func unreadable(err error) *Fault {
	var kind *json.UnmarshalTypeError
	if errors.As(err, &kind) && kind.Field != "" {
		return &Fault{kind.Field, "must be of the type that the specification says, not " + strings.Fields(kind.Value)[0]}
	}
	return &Fault{"the body", "must be one JSON object"}
}

var uuid4 = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)

// ParseID reads the name of a request: a UUID of version 4 in lower case (section 1.1).
func ParseID(text string) (uuid.UUID, error) {
	if !uuid4.MatchString(text) {
		return uuid.Nil, &Fault{"subject_request_id", "must be a UUID of version 4 in lower case"}
	}
	id, err := uuid.Parse(text)
	if err != nil {
		return uuid.Nil, &Fault{"subject_request_id", "must be a UUID of version 4 in lower case"}
	}
	return id, nil
}

func readID(r *Request, w wire) (err error) {
	r.ID, err = ParseID(w.ID)
	return err
}

func readKinds(_ *Request, w wire) error {
	switch {
	case !slices.Contains([]string{Access, Portability, Erasure}, w.Type):
		return &Fault{"subject_request_type", "must be access, portability or erasure"}
	case w.Regulation != GDPR && w.Regulation != CCPA:
		return &Fault{"regulation", "must be gdpr or ccpa"}
	case len(w.APIVersion) > 10:
		return &Fault{"api_version", "must be a version such as 2.0"}
	}
	return nil
}

func readTime(r *Request, w wire) (err error) {
	if r.Submitted, err = time.Parse(time.RFC3339Nano, w.Submitted); err != nil {
		return &Fault{"submitted_time", "must be the time at which the person asked, as RFC 3339 has it: 2026-03-02T09:00:00Z"}
	}
	return nil
}

// readCallbacks wants addresses that can be called at all; whether they may be is not for the format to say.
func readCallbacks(_ *Request, w wire) error {
	if len(w.Callbacks) > maxCallbacks {
		return &Fault{"status_callback_urls", fmt.Sprintf("must name at most %d addresses", maxCallbacks)}
	}
	for i, text := range w.Callbacks {
		if !plainURL(text) || len(text) > 2000 {
			return &Fault{fmt.Sprintf("status_callback_urls[%d]", i), "must be a plain https address"}
		}
		if slices.Contains(w.Callbacks[:i], text) {
			return &Fault{fmt.Sprintf("status_callback_urls[%d]", i), "stands there twice"}
		}
	}
	return nil
}

func readExtensions(r *Request, w wire) error {
	text := bytes.TrimSpace(w.Extensions)
	if len(text) == 0 || bytes.Equal(text, []byte("null")) {
		return nil
	}
	if text[0] != '{' || len(text) > maxExtensions {
		return &Fault{"extensions", fmt.Sprintf("must be an object of at most %d bytes", maxExtensions)}
	}
	r.Extensions = text
	return nil
}
