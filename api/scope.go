package api

import (
	"net/http"
	"slices"
	"strings"
)

// The two halves of a scope.
const (
	reads  = "read"
	writes = "write"
)

// scope is what a key needs for an operation: its tag, and whether it only asks.
func (op operation) scope() string {
	half := writes
	if op.method == http.MethodGet || slices.Contains(asking(), op.id) {
		half = reads
	}
	return op.tag + ":" + half
}

// asking are the operations that only ask and yet are no GET: what they ask about does not belong into an address.
func asking() []string {
	return []string{"search-requests", "explain-policy", "check-use", "check-use-list", "check-consent", "check-consents", "check-consent-stream", "get-consents", "export-consents", "check-mail", "search-suppressions"}
}

// inScope says whether a key's scopes hold an operation. A key without scopes may do all that its role may; every key may ask
// what it may do.
func inScope(scopes []string, op operation) bool {
	return len(scopes) == 0 || op.id == "get-caller" || slices.Contains(scopes, op.scope())
}

// scopes lists all that there are, in order.
func (s *server) scopes() []string {
	var all []string
	for _, op := range s.known {
		if !op.open() && !op.personal() && !slices.Contains(all, op.scope()) {
			all = append(all, op.scope())
		}
	}
	slices.Sort(all)
	return all
}

// checkScopes refuses a scope that there is not: a key that was misspelt may do less than was meant, or nothing.
func (s *server) checkScopes(scopes []string) error {
	all := s.scopes()
	for _, scope := range scopes {
		if !slices.Contains(all, scope) {
			return invalid("body.scopes", "has one that there is not; there are "+strings.Join(all, ", "))
		}
	}
	return nil
}
