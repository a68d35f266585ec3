package postgres

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/privacy-docket/docket/connectors"
)

// errUnreadable means that the server wrote a value in a form we don't know. It quotes nothing.
var errUnreadable = errors.New("a value has a form that can't be read")

// oversize reads "length:head".
func oversize(s string) connectors.Value {
	length, head, _ := strings.Cut(s, ":")
	n, _ := strconv.ParseInt(length, 10, 64) // the server wrote it from an integer
	return connectors.Oversize(n, head)
}

// decode gives a text its kind.
func decode(c column, s string) (connectors.Value, error) {
	switch c.class {
	case classBool:
		return connectors.Bool(s == "true"), nil
	case classInt:
		n, err := strconv.ParseInt(s, 10, 64)
		if err != nil {
			return connectors.Value{}, errUnreadable
		}
		return connectors.Int(n), nil
	case classNumber, classFloat, classMoney:
		return connectors.Decimal(s), nil
	case classDate, classLocal, classMoment:
		return moment(c.class, s), nil
	case classBytes:
		raw, err := base64.StdEncoding.DecodeString(s)
		if err != nil {
			return connectors.Value{}, errUnreadable
		}
		return connectors.Bytes(raw), nil
	case classJSON, classRow:
		return connectors.JSON(s), nil
	case classArray:
		return list(c.element, []byte(s))
	default:
		return connectors.Text(s), nil
	}
}

// list reads an array that the server wrote as JSON.
func list(element class, b []byte) (connectors.Value, error) {
	var items []json.RawMessage
	if err := json.Unmarshal(b, &items); err != nil {
		return connectors.Value{}, errUnreadable
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
func listItem(element class, item []byte) (connectors.Value, error) {
	switch {
	case string(item) == "null" && element != classJSON:
		return connectors.Null(), nil
	case element == classJSON || element == classRow:
		return connectors.JSON(string(item)), nil
	case item[0] == '[':
		return list(element, item)
	case element == classMoment:
		var s string
		if err := json.Unmarshal(item, &s); err != nil {
			return connectors.Value{}, errUnreadable
		}
		if t, err := time.Parse(time.RFC3339Nano, s); err == nil {
			return connectors.Time(t), nil
		}
		return connectors.Text(s), nil
	}
	return scalarItem(element, item)
}

// scalarItem reads an element of a scalar type.
func scalarItem(element class, item []byte) (connectors.Value, error) {
	if item[0] != '"' {
		return decode(column{class: element}, string(item))
	}
	var s string
	if err := json.Unmarshal(item, &s); err != nil {
		return connectors.Value{}, errUnreadable
	}
	switch element {
	case classDate, classLocal:
		return connectors.LocalTime(s), nil
	case classNumber, classFloat:
		return connectors.Decimal(s), nil // NaN and infinity are quoted
	default:
		return connectors.Text(s), nil
	}
}
