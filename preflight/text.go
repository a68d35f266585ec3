package preflight

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// shown makes a piece of a message safe to print: one line, no signs that steer a terminal or turn the direction of writing, and short.
func shown(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), r == utf8.RuneError, !unicode.IsGraphic(r):
			return '\uFFFD'
		}
		return r
	}, text)
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > maxShown {
		return string(runes[:maxShown]) + "…"
	}
	return text
}

// plain is a text as its words are compared: single blanks, and no signs that cannot be seen.
func plain(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.Is(unicode.Cf, r), unicode.IsControl(r):
			return -1
		case r == '’':
			return '\''
		}
		return r
	}, text)
	return strings.Join(strings.Fields(text), " ")
}

// letters counts letters and digits: what there is to read.
func letters(text string) int {
	n := 0
	for _, r := range text {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			n++
		}
	}
	return n
}
