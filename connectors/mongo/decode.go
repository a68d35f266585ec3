package mongo

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/privacy-docket/docket/connectors/document"
)

// merged gives a field its new value. What stays as it was stays in the type that it was in; what is new takes the type of what it stands in place of,
// where its text is one of that type, and is a text otherwise.
func merged(was bson.RawValue, is json.RawMessage, of typed) (any, error) {
	if was.Type != 0 {
		now, err := appendValue(nil, was, 1)
		if err != nil {
			return nil, err
		}
		if bytes.Equal(now, bytes.TrimSpace(is)) {
			return was, nil
		}
	}
	switch document.Kind(is) {
	case '{':
		return mergedDocument(was, is)
	case '[':
		return mergedArray(was, is, of)
	case '"':
		return mergedText(was, document.Text(is), of), nil
	case '0':
		return mergedNumber(was, document.Text(is), of)
	case 't':
		return document.Text(is) == "true", nil
	}
	return nil, nil //nolint:nilnil // no value is a value here
}

// mergedDocument pairs members by their names, each name's first with its first.
func mergedDocument(was bson.RawValue, is json.RawMessage) (any, error) {
	members, err := document.Members(is)
	if err != nil {
		return nil, err
	}
	before := map[string][]bson.RawValue{}
	if was.Type == bson.TypeEmbeddedDocument {
		elements, err := was.Document().Elements()
		if err != nil {
			return nil, errBroken
		}
		for _, e := range elements {
			if !sendable(e.Key()) {
				return nil, errBroken // its name would become another one
			}
			before[e.Key()] = append(before[e.Key()], e.Value())
		}
	}
	out := make(bson.D, 0, len(members))
	for _, m := range members {
		if !sendable(m.Name) {
			return nil, errBroken // looked at before
		}
		var old bson.RawValue
		if list := before[m.Name]; len(list) > 0 {
			old, before[m.Name] = list[0], list[1:]
		}
		value, err := merged(old, m.Value, typed{})
		if err != nil {
			return nil, err
		}
		out = append(out, bson.E{Key: m.Name, Value: value})
	}
	return out, nil
}

// mergedArray pairs elements by their places, or, where some were taken out, by what they say.
func mergedArray(was bson.RawValue, is json.RawMessage, of typed) (any, error) {
	items, err := document.Items(is)
	if err != nil {
		return nil, err
	}
	var before []bson.RawValue
	if was.Type == bson.TypeArray {
		if before, err = was.Array().Values(); err != nil {
			return nil, errBroken
		}
	}
	out := make(bson.A, 0, len(items))
	complete := len(before) == len(items)
	for i, item := range items {
		var old bson.RawValue
		if complete {
			old = before[i]
		} else if old, before, err = next(before, item); err != nil {
			return nil, err
		}
		value, err := merged(old, item, of)
		if err != nil {
			return nil, err
		}
		out = append(out, value)
	}
	return out, nil
}

// next is the first of some values that says what an element says, and what comes behind it.
func next(before []bson.RawValue, item json.RawMessage) (bson.RawValue, []bson.RawValue, error) {
	for i, v := range before {
		said, err := appendValue(nil, v, 1)
		if err != nil {
			return bson.RawValue{}, nil, err
		}
		if bytes.Equal(said, bytes.TrimSpace(item)) {
			return v, before[i+1:], nil
		}
	}
	return bson.RawValue{}, before, nil
}

func mergedText(was bson.RawValue, text string, of typed) any {
	switch {
	case was.Type == bson.TypeDateTime || was.Type == 0 && of.kind == kindMoment || was.Type == bson.TypeNull && of.kind == kindMoment:
		if at, err := time.Parse(time.RFC3339Nano, text); err == nil {
			return bson.NewDateTimeFromTime(at)
		}
		if at, err := time.Parse(time.DateOnly, text); err == nil {
			return bson.NewDateTimeFromTime(at)
		}
	case was.Type == bson.TypeObjectID:
		if id, err := bson.ObjectIDFromHex(text); err == nil {
			return id
		}
	case of.kind == kindUUID:
		if id, err := uuid.Parse(text); err == nil {
			return bson.Binary{Subtype: bson.TypeBinaryUUID, Data: id[:]}
		}
	case of.kind == kindBytes:
		if data, err := base64.StdEncoding.DecodeString(text); err == nil {
			subtype := bson.TypeBinaryGeneric
			if was.Type == bson.TypeBinary {
				subtype, _ = was.Binary()
			}
			return bson.Binary{Subtype: subtype, Data: data}
		}
	}
	return text
}

// mergedNumber keeps the type of number that was there, where it can hold the new one.
func mergedNumber(was bson.RawValue, text string, of typed) (any, error) {
	whole, err := strconv.ParseInt(text, 10, 64)
	isWhole := err == nil
	float, err := strconv.ParseFloat(text, 64)
	if err != nil && !isWhole {
		return nil, err
	}
	kind := was.Type
	if kind == 0 || kind == bson.TypeNull {
		kind = of.number
	}
	switch {
	case kind == bson.TypeDecimal128:
		return bson.ParseDecimal128(text)
	case isWhole && kind == bson.TypeDouble && math.Abs(float) < 1<<53:
		return float, nil
	case isWhole && kind != bson.TypeInt64 && whole >= math.MinInt32 && whole <= math.MaxInt32:
		return int32(whole), nil
	case isWhole:
		return whole, nil
	case double(float) == text || kind == bson.TypeDouble || strings.ContainsAny(text, "eE"):
		return float, nil
	}
	if d, err := bson.ParseDecimal128(text); err == nil && significant(text) > 15 {
		return d, nil
	}
	return float, nil
}

// significant is how many digits a number has.
func significant(text string) int {
	return len(strings.TrimLeft(strings.ReplaceAll(strings.TrimLeft(text, "+-"), ".", ""), "0"))
}
