// Package document takes JSON apart no further than it has to be: what isn't treated keeps every digit and every blank. It also knows what masks make of
// single texts and numbers.
package document

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
)

// Kind tells the kind of a JSON value: its first sign, 0 for every number and t for both truth values.
func Kind(raw json.RawMessage) byte {
	raw = bytes.TrimLeft(raw, " \t\r\n")
	if len(raw) == 0 {
		return 0
	}
	switch c := raw[0]; {
	case c == '-' || c >= '0' && c <= '9':
		return '0'
	case c == 'f':
		return 't'
	default:
		return c
	}
}

// Text is a value as text: of a text what it says, of everything else how it is written.
func Text(raw json.RawMessage) string {
	var s string
	if Kind(raw) == '"' && json.Unmarshal(raw, &s) == nil {
		return s
	}
	return strings.TrimSpace(string(raw))
}

// Quoted writes a text as JSON.
func Quoted(s string) json.RawMessage {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(s) // a string always encodes
	return json.RawMessage(strings.TrimSuffix(b.String(), "\n"))
}

// Items are the elements of an array.
func Items(raw json.RawMessage) ([]json.RawMessage, error) {
	var items []json.RawMessage
	err := json.Unmarshal(raw, &items)
	return items, err
}

// Array writes an array.
func Array(items []json.RawMessage) json.RawMessage {
	parts := make([][]byte, len(items))
	for i, item := range items {
		parts[i] = item
	}
	return json.RawMessage("[" + string(bytes.Join(parts, []byte(", "))) + "]")
}

// Member is one member of an object.
type Member struct {
	Name  string
	Value json.RawMessage
}

// Members are those of an object, in the order in which they stand; a name may stand twice.
func Members(raw json.RawMessage) ([]Member, error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	if _, err := d.Token(); err != nil {
		return nil, err
	}
	var out []Member
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, err
		}
		text, is := name.(string)
		if !is {
			return nil, errors.New("a member has no name")
		}
		m := Member{Name: text}
		if err := d.Decode(&m.Value); err != nil {
			return nil, err
		}
		out = append(out, m)
	}
	return out, nil
}

func objectOf(members []Member) json.RawMessage {
	parts := make([]string, len(members))
	for i, m := range members {
		parts[i] = string(Quoted(m.Name)) + ": " + string(m.Value)
	}
	return json.RawMessage("{" + strings.Join(parts, ", ") + "}")
}

// At looks a value up by the names that lead to it; nil when there is none. Of a name that stands twice the last one counts.
func At(raw json.RawMessage, path []string) json.RawMessage {
	for _, name := range path {
		var object map[string]json.RawMessage
		if Kind(raw) != '{' || json.Unmarshal(raw, &object) != nil {
			return nil
		}
		raw = object[name]
	}
	return raw
}

// With gives a document in which a value stands at the end of a path of names, objects on the way made where they lack.
func With(raw json.RawMessage, path []string, value json.RawMessage) (json.RawMessage, error) {
	if len(path) == 0 {
		return value, nil
	}
	var members []Member
	if Kind(raw) == '{' {
		var err error
		if members, err = Members(raw); err != nil {
			return nil, err
		}
	}
	for i, m := range members {
		if m.Name == path[0] {
			inner, err := With(m.Value, path[1:], value)
			members[i].Value = inner
			return objectOf(members), err
		}
	}
	inner, err := With(nil, path[1:], value)
	return objectOf(append(members, Member{path[0], inner})), err
}

// Rewrite makes one value of another.
type Rewrite func(json.RawMessage) (json.RawMessage, error)

// Within gives a document in which the values at the end of a path are others. Arrays on the way are gone through, also such of arrays, and at its end too
// unless the whole value is meant.
func Within(raw json.RawMessage, path []string, leaf Rewrite, whole bool) (json.RawMessage, error) {
	if len(path) == 0 {
		if whole {
			return leaf(raw)
		}
		return eachOf(raw, leaf)
	}
	return eachOf(raw, func(raw json.RawMessage) (json.RawMessage, error) {
		if Kind(raw) != '{' {
			return raw, nil
		}
		members, err := Members(raw)
		if err != nil {
			return nil, err
		}
		changed := false
		for i, m := range members {
			if m.Name != path[0] {
				continue
			}
			value, err := Within(m.Value, path[1:], leaf, whole)
			if err != nil {
				return nil, err
			}
			changed = changed || !bytes.Equal(value, m.Value)
			members[i].Value = value
		}
		if !changed {
			return raw, nil
		}
		return objectOf(members), nil
	})
}

// eachOf treats a value, or each element when it is an array, however deep arrays lie in each other.
func eachOf(raw json.RawMessage, do Rewrite) (json.RawMessage, error) {
	if Kind(raw) != '[' {
		return do(raw)
	}
	items, err := Items(raw)
	if err != nil {
		return nil, err
	}
	changed := false
	for i, item := range items {
		value, err := eachOf(item, do)
		if err != nil {
			return nil, err
		}
		changed = changed || !bytes.Equal(value, item)
		items[i] = value
	}
	if !changed {
		return raw, nil
	}
	return Array(items), nil
}

// Leaves calls for every single value at the end of a path, through arrays on the way and at the end.
func Leaves(raw json.RawMessage, path []string, take func(json.RawMessage)) {
	switch Kind(raw) {
	case '[':
		items, _ := Items(raw) // the whole answer was read as JSON before
		for _, item := range items {
			Leaves(item, path, take)
		}
	case '{':
		if len(path) > 0 {
			Leaves(At(raw, path[:1]), path[1:], take)
		}
	case '"', '0', 't':
		if len(path) == 0 {
			take(raw)
		}
	}
}
