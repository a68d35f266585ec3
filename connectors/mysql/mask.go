package mysql

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/privacy-docket/docket/connectors"
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

// masked is a mask with the field that it treats.
type masked struct {
	erasure.Mask
	field
	target target
}

// refuse is the error for a treatment that the field's type doesn't take.
func (m masked) refuse(what, do string) error {
	return &connectors.Error{Code: connectors.ErrType, Where: m.target.step.Address.String() + "." + strings.Join(m.Path, "."), What: what, Do: do}
}

// cannot is the error for a treatment that there is no sense in for a type.
func (m masked) cannot() error {
	return m.refuse(fmt.Sprintf("the treatment %s can't be done to the type %s", m.Treatment, m.col.typ), "treat it with null or fixed, or delete the rows")
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
		name := "t." + quoted(one.column)
		list[i] = fmt.Sprintf("%s = CASE WHEN %s THEN %s ELSE %s END", name, one.needs, one.set, name)
	}
	return list
}

// changes writes what masks do to the target's columns.
func (q *query) changes(t target, masks []erasure.Mask) (changes, error) {
	var out changes
	for _, m := range masks {
		f, err := t.maskable(m)
		if err != nil {
			return out, err
		}
		mf := masked{Mask: m, field: f, target: t}
		whole := len(f.path) == 1 && (m.Treatment == erasure.Null || m.Treatment == erasure.Fixed) && !m.Elements
		switch {
		case f.inside() && !whole:
			err = out.addDocument(q, mf)
		case m.Elements:
			err = mf.refuse("it is no array, and single elements are to be taken out of it", "make the order again")
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
	x, c := m.expr(), change{column: m.col.name}
	if m.Treatment == erasure.Null {
		c.set, c.needs = "NULL", x+" IS NOT NULL"
		return c, nil
	}
	var done string
	var err error
	switch {
	case m.Treatment == erasure.Fixed:
		c.set, done, err = q.fixed(m, x)
	case m.Treatment.Token():
		c.set, done, err = q.tokenMask(m, x)
	case m.Treatment == erasure.Shape:
		c.set, done, err = shape(m, x)
	case m.Treatment == erasure.Generalise:
		c.set, done, err = generalise(m, x)
	default:
		err = m.refuse(fmt.Sprintf("the treatment %q is not known", m.Treatment), "make the order again")
	}
	if m.col.class == classText {
		c.set = m.col.indexed(c.set) // in the column's character set
	}
	c.needs = fmt.Sprintf("%s IS NOT NULL AND (%s) IS NOT TRUE", x, done)
	return c, err
}

// same writes that a text value has certain bytes.
func (c column) same(x, bytes string) string { return c.inBytes(x) + " = " + bytes }

// fixed writes a value in the column's type.
func (q *query) fixed(m masked, x string) (set, done string, err error) {
	v, fits := m.col.fixed(m.Value)
	if !fits {
		return "", "", m.refuse("the fixed value doesn't fit the type "+m.col.typ, "give one that does")
	}
	p := q.arg(v)
	switch c := m.col.class; {
	case c == classBytes:
		return p, x + " = CAST(" + q.arg(v) + " AS BINARY)", nil
	case c == classFloat: // as texts: no decimal is exactly what a float of four bytes holds
		return "CAST(" + p + " AS DOUBLE)", fmt.Sprintf("CAST(%s AS CHAR) = CAST(CAST(%s AS DOUBLE) AS CHAR)", x, q.arg(v)), nil
	case c == classText, c == classEnum, c == classUUID, c == classJSON:
		return "CONVERT(" + p + " USING utf8mb4)", m.col.same(x, "CAST("+q.arg(v)+" AS BINARY)"), nil
	case c.numeric() || c == classDate || c == classLocal || c == classMoment || c == classTime:
		return m.col.typed(p), x + " = " + m.col.typed(q.arg(v)), nil
	}
	return "", "", m.cannot()
}

// fixed reads a fixed value as one of the column's.
func (c column) fixed(text string) (any, bool) {
	switch c.class {
	case classBool:
		n, is := map[string]int64{"true": 1, "1": 1, "false": 0, "0": 0}[text]
		return n, is
	case classInt:
		v, whole := integer(text)
		return v, whole && c.holds(text)
	case classNumber:
		return text, c.holdsDecimal(text)
	case classEnum:
		return text, strings.HasPrefix(c.typ, "enum(") && strings.Contains(c.typ, "'"+strings.ReplaceAll(text, "'", "''")+"'")
	case classUUID:
		raw, err := hex.DecodeString(strings.ReplaceAll(text, "-", ""))
		return strings.ToLower(text), err == nil && len(raw) == 16 && len(text) == 36
	case classShape, classOther:
		return nil, false
	case classText:
		return text, c.length() == 0 || utf8.RuneCountInString(text) <= c.length()
	case classBytes:
		v, fits := valueOf(classBytes, text)
		raw, _ := v.([]byte)
		fits = fits && int64(len(raw)) <= c.bytes
		if fits && strings.HasPrefix(c.typ, "binary") { // which is filled up
			raw = append(raw, make([]byte, int(c.bytes)-len(raw))...)
		}
		return raw, fits
	case classTime:
		return text, clock.MatchString(text)
	case classJSON:
		return text, validJSON(text)
	}
	return valueOf(c.class, text)
}

// holdsDecimal reports whether a decimal type is long enough for a number, before the point and behind it.
func (c column) holdsDecimal(text string) bool {
	before, after, _ := strings.Cut(strings.TrimLeft(strings.TrimLeft(text, "+-"), "0"), ".")
	return number.MatchString(text) && len(before) <= c.precision-c.scale && len(after) <= c.scale
}

// holds reports whether an integer type is long enough for a number.
func (c column) holds(text string) bool {
	bits := 32
	for name, n := range map[string]int{"tinyint": 8, "smallint": 16, "mediumint": 24, "bigint": 64} {
		if strings.HasPrefix(c.typ, name) {
			bits = n
		}
	}
	if strings.HasPrefix(c.typ, "bit(") {
		bits, _ = strconv.Atoi(strings.TrimSuffix(strings.TrimPrefix(c.typ, "bit("), ")"))
	}
	var err error
	switch {
	case strings.HasPrefix(c.typ, "year"):
		n, wrong := strconv.Atoi(text)
		return wrong == nil && (n == 0 || n >= 1901 && n <= 2155)
	case c.unsigned:
		_, err = strconv.ParseUint(text, 10, bits)
	default:
		_, err = strconv.ParseInt(text, 10, bits)
	}
	return err == nil
}

// tokenMask writes a token in place of a value. A uuid takes none: the server looks at some of its digits.
func (q *query) tokenMask(m masked, x string) (set, done string, err error) {
	length := connectors.TokenLength(m.Mask) + utf8.RuneCountInString(m.Suffix)
	if limit := m.col.length(); limit > 0 && length > limit || m.col.class == classBytes && int64(length) > m.col.bytes {
		return "", "", m.refuse(fmt.Sprintf("a token would have %d characters and the column takes less", length), "give the mask the column's length and a shorter suffix, or treat it with null or fixed")
	}
	switch m.col.class {
	case classText:
		set, err = q.token(m, m.col.inBytes(x))
		return set, q.isToken(m.Mask, m.col.inBytes(x)), err
	case classBytes:
		set, err = q.token(m, x)
		return "CAST(" + set + " AS BINARY)", q.isToken(m.Mask, x), err
	}
	return "", "", m.cannot()
}
