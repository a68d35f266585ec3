package api

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"

	"github.com/privacy-docket/docket/api/signin"
	"github.com/privacy-docket/docket/storage"
)

// visit is what a call brings with it beside its input: where it comes from, and what its browser keeps for us.
type visit struct {
	address string
	agent   string
	token   string // of the session
	device  string // of a browser that was here before
	state   string // of a sign-in at another provider
	// shown is whose page the call comes from: account/tenant, where the console says so.
	shown string
	// unattended is a call that a page makes by itself, with nobody before it.
	unattended bool
}

// What the console says about the page that a call comes from.
const (
	shownHeader      = "Docket-Shown"
	unattendedHeader = "Docket-Unattended"
)

// The cookies, without the prefix that binds them to a secure host.
const (
	sessionCookie = "docket"
	deviceCookie  = "docket_device"
	stateCookie   = "docket_state"
)

// jar names and makes cookies. On a secure address the __Host- prefix has browsers refuse one that another host or an
// unprotected page tries to set.
type jar struct{ secure bool }

func newJar(public string) jar {
	u, err := url.Parse(public)
	return jar{secure: err == nil && u.Scheme == "https"}
}

func (j jar) name(of string) string {
	switch {
	case j.secure:
		return "__Host-" + of
	case of == sessionCookie:
		return "docket_session"
	default:
		return of
	}
}

func (j jar) cookie(of, value string, seconds int) http.Cookie {
	site := http.SameSiteStrictMode
	if of == stateCookie { // another provider's page sends people back with it
		site = http.SameSiteLaxMode
	}
	if value == "" {
		seconds = -1
	}
	return http.Cookie{Name: j.name(of), Value: value, Path: "/", MaxAge: seconds, Secure: j.secure, HttpOnly: true, SameSite: site} //nolint:gosec // secure wherever the public address is
}

// session makes the cookie of a session; an empty token takes it away.
func (j jar) session(token string) http.Cookie {
	return j.cookie(sessionCookie, token, int(storage.SessionLife.Seconds()))
}

func (j jar) device(value string) http.Cookie {
	return j.cookie(deviceCookie, value, int(signin.DeviceLife.Seconds()))
}

// visitOf reads what a call brings. Of two cookies of one name none is believed: one of them was planted.
func (s *server) visitOf(ctx huma.Context) visit {
	request := humagin.Unwrap(ctx).Request
	read := func(of string) string {
		found := request.CookiesNamed(s.jar.name(of))
		if len(found) != 1 {
			return ""
		}
		return found[0].Value
	}
	return visit{
		address: humagin.Unwrap(ctx).ClientIP(), agent: request.UserAgent(),
		token: read(sessionCookie), device: read(deviceCookie), state: read(stateCookie),
		shown: request.Header.Get(shownHeader), unattended: request.Header.Get(unattendedHeader) != "",
	}
}

// bearer says whether a call comes with a key, good or not: then its cookies are not looked at.
func bearer(header string) bool { return strings.TrimSpace(header) != "" }
