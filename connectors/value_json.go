package connectors

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
)

// wire is the tagged form of the kinds that JSON has no notation for. Exactly one member is set.
type wire struct {
	Decimal  *string         `json:"decimal,omitempty"`
	Time     *string         `json:"time,omitempty"`
	Base64   *string         `json:"base64,omitempty"`
	JSON     json.RawMessage `json:"json,omitempty"`
	Oversize *oversize       `json:"oversize,omitempty"`
}

type oversize struct {
	Bytes int64  `json:"bytes"`
	Head  string `json:"head"`
}

// MarshalJSON writes the value so that UnmarshalJSON reads the same value back: null, true, 12, "text" and [list] as they are;
// {"decimal":"1.20"}, {"time":"…"}, {"base64":"…"}, {"json":…} and {"oversize":{"bytes":…,"head":"…"}} tagged.
func (v Value) MarshalJSON() ([]byte, error) { return v.AppendJSON(nil) }

// AppendJSON appends what MarshalJSON writes. It uses no reflection: a collection may hold millions of values.
func (v Value) AppendJSON(dst []byte) ([]byte, error) {
	switch v.kind {
	case KindNull:
		return append(dst, "null"...), nil
	case KindBool:
		return strconv.AppendBool(dst, v.num == 1), nil
	case KindInt:
		return strconv.AppendInt(dst, v.num, 10), nil
	case KindText:
		return appendText(dst, v.text), nil
	case KindList:
		return Row(v.list).AppendJSON(dst)
	default:
		return v.appendTagged(dst)
	}
}

// appendTagged writes the kinds that need a tag.
func (v Value) appendTagged(dst []byte) ([]byte, error) {
	switch v.kind {
	case KindDecimal:
		return append(appendText(append(dst, `{"decimal":`...), v.text), '}'), nil
	case KindTime:
		return append(appendText(append(dst, `{"time":`...), v.text), '}'), nil
	case KindBytes:
		dst = base64.StdEncoding.AppendEncode(append(dst, `{"base64":"`...), []byte(v.text))
		return append(dst, `"}`...), nil
	case KindJSON:
		// A document may have line ends between its members, and a row is one line.
		b := bytes.NewBuffer(append(dst, `{"json":`...))
		if err := json.Compact(b, []byte(v.text)); err != nil {
			return nil, errors.New("a JSON value holds text that is not valid JSON")
		}
		return append(b.Bytes(), '}'), nil
	case KindOversize:
		dst = strconv.AppendInt(append(dst, `{"oversize":{"bytes":`...), v.num, 10)
		return append(appendText(append(dst, `,"head":`...), v.text), `}}`...), nil
	default:
		return nil, fmt.Errorf("value of unknown kind %d", v.kind)
	}
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (v *Value) UnmarshalJSON(b []byte) error {
	b = bytes.TrimSpace(b)
	if len(b) == 0 {
		return errors.New("a value is empty")
	}
	switch b[0] {
	case 'n':
		*v = Null()
	case 't', 'f':
		*v = Bool(b[0] == 't')
	case '"':
		v.kind = KindText
		return json.Unmarshal(b, &v.text)
	case '[':
		v.kind = KindList
		return json.Unmarshal(b, &v.list)
	case '{':
		return v.untag(b)
	default:
		n, err := strconv.ParseInt(string(b), 10, 64)
		if err != nil {
			return errors.New("a number in a row is not a 64-bit integer")
		}
		*v = Int(n)
	}
	return nil
}

// untag reads the tagged kinds.
func (v *Value) untag(b []byte) error {
	var w wire
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&w); err != nil {
		return errors.New("a value in a row has an unknown tag")
	}
	switch {
	case w.Decimal != nil:
		*v = Decimal(*w.Decimal)
	case w.Time != nil:
		*v = LocalTime(*w.Time)
	case w.Base64 != nil:
		raw, err := base64.StdEncoding.DecodeString(*w.Base64)
		if err != nil {
			return fmt.Errorf("read a binary value: %w", err)
		}
		*v = Bytes(raw)
	case w.Oversize != nil:
		*v = Oversize(w.Oversize.Bytes, w.Oversize.Head)
	case w.JSON != nil:
		*v = JSON(string(w.JSON))
	default:
		return errors.New("a value in a row has no tag")
	}
	return nil
}
