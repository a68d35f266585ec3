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

// ErrPlain says that an address is none that may be connected to without encryption.
var ErrPlain = errors.New("the address may not be connected to without encryption")

// Dialer connects to addresses that may be, and to every one when may is nil. It looks at the address in the moment of connecting, so that
// a name that changes what it stands for between check and use gets nowhere.
func Dialer(timeout time.Duration, may func(netip.Addr) bool) *net.Dialer {
	return PlainDialer(timeout, may, nil)
}

// PlainDialer is a Dialer for connections that may go without encryption: only to addresses of which plain says so, too.
func PlainDialer(timeout time.Duration, may, plain func(netip.Addr) bool) *net.Dialer {
	dialer := &net.Dialer{Timeout: timeout}
	dialer.Control = func(_, address string, _ syscall.RawConn) error {
		at, err := netip.ParseAddrPort(address)
		switch {
		case may != nil && (err != nil || !may(at.Addr())):
			return ErrOff
		case plain != nil && (err != nil || !plain(at.Addr())):
			return ErrPlain
		}
		return nil
	}
	return dialer
}
