package preflight

import (
	"slices"
	"strings"

	"github.com/emersion/go-msgauth/authres"
)

// checkResults reads what mail servers that are trusted found when the message arrived (RFC 8601). What others wrote into the
// header does not count: anybody can.
func checkResults(e *exam) {
	for _, value := range e.message.header.Values("Authentication-Results") {
		server, results, err := authres.Parse(value)
		if err != nil || !slices.ContainsFunc(e.AuthServers, func(trusted string) bool { return strings.EqualFold(trusted, server) }) {
			continue
		}
		for _, r := range results {
			if method, value, of := failed(r); method != "" {
				e.find(ruleResultsFail, told{where: "Authentication-Results of " + shown(server), reason: method + "=" + string(value) + of, doubt: method == "SPF" && e.signed()})
			}
		}
	}
}

// hasResults reports whether a server left results.
func (e *exam) hasResults(server string) bool {
	return slices.ContainsFunc(e.message.header.Values("Authentication-Results"), func(value string) bool {
		by, _, err := authres.Parse(value)
		return err == nil && strings.EqualFold(by, server)
	})
}

// signed reports whether a valid signature is of the domain in From: then a failing SPF costs little.
func (e *exam) signed() bool {
	return slices.ContainsFunc(e.signatures, func(s signature) bool { return s.valid() && s.Aligned })
}

// failed gives the method and the value of a result that failed.
func failed(r authres.Result) (method string, value authres.ResultValue, of string) {
	switch r := r.(type) {
	case *authres.SPFResult:
		method, value, of = "SPF", r.Value, ""
	case *authres.DKIMResult:
		method, value, of = "DKIM", r.Value, " for "+shown(r.Domain)
	case *authres.DMARCResult:
		method, value, of = "DMARC", r.Value, ""
	}
	switch value {
	case authres.ResultFail, authres.ResultHardFail, authres.ResultSoftFail, authres.ResultPermError, authres.ResultPolicy:
		return method, value, of
	}
	return "", "", ""
}
