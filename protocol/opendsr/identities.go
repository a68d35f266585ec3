package opendsr

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// readIdentities takes both forms that senders use: version 2's array of objects, and the map by type that some call version 3.
func readIdentities(r *Request, w wire) (err error) {
	text := bytes.TrimSpace(w.Identities)
	switch {
	case len(text) == 0, bytes.Equal(text, []byte("null")):
		return &Fault{"subject_identities", "is missing; identities in extensions are not read here"}
	case text[0] == '[':
		r.Identities, err = identityList(text)
	case text[0] == '{':
		r.Identities, err = identityMap(text)
	default:
		return &Fault{"subject_identities", "must be an array of identities, or an object by their types"}
	}
	if err != nil {
		return err
	}
	return checkIdentities(r.Identities)
}

func identityList(text []byte) ([]Identity, error) {
	var list []struct {
		Type   string `json:"identity_type"`
		Value  string `json:"identity_value"`
		Format string `json:"identity_format"`
	}
	if json.Unmarshal(text, &list) != nil {
		return nil, &Fault{"subject_identities", "must have identity_type, identity_value and identity_format as texts"}
	}
	out := make([]Identity, 0, len(list))
	for _, one := range list {
		out = append(out, Identity(one))
	}
	return out, nil
}

func identityMap(text []byte) ([]Identity, error) {
	var byType map[string]json.RawMessage
	if json.Unmarshal(text, &byType) != nil {
		return nil, &Fault{"subject_identities", "must be an object by the types of identities"}
	}
	var out []Identity
	for _, kind := range slices.Sorted(maps.Keys(byType)) {
		one := struct {
			Value    string `json:"value"`
			Encoding string `json:"encoding"`
		}{Encoding: Raw}
		if json.Unmarshal(byType[kind], &one) != nil && json.Unmarshal(byType[kind], &one.Value) != nil {
			return nil, &Fault{"subject_identities", "must have a value and an encoding, as texts, for each type"}
		}
		out = append(out, Identity{Type: kind, Value: one.Value, Format: one.Encoding})
	}
	return out, nil
}

func checkIdentities(all []Identity) error {
	if len(all) == 0 || len(all) > maxIdentities {
		return &Fault{"subject_identities", fmt.Sprintf("must name 1 to %d identities", maxIdentities)}
	}
	seen := map[string]string{}
	for i, one := range all {
		place := fmt.Sprintf("subject_identities[%d]", i)
		switch {
		case one.Type == "" || len(one.Type) > 60 || strings.ContainsFunc(one.Type, unfit):
			return &Fault{place + ".identity_type", "must be a type of the specification"}
		case one.Format == "" || len(one.Format) > 20:
			return &Fault{place + ".identity_format", "must be raw, sha1, md5 or sha256"}
		case strings.TrimSpace(one.Value) == "" || len(one.Value) > maxValue || strings.ContainsFunc(one.Value, control):
			return &Fault{place + ".identity_value", fmt.Sprintf("must be a text of at most %d bytes", maxValue)}
		}
		key := one.Type + "\x00" + one.Format
		if before, twice := seen[key]; twice && before != one.Value && (one.Type == Email || one.Type == CustomerID) {
			return &Fault{place, "is a second identity of its type: a request is about one person"}
		}
		seen[key] = one.Value
	}
	return nil
}

func control(c rune) bool { return c < ' ' || c == 0x7f }

// unfit says of a character that no type of identity has it.
func unfit(c rune) bool {
	return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '_' && c != '-' && c != '.'
}
