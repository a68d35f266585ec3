package mysql

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/privacy-docket/docket/connectors/relational"
)

// fewValues is how many values stand in a statement one by one; more are handed over as one list.
const fewValues = 200

// Given makes keys of values: few stand in the statement one by one, more are handed over as one parameter.
func (dialect) Given(q *relational.Query, g relational.Given) (relational.Keys, error) {
	values, err := relational.Usable(g, valueOf)
	if err != nil {
		return relational.Keys{}, err
	}
	k := relational.Keys{Class: g.Field.Single().Class, Values: values, N: len(values), Fold: g.Fold}
	if g.Fold || len(values) <= fewValues {
		return k, nil
	}
	k.Values = nil
	k.CTE, err = q.Once(g.Name, func() (string, error) { return list(q, g.Field, values), nil })
	return k, err
}

// list writes the selection of values that are handed over as one parameter.
func list(q *relational.Query, f field, values []any) string {
	texts, longest := make([]string, len(values)), 1
	for i, v := range values {
		switch v := v.(type) {
		case []byte:
			texts[i] = hex.EncodeToString(v)
		default:
			texts[i] = fmt.Sprint(v)
		}
		longest = max(longest, utf8.RuneCountInString(texts[i]))
	}
	whole, _ := json.Marshal(texts) // texts always marshal
	return fmt.Sprintf(`SELECT DISTINCT %s FROM JSON_TABLE(CONVERT(%s USING utf8mb4), '$[*]' COLUMNS (v VARCHAR(%d) PATH '$')) AS j`,
		fromText(column(f.Single()), "j.v"), q.Arg(string(whole)), min(longest, 16_000))
}

// fromText reads a listed value back.
func fromText(c column, expr string) string {
	switch {
	case textual(c.Class):
		return "CAST(" + expr + " AS BINARY)"
	case c.Class == relational.ClassBytes:
		return "UNHEX(" + expr + ")"
	case c.Class == relational.ClassBool:
		return "CAST(" + expr + " AS SIGNED)"
	case c.Class == relational.ClassInt:
		return c.indexed(expr)
	default:
		return c.typed(expr)
	}
}

// number is a decimal that the server's longest type holds.
var number = regexp.MustCompile(`^[+-]?[0-9]{1,35}(\.[0-9]{0,30})?$`)

// hexadecimal is how bytes are handed from system to system.
const hexadecimal = `\x`

// valueOf reads a text as a value of the class.
func valueOf(c relational.Class, text string) (any, bool) {
	switch c {
	case relational.ClassBool, relational.ClassInt:
		return integer(text)
	case relational.ClassNumber:
		return text, number.MatchString(text)
	case relational.ClassFloat:
		f, err := strconv.ParseFloat(text, 64)
		return strconv.FormatFloat(f, 'g', -1, 64), err == nil && !math.IsInf(f, 0) && !math.IsNaN(f)
	case relational.ClassDate:
		_, err := time.Parse(time.DateOnly, text)
		return text, err == nil
	case classLocal, classMoment:
		return instant(text)
	case relational.ClassUUID:
		return strings.ToLower(text), true
	case relational.ClassBytes:
		if digits, is := strings.CutPrefix(text, hexadecimal); is {
			raw, err := hex.DecodeString(digits)
			return raw, err == nil
		}
		return []byte(text), true
	}
	return text, true
}

// integer reads a whole number of 64 bits, with or without a sign of its own.
func integer(text string) (any, bool) {
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return n, true
	}
	n, err := strconv.ParseUint(text, 10, 64)
	return n, err == nil
}

// instant reads a moment as the session writes it, in UTC.
func instant(text string) (any, bool) {
	const form = "2006-01-02 15:04:05.999999"
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02 15:04:05.999999999Z07", "2006-01-02 15:04:05.999999999", "2006-01-02T15:04:05.999999999", time.DateOnly} {
		if at, err := time.Parse(layout, text); err == nil {
			return at.UTC().Format(form), true
		}
	}
	return nil, false
}
