package preflight

import (
	"strings"
	"unicode"
)

// words are the letters and digits of a text, parted by all else, in small letters.
func words(text string) []string {
	return strings.FieldsFunc(strings.ToLower(plain(text)), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) })
}
