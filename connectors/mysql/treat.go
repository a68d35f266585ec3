package mysql

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/privacy-docket/docket/connectors/relational"
)

// clock is a time of day, or a span of time, as the server reads it.
var clock = regexp.MustCompile(`^-?[0-9]{1,3}:[0-5][0-9](:[0-5][0-9](\.[0-9]{1,6})?)?$`)

// inUTF8 is a text as one that is compared by its letters alone, upper and lower case apart.
func (c column) inUTF8(x string) string {
	return "(CONVERT(" + x + " USING utf8mb4) COLLATE utf8mb4_bin)"
}

// shape keeps the form of a value: of a text letter by letter, of a number only that it is one.
func shape(m masked, x string) (set, done string, err error) {
	switch m.col.Class {
	case relational.ClassText:
		text := m.col.inUTF8(x)
		set = fmt.Sprintf("REGEXP_REPLACE(REGEXP_REPLACE(REGEXP_REPLACE(%s, '[A-Z]', 'X'), '[0-9]', '0'), '[a-z]|[^ -~]', 'x')", text)
		return set, m.col.same(x, "CAST("+set+" AS BINARY)"), nil
	case relational.ClassInt, relational.ClassNumber, relational.ClassFloat:
		return "0", x + " = 0", nil
	}
	return "", "", m.Cannot()
}

// Numbers of floating point are rounded to tens below these; above, where tens can't be told apart any more, nothing of them is kept.
const (
	exactDouble = "1e15"
	exactFloat  = "1e6"
)

// generalise keeps what analysis needs of a value.
func generalise(m masked, x string) (set, done string, err error) {
	switch m.col.Class {
	case relational.ClassText:
		set = generalText(m.col.inUTF8(x), m.col.Length)
		return set, m.col.same(x, "CAST("+set+" AS BINARY)"), nil
	case relational.ClassInt, relational.ClassNumber:
		if m.col.Type == "year" || strings.HasPrefix(m.col.Type, "year(") { // which begins with 1901, and has a zero
			set = fmt.Sprintf("(CASE WHEN %s = 0 THEN 0 ELSE GREATEST(%s - %s %% 10, 1901) END)", x, x, x)
			break
		}
		set = fmt.Sprintf("(%s - %s %% 10)", x, x) // towards zero: the smallest integer has no tens below it
	case relational.ClassFloat:
		limit := exactDouble
		if m.col.Type == "float" {
			limit = exactFloat
		}
		set = fmt.Sprintf("(CASE WHEN ABS(%s) < %s THEN TRUNCATE(%s / 10, 0) * 10 ELSE 0 END)", x, limit, x)
	case relational.ClassDate:
		set = fmt.Sprintf("(CASE WHEN YEAR(%s) = 0 THEN %s ELSE CAST(CONCAT(LPAD(YEAR(%s), 4, '0'), '-01-01') AS DATE) END)", x, x, x)
	case classLocal:
		set = fmt.Sprintf("(CASE WHEN YEAR(%s) = 0 THEN %s ELSE CAST(CONCAT(LPAD(YEAR(%s), 4, '0'), '-01-01 00:00:00') AS DATETIME) END)", x, x, x)
	case classMoment: // the first second of the type's time is not in it
		set = fmt.Sprintf("(CASE WHEN YEAR(%s) = 0 THEN %s ELSE GREATEST(CAST(CONCAT(YEAR(%s), '-01-01 00:00:00') AS DATETIME), CAST('1970-01-01 00:00:01' AS DATETIME)) END)", x, x, x)
	default:
		return "", "", m.Cannot()
	}
	return set, x + " = " + set, nil
}

// The texts that are an IP address, or a network as generalising writes it. Of IPv6 the forms without dots are known; what the pattern lets
// through has to be one that the server reads.
const (
	octet = `(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])`
	group = `[0-9a-fA-F]{1,4}`
	ipv4  = `^` + octet + `([.]` + octet + `){3}(/([12]?[0-9]|3[0-2]))?$`
	ipv6  = `^((` + group + `:){7}` + group + `|(` + group + `(:` + group + `){0,6})?::(` + group + `(:` + group + `){0,6})?)(/([1-9]?[0-9]|1[01][0-9]|12[0-8]))?$`
)

// The bits of an address that are kept.
const (
	network4 = 24
	network6 = 48
)

// generalText writes the network of a text that is an IP address, where the column has room for it, and the first two characters of any other text.
// Of a text that begins with "::" it is one: two would be an address, and come to its network the next time.
func generalText(text string, length int) string {
	address := "SUBSTRING_INDEX(" + text + ", '/', 1)"
	bits := func(most int) string {
		return fmt.Sprintf("(CASE WHEN %s LIKE '%%/%%' THEN LEAST(CAST(SUBSTRING_INDEX(%s, '/', -1) AS UNSIGNED), %d) ELSE %d END)", text, text, most, most)
	}
	four := fmt.Sprintf("CONCAT(INET_NTOA((INET_ATON(%s) >> (32 - %s)) << (32 - %s)), '/', %s)", address, bits(network4), bits(network4), bits(network4))
	// What is kept of IPv6 lies in the first 48 bits, which a number holds.
	front := fmt.Sprintf("CAST(CONV(HEX(LEFT(INET6_ATON(%s), 6)), 16, 10) AS UNSIGNED)", address)
	six := fmt.Sprintf("CONCAT(INET6_NTOA(CONCAT(UNHEX(LPAD(HEX((%s >> (48 - %s)) << (48 - %s)), 12, '0')), REPEAT(X'00', 10))), '/', %s)",
		front, bits(network6), bits(network6), bits(network6))
	net := fmt.Sprintf("(CASE WHEN %s REGEXP '%s' THEN %s WHEN %s REGEXP '%s' AND INET6_ATON(%s) IS NOT NULL THEN %s END)", text, ipv4, four, text, ipv6, address, six)
	if length > 0 {
		net = fmt.Sprintf("(CASE WHEN CHAR_LENGTH(%s) <= %d THEN %s END)", net, length, net)
	}
	return fmt.Sprintf("COALESCE(%s, CASE LEFT(%s, 2) WHEN '::' THEN ':' ELSE LEFT(%s, 2) END)", net, text, text)
}
