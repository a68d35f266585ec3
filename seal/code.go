package seal

import (
	"strings"
	"unicode"
)

// NormalCode gives the form of a one-time code in which it was given out: small letters, without the spaces and hyphens that
// people put between its groups, or that a program put there.
func NormalCode(typed string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.In(r, unicode.Pd, unicode.Cf) {
			return -1
		}
		return unicode.ToLower(r)
	}, typed)
}

// IsDigits says whether a code in its normal form is n digits.
func IsDigits(code string, n int) bool {
	return len(code) == n && strings.Trim(code, "0123456789") == ""
}
