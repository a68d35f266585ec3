package mysql

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// member is a value inside a document as a column.
func member() column { return column{class: classMember, charset: "utf8mb4"} }

// keys is a set of values to match: parameters, or a common table expression with one column v. Texts are in it as their UTF-8 bytes,
// because these servers hold texts for equal that are not (é and e, or a and a with a blank behind it); all other values as they are.
type keys struct {
	class  class
	values []any
	cte    string
	fold   bool // compare without regard to case
}

// inBytes is a text as its UTF-8 bytes.
func (c column) inBytes(expr string) string {
	switch {
	case c.class == classUUID || c.class == classOther || !c.class.textual():
		expr = "CAST(" + expr + " AS CHAR)"
	case c.class == classShape:
		expr = "ST_AsText(" + expr + ")"
	}
	if c.charset != "utf8mb4" {
		expr = "CONVERT(" + expr + " USING utf8mb4)"
	}
	return "CAST(" + expr + " AS BINARY)"
}

// match writes "value is among the keys". The value's bytes decide; beside them stands, where there is one, a comparison that an index
// can answer and that lets through at least as much.
func (q *query) match(value string, c column, k keys) string {
	switch {
	case k.fold && (c.class == classText || c.class == classMember):
		return q.matchFolded(value, c, k)
	case k.cte == "":
		return q.matchValues(value, c, k)
	case !c.class.textual() && !k.class.textual():
		return fmt.Sprintf("%s IN (SELECT v FROM %s)", value, k.cte)
	case !k.class.textual():
		return fmt.Sprintf("%s IN (SELECT CAST(CAST(v AS CHAR) AS BINARY) FROM %s)", c.inBytes(value), k.cte)
	}
	if by := c.indexed("CONVERT(v USING utf8mb4)"); by != "" {
		return fmt.Sprintf("(%s, %s) IN (SELECT %s, v FROM %s)", value, c.inBytes(value), by, k.cte)
	}
	return fmt.Sprintf("%s IN (SELECT v FROM %s)", c.inBytes(value), k.cte)
}

// matchValues compares with parameters.
func (q *query) matchValues(value string, c column, k keys) string {
	if len(k.values) == 0 {
		return "1 = 0"
	}
	var plain, bytes []string
	for _, v := range k.values {
		p := q.arg(v)
		if !c.class.textual() {
			plain = append(plain, c.typed(p))
			continue
		}
		bytes = append(bytes, "CAST("+p+" AS BINARY)")
		if by := c.indexed("CONVERT(" + q.arg(v) + " USING utf8mb4)"); by != "" {
			plain = append(plain, by)
		}
	}
	var both []string
	if len(plain) > 0 {
		both = append(both, value+" IN ("+strings.Join(plain, ", ")+")")
	}
	if len(bytes) > 0 {
		both = append(both, c.inBytes(value)+" IN ("+strings.Join(bytes, ", ")+")")
	}
	return strings.Join(both, " AND ")
}

// matchFolded compares without regard to case. Small and capital letters both have to agree: there are letters beside i and k whose small
// or capital form is that of another letter.
func (q *query) matchFolded(value string, c column, k keys) string {
	if len(k.values) == 0 {
		return "1 = 0"
	}
	var plain, folded []string
	for _, v := range k.values {
		folded = append(folded, "("+inCase("LOWER", q.arg(v))+", "+inCase("UPPER", q.arg(v))+")")
		plain = append(plain, c.indexed("CONVERT("+q.arg(v)+" USING utf8mb4)"))
	}
	cond := fmt.Sprintf("(%s, %s) IN (%s)", inCase("LOWER", value), inCase("UPPER", value), strings.Join(folded, ", "))
	if slices.Contains(foldingCollations(), c.collation) {
		cond = value + " IN (" + strings.Join(plain, ", ") + ") AND " + cond
	}
	return cond
}

// inCase writes a text in small or capital letters, as bytes.
func inCase(function, expr string) string {
	return "CAST(" + function + "(CONVERT(" + expr + " USING utf8mb4) COLLATE utf8mb4_bin) AS BINARY)"
}

// foldingCollations hold letters for equal that differ in case only, whatever the letter, so that their indexes find all that is looked for.
func foldingCollations() []string {
	return []string{
		"utf8mb4_general_ci", "utf8mb4_unicode_ci", "utf8mb4_unicode_520_ci", "utf8mb4_0900_ai_ci", "utf8mb4_uca1400_ai_ci", "uca1400_ai_ci",
		"utf8mb3_general_ci", "utf8mb3_unicode_ci", "utf8_general_ci", "utf8_unicode_ci", "latin1_swedish_ci", "latin1_general_ci",
	}
}

// word is what charsets and collations are called.
var word = regexp.MustCompile(`^[a-z0-9_]+$`)

// indexed writes a UTF-8 text so that the column's own index can look it up; empty when the class has no such way.
func (c column) indexed(expr string) string {
	switch {
	case c.class == classUUID:
		return "CAST(" + expr + " AS UUID)"
	case c.class == classText && word.MatchString(c.charset) && word.MatchString(c.collation):
		return "CONVERT(" + expr + " USING " + c.charset + ") COLLATE " + c.collation
	case c.class == classInt && c.unsigned:
		return "CAST(" + expr + " AS UNSIGNED)"
	case c.class == classInt:
		return "CAST(" + expr + " AS SIGNED)"
	}
	return ""
}

// typed writes a parameter in the column's own type, so that nothing is compared as a text or a float that is neither.
func (c column) typed(param string) string {
	switch c.class {
	case classNumber:
		return "CAST(" + param + " AS DECIMAL(65, 30))"
	case classDate:
		return "CAST(" + param + " AS DATE)"
	case classLocal, classMoment:
		return "CAST(" + param + " AS DATETIME(6))"
	case classTime:
		return "CAST(" + param + " AS TIME(6))"
	case classFloat:
		return "CAST(" + param + " AS DOUBLE)"
	}
	return param
}
