package conformance

import (
	"net/netip"
	"strings"
)

// Shape is what erasure.Shape makes of a text.
func Shape(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'A' && r <= 'Z':
			return 'X'
		case r >= '0' && r <= '9':
			return '0'
		case r >= ' ' && r <= '~' && (r < 'a' || r > 'z'):
			return r
		default:
			return 'x'
		}
	}, s)
}

// The bits of an address that erasure.Generalise keeps.
const (
	network4 = 24
	network6 = 48
)

// General is what erasure.Generalise makes of a text, in a column without a limit.
func General(s string) string {
	address, _, isNetwork := strings.Cut(s, "/")
	ip, err := netip.ParseAddr(address)
	if err == nil && ip.Zone() == "" && !ip.Is4In6() {
		keep := network6
		if ip.Is4() {
			keep = network4
		}
		if isNetwork {
			p, err := netip.ParsePrefix(s)
			if err != nil {
				return first2(s)
			}
			keep = min(keep, p.Bits())
		}
		return netip.PrefixFrom(ip, keep).Masked().String()
	}
	return first2(s)
}

func first2(s string) string {
	runes := []rune(s)
	if two := string(runes[:min(2, len(runes))]); two != "::" { // which is an address, and would come to its network the next time
		return two
	}
	return ":"
}
