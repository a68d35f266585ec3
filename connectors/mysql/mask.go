package mysql

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/relational"
	"github.com/privacy-docket/docket/privacy/erasure"
)

// change is what becomes of one column in the server: the expression that it is set to, and the condition under which there is something
// to do. The condition is never null.
type change struct {
	column string
	set    string
	needs  string
}

// changes are what masks do to the columns of a target: the server treats values, documents are treated here.
type changes struct {
	columns   []change
	documents []documented
}

// masked is a mask with the column that it treats.
type masked struct {
	relational.Masked
	col column
}

// needs writes the condition under which a row needs one of the changes that the server makes.
func (c changes) needs() string {
	list := []string{"FALSE"}
	for _, one := range c.columns {
		list = append(list, "("+one.needs+")")
	}
	return "(" + strings.Join(list, " OR ") + ")"
}

// assignments writes the SET list of an UPDATE. Each column is left as it is where there is nothing to do in it.
func (c changes) assignments() []string {
	list := make([]string, len(c.columns))
	for i, one := range c.columns {
		name := "t." + relational.Quoted(one.column)
		list[i] = fmt.Sprintf("%s = CASE WHEN %s THEN %s ELSE %s END", name, one.needs, one.set, name)
	}
	return list
}

// changes writes what masks do to the target's columns.
func (q *query) changes(t target, masks []erasure.Mask) (changes, error) {
	var out changes
	for _, m := range masks {
		known, err := t.Masked(m)
		if err != nil {
			return out, err
		}
		mf := masked{known, column(known.Field.Col)}
		switch {
		case mf.Field.Inside() && !mf.Whole():
			err = out.addDocument(q, mf)
		case m.Elements:
			err = mf.NoArray("make the order again")
		default:
			var c change
			c, err = q.column(mf)
			out.columns = append(out.columns, c)
		}
		if err != nil {
			return out, err
		}
	}
	return out, nil
}

// column writes what a mask does to a whole column.
func (q *query) column(m masked) (change, error) {
	x, c := m.Field.Expr(), change{column: m.col.Name}
	if m.Treatment == erasure.Null {
		c.set, c.needs = "NULL", x+" IS NOT NULL"
		err := q.narrow(m, x, &c)
		return c, err
	}
	var done string
	var err error
	switch {
	case m.Writes():
		c.set, done, err = q.fixed(m, x, m.Value)
	case m.Treatment.Token():
		c.set, done, err = q.tokenMask(m, x)
	case m.Treatment == erasure.Shape:
		c.set, done, err = shape(m, x)
	case m.Treatment == erasure.Generalise:
		c.set, done, err = generalise(m, x)
	default:
		err = m.Unknown()
	}
	if m.col.Class == relational.ClassText {
		c.set = m.col.indexed(c.set) // in the column's character set
	}
	if err != nil || m.Treatment != erasure.Set {
		c.needs = fmt.Sprintf("%s IS NOT NULL AND (%s) IS NOT TRUE", x, done)
		return c, err
	}
	c.needs = fmt.Sprintf("(%s) IS NOT TRUE", done)
	err = q.narrow(m, x, &c)
	return c, err
}

// narrow keeps a change to the fields that say what is to be written over, or have no value.
func (q *query) narrow(m masked, x string, c *change) error {
	switch {
	case m.Only != nil:
		_, said, err := q.fixed(m, x, *m.Only)
		c.needs = fmt.Sprintf("(%s) IS TRUE AND %s", said, c.needs)
		return err
	case m.Absent:
		c.needs = fmt.Sprintf("%s IS NULL AND %s", x, c.needs)
	}
	return nil
}

// same writes that a text value has certain bytes.
func (c column) same(x, bytes string) string { return c.inBytes(x) + " = " + bytes }

// fixed writes a value in the column's type.
func (q *query) fixed(m masked, x, value string) (set, done string, err error) {
	v, fits := m.col.fixed(value)
	if !fits {
		return "", "", m.Refuse("the fixed value doesn't fit the type "+m.col.Type, "give one that does")
	}
	p := q.Arg(v)
	switch c := m.col.Class; {
	case c == relational.ClassBytes:
		return p, x + " = CAST(" + q.Arg(v) + " AS BINARY)", nil
	case c == relational.ClassFloat: // as texts: no decimal is exactly what a float of four bytes holds
		return "CAST(" + p + " AS DOUBLE)", fmt.Sprintf("CAST(%s AS CHAR) = CAST(CAST(%s AS DOUBLE) AS CHAR)", x, q.Arg(v)), nil
	case c == relational.ClassText, c == relational.ClassEnum, c == relational.ClassUUID, c == relational.ClassJSON:
		return "CONVERT(" + p + " USING utf8mb4)", m.col.same(x, "CAST("+q.Arg(v)+" AS BINARY)"), nil
	case numeric(c) || c == relational.ClassDate || c == classLocal || c == classMoment || c == classTime:
		return m.col.typed(p), x + " = " + m.col.typed(q.Arg(v)), nil
	}
	return "", "", m.Cannot()
}

