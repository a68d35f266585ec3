package connectors

import "unicode/utf8"

// AppendJSON appends the row as one line of JSON without the line end: an array of its values. ReadRow reads it.
func (r Row) AppendJSON(dst []byte) ([]byte, error) {
	dst = append(dst, '[')
	for i := range r {
		if i > 0 {
			dst = append(dst, ',')
		}
		var err error
		if dst, err = r[i].AppendJSON(dst); err != nil {
			return nil, err
		}
	}
	return append(dst, ']'), nil
}

// appendText appends a text in quotes, byte for byte as encoding/json does without its escapes for HTML pages.
func appendText(dst []byte, s string) []byte {
	dst = append(dst, '"')
	start := 0
	for i := 0; i < len(s); {
		if c := s[i]; c >= ' ' && c < utf8.RuneSelf && c != '"' && c != '\\' {
			i++
			continue
		}
		escape, n := escapeOf(s[i:])
		if escape != "" {
			dst = append(append(dst, s[start:i]...), escape...)
			start = i + n
		}
		i += n
	}
	return append(append(dst, s[start:]...), '"')
}

// escapeOf gives the escape of the first character of a text, which is empty when it needs none, and how many bytes it has.
func escapeOf(s string) (escape string, size int) {
	r, n := utf8.DecodeRuneInString(s)
	switch r {
	case '"', '\\':
		return `\` + s[:1], n
	case '\b':
		return `\b`, n
	case '\f':
		return `\f`, n
	case '\n':
		return `\n`, n
	case '\r':
		return `\r`, n
	case '\t':
		return `\t`, n
	case '\u2028':
		return `\u2028`, n
	case '\u2029':
		return `\u2029`, n
	}
	switch {
	case r < ' ':
		const hex = "0123456789abcdef"
		return `\u00` + string([]byte{hex[r>>4], hex[r&0xf]}), n
	case r == utf8.RuneError && n == 1: // a broken byte
		return `\ufffd`, n
	}
	return "", n
}
