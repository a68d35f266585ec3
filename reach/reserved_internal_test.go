package reach

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"
)

// neighbour is an address just outside of a block, and what is to be thought of it.
type neighbour struct {
	address           string
	public, elsewhere bool
}

// edges are the first and the last address of every block, and those just outside; what is outside may be in another block, or where nothing is assigned.
var edges = map[string]struct {
	elsewhere   bool
	first, last string
	before      *neighbour
	after       *neighbour
}{
	"0.0.0.0/8":       {false, "0.0.0.0", "0.255.255.255", nil, &neighbour{"1.0.0.0", true, true}},
	"10.0.0.0/8":      {true, "10.0.0.0", "10.255.255.255", &neighbour{"9.255.255.255", true, true}, &neighbour{"11.0.0.0", true, true}},
	"100.64.0.0/10":   {true, "100.64.0.0", "100.127.255.255", &neighbour{"100.63.255.255", true, true}, &neighbour{"100.128.0.0", true, true}},
	"127.0.0.0/8":     {false, "127.0.0.0", "127.255.255.255", &neighbour{"126.255.255.255", true, true}, &neighbour{"128.0.0.0", true, true}},
	"169.254.0.0/16":  {false, "169.254.0.0", "169.254.255.255", &neighbour{"169.253.255.255", true, true}, &neighbour{"169.255.0.0", true, true}},
	"172.16.0.0/12":   {true, "172.16.0.0", "172.31.255.255", &neighbour{"172.15.255.255", true, true}, &neighbour{"172.32.0.0", true, true}},
	"192.0.0.0/24":    {true, "192.0.0.0", "192.0.0.255", &neighbour{"191.255.255.255", true, true}, &neighbour{"192.0.1.0", true, true}},
	"192.0.2.0/24":    {true, "192.0.2.0", "192.0.2.255", &neighbour{"192.0.1.255", true, true}, &neighbour{"192.0.3.0", true, true}},
	"192.88.99.0/24":  {false, "192.88.99.0", "192.88.99.255", &neighbour{"192.88.98.255", true, true}, &neighbour{"192.88.100.0", true, true}},
	"192.168.0.0/16":  {true, "192.168.0.0", "192.168.255.255", &neighbour{"192.167.255.255", true, true}, &neighbour{"192.169.0.0", true, true}},
	"198.18.0.0/15":   {true, "198.18.0.0", "198.19.255.255", &neighbour{"198.17.255.255", true, true}, &neighbour{"198.20.0.0", true, true}},
	"198.51.100.0/24": {true, "198.51.100.0", "198.51.100.255", &neighbour{"198.51.99.255", true, true}, &neighbour{"198.51.101.0", true, true}},
	"203.0.113.0/24":  {true, "203.0.113.0", "203.0.113.255", &neighbour{"203.0.112.255", true, true}, &neighbour{"203.0.114.0", true, true}},
	"224.0.0.0/4":     {false, "224.0.0.0", "239.255.255.255", &neighbour{"223.255.255.255", true, true}, &neighbour{"240.0.0.0", false, false}},
	"240.0.0.0/4":     {false, "240.0.0.0", "255.255.255.255", &neighbour{"239.255.255.255", false, false}, nil},

	"::/96":            {false, "::", "::ffff:ffff", nil, &neighbour{"::1:0:0", false, true}},
	"::ffff:0:0:0/96":  {false, "::ffff:0:0:0", "::ffff:0:ffff:ffff", &neighbour{"::fffe:ffff:ffff:ffff", false, true}, &neighbour{"::ffff:1:0:0", false, true}},
	"64:ff9b::/96":     {false, "64:ff9b::", "64:ff9b::ffff:ffff", &neighbour{"64:ff9a:ffff:ffff:ffff:ffff:ffff:ffff", false, true}, &neighbour{"64:ff9b::1:0:0", false, true}},
	"64:ff9b:1::/48":   {false, "64:ff9b:1::", "64:ff9b:1:ffff:ffff:ffff:ffff:ffff", &neighbour{"64:ff9b:0:ffff:ffff:ffff:ffff:ffff", false, true}, &neighbour{"64:ff9b:2::", false, true}},
	"100::/64":         {true, "100::", "100::ffff:ffff:ffff:ffff", &neighbour{"ff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", false, true}, &neighbour{"100:0:0:1::", false, true}},
	"100:0:0:1::/64":   {true, "100:0:0:1::", "100:0:0:1:ffff:ffff:ffff:ffff", &neighbour{"100::ffff:ffff:ffff:ffff", false, true}, &neighbour{"100:0:0:2::", false, true}},
	"2001::/32":        {false, "2001::", "2001:0:ffff:ffff:ffff:ffff:ffff:ffff", &neighbour{"2000:ffff:ffff:ffff:ffff:ffff:ffff:ffff", true, true}, &neighbour{"2001:1::", false, true}},
	"2001::/23":        {true, "2001:1::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff", &neighbour{"2000:ffff:ffff:ffff:ffff:ffff:ffff:ffff", true, true}, &neighbour{"2001:200::", true, true}},
	"2001:db8::/32":    {true, "2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", &neighbour{"2001:db7:ffff:ffff:ffff:ffff:ffff:ffff", true, true}, &neighbour{"2001:db9::", true, true}},
	"2002::/16":        {false, "2002::", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff", &neighbour{"2001:ffff:ffff:ffff:ffff:ffff:ffff:ffff", true, true}, &neighbour{"2003::", true, true}},
	"3fff::/20":        {true, "3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff", &neighbour{"3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff", true, true}, &neighbour{"3fff:1000::", true, true}},
	"5f00::/16":        {true, "5f00::", "5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff", &neighbour{"5eff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", false, true}, &neighbour{"5f01::", false, true}},
	"fc00::/7":         {true, "fc00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", &neighbour{"fbff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", false, true}, &neighbour{"fe00::", false, true}},
	"fe80::/10":        {false, "fe80::", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff", &neighbour{"fe7f:ffff:ffff:ffff:ffff:ffff:ffff:ffff", false, true}, &neighbour{"fec0::", false, true}},
	"fec0::/10":        {true, "fec0::", "feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", &neighbour{"febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff", false, false}, &neighbour{"ff00::", false, false}},
	"ff00::/8":         {false, "ff00::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", &neighbour{"feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", false, true}, nil},
	"2000::/3 outside": {true, "4000::", "fbff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", &neighbour{"3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", true, true}, nil},
}

// Every block is left out from its first to its last address, and no further.
func TestEveryReservation(t *testing.T) {
	t.Parallel()
	for name, e := range edges {
		for _, address := range []string{e.first, e.last} {
			a := netip.MustParseAddr(address)
			require.False(t, Public(a), "%s of %s", address, name)
			require.Equal(t, e.elsewhere, Elsewhere(a), "%s of %s is elsewhere", address, name)
			if a.Is6() {
				require.Equal(t, Elsewhere(a), Elsewhere(a.WithZone("lo")), "%s with an interface", address)
				require.False(t, Public(a.WithZone("lo")), "%s with an interface", address)
				continue
			}
			mapped := netip.AddrFrom16(a.As16())
			require.False(t, Public(mapped), "%s, mapped", address)
			require.Equal(t, e.elsewhere, Elsewhere(mapped), "%s, mapped", address)
		}
		for _, n := range []*neighbour{e.before, e.after} {
			if n == nil {
				continue
			}
			a := netip.MustParseAddr(n.address)
			require.Equal(t, n.public, Public(a), "%s beside %s", n.address, name)
			require.Equal(t, n.elsewhere, Elsewhere(a), "%s beside %s is elsewhere", n.address, name)
		}
	}
	require.False(t, Public(netip.Addr{}))
	require.False(t, Elsewhere(netip.Addr{}))
}

// The table and the test name the same blocks, each with where it is written; and what is just outside of one is not in it.
func TestTheTableIsWhole(t *testing.T) {
	t.Parallel()
	require.Len(t, edges, len(reservations)+1, "and what is outside of all that is assigned")
	for _, r := range reservations {
		e, tested := edges[r.block.String()]
		require.True(t, tested, r.block)
		require.Equal(t, r.block, r.block.Masked(), "its own first address")
		require.NotEmpty(t, r.name)
		require.Regexp(t, `RFC \d`, r.source)
		for _, n := range []*neighbour{e.before, e.after} {
			require.False(t, n != nil && r.block.Contains(netip.MustParseAddr(n.address)), r.block)
		}
		if e.before != nil && r.block.String() != "2001::/23" { // whose beginning is Teredo's
			require.Equal(t, netip.MustParseAddr(e.first), netip.MustParseAddr(e.before.address).Next())
		}
		if e.after != nil {
			require.Equal(t, netip.MustParseAddr(e.last), netip.MustParseAddr(e.after.address).Prev())
		}
	}
}

// Addresses of services are let through, those of the registries that are globally reachable too.
func TestWhatTheOpenNetworkHas(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"192.31.196.1", "192.52.193.1", "192.175.48.1", "2620:4f:8000::1", "2606:2800:220:1::1", "2a00:1450:4001::5", "8.8.8.8"} {
		require.True(t, Public(netip.MustParseAddr(address)), address)
	}
}

// No machine is asked for its own credentials, in whatever writing.
func TestNoCloudIsAsked(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"169.254.169.254", "fd00:ec2::254", "fd20:ce::254", "100.100.100.200", "192.0.0.192", "168.63.129.16", "::ffff:168.63.129.16", "fd00:ec2::254%eth0"} {
		a := netip.MustParseAddr(address)
		require.False(t, Public(a), address)
		require.False(t, Elsewhere(a), address)
	}
	require.True(t, Elsewhere(netip.MustParseAddr("fd00:ec2::253")))
	require.True(t, Public(netip.MustParseAddr("168.63.129.17")))
}