// fixed reads a fixed value as one of the column's.
func (c column) fixed(text string) (any, bool) {
	switch c.Class {
	case relational.ClassBool:
		n, is := map[string]int64{"true": 1, "1": 1, "false": 0, "0": 0}[text]
		return n, is
	case relational.ClassInt:
		v, whole := integer(text)
		return v, whole && c.holds(text)
	case relational.ClassNumber:
		return text, c.holdsDecimal(text)
	case relational.ClassEnum:
		return text, strings.HasPrefix(c.Type, "enum(") && strings.Contains(c.Type, "'"+strings.ReplaceAll(text, "'", "''")+"'")
	case relational.ClassUUID:
		raw, err := hex.DecodeString(strings.ReplaceAll(text, "-", ""))
		return strings.ToLower(text), err == nil && len(raw) == 16 && len(text) == 36
	case classShape, relational.ClassOther:
		return nil, false
	case relational.ClassText:
		return text, c.Length == 0 || utf8.RuneCountInString(text) <= c.Length
	case relational.ClassBytes:
		v, fits := valueOf(relational.ClassBytes, text)
		raw, _ := v.([]byte)
		fits = fits && int64(len(raw)) <= c.Bytes
		if fits && strings.HasPrefix(c.Type, "binary") { // which is filled up
			raw = append(raw, make([]byte, int(c.Bytes)-len(raw))...)
		}
		return raw, fits
	case classTime:
		return text, clock.MatchString(text)
	case relational.ClassJSON:
		return text, validJSON(text)
	}
	return valueOf(c.Class, text)
}

// holdsDecimal reports whether a decimal type is long enough for a number, before the point and behind it.
func (c column) holdsDecimal(text string) bool {
	before, after, _ := strings.Cut(strings.TrimLeft(strings.TrimLeft(text, "+-"), "0"), ".")
	return number.MatchString(text) && len(before) <= c.Precision-c.Scale && len(after) <= c.Scale
}

// holds reports whether an integer type is long enough for a number.
func (c column) holds(text string) bool {
	bits := 32
	for name, n := range map[string]int{"tinyint": 8, "smallint": 16, "mediumint": 24, "bigint": 64} {
		if strings.HasPrefix(c.Type, name) {
			bits = n
		}
	}
	if strings.HasPrefix(c.Type, "bit(") {
		bits, _ = strconv.Atoi(strings.TrimSuffix(strings.TrimPrefix(c.Type, "bit("), ")"))
	}
	var err error
	switch {
	case strings.HasPrefix(c.Type, "year"):
		n, wrong := strconv.Atoi(text)
		return wrong == nil && (n == 0 || n >= 1901 && n <= 2155)
	case c.Unsigned:
		_, err = strconv.ParseUint(text, 10, bits)
	default:
		_, err = strconv.ParseInt(text, 10, bits)
	}
	return err == nil
}

// tokenMask writes a token in place of a value. A uuid takes none: the server looks at some of its digits.
func (q *query) tokenMask(m masked, x string) (set, done string, err error) {
	length := connectors.TokenLength(m.Mask) + utf8.RuneCountInString(m.Suffix)
	if limit := m.col.Length; limit > 0 && length > limit || m.col.Class == relational.ClassBytes && int64(length) > m.col.Bytes {
		return "", "", m.Refuse(fmt.Sprintf("a token would have %d characters and the column takes less", length), "give the mask the column's length and a shorter suffix, or treat it with null or fixed")
	}
	switch m.col.Class {
	case relational.ClassText:
		set, err = q.token(m, m.col.inBytes(x))
		return set, q.isToken(m.Mask, m.col.inBytes(x)), err
	case relational.ClassBytes:
		set, err = q.token(m, x)
		return "CAST(" + set + " AS BINARY)", q.isToken(m.Mask, x), err
	}
	return "", "", m.Cannot()
}
