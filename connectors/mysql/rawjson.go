package mysql

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
)

// A document is taken apart no further than it has to be: what isn't treated keeps every digit and every blank.

// kindOf tells the kind of a JSON value: its first sign, 0 for every number and t for both truth values.
func kindOf(raw json.RawMessage) byte {
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

// textOf is a value as text: of a text what it says, of everything else how it is written.
func textOf(raw json.RawMessage) string {
	var s string
	if kindOf(raw) == '"' && json.Unmarshal(raw, &s) == nil {
		return s
	}
	return strings.TrimSpace(string(raw))
}

func quotedJSON(s string) json.RawMessage {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(s) // a string always encodes
	return json.RawMessage(strings.TrimSuffix(b.String(), "\n"))
}

func itemsOf(raw json.RawMessage) ([]json.RawMessage, error) {
	var items []json.RawMessage
	err := json.Unmarshal(raw, &items)
	return items, err
}

func arrayOf(items []json.RawMessage) json.RawMessage {
	return json.RawMessage("[" + string(bytes.Join(rawBytes(items), []byte(", "))) + "]")
}

func rawBytes(items []json.RawMessage) [][]byte {
	out := make([][]byte, len(items))
	for i, item := range items {
		out[i] = item
	}
	return out
}

// memberOf is one member of an object, in the order in which it stands.
type memberOf struct {
	name  string
	value json.RawMessage
}

func membersOf(raw json.RawMessage) ([]memberOf, error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	if _, err := d.Token(); err != nil {
		return nil, err
	}
	var out []memberOf
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, err
		}
		text, is := name.(string)
		if !is {
			return nil, errors.New("a member has no name")
		}
		m := memberOf{name: text}
		if err := d.Decode(&m.value); err != nil {
			return nil, err
		}
		out = append(out, m)
	}
	return out, nil
}

func objectOf(members []memberOf) json.RawMessage {
	parts := make([]string, len(members))
	for i, m := range members {
		parts[i] = string(quotedJSON(m.name)) + ": " + string(m.value)
	}
	return json.RawMessage("{" + strings.Join(parts, ", ") + "}")
}

type rewrite func(json.RawMessage) (json.RawMessage, error)

// within gives a document in which the values at the end of a path are others. Arrays on the way are gone through, and at its end too
// unless the whole value is meant.
func within(raw json.RawMessage, path []string, leaf rewrite, whole bool) (json.RawMessage, error) {
	if len(path) == 0 {
		if whole {
			return leaf(raw)
		}
		return eachOf(raw, leaf)
	}
	return eachOf(raw, func(raw json.RawMessage) (json.RawMessage, error) {
		if kindOf(raw) != '{' {
			return raw, nil
		}
		members, err := membersOf(raw)
		if err != nil {
			return nil, err
		}
		changed := false
		for i, m := range members {
			if m.name != path[0] {
				continue
			}
			value, err := within(m.value, path[1:], leaf, whole)
			if err != nil {
				return nil, err
			}
			changed = changed || !bytes.Equal(value, m.value)
			members[i].value = value
		}
		if !changed {
			return raw, nil
		}
		return objectOf(members), nil
	})
}

// eachOf treats a value, or each element when it is an array.
func eachOf(raw json.RawMessage, do rewrite) (json.RawMessage, error) {
	if kindOf(raw) != '[' {
		return do(raw)
	}
	items, err := itemsOf(raw)
	if err != nil {
		return nil, err
	}
	changed := false
	for i, item := range items {
		value, err := do(item)
		if err != nil {
			return nil, err
		}
		changed = changed || !bytes.Equal(value, item)
		items[i] = value
	}
	if !changed {
		return raw, nil
	}
	return arrayOf(items), nil
}
