// Package reach says where a program of ours may connect to on the word of a tenant: addresses in webhooks, providers of single
// sign-on and data systems are typed by administrators of tenants, and the network around this machine is the operator's.
package reach

import (
	"errors"
	"net"
	"net/netip"
	"syscall"
	"time"
)

// ErrOff says that an address is none that may be connected to.
var ErrOff = errors.New("the address may not be connected to")

// Dialer connects to addresses that may be, and to every one when may is nil. It looks at the address in the moment of connecting, so that
// a name that changes what it stands for between check and use gets nowhere.
func Dialer(timeout time.Duration, may func(netip.Addr) bool) *net.Dialer {
	dialer := &net.Dialer{Timeout: timeout}
	if may != nil {
		dialer.Control = func(_, address string, _ syscall.RawConn) error {
			at, err := netip.ParseAddrPort(address)
			if err != nil || !may(at.Addr()) {
				return ErrOff
			}
			return nil
		}
	}
	return dialer
}

// Public leaves out what IANA's special-purpose registries keep from the open network and lets through the rest.
func Public(a netip.Addr) bool {
	a = a.Unmap()
	return Elsewhere(a) && !a.IsPrivate() && !within(a, special)
}

// Elsewhere leaves out this machine, whatever is on the same link (cloud providers tell machines their credentials there), and ways of writing
// either as something else. A company's own network is let through: its databases are there.
func Elsewhere(a netip.Addr) bool {
	a = a.Unmap()
	return a.IsGlobalUnicast() && !a.IsLoopback() && !a.IsLinkLocalUnicast() && !within(a, disguised)
}

// disguised blocks hold every IPv4 address, loopback too, or stand for this network.
var disguised = prefixes("0.0.0.0/8", "240.0.0.0/4", "::/96", "192.88.99.0/24", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")

// special blocks are kept for networks' own use, documentation and measurement (RFC 6890 and what came after it).
var special = prefixes(
	"100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "100::/64", "2001::/23", "2001:db8::/32", "fec0::/10",
)

func prefixes(blocks ...string) []netip.Prefix {
	out := make([]netip.Prefix, len(blocks))
	for i, block := range blocks {
		out[i] = netip.MustParsePrefix(block)
	}
	return out
}

func within(a netip.Addr, blocks []netip.Prefix) bool {
	for _, block := range blocks {
		if block.Contains(a) {
			return true
		}
	}
	return false
}
