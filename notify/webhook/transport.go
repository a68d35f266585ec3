package webhook

import (
	"errors"
	"net"
	"net/http"
	"net/netip"
	"syscall"
	"time"

	"github.com/privacy-docket/docket/notify"
)

// errLocal says that a name led into the own network.
var errLocal = errors.New("the address is not public")

// NewTransport refuses addresses that are not public at the moment of connecting, so that a name that changes its
// address between check and use gets nowhere. Proxies are not used: they would resolve the name themselves.
func NewTransport(allowLocal bool) *http.Transport {
	dialer := &net.Dialer{Timeout: 10 * time.Second}
	if !allowLocal {
		dialer.Control = func(_, address string, _ syscall.RawConn) error {
			at, err := netip.ParseAddrPort(address)
			if err != nil || !public(at.Addr()) {
				return errLocal
			}
			return nil
		}
	}
	return &http.Transport{
		DialContext: dialer.DialContext, TLSHandshakeTimeout: 10 * time.Second, ForceAttemptHTTP2: true,
		MaxIdleConnsPerHost: 2, IdleConnTimeout: time.Minute, MaxResponseHeaderBytes: 32 << 10,
	}
}

// public leaves out what IANA's special-purpose registries keep from the open network and lets through the rest.
func public(a netip.Addr) bool {
	a = a.Unmap()
	if !a.IsGlobalUnicast() || a.IsPrivate() || a.IsLoopback() || a.IsLinkLocalUnicast() {
		return false
	}
	for _, block := range []string{
		"0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
		"240.0.0.0/4", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "fec0::/10",
	} {
		if netip.MustParsePrefix(block).Contains(a) {
			return false
		}
	}
	return true
}

// unreached is a delivery without an answer. The error of net/http repeats the URL, so only its kind is kept.
func unreached(err, ended error) error {
	f := &notify.Failure{Channel: notify.ChannelWebhook, Step: "connect", Temporary: true}
	if errors.Is(err, errLocal) {
		f.Temporary, f.Step = false, "connect (the address is not public)"
	}
	if ended != nil {
		return f.FromContext(ended)
	}
	return f.FromContext(err)
}
