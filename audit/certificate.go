package audit

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// CertificateFormat is the form of the certificates that are written now.
const CertificateFormat = "docket-erasure-certificate/1"

// ErrCertificate says that a certificate is malformed, altered, or not signed with the given key.
var ErrCertificate = errors.New("the certificate can't be trusted")

// Certificate says what an erasure did, where, by whose decision, and which events of the log show it. It has ids, counts, names of systems and
// days, and nothing about the person. The order of its members is that of the text that is signed.
type Certificate struct {
	Format  string            `json:"format"`
	Tenant  CertifiedTenant   `json:"tenant"`
	Request CertifiedRequest  `json:"request"`
	Plan    CertifiedPlan     `json:"plan"`
	Systems []CertifiedSystem `json:"systems"`
	Totals  CertifiedTotals   `json:"totals"`
	Log     CertifiedLog      `json:"log"`
	Signed  time.Time         `json:"signed_at"`
}

// CertifiedTenant is the controller.
type CertifiedTenant struct {
	ID   string `json:"id"`
	Slug string `json:"slug"`
	Name string `json:"name"`
}

// CertifiedRequest is the request that was carried out.
type CertifiedRequest struct {
	ID        string    `json:"id"`
	Reference string    `json:"reference"`
	Law       string    `json:"law"`
	LawName   string    `json:"law_name"`
	Right     string    `json:"right"`
	Citation  string    `json:"citation"`
	Received  time.Time `json:"received_at"`
}

// CertifiedPlan is what was approved, by its hash, and who took part.
type CertifiedPlan struct {
	ID       string       `json:"id"`
	SHA256   string       `json:"sha256"`
	Proposed CertifiedAct `json:"proposed"`
	Approved CertifiedAct `json:"approved"`
	Begun    time.Time    `json:"begun_at"`
	Ended    time.Time    `json:"ended_at"`
}

// CertifiedAct is who did something, by id and role, and when. No names.
type CertifiedAct struct {
	Kind string    `json:"kind"`
	ID   string    `json:"id"`
	Role string    `json:"role"`
	At   time.Time `json:"at"`
}

// How a system was erased in.
const (
	CertifiedDone    = "connector"
	CertifiedByHand  = "by_hand"
	CertifiedAsked   = "asked"
	CertifiedNothing = "nothing_to_do"
)

// CertifiedSystem is one system.
type CertifiedSystem struct {
	Key  string `json:"key"`
	Name string `json:"name"`
	// How is connector, by_hand (a person said so, and nothing was read back), asked (somebody else said so) or nothing_to_do.
	How string `json:"how"`
	// Asked is who was asked to erase, and Answer what they said: done, nothing, partly, refused, or none where there was no answer by then.
	// ByStaff says that a member of staff entered the answer.
	Asked       string                `json:"asked,omitempty"`
	Answer      string                `json:"answer,omitempty"`
	ByStaff     bool                  `json:"answer_entered_by_staff,omitempty"`
	Ended       *time.Time            `json:"ended_at,omitempty"`
	Collections []CertifiedCollection `json:"collections"`
}

// CertifiedCollection is what was done to one collection's rows.
type CertifiedCollection struct {
	Dataset    string `json:"dataset"`
	Collection string `json:"collection"`
	Deleted    int64  `json:"deleted"`
	Masked     int64  `json:"masked"`
	// Trimmed are rows that stay without what the duty to keep them does not need, InPart rows of others in which single values were the person's.
	Trimmed int64 `json:"trimmed"`
	InPart  int64 `json:"in_part"`
	// AtLeast says that the work broke off and was taken up again: what was changed right before may be missing from the counts.
	AtLeast bool `json:"at_least,omitempty"`
	// NotErased are fields that could not be treated, as somebody decided knowingly.
	NotErased []string `json:"not_erased,omitempty"`
	// ReadBack is what a reading afterwards found.
	ReadBack *CertifiedReading `json:"read_back,omitempty"`
	Kept     []CertifiedKept   `json:"kept"`
}

// CertifiedReading is what was found afterwards: rows that the order should have treated, and rows of the person's that stay.
type CertifiedReading struct {
	At        time.Time `json:"at"`
	Untreated int64     `json:"untreated"`
	Kept      int64     `json:"kept"`
}

// CertifiedKept is some rows that stay under one rule.
type CertifiedKept struct {
	Ground   string `json:"ground"`
	Rule     string `json:"rule,omitempty"`
	Citation string `json:"citation"`
	Rows     int64  `json:"rows"`
	// Until is the last day of the longest duty; empty while nobody can say, as under a legal hold.
	Until string `json:"until,omitempty"`
}

// CertifiedTotals adds the collections up.
type CertifiedTotals struct {
	Deleted int64 `json:"deleted"`
	Masked  int64 `json:"masked"`
	Trimmed int64 `json:"trimmed"`
	InPart  int64 `json:"in_part"`
	Kept    int64 `json:"kept"`
	ByHand  int   `json:"systems_by_hand"`
}

// CertifiedLog is where the events that show it are: the log, its head when the certificate was signed, and the leaves.
type CertifiedLog struct {
	Origin string           `json:"origin"`
	Size   int64            `json:"size"`
	Root   tlog.Hash        `json:"root"`
	Events []CertifiedEvent `json:"events"`
}

// CertifiedEvent is one event with its place and its leaf hash (RFC 6962).
type CertifiedEvent struct {
	Index   int64     `json:"index"`
	Leaf    tlog.Hash `json:"leaf"`
	Action  Action    `json:"action"`
	Outcome Outcome   `json:"outcome"`
	At      time.Time `json:"at"`
}

