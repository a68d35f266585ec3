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
func (v Value) MarshalJSON() ([]byte, error) {
	switch v.kind {
	case KindNull:
		return []byte("null"), nil
	case KindBool:
		return strconv.AppendBool(nil, v.num == 1), nil
	case KindInt:
		return strconv.AppendInt(nil, v.num, 10), nil
	case KindText:
		return plain(v.text)
	case KindList:
		if v.list == nil {
			return []byte("[]"), nil
		}
		return plain(v.list)
	default:
		return v.tagged()
	}
}

// tagged writes the kinds that need a tag.
func (v Value) tagged() ([]byte, error) {
	switch v.kind {
	case KindDecimal:
		return plain(wire{Decimal: &v.text})
	case KindTime:
		return plain(wire{Time: &v.text})
	case KindBytes:
		s := base64.StdEncoding.EncodeToString([]byte(v.text))
		return plain(wire{Base64: &s})
	case KindJSON:
		if !json.Valid([]byte(v.text)) {
			return nil, errors.New("a JSON value holds text that is not valid JSON")
		}
		return []byte(`{"json":` + v.text + `}`), nil
	case KindOversize:
		return plain(wire{Oversize: &oversize{Bytes: v.num, Head: v.text}})
	default:
		return nil, fmt.Errorf("value of unknown kind %d", v.kind)
	}
}

// plain is json.Marshal without the escapes meant for HTML pages.
func plain(x any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(x); err != nil {
		return nil, err
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
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
