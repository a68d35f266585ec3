package connectors

import (
	"encoding/base64"
	"strconv"
	"strings"
	"time"
)

// Kind tells what a Value holds.
type Kind uint8

// The kinds of value.
const (
	KindNull Kind = iota
	KindBool
	KindInt
	// KindDecimal is any other number, as its exact decimal text.
	KindDecimal
	KindText
	// KindTime is RFC 3339 in UTC; dates and times without a zone are written without one.
	KindTime
	KindBytes
	// KindJSON is a JSON document, kept as the system wrote it.
	KindJSON
	KindList
	// KindOversize stands for a value beyond the connector's limit: see Oversize.
	KindOversize
)

// Value is one typed value. The zero Value is null.
type Value struct {
	kind Kind
	num  int64
	text string
	list []Value
}

// Null is the absent value.
func Null() Value { return Value{} }

// Bool makes a truth value.
func Bool(b bool) Value {
	if b {
		return Value{kind: KindBool, num: 1}
	}
	return Value{kind: KindBool}
}

// Int makes an integer.
func Int(i int64) Value { return Value{kind: KindInt, num: i} }

// Decimal makes a number from its decimal text, which is kept digit for digit.
func Decimal(s string) Value { return Value{kind: KindDecimal, text: s} }

// Text makes a text.
func Text(s string) Value { return Value{kind: KindText, text: s} }

// Time makes a moment, written in UTC.
func Time(t time.Time) Value {
	return Value{kind: KindTime, text: t.UTC().Format(time.RFC3339Nano)}
}

// LocalTime makes a date, or a date and time without a zone, from its ISO 8601 text.
func LocalTime(s string) Value { return Value{kind: KindTime, text: s} }

// Bytes makes a binary value.
func Bytes(b []byte) Value { return Value{kind: KindBytes, text: string(b)} }

// JSON makes a document from its text, which must be valid JSON.
func JSON(s string) Value { return Value{kind: KindJSON, text: s} }

// List makes an array.
func List(vs []Value) Value { return Value{kind: KindList, list: vs} }

// Oversize makes the marker for a value that is too long to deliver: its length in bytes and its first characters.
func Oversize(bytes int64, head string) Value {
	return Value{kind: KindOversize, num: bytes, text: head}
}

// Kind tells which kind the value is.
func (v Value) Kind() Kind { return v.kind }

// Int64 returns an integer's value, 1 or 0 for a truth value, the length in bytes for an oversize marker, else 0.
func (v Value) Int64() int64 { return v.num }

// Elements returns a list's values.
func (v Value) Elements() []Value { return v.list }

// Raw returns the text of decimals, texts, times and JSON, the bytes of a binary value, the head of an oversize marker.
func (v Value) Raw() string { return v.text }

// Size is about how many bytes of memory the value takes; batches are bounded by it.
func (v Value) Size() int {
	size := 64 + len(v.text)
	for _, e := range v.list {
		size += e.Size()
	}
	return size
}

// String writes the value for people and CSV: null is empty, binary is base64, a list is joined by ", ".
func (v Value) String() string {
	switch v.kind {
	case KindNull:
		return ""
	case KindBool:
		return strconv.FormatBool(v.num == 1)
	case KindInt:
		return strconv.FormatInt(v.num, 10)
	case KindBytes:
		return base64.StdEncoding.EncodeToString([]byte(v.text))
	case KindList:
		parts := make([]string, len(v.list))
		for i, e := range v.list {
			parts[i] = e.String()
		}
		return strings.Join(parts, ", ")
	case KindOversize:
		return "[" + strconv.FormatInt(v.num, 10) + " bytes, too long to include; begins: " + v.text + "]"
	default:
		return v.text
	}
}
