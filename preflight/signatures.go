package preflight

import (
	"bytes"
	"errors"
	"net"
	"slices"
	"strings"

	"github.com/emersion/go-msgauth/dkim"
)

// signature is a DKIM signature with the fields that it names in h=.
type signature struct {
	Signature
	fields []string
}

func (s signature) valid() bool { return s.Result == signatureValid }

// checkSignatures verifies the DKIM signatures (RFC 6376). Offline they are read and left unverified.
func checkSignatures(e *exam) {
	if !e.message.header.Has("Dkim-Signature") {
		if e.BeforeSigning {
			e.unchecked("DKIM and DMARC", "the message is a draft that is signed later", "check the message again as it goes out")
			return
		}
		e.find(ruleDKIMMissing, told{})
		return
	}
	verified, err := dkim.VerifyWithOptions(bytes.NewReader(e.message.raw), &dkim.VerifyOptions{LookupTXT: e.lookup, MaxVerifications: maxSignatures})
	if errors.Is(err, dkim.ErrTooManySignatures) {
		e.unchecked("some of the DKIM signatures", "there are more than ten", "send one or two")
	} else if err != nil {
		e.find(ruleDKIMFails, told{reason: "the signatures cannot be read"})
		return
	}
	for _, v := range verified {
		e.signatures = append(e.signatures, signatureOf(v))
	}
	e.sayOfSignatures()
}

func signatureOf(v *dkim.Verification) signature {
	domain, err := NormalDomain(v.Domain)
	if err != nil {
		domain = shown(v.Domain)
	}
	s := signature{Signature: Signature{Domain: domain, Result: signatureValid}, fields: v.HeaderKeys}
	s.OneClick = s.names("list-unsubscribe") && s.names("list-unsubscribe-post")
	if v.Err == nil {
		return s
	}
	s.Result, s.Reason = signatureInvalid, shown(strings.TrimPrefix(v.Err.Error(), "dkim: "))
	if dkim.IsTempFail(v.Err) {
		s.Result, s.Reason = signatureUnverified, "the public key could not be fetched"
	}
	return s
}

func (s signature) names(field string) bool {
	return slices.ContainsFunc(s.fields, func(name string) bool { return strings.EqualFold(strings.TrimSpace(name), field) })
}

// sayOfSignatures finds fault with invalid signatures, less so where another one is valid.
func (e *exam) sayOfSignatures() {
	one := slices.ContainsFunc(e.signatures, signature.valid)
	for _, s := range e.signatures {
		switch s.Result {
		case signatureInvalid:
			e.find(ruleDKIMFails, told{where: "DKIM-Signature of " + s.Domain, reason: s.Reason, doubt: one})
		case signatureUnverified:
			e.find(ruleDKIMUnverified, told{where: "DKIM-Signature of " + s.Domain, reason: e.whyUnverified()})
		}
	}
}

func (e *exam) whyUnverified() string {
	if e.dns == nil {
		return "the check was made offline"
	}
	return "the domain name system did not answer"
}

// lookup asks the resolver; without one every answer is put off.
func (e *exam) lookup(name string) ([]string, error) {
	if e.dns == nil {
		return nil, &net.DNSError{Err: "offline", IsTemporary: true}
	}
	records, err := e.dns.LookupTXT(e.ctx, name)
	var failure *net.DNSError
	if err != nil && (!errors.As(err, &failure) || !failure.IsNotFound) {
		return nil, &net.DNSError{Err: "no answer", IsTemporary: true}
	}
	return records, err
}