// Evidence puts an event on the certificate.
func Evidence(leaf Leaf, e Event) CertifiedEvent {
	return CertifiedEvent{Index: leaf.Index, Leaf: tlog.RecordHash(leaf.Entry), Action: e.Action, Outcome: e.Outcome, At: e.At}
}

// text is what is signed: JSON with one space of indentation, and a line's end.
func (c *Certificate) text() ([]byte, error) {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	if err := e.Encode(c); err != nil {
		return nil, fmt.Errorf("writing a certificate: %w", err)
	}
	return out.Bytes(), nil
}

// Certify signs a certificate as a note, with the key and under the name of the tenant's log. head is the log's, under which all events must lie.
// The text that was signed is the note up to its last empty line.
func (s *Signer) Certify(c Certificate, head Head) (signed, text []byte, err error) {
	signer, err := s.noteSigner(c.Tenant.ID)
	if err != nil {
		return nil, nil, err
	}
	c.Format, c.Log.Origin, c.Log.Size, c.Log.Root = CertificateFormat, signer.Name(), head.Size, head.Root
	if err := c.check(); err != nil {
		return nil, nil, err
	}
	if text, err = c.text(); err != nil {
		return nil, nil, err
	}
	if signed, err = note.Sign(&note.Note{Text: string(text)}, signer); err != nil {
		return nil, nil, fmt.Errorf("signing a certificate: %w", err)
	}
	return signed, text, nil
}

// check wants a certificate to be whole: events in order, below the head, among them that of the approval and of the end.
func (c *Certificate) check() error {
	before := int64(-1)
	approved, done := false, false
	for _, e := range c.Log.Events {
		if e.Index <= before || e.Index >= c.Log.Size {
			return fmt.Errorf("event %d is out of order, or not under the head of %d events: %w", e.Index, c.Log.Size, ErrCertificate)
		}
		before = e.Index
		approved = approved || e.Action == ErasureApproved
		done = done || e.Action == ErasureCarriedOut && e.Outcome == Done
	}
	if !approved || !done {
		return fmt.Errorf("the events of the approval and of the end are not both there: %w", ErrCertificate)
	}
	return nil
}

// certificateAnswer is how the API gives a certificate: the note, and what it says for programs to read.
type certificateAnswer struct {
	Note        string          `json:"note"`
	Certificate json.RawMessage `json:"certificate"`
}

// OpenCertificate checks the signature of a certificate and reads it. data is the signed note, or the API's answer that has it; what such an
// answer says beside the note must be what was signed.
func OpenCertificate(data []byte, verifierKey string) (Certificate, error) {
	var answer certificateAnswer
	if json.Unmarshal(data, &answer) != nil || answer.Note == "" {
		return openCertificate(data, verifierKey)
	}
	c, err := openCertificate([]byte(answer.Note), verifierKey)
	if err != nil || answer.Certificate == nil {
		return c, err
	}
	shown, err := parseCertificate(answer.Certificate)
	if err != nil {
		return Certificate{}, err
	}
	said, err := shown.text()
	if err != nil {
		return Certificate{}, err
	}
	signed, err := c.text()
	if err == nil && !bytes.Equal(said, signed) {
		err = fmt.Errorf("the file shows something else than was signed: %w", ErrCertificate)
	}
	return c, err
}

func openCertificate(signed []byte, verifierKey string) (Certificate, error) {
	verifier, err := note.NewVerifier(verifierKey)
	if err != nil {
		return Certificate{}, fmt.Errorf("reading the verifier key, expected <origin>+<hash>+<key> (%s): %w", err.Error(), ErrCertificate)
	}
	opened, err := note.Open(signed, note.VerifierList(verifier))
	if err != nil {
		return Certificate{}, fmt.Errorf("checking the signature of a certificate (%s): %w", err.Error(), ErrCertificate)
	}
	for _, signature := range opened.Sigs {
		if _, err := base64.StdEncoding.Strict().DecodeString(signature.Base64); err != nil {
			return Certificate{}, fmt.Errorf("the signature has another spelling than was written: %w", ErrCertificate)
		}
	}
	c, err := parseCertificate([]byte(opened.Text))
	if err != nil {
		return Certificate{}, err
	}
	if tenant, err := tenantOf(verifier.Name()); err != nil || c.Log.Origin != verifier.Name() || c.Tenant.ID != tenant {
		return Certificate{}, fmt.Errorf("the certificate is of the log %q, the key of %q: %w", c.Log.Origin, verifier.Name(), ErrCertificate)
	}
	if again, err := c.text(); err != nil || string(again) != opened.Text {
		return Certificate{}, fmt.Errorf("it is not written as certificates are: %w", ErrCertificate)
	}
	return c, c.check()
}

func parseCertificate(text []byte) (c Certificate, err error) {
	strict := json.NewDecoder(bytes.NewReader(text))
	strict.DisallowUnknownFields()
	if err := strict.Decode(&c); err != nil {
		return c, fmt.Errorf("reading a certificate (%s): %w", err.Error(), ErrCertificate)
	}
	if _, err := strict.Token(); !errors.Is(err, io.EOF) {
		return c, fmt.Errorf("there is more after the certificate: %w", ErrCertificate)
	}
	if c.Format != CertificateFormat {
		return c, fmt.Errorf("the file is no certificate of the form %s: %w", CertificateFormat, ErrCertificate)
	}
	return c, nil
}
