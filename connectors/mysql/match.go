package mysql

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/privacy-docket/docket/connectors/relational"
)

// Differ compares null with null.
func (dialect) Differ(a, b string) string { return fmt.Sprintf("NOT ((%s) <=> (%s))", a, b) }

// Exactly writes a value as its bytes.
func (dialect) Exactly(c relational.Column, expr string) string { return column(c).inBytes(expr) }

// Keyed writes texts as their UTF-8 bytes, because these servers hold texts for equal that are not (é and e, or a and a with a blank behind
// it); all other values as they are.
func (dialect) Keyed(c relational.Column, expr string) string {
	switch {
	case textual(c.Class):
		return column(c).inBytes(expr)
	case c.Bits:
		return expr + " + 0"
	}
	return expr
}

// inBytes is a text as its UTF-8 bytes.
func (c column) inBytes(expr string) string {
	switch {
	case c.Class == relational.ClassUUID || c.Class == relational.ClassOther || !textual(c.Class):
		expr = "CAST(" + expr + " AS CHAR)"
	case c.Class == classShape:
		expr = "ST_AsText(" + expr + ")"
	}
	if c.Class != relational.ClassMember && c.Charset != "utf8mb4" {
		expr = "CONVERT(" + expr + " USING utf8mb4)"
	}
	return "CAST(" + expr + " AS BINARY)"
}

// Match has the value's bytes decide; beside them stands, where there is one, a comparison that an index
// can answer and that lets through at least as much.
func (dialect) Match(q *relational.Query, value string, of relational.Column, k relational.Keys) string {
	c := column(of)
	switch {
	case k.Fold && (c.Class == relational.ClassText || c.Class == relational.ClassMember):
		return matchFolded(q, value, c, k)
	case k.CTE == "":
		return matchValues(q, value, c, k)
	case !textual(c.Class) && !textual(k.Class):
		return fmt.Sprintf("%s IN (SELECT v FROM %s)", value, k.CTE)
	case !textual(k.Class):
		return fmt.Sprintf("%s IN (SELECT CAST(CAST(v AS CHAR) AS BINARY) FROM %s)", c.inBytes(value), k.CTE)
	}
	if by := c.indexed("CONVERT(v USING utf8mb4)"); by != "" {
		return fmt.Sprintf("(%s, %s) IN (SELECT %s, v FROM %s)", value, c.inBytes(value), by, k.CTE)
	}
	return fmt.Sprintf("%s IN (SELECT v FROM %s)", c.inBytes(value), k.CTE)
}

// matchValues compares with parameters.
func matchValues(q *relational.Query, value string, c column, k relational.Keys) string {
	if len(k.Values) == 0 {
		return "1 = 0"
	}
	var plain, bytes []string
	for _, v := range k.Values {
		p := q.Arg(v)
		if !textual(c.Class) {
			plain = append(plain, c.typed(p))
			continue
		}
		bytes = append(bytes, "CAST("+p+" AS BINARY)")
		if by := c.indexed("CONVERT(" + q.Arg(v) + " USING utf8mb4)"); by != "" {
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
func matchFolded(q *relational.Query, value string, c column, k relational.Keys) string {
	if len(k.Values) == 0 {
		return "1 = 0"
	}
	var plain, folded []string
	for _, v := range k.Values {
		folded = append(folded, "("+inCase("LOWER", q.Arg(v))+", "+inCase("UPPER", q.Arg(v))+")")
		plain = append(plain, c.indexed("CONVERT("+q.Arg(v)+" USING utf8mb4)"))
	}
	cond := fmt.Sprintf("(%s, %s) IN (%s)", inCase("LOWER", value), inCase("UPPER", value), strings.Join(folded, ", "))
	if slices.Contains(foldingCollations(), c.Collation) {
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
	case c.Class == relational.ClassUUID:
		return "CAST(" + expr + " AS UUID)"
	case c.Class == relational.ClassText && word.MatchString(c.Charset) && word.MatchString(c.Collation):
		return "CONVERT(" + expr + " USING " + c.Charset + ") COLLATE " + c.Collation
	case c.Class == relational.ClassInt && c.Unsigned:
		return "CAST(" + expr + " AS UNSIGNED)"
	case c.Class == relational.ClassInt:
		return "CAST(" + expr + " AS SIGNED)"
	}
	return ""
}

// typed writes a parameter in the column's own type, so that nothing is compared as a text or a float that is neither.
func (c column) typed(param string) string {
	switch c.Class {
	case relational.ClassNumber:
		return "CAST(" + param + " AS DECIMAL(65, 30))"
	case relational.ClassDate:
		return "CAST(" + param + " AS DATE)"
	case classLocal, classMoment:
		return "CAST(" + param + " AS DATETIME(6))"
	case classTime:
		return "CAST(" + param + " AS TIME(6))"
	case relational.ClassFloat:
		return "CAST(" + param + " AS DOUBLE)"
	}
	return param
}
