package privacy

import (
	"net/url"
	"slices"
	"strings"
)

// OneClickPost is the only value that List-Unsubscribe-Post may have (RFC 8058 s.3.1).
const OneClickPost = "List-Unsubscribe=One-Click"

// OneClickHeaders are the parts of a message that one-click unsubscribing rests on.
type OneClickHeaders struct {
	ListUnsubscribe     string
	ListUnsubscribePost string
	DKIMSigned          []string // header names in the h= tag of a valid signature
}

// OneClickFault says why a message offers no one-click unsubscribing.
type OneClickFault string

// The faults, in the order in which they are looked for.
const (
	FaultNone         OneClickFault = ""
	FaultMissingList  OneClickFault = "missing_list_unsubscribe_header"
	FaultBrackets     OneClickFault = "missing_angle_brackets"
	FaultNoHTTPS      OneClickFault = "no_https_uri"
	FaultMissingPost  OneClickFault = "missing_post_header"
	FaultPostValue    OneClickFault = "wrong_post_value"
	FaultDKIMCoverage OneClickFault = "dkim_does_not_cover_headers"
)

// Check finds the first fault: an HTTPS URI in angle brackets, the exact Post value, and a signature over both fields.
func (h OneClickHeaders) Check() OneClickFault {
	uris, bracketed := listURIs(h.ListUnsubscribe)
	switch {
	case strings.TrimSpace(h.ListUnsubscribe) == "":
		return FaultMissingList
	case !bracketed:
		return FaultBrackets
	case !slices.ContainsFunc(uris, isHTTPS):
		return FaultNoHTTPS
	case h.ListUnsubscribePost == "":
		return FaultMissingPost
	case strings.TrimSpace(h.ListUnsubscribePost) != OneClickPost:
		return FaultPostValue
	case !h.signs("list-unsubscribe") || !h.signs("list-unsubscribe-post"):
		return FaultDKIMCoverage
	}
	return FaultNone
}

// signs reports whether the signature covers a header; names in h= compare without regard to case (RFC 6376 s.3.5).
func (h OneClickHeaders) signs(name string) bool {
	return slices.ContainsFunc(h.DKIMSigned, func(signed string) bool {
		return strings.EqualFold(strings.TrimSpace(signed), name)
	})
}

// listURIs splits the field of RFC 2369: URIs in angle brackets, commas between them. It reports false when a part
// stands outside brackets; a comma inside brackets belongs to the URI.
func listURIs(field string) (uris []string, bracketed bool) {
	rest := strings.TrimSpace(field)
	for rest != "" {
		end := strings.IndexByte(rest, '>')
		if rest[0] != '<' || end < 0 {
			return uris, false
		}
		uris = append(uris, strings.TrimSpace(rest[1:end]))
		rest = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(rest[end+1:]), ","))
	}
	return uris, len(uris) > 0
}

func isHTTPS(uri string) bool {
	u, err := url.Parse(uri)
	return err == nil && strings.EqualFold(u.Scheme, "https") && u.Host != ""
}
