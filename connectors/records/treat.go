package records

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"time"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/document"
	"github.com/privacy-docket/docket/privacy/erasure"
)

// leaf says what a mask makes of a single value. What has been treated stays as it is, and no value stays none.
func (m masked) leaf(tokens connectors.Tokens) document.Rewrite {
	treat := m.instead()
	switch {
	case m.Treatment.Token():
		treat = m.token(tokens)
	case m.Treatment == erasure.Shape:
		treat = document.Formed(document.Shape, func(string) string { return "0" })
	case m.Treatment == erasure.Generalise:
		treat = document.Formed(m.general, document.Tens)
	}
	return func(raw json.RawMessage) (json.RawMessage, error) {
		if empty(raw) {
			return raw, nil
		}
		is, err := treat(raw)
		if err == nil && m.field.same(raw, is) {
			return raw, nil
		}
		return is, err
	}
}

// instead writes the fixed value, or none.
func (m masked) instead() document.Rewrite {
	value := json.RawMessage("null")
	if m.Treatment == erasure.Fixed {
		value, _ = m.fixed() // looked at before
	}
	return func(json.RawMessage) (json.RawMessage, error) { return value, nil }
}

// set gives the value that a field is set to, and whether it says something else.
func (m masked) set(was json.RawMessage) (value json.RawMessage, differs bool) {
	value, _ = m.fixed() // looked at before
	return value, m.meant(was) && (empty(was) || !m.field.same(was, value))
}

// meant reports whether a mask means a field that says this: only what is wrong is written over, where the mask names it.
func (m masked) meant(was json.RawMessage) bool {
	switch {
	case m.Only != nil:
		wrong := m
		wrong.Value = *m.Only
		said, _ := wrong.fixed() // looked at before
		return !empty(was) && m.field.same(was, said)
	case m.Absent:
		return empty(was)
	default:
		return true
	}
}

// empty reports whether a field has no value.
func empty(raw json.RawMessage) bool {
	k := document.Kind(raw)
	return k == 0 || k == 'n'
}

// same reports whether two values are one, written otherwise: services write moments and numbers in forms of their own.
func (f *Field) same(a, b json.RawMessage) bool {
	switch f.Type {
	case "moment":
		x, errX := time.Parse(time.RFC3339Nano, document.Text(a))
		y, errY := time.Parse(time.RFC3339Nano, document.Text(b))
		return errX == nil && errY == nil && x.Equal(y)
	case "integer", "number":
		return plainNumber(document.Text(a)) == plainNumber(document.Text(b))
	}
	var x, y bytes.Buffer
	return json.Compact(&x, a) == nil && json.Compact(&y, b) == nil && bytes.Equal(x.Bytes(), y.Bytes()) || document.Kind(a) == '"' && document.Kind(b) == '"' && document.Text(a) == document.Text(b)
}

// token makes a token of a value; of bytes one of bytes.
func (m masked) token(tokens connectors.Tokens) document.Rewrite {
	coded := m.field.Type == "bytes"
	return func(raw json.RawMessage) (json.RawMessage, error) {
		text := document.Text(raw)
		if coded {
			b, err := base64.StdEncoding.DecodeString(text)
			if err == nil {
				text = string(b)
			}
		}
		if document.Kind(raw) == '"' && tokens.Is(m.Mask, text) {
			return raw, nil
		}
		token, err := tokens.Of(m.Mask, text)
		if coded {
			token = base64.StdEncoding.EncodeToString([]byte(token))
		}
		return document.Quoted(token), err
	}
}

// fixed is the fixed value as JSON of the field's type.
func (m masked) fixed() (json.RawMessage, bool) {
	switch f := m.field; {
	case f.array && !f.inside() || f.Type == "document":
		return json.RawMessage(m.Value), json.Valid([]byte(m.Value))
	case f.Type == "moment":
		_, ok := dayOf(m.Value, nil)
		value := m.Value
		if len(value) > 10 && value[10] == ' ' {
			value = value[:10] + "T" + value[11:] + "Z"
		}
		return document.Quoted(value), ok
	case !f.takes(m.Value):
		return nil, false
	default:
		return f.Literal(m.Value), true
	}
}

// general is what is kept of a text: the year of a day, the network of an address, the first two characters.
func (m masked) general(s string) string {
	switch m.field.Type {
	case "date":
		if d, ok := dayOf(s, nil); ok {
			return d.String()[:4] + "-01-01"
		}
	case "moment":
		if d, ok := dayOf(s, nil); ok {
			return d.String()[:4] + "-01-01T00:00:00Z"
		}
	}
	return document.General(s, m.Length)
}
