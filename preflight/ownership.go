package preflight

import (
	"context"
	"crypto/rand"
	"errors"
	"net"
	"slices"
	"strings"
)

// recordLabel stands before a domain in the name of the TXT record that shows who sends from it.
const recordLabel = "_docket."

// recordPrefix stands before the token in the record, so that other records of the same name are left alone.
const recordPrefix = "docket-domain="

// NewDomainToken makes a token for one tenant and one domain. It stands in public DNS and is no secret; that nobody can guess
// the token of another tenant is what keeps them from publishing it before.
func NewDomainToken() string { return strings.ToLower(rand.Text()) }

// DomainRecord is the TXT record to publish.
func DomainRecord(domain, token string) (name, value string) {
	return recordLabel + domain, recordPrefix + token
}

// ErrUnknown says that the domain name system gave no answer on which something could be decided. Asking again later may help.
var ErrUnknown = errors.New("the domain name system did not answer")

// Owns looks whether the record of a domain is published. Absence is an answer, and so is another record; that there was no
// answer is ErrUnknown.
func Owns(ctx context.Context, dns Resolver, domain, token string) (bool, error) {
	name, value := DomainRecord(domain, token)
	records, err := dns.LookupTXT(ctx, name)
	var failure *net.DNSError
	switch {
	case errors.As(err, &failure) && failure.IsNotFound:
		return false, nil
	case err != nil:
		return false, ErrUnknown // what the resolver said may name servers of the installation
	}
	return slices.ContainsFunc(records, func(record string) bool { return strings.TrimSpace(record) == value }), nil
}
