package document

import (
	"encoding/json"
	"math"
	"net/netip"
	"strconv"
	"strings"
)

// Shape keeps the form of a text, letter by letter.
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

// The bits of an address that are kept.
const (
	network4 = 24
	network6 = 48
)

// General keeps the network of an IP address, where the field has room for it, and of any other text the first two characters.
func General(s string, length int) string {
	address, _, isNetwork := strings.Cut(s, "/")
	if ip, err := netip.ParseAddr(address); err == nil && ip.Zone() == "" && !ip.Is4In6() {
		keep := network6
		if ip.Is4() {
			keep = network4
		}
		if p, err := netip.ParsePrefix(s); isNetwork && err == nil {
			keep = min(keep, p.Bits())
		}
		if network := netip.PrefixFrom(ip, keep).Masked().String(); (!isNetwork || validPrefix(s)) && (length == 0 || len(network) <= length) {
			return network
		}
	}
	letters := []rune(s)
	if two := string(letters[:min(2, len(letters))]); two != "::" { // which is an address, and would come to its network the next time
		return two
	}
	return ":"
}

func validPrefix(s string) bool {
	_, err := netip.ParsePrefix(s)
	return err == nil
}

// Tens cuts a number to tens. One that is written with an exponent and too large to have any becomes none.
func Tens(s string) string {
	if strings.ContainsAny(s, "eE") {
		f, err := strconv.ParseFloat(s, 64)
		if err != nil || math.Abs(f) >= 1e15 {
			return "0"
		}
		s = strconv.FormatInt(int64(f), 10)
	}
	s, _, _ = strings.Cut(s, ".")
	if len(strings.TrimPrefix(s, "-")) < 2 {
		return "0"
	}
	return s[:len(s)-1] + "0"
}

// Formed treats texts and numbers, and leaves nothing of what is neither.
func Formed(text, number func(string) string) Rewrite {
	return func(raw json.RawMessage) (json.RawMessage, error) {
		switch was := Text(raw); Kind(raw) {
		case '"':
			if is := text(was); is != was {
				return Quoted(is), nil
			}
			return raw, nil
		case '0':
			if is := number(was); is != was {
				return json.RawMessage(is), nil
			}
			return raw, nil
		}
		return json.RawMessage("null"), nil
	}
}
