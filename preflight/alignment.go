package preflight

import (
	"errors"
	"slices"

	"github.com/emersion/go-msgauth/dmarc"
)

// checkAlignment looks whether a valid signature is of the domain in From, as the domain's DMARC record compares them.
func checkAlignment(e *exam) {
	if e.message.from != nil {
		e.align(domainOf(e.message.from.Address))
	}
	for _, s := range e.signatures {
		e.report.Message.Signatures = append(e.report.Message.Signatures, s.Signature)
	}
	if !slices.ContainsFunc(e.AuthServers, e.hasResults) {
		e.unchecked("SPF", "it is decided by the server that takes the message in", "send the message to a mailbox of your own, check what arrives, and name that mail server as one whose results are believed (authserv-id)")
	}
}

func (e *exam) align(domain string) {
	strict := false
	if e.dns == nil {
		e.unchecked("the DMARC record of "+shown(domain), "the check was made offline", "check again where DNS can be reached")
	} else {
		strict = e.dmarcIsStrict(domain)
	}
	unknown, aligned := false, false
	for i := range e.signatures {
		s := &e.signatures[i]
		s.Aligned = s.Domain == domain || !strict && organisation(s.Domain) == organisation(domain)
		aligned = aligned || s.Aligned && s.valid()
		unknown = unknown || s.Aligned && s.Result == signatureUnverified
	}
	if len(e.signatures) > 0 && !aligned && !unknown {
		e.find(ruleDMARCUnaligned, told{where: "From", saw: domain, reason: "From is of " + shown(domain) + "; " + e.signers()})
	}
}

// signers says of which domains the valid signatures are.
func (e *exam) signers() string {
	said := ""
	for _, s := range e.signatures {
		if s.valid() && said == "" {
			said = "the signature is of " + s.Domain
		}
	}
	if said == "" {
		return "no signature is valid"
	}
	return said
}

// dmarcIsStrict reads the DMARC record of the domain, or of its organisation (RFC 7489 s.6.6.3), and says whether it wants the very
// same domain.
func (e *exam) dmarcIsStrict(domain string) bool {
	for _, name := range slices.Compact([]string{domain, organisation(domain)}) {
		record, err := dmarc.LookupWithOptions(name, &dmarc.LookupOptions{LookupTXT: e.lookup})
		switch {
		case err == nil:
			return record.DKIMAlignment == dmarc.AlignmentStrict
		case errors.Is(err, dmarc.ErrNoPolicy):
			continue
		case dmarc.IsTempFail(err):
			e.unchecked("the DMARC record of "+shown(domain), "the domain name system did not answer", "check again later")
			return false
		}
		e.find(ruleDMARCMissing, told{where: "_dmarc." + shown(name), reason: "there is a record, but it cannot be read"})
		return false
	}
	e.find(ruleDMARCMissing, told{where: "_dmarc." + shown(domain)})
	return false
}
