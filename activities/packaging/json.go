package packaging

import (
	"encoding/base64"
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/privacy-docket/docket/connectors"
)

// appendJSON appends the value as JSON (RFC 8259). It uses no reflection: a package may hold millions of values.
func appendJSON(dst []byte, v Value) []byte {
	switch v.Kind() {
	case connectors.KindBool:
		return strconv.AppendBool(dst, v.Int64() == 1)
	case connectors.KindInt:
		return strconv.AppendInt(dst, v.Int64(), 10)
	case connectors.KindDecimal:
		if isNumber(v.Raw()) {
			return append(dst, v.Raw()...)
		}
		return appendJSONString(dst, v.Raw())
	case connectors.KindText, connectors.KindTime:
		return appendJSONString(dst, v.Raw())
	case connectors.KindBytes:
		dst = append(dst, '"')
		dst = base64.StdEncoding.AppendEncode(dst, []byte(v.Raw()))
		return append(dst, '"')
	case connectors.KindJSON:
		return appendDocument(dst, v.Raw())
	case connectors.KindList:
		return appendList(dst, v.Elements())
	case connectors.KindOversize:
		dst = append(dst, `{"too_long_to_include":true,"bytes":`...)
		dst = strconv.AppendInt(dst, v.Int64(), 10)
		dst = append(dst, `,"begins":`...)
		return append(appendJSONString(dst, v.Raw()), '}')
	}
	return append(dst, "null"...)
}

func appendList(dst []byte, list []Value) []byte {
	dst = append(dst, '[')
	for i, v := range list {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendJSON(dst, v)
	}
	return append(dst, ']')
}

// appendDocument appends a document as it is if it is JSON, and as text if it is not.
func appendDocument(dst []byte, text string) []byte {
	if !json.Valid([]byte(text)) {
		return appendJSONString(dst, text)
	}
	if !utf8.ValidString(text) { // json.Valid does not look at the bytes inside strings
		text = strings.ToValidUTF8(text, "\ufffd")
	}
	return append(dst, text...)
}

const hexDigits = "0123456789abcdef"

// appendJSONString appends a text in quotes. Bytes that are not UTF-8 become U+FFFD.
func appendJSONString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= ' ' && c < utf8.RuneSelf && c != '"' && c != '\\' {
			i++
			continue
		}
		if c >= utf8.RuneSelf {
			r, n := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && n == 1 {
				dst = append(append(dst, s[start:i]...), "\ufffd"...)
				start = i + 1
			}
			i += n
			continue
		}
		dst = appendEscape(append(dst, s[start:i]...), c)
		i++
		start = i
	}
	return append(append(dst, s[start:]...), '"')
}

func appendEscape(dst []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(dst, '\\', c)
	case '\n':
		return append(dst, '\\', 'n')
	case '\r':
		return append(dst, '\\', 'r')
	case '\t':
		return append(dst, '\\', 't')
	}
	return append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&0xf])
}

// isNumber tells whether a text is a number in JSON's notation.
func isNumber(s string) bool {
	i := 0
	if i < len(s) && s[i] == '-' {
		i++
	}
	switch {
	case i < len(s) && s[i] == '0':
		i++
	case digits(s[i:]) > 0:
		i += digits(s[i:])
	default:
		return false
	}
	if i < len(s) && s[i] == '.' {
		n := digits(s[i+1:])
		if n == 0 {
			return false
		}
		i += 1 + n
	}
	if i < len(s) && (s[i] == 'e' || s[i] == 'E') {
		i++
		if i < len(s) && (s[i] == '+' || s[i] == '-') {
			i++
		}
		n := digits(s[i:])
		if n == 0 {
			return false
		}
		i += n
	}
	return i == len(s)
}

// digits counts the digits at the beginning.
func digits(s string) int {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return n
}
