package postgres

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"strconv"
	"time"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/relational"
)

// reads gives what a text is read by, which is chosen once per column.
func reads(c, element relational.Class) func(string) (connectors.Value, error) {
	switch c {
	case relational.ClassBool:
		return func(s string) (connectors.Value, error) { return connectors.Bool(s == "true"), nil }
	case relational.ClassInt:
		return whole
	case relational.ClassNumber, relational.ClassFloat, classMoney:
		return func(s string) (connectors.Value, error) { return connectors.Decimal(s), nil }
	case relational.ClassDate, classLocal, classMoment:
		return func(s string) (connectors.Value, error) { return moment(c, s), nil }
	case relational.ClassBytes:
		return decoded
	case relational.ClassJSON, classRow:
		return func(s string) (connectors.Value, error) { return connectors.JSON(s), nil }
	case relational.ClassArray:
		return func(s string) (connectors.Value, error) { return list(element, []byte(s)) }
	default:
		return func(s string) (connectors.Value, error) { return connectors.Text(s), nil }
	}
}

// whole reads an integer.
func whole(s string) (connectors.Value, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return connectors.Value{}, relational.ErrUnreadable
	}
	return connectors.Int(n), nil
}

// decoded reads bytes.
func decoded(s string) (connectors.Value, error) {
	raw, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		return connectors.Value{}, relational.ErrUnreadable
	}
	return connectors.Bytes(raw), nil
}

// list reads an array that the server wrote as JSON.
func list(element relational.Class, b []byte) (connectors.Value, error) {
	var items []json.RawMessage
	if err := json.Unmarshal(b, &items); err != nil {
		return connectors.Value{}, relational.ErrUnreadable
	}
	values := make([]connectors.Value, len(items))
	for i, item := range items {
		v, err := listItem(element, bytes.TrimSpace(item))
		if err != nil {
			return connectors.Value{}, err
		}
		values[i] = v
	}
	return connectors.List(values), nil
}

// listItem reads one element; arrays in arrays are further dimensions, unless the elements are documents.
func listItem(element relational.Class, item []byte) (connectors.Value, error) {
	switch {
	case string(item) == "null" && element != relational.ClassJSON:
		return connectors.Null(), nil
	case element == relational.ClassJSON || element == classRow:
		return connectors.JSON(string(item)), nil
	case item[0] == '[':
		return list(element, item)
	case element == classMoment:
		var s string
		if err := json.Unmarshal(item, &s); err != nil {
			return connectors.Value{}, relational.ErrUnreadable
		}
		if t, err := time.Parse(time.RFC3339Nano, s); err == nil {
			return connectors.Time(t), nil
		}
		return connectors.Text(s), nil
	}
	return scalarItem(element, item)
}

// scalarItem reads an element of a scalar type.
func scalarItem(element relational.Class, item []byte) (connectors.Value, error) {
	if item[0] != '"' {
		return reads(element, "")(string(item))
	}
	var s string
	if err := json.Unmarshal(item, &s); err != nil {
		return connectors.Value{}, relational.ErrUnreadable
	}
	switch element {
	case relational.ClassDate, classLocal:
		return connectors.LocalTime(s), nil
	case relational.ClassNumber, relational.ClassFloat:
		return connectors.Decimal(s), nil // NaN and infinity are quoted
	default:
		return connectors.Text(s), nil
	}
}
