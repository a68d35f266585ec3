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
	"github.com/privacy-docket/docket/connectors/relational"
)

// reads gives what a text is read by, which is chosen once per column.
func reads(c relational.Class, list bool) func(string) (connectors.Value, error) {
	switch c {
	case relational.ClassBool:
		return truth
	case relational.ClassInt:
		return whole
	case relational.ClassNumber, relational.ClassFloat:
		return func(s string) (connectors.Value, error) { return connectors.Decimal(s), nil }
	case relational.ClassDate, classLocal, classMoment:
		return func(s string) (connectors.Value, error) { return moment(c, s), nil }
	case relational.ClassBytes:
		return func(s string) (connectors.Value, error) { return connectors.Bytes([]byte(s)), nil }
	case relational.ClassJSON:
		return func(s string) (connectors.Value, error) { return documentValue(list, s), nil }
	default:
		return func(s string) (connectors.Value, error) { return connectors.Text(s), nil }
	}
}

// truth reads a truth value, unless it is a small number after all.
func truth(s string) (connectors.Value, error) {
	if s == "0" || s == "1" {
		return connectors.Bool(s == "1"), nil
	}
	return whole(s)
}

// whole reads an integer; one that no signed number of 64 bits holds keeps its digits.
func whole(s string) (connectors.Value, error) {
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		return connectors.Int(n), nil
	}
	if _, err := strconv.ParseUint(s, 10, 64); err != nil {
		return connectors.Value{}, relational.ErrUnreadable
	}
	return connectors.Decimal(s), nil
}

// documentValue reads a JSON column. What is no JSON, because nothing checked it, is text.
func documentValue(list bool, s string) connectors.Value {
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
func moment(c relational.Class, s string) connectors.Value {
	if c == relational.ClassDate {
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
