package packaging

import "time"

// Kind tells what a Value holds.
type Kind uint8

// The kinds of value; they mirror those of the connectors.
const (
	KindNull Kind = iota
	KindBool
	KindInt
	// KindDecimal is any other number, as its exact decimal text.
	KindDecimal
	KindText
	// KindTime is an ISO 8601 text.
	KindTime
	KindBytes
	// KindJSON is a JSON document.
	KindJSON
	KindList
	// KindOversize stands for a value that was too long to collect.
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

// Decimal makes a number from its decimal text, which is kept digit for digit. A text that is no JSON number (NaN,
// Infinity) is written as text.
func Decimal(s string) Value { return Value{kind: KindDecimal, text: s} }

// Text makes a text.
func Text(s string) Value { return Value{kind: KindText, text: s} }

// Time makes a moment, written in UTC.
func Time(t time.Time) Value { return Value{kind: KindTime, text: t.UTC().Format(time.RFC3339Nano)} }

// LocalTime makes a date, or a date and time without a zone, from its ISO 8601 text.
func LocalTime(s string) Value { return Value{kind: KindTime, text: s} }

// Bytes makes a binary value from its bytes; it is written as base64.
func Bytes(s string) Value { return Value{kind: KindBytes, text: s} }

// JSON makes a document from its text. A text that is not valid JSON is written as text.
func JSON(s string) Value { return Value{kind: KindJSON, text: s} }

// List makes an array.
func List(vs []Value) Value { return Value{kind: KindList, list: vs} }

// Oversize makes the marker for a value that was too long to collect: its length in bytes and its beginning.
func Oversize(bytes int64, head string) Value {
	return Value{kind: KindOversize, num: bytes, text: head}
}
