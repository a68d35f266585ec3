package packaging

import (
	"strconv"
	"unicode/utf8"

	"github.com/privacy-docket/docket/connectors"
)

// bom begins each CSV file: without it Excel reads UTF-8 as the machine's old code page and garbles every name.
const bom = "\ufeff"

// appendCSV appends the value as one cell (RFC 4180). Null is an empty cell, empty text is "".
//
// Only numbers and truth values go in bare. A text that a spreadsheet would run as a formula gets an apostrophe in
// front, and so does anything else that is not a number: see formula.
func appendCSV(dst []byte, v Value) []byte {
	switch v.Kind() {
	case connectors.KindNull:
		return dst
	case connectors.KindBool:
		return strconv.AppendBool(dst, v.Int64() == 1)
	case connectors.KindInt:
		return strconv.AppendInt(dst, v.Int64(), 10)
	case connectors.KindDecimal:
		if isNumber(v.Raw()) {
			return append(dst, v.Raw()...)
		}
	case connectors.KindJSON:
		if isNumber(v.Raw()) {
			return append(dst, v.Raw()...)
		}
	}
	return appendCell(dst, v.String())
}

// appendCell appends a text as one cell, quoted where it must be and harmless in a spreadsheet.
func appendCell(dst []byte, s string) []byte {
	guard := formula(s)
	if !guard && plainCell(s) {
		return append(dst, s...)
	}
	dst = append(dst, '"')
	if guard {
		dst = append(dst, '\'')
	}
	for i := 0; i < len(s); {
		c := s[i]
		switch {
		case c == '"':
			dst = append(dst, '"', '"')
		case c == 0: // ends a text in many programs
			dst = append(dst, "\ufffd"...)
		case c >= utf8.RuneSelf:
			r, n := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && n == 1 {
				dst = append(dst, "\ufffd"...)
			} else {
				dst = append(dst, s[i:i+n]...)
			}
			i += n
			continue
		default:
			dst = append(dst, c)
		}
		i++
	}
	return append(dst, '"')
}

// plainCell tells whether a text can stand without quotes.
func plainCell(s string) bool {
	if s == "" || s[0] == ' ' || s[len(s)-1] == ' ' {
		return false
	}
	for i := range len(s) {
		if c := s[i]; c < ' ' || c == '"' || c == ',' || c == ';' || c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// formula tells whether a spreadsheet may take a text for a formula: it begins with = + - @ (also in their full-width
// forms), a tab, a carriage return or a line feed; blanks and invisible characters before them, which some programs
// skip, do not help.
func formula(s string) bool {
	for _, r := range s {
		switch r {
		case '=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠', '−':
			return true
		case ' ', '\u00a0', '\ufeff', '\u200b', '\u200e', '\u200f', '\u2060', '\u3000', '\x00', '\v', '\f':
			continue
		}
		return false
	}
	return false
}
