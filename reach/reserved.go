package reach

import (
	"net/netip"
	"slices"
)

// reserved is a block of addresses that no service of the open network has, and the source that says so.
type reserved struct {
	block  netip.Prefix
	name   string
	source string
	// disguised blocks are no company's own network either: they mean this machine, its link or many at once, or hold every IPv4 address, loopback too.
	disguised bool
}

// reservations are the blocks of IANA's IPv4 and IPv6 Special-Purpose Address Registries that are not globally reachable, those of which the registries say
// "N/A" (tunnels, addresses that were given up), and those that hold IPv4 addresses in another writing. Where a block has smaller ones in it that are globally
// reachable (192.0.0.9/32 and 192.0.0.10/32 in 192.0.0.0/24, and those of 2001::/23), they are left out too: they name what is nearest, or no service at all.
var reservations = []reserved{
	{netip.MustParsePrefix("0.0.0.0/8"), "this network", "RFC 791 section 3.2", true},
	{netip.MustParsePrefix("10.0.0.0/8"), "private use", "RFC 1918", false},
	{netip.MustParsePrefix("100.64.0.0/10"), "shared address space of carriers", "RFC 6598", false},
	{netip.MustParsePrefix("127.0.0.0/8"), "loopback", "RFC 1122 section 3.2.1.3", true},
	{netip.MustParsePrefix("169.254.0.0/16"), "link local", "RFC 3927", true},
	{netip.MustParsePrefix("172.16.0.0/12"), "private use", "RFC 1918", false},
	{netip.MustParsePrefix("192.0.0.0/24"), "protocol assignments", "RFC 6890 section 2.1", false}, // with RFC 7335, 7600, 7723, 8155, 8880 and 7050
	{netip.MustParsePrefix("192.0.2.0/24"), "documentation", "RFC 5737", false},
	{netip.MustParsePrefix("192.88.99.0/24"), "6to4 relays, given up", "RFC 7526", true}, // with 6a44 relays, RFC 6751
	{netip.MustParsePrefix("192.168.0.0/16"), "private use", "RFC 1918", false},
	{netip.MustParsePrefix("198.18.0.0/15"), "benchmarking", "RFC 2544", false},
	{netip.MustParsePrefix("198.51.100.0/24"), "documentation", "RFC 5737", false},
	{netip.MustParsePrefix("203.0.113.0/24"), "documentation", "RFC 5737", false},
	{netip.MustParsePrefix("224.0.0.0/4"), "multicast", "RFC 5771", true},
	{netip.MustParsePrefix("240.0.0.0/4"), "reserved, with the limited broadcast", "RFC 1112 section 4, RFC 919", true},

	{netip.MustParsePrefix("::/96"), "unspecified, loopback, IPv4-compatible", "RFC 4291 sections 2.5.2, 2.5.3, 2.5.5.1", true},
	{netip.MustParsePrefix("::ffff:0:0:0/96"), "IPv4-translated", "RFC 2765 section 2.1", true},
	{netip.MustParsePrefix("64:ff9b::/96"), "IPv4 through a translator", "RFC 6052", true},
	{netip.MustParsePrefix("64:ff9b:1::/48"), "IPv4 through a network's own translator", "RFC 8215", true},
	{netip.MustParsePrefix("100::/64"), "discarded", "RFC 6666", false},
	{netip.MustParsePrefix("100:0:0:1::/64"), "dummy", "RFC 9780", false},
	{netip.MustParsePrefix("2001::/32"), "Teredo", "RFC 4380", true},
	{netip.MustParsePrefix("2001::/23"), "protocol assignments", "RFC 2928", false}, // with RFC 5180, 4843, 7343 and 9374
	{netip.MustParsePrefix("2001:db8::/32"), "documentation", "RFC 3849", false},
	{netip.MustParsePrefix("2002::/16"), "6to4", "RFC 3056", true},
	{netip.MustParsePrefix("3fff::/20"), "documentation", "RFC 9637", false},
	{netip.MustParsePrefix("5f00::/16"), "segments of routes", "RFC 9602", false},
	{netip.MustParsePrefix("fc00::/7"), "unique local", "RFC 4193", false},
	{netip.MustParsePrefix("fe80::/10"), "link local", "RFC 4291 section 2.5.6", true},
	{netip.MustParsePrefix("fec0::/10"), "site local, given up", "RFC 3879", false},
	{netip.MustParsePrefix("ff00::/8"), "multicast", "RFC 4291 section 2.7", true},
}

// clouds are addresses outside of the links' own at which providers of machines tell these their settings and credentials, as the providers' manuals have
// them: Amazon (IPv6), Google (IPv6), Alibaba, Oracle, Azure.
var clouds = []netip.Addr{
	netip.MustParseAddr("fd00:ec2::254"), netip.MustParseAddr("fd20:ce::254"), netip.MustParseAddr("100.100.100.200"), netip.MustParseAddr("192.0.0.192"),
	netip.MustParseAddr("168.63.129.16"),
}

// assigned is the one block of IPv6 out of which IANA gives addresses to the open network (RFC 4291 section 2.4, IANA's IPv6 Address Space).
var assigned = netip.MustParsePrefix("2000::/3")

// plainly is an address without what is only a way of writing it: IPv4 mapped into IPv6 (RFC 4291 section 2.5.5.2), and the name of an interface, which
// would keep every block from holding it.
func plainly(a netip.Addr) netip.Addr { return a.Unmap().WithZone("") }

// Public leaves out what IANA's special-purpose registries keep from the open network and lets through the rest.
func Public(a netip.Addr) bool {
	a = plainly(a)
	return a.IsValid() && (a.Is4() || assigned.Contains(a)) && !slices.Contains(clouds, a) && !slices.ContainsFunc(reservations, func(r reserved) bool { return r.block.Contains(a) })
}

// Elsewhere leaves out this machine, whatever is on the same link, where cloud providers tell machines their credentials, and ways of writing any of them as
// something else. A company's own network is let through: its databases are there.
func Elsewhere(a netip.Addr) bool {
	a = plainly(a)
	return a.IsValid() && !slices.Contains(clouds, a) && !slices.ContainsFunc(reservations, func(r reserved) bool { return r.disguised && r.block.Contains(a) })
}
