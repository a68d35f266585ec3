package mailcatcher

import (
	"net"
	"net/http"
)

const (
	pagePolicy = "default-src 'none'; style-src 'self' 'unsafe-inline'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
	// mailPolicy is for the HTML of a mail, which anyone may have written: no script, nothing from the network.
	mailPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox"
)

// guarded keeps web pages elsewhere from reading mail through the reader's browser: a name that was rebound to
// loopback is refused by its Host header, and no other origin is ever allowed.
func guarded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(out http.ResponseWriter, in *http.Request) {
		if !loopbackHost(in.Host) {
			answer(out, http.StatusForbidden, problem{"open this page under 127.0.0.1 or localhost"})
			return
		}
		if site := in.Header.Get("Sec-Fetch-Site"); site == "cross-site" && in.Method != http.MethodGet {
			answer(out, http.StatusForbidden, problem{"changes are not taken from other sites"})
			return
		}
		h := out.Header()
		h.Set("Content-Security-Policy", pagePolicy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "no-store")
		next.ServeHTTP(out, in)
	})
}

func loopbackHost(hostport string) bool {
	name, _, err := net.SplitHostPort(hostport)
	if err != nil {
		name = hostport
	}
	if name == "localhost" {
		return true
	}
	ip := net.ParseIP(name)
	return ip != nil && ip.IsLoopback()
}
