package preflight

import (
	"net/netip"
	"strings"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"
)

// NormalDomain brings a domain into the form in which it is compared: lower case, letters beyond ASCII as Punycode. It refuses what
// nobody owns alone: single labels, addresses, and public suffixes such as co.uk.
func NormalDomain(text string) (string, error) {
	text = strings.TrimSuffix(strings.TrimSpace(text), ".")
	ascii, err := idna.Lookup.ToASCII(text)
	if err != nil || len(ascii) > 253 || text == "" {
		return "", refuse("this is no domain name; give one such as example.com")
	}
	ascii = strings.ToLower(ascii)
	if _, err := netip.ParseAddr(ascii); err == nil {
		return "", refuse("this is an address and no domain name; give one such as example.com")
	}
	if !strings.Contains(ascii, ".") {
		return "", refuse("this has one part only; give a whole domain name such as example.com")
	}
	if suffix, _ := publicsuffix.PublicSuffix(ascii); suffix == ascii {
		return "", refuse("this belongs to a registry or a hosting service and not to one sender; give a domain below it, such as example.%s", ascii)
	}
	return ascii, nil
}

// organisation is the domain that was registered, by the public suffix list (RFC 7489 s.3.2).
func organisation(domain string) string {
	registered, err := publicsuffix.EffectiveTLDPlusOne(domain)
	if err != nil {
		return domain
	}
	return registered
}

// Covers reports whether a domain is another or stands below it.
func Covers(verified, domain string) bool {
	return domain == verified || strings.HasSuffix(domain, "."+verified)
}

func covered(verified []string, domain string) bool {
	for _, one := range verified {
		if Covers(one, domain) {
			return true
		}
	}
	return false
}

// domainOf is the domain of an address in its compared form; empty when it has none.
func domainOf(address string) string {
	at := strings.LastIndexByte(address, '@')
	if at < 0 {
		return ""
	}
	domain, err := NormalDomain(address[at+1:])
	if err != nil {
		return strings.ToLower(address[at+1:])
	}
	return domain
}
