package connectors

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// ReadRow reads a line that AppendJSON wrote. Values share the line's memory and are put into the given row where it is long
// enough, so that a million rows cost next to no memory of their own.
//
// It knows the form that AppendJSON writes and nothing else of JSON. A line with anything that it does not know goes to
// encoding/json, which reads it or says what is wrong with it.
func ReadRow(line string, into Row) (Row, error) {
	l := &lineReader{text: line}
	if row, ok := l.list(into[:0], 0); ok && l.at == len(line) {
		return row, nil
	}
	var row Row
	err := json.Unmarshal([]byte(line), &row)
	return row, err
}

// maxDepth is how deep lists may lie in each other before encoding/json is asked: it has a limit, which must stay the same.
const maxDepth = 100

// lineReader goes through a line. Its methods say false for what they do not know; the place is of no use then.
type lineReader struct {
	text string
	at   int
}

// skip passes over a text that must come next.
func (l *lineReader) skip(text string) bool {
	if !strings.HasPrefix(l.text[l.at:], text) {
		return false
	}
	l.at += len(text)
	return true
}

// list reads values in brackets.
func (l *lineReader) list(into []Value, depth int) ([]Value, bool) {
	if depth > maxDepth || !l.skip("[") {
		return nil, false
	}
	if into == nil {
		into = []Value{}
	}
	if l.skip("]") {
		return into, true
	}
	for {
		v, ok := l.value(depth)
		if !ok {
			return nil, false
		}
		into = append(into, v)
		if !l.skip(",") {
			return into, l.skip("]")
		}
	}
}

func (l *lineReader) value(depth int) (v Value, ok bool) {
	if l.at == len(l.text) {
		return v, false
	}
	switch l.text[l.at] {
	case 'n':
		return Null(), l.skip("null")
	case 't':
		return Bool(true), l.skip("true")
	case 'f':
		return Bool(false), l.skip("false")
	case '"':
		s, ok := l.string()
		return Text(s), ok
	case '[':
		list, ok := l.list(nil, depth+1)
		return List(list), ok
	case '{':
		return l.tagged()
	default:
		n, ok := l.int()
		return Int(n), ok
	}
}

// tagged reads the kinds with a tag.
func (l *lineReader) tagged() (v Value, ok bool) {
	switch {
	case l.skip(`{"time":`):
		s, ok := l.string()
		return LocalTime(s), ok && l.skip("}")
	case l.skip(`{"decimal":`):
		s, ok := l.string()
		return Decimal(s), ok && l.skip("}")
	case l.skip(`{"base64":`):
		s, ok := l.string()
		if !ok || !l.skip("}") {
			return v, false
		}
		raw, err := base64.StdEncoding.DecodeString(s)
		return Bytes(raw), err == nil
	case l.skip(`{"json":`):
		s, ok := l.document()
		return JSON(s), ok && l.skip("}")
	case l.skip(`{"oversize":{"bytes":`):
		n, ok := l.int()
		if !ok || !l.skip(`,"head":`) {
			return v, false
		}
		s, ok := l.string()
		return Oversize(n, s), ok && l.skip("}}")
	}
	return v, false
}

// int reads an integer of up to 18 digits, which no 64 bits are too few for.
func (l *lineReader) int() (n int64, ok bool) {
	negative := l.skip("-")
	start := l.at
	for l.at < len(l.text) && l.text[l.at] >= '0' && l.text[l.at] <= '9' {
		n = n*10 + int64(l.text[l.at]-'0')
		l.at++
	}
	digits := l.at - start
	if digits == 0 || digits > 18 || digits > 1 && l.text[start] == '0' {
		return 0, false
	}
	if negative {
		n = -n
	}
	return n, true
}

// string reads a text in quotes.
func (l *lineReader) string() (string, bool) {
	if !l.skip(`"`) {
		return "", false
	}
	rest := l.text[l.at:]
	all := byte(0)
	for i := range len(rest) {
		switch c := rest[i]; {
		case c == '"':
			l.at += i + 1
			return rest[:i], all < utf8.RuneSelf || utf8.ValidString(rest[:i])
		case c == '\\':
			return l.escaped(rest, i)
		case c < ' ':
			return "", false
		default:
			all |= c
		}
	}
	return "", false
}

// escaped reads a text in quotes whose first escape is at i.
func (l *lineReader) escaped(rest string, i int) (string, bool) {
	clear := append(make([]byte, 0, 2*i+32), rest[:i]...)
	for i < len(rest) {
		switch c := rest[i]; {
		case c == '"':
			l.at += i + 1
			return string(clear), utf8.Valid(clear)
		case c == '\\':
			one, n := unescape(rest[i:])
			if n == 0 {
				return "", false
			}
			clear, i = append(clear, one), i+n
		case c < ' ':
			return "", false
		default:
			clear, i = append(clear, c), i+1
		}
	}
	return "", false
}

// unescape reads an escape of one ASCII character and says how long it is: zero for another one.
func unescape(s string) (c byte, size int) {
	if len(s) < 2 {
		return 0, 0
	}
	switch s[1] {
	case '"', '\\', '/':
		return s[1], 2
	case 'b':
		return '\b', 2
	case 'f':
		return '\f', 2
	case 'n':
		return '\n', 2
	case 'r':
		return '\r', 2
	case 't':
		return '\t', 2
	case 'u':
		if len(s) >= 6 && s[2] == '0' && s[3] == '0' && s[4] >= '0' && s[4] <= '7' {
			if low := strings.IndexByte("0123456789abcdef", s[5]); low >= 0 {
				return (s[4]-'0')<<4 | byte(low), 6
			}
		}
	}
	return 0, 0
}

// document reads a JSON document up to the brace that closes its tag.
func (l *lineReader) document() (string, bool) {
	rest, depth, quoted := l.text[l.at:], 0, false
	for i := 0; i < len(rest); i++ {
		switch c := rest[i]; {
		case c == '"':
			quoted = !quoted
		case quoted && c == '\\':
			i++ // what is escaped ends no text
		case quoted:
		case c == '{', c == '[':
			depth++
		case depth == 0 && c == '}':
			l.at += i
			s := rest[:i]
			return s, len(s) > 0 && s[0] > ' ' && s[len(s)-1] > ' ' && json.Valid([]byte(s))
		case c == '}', c == ']':
			depth--
		}
		if depth > maxDepth {
			return "", false
		}
	}
	return "", false
}
