package mysql

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
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
func decode(o output, s string) (connectors.Value, error) {
	switch o.col.class {
	case classBool:
		if s == "0" || s == "1" {
			return connectors.Bool(s == "1"), nil
		}
		return whole(s) // a small number, after all
	case classInt:
		return whole(s)
	case classNumber, classFloat:
		return connectors.Decimal(s), nil
	case classDate, classLocal, classMoment:
		return moment(o.col.class, s), nil
	case classBytes:
		return connectors.Bytes([]byte(s)), nil
	case classJSON:
		return document(o.list, s), nil
	default:
		return connectors.Text(s), nil
	}
}

// whole reads an integer; one that no signed number of 64 bits holds keeps its digits.
func whole(s string) (connectors.Value, error) {
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		return connectors.Int(n), nil
	}
	if _, err := strconv.ParseUint(s, 10, 64); err != nil {
		return connectors.Value{}, errUnreadable
	}
	return connectors.Decimal(s), nil
}

// document reads a JSON column. What is no JSON, because nothing checked it, is text.
func document(list bool, s string) connectors.Value {
	if !json.Valid([]byte(s)) {
		return connectors.Text(s)
	}
	if values, is := elements(s); list && is {
		return connectors.List(values)
	}
	return connectors.JSON(s)
}

// elements reads a JSON array as a list.
func elements(s string) ([]connectors.Value, bool) {
	var items []json.RawMessage
	if json.Unmarshal([]byte(s), &items) != nil || items == nil {
		return nil, false
	}
	values := make([]connectors.Value, len(items))
	for i, item := range items {
		values[i] = element(bytes.TrimSpace(item))
	}
	return values, true
}

// element reads one element of a valid JSON array.
func element(item []byte) connectors.Value {
	d := json.NewDecoder(bytes.NewReader(item))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil && !errors.Is(err, io.EOF) {
		return connectors.JSON(string(item))
	}
	switch v := v.(type) {
	case nil:
		return connectors.Null()
	case bool:
		return connectors.Bool(v)
	case string:
		return connectors.Text(v)
	case json.Number:
		if n, err := strconv.ParseInt(v.String(), 10, 64); err == nil {
			return connectors.Int(n)
		}
		return connectors.Decimal(v.String())
	}
	return connectors.JSON(string(item))
}

// moment rewrites dates and times to RFC 3339; what has no place there (a year, month or day zero) stays as the server writes it.
func moment(c class, s string) connectors.Value {
	if c == classDate {
		if _, err := time.Parse(time.DateOnly, s); err != nil || strings.HasPrefix(s, "0000") {
			return connectors.Text(s)
		}
		return connectors.LocalTime(s)
	}
	if _, err := time.Parse("2006-01-02 15:04:05.999999999", s); err != nil || strings.HasPrefix(s, "0000") || strings.Contains(s, ",") {
		return connectors.Text(s)
	}
	s = strings.Replace(s, " ", "T", 1)
	if strings.Contains(s, ".") {
		s = strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
	}
	if c == classMoment {
		s += "Z" // the session is in UTC
	}
	return connectors.LocalTime(s)
}
