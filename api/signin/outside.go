package signin

import (
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"syscall"
	"time"
)

// How long a provider may take, and how much it may say.
const (
	providerTime = 10 * time.Second
	providerSays = 1 << 20
)

// errInside says that an address is not one of the public network.
var errInside = errors.New("the address is not a public one")

// outside is a client that reaches public addresses alone, unless private says otherwise. The address is looked at when it is
// connected to, so a name that points inside is no way in.
func outside(private bool) *http.Client {
	dialer := &net.Dialer{Timeout: providerTime}
	if !private {
		dialer.Control = func(_, address string, _ syscall.RawConn) error {
			host, err := netip.ParseAddrPort(address)
			if err != nil || !public(host.Addr().Unmap()) {
				return errInside
			}
			return nil
		}
	}
	transport := &http.Transport{DialContext: dialer.DialContext, TLSHandshakeTimeout: providerTime, ResponseHeaderTimeout: providerTime, ForceAttemptHTTP2: true}
	return &http.Client{
		Timeout: providerTime, Transport: bounded{transport},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// shared is the range of carriers' own networks (RFC 6598), which is neither private nor public.
var shared = netip.MustParsePrefix("100.64.0.0/10")

func public(a netip.Addr) bool {
	return a.IsGlobalUnicast() && !a.IsPrivate() && !shared.Contains(a)
}

// bounded cuts answers that are longer than any provider has to say.
type bounded struct{ next http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := b.next.RoundTrip(r)
	if err == nil {
		response.Body = struct {
			io.Reader
			io.Closer
		}{io.LimitReader(response.Body, providerSays), response.Body}
	}
	return response, err
}
