// Package lookup asks the domain name system for preflight, by the machine's own servers or by one that is named.
package lookup

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"time"
)

// patience is how long one name may take.
const patience = 8 * time.Second

// Resolver looks up TXT records.
type Resolver struct{ net *net.Resolver }

// New makes a resolver that asks one server, as host:port with an IP address; an empty one means the servers of the machine.
func New(server string) (*Resolver, error) {
	if server == "" {
		return &Resolver{net: &net.Resolver{}}, nil
	}
	address, err := netip.ParseAddrPort(server)
	if err != nil {
		return nil, fmt.Errorf("%q is no address of a name server: give an IP address with a port, as in 127.0.0.1:53", server)
	}
	dial := func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, address.String())
	}
	return &Resolver{net: &net.Resolver{PreferGo: true, StrictErrors: true, Dial: dial}}, nil
}

// LookupTXT gives the TXT records of a name, the parts of each joined. The name is whole: no search list is tried.
func (r *Resolver) LookupTXT(ctx context.Context, name string) ([]string, error) {
	ctx, done := context.WithTimeout(ctx, patience)
	defer done()
	return r.net.LookupTXT(ctx, strings.TrimSuffix(name, ".")+".")
}
