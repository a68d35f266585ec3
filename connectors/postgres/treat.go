package postgres

import (
	"fmt"
	"strings"

	"github.com/privacy-docket/docket/connectors/relational"
)

// What Shape makes of the letters and digits that most texts are made of.
const (
	upper  = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	digits = "0123456789"
	lower  = "abcdefghijklmnopqrstuvwxyz"
)

// shape keeps the form of a value: of a text letter by letter, of a number only that it is one.
func shape(m masked, x string, c relational.Class) (treated, error) {
	switch c {
	case relational.ClassText:
		set := shapeText("(" + x + ")::text")
		return treated{set: plain(set), done: fmt.Sprintf("(%s)::text = %s", x, set), pure: true}, nil
	case relational.ClassInt, relational.ClassNumber, relational.ClassFloat:
		return treated{set: plain(fmt.Sprintf("CASE WHEN %s IS NOT NULL THEN 0 END", x)), done: x + " = 0", pure: true}, nil
	}
	return treated{}, m.Cannot()
}

// shapeText writes the form of a text. Letters and digits of ASCII are translated at once, which looks each up in the list from its beginning: what
// is masked has mostly digits and small letters. The rest, which few texts have, is replaced one by one.
func shapeText(text string) string {
	return fmt.Sprintf("regexp_replace(translate(%s, '%s', '%s'), '[^ -~]', 'x', 'g')", text, digits+lower+upper,
		strings.Repeat("0", len(digits))+strings.Repeat("x", len(lower))+strings.Repeat("X", len(upper)))
}

// Numbers of floating point are rounded to tens below these; above, where tens can't be told apart any more, nothing of them is kept.
const (
	exactFloat8 = "1e15"
	exactFloat4 = "1e6"
)

// generalise keeps what analysis needs of a value.
func generalise(m masked, x string, c relational.Class) (treated, error) {
	var set string
	if m.Field.Col.Type == "oid" || m.Field.Col.ElementType == "oid" {
		return treated{}, m.Cannot()
	}
	switch c {
	case relational.ClassText:
		set = generalText("("+x+")::text", m.Field.Col.Length)
		return treated{set: plain(set), done: fmt.Sprintf("(%s)::text = %s", x, set), pure: true}, nil
	case relational.ClassInt, relational.ClassNumber:
		// Towards zero: the smallest integer has no tens below it.
		set = fmt.Sprintf("(%s - %s %% 10)", x, x)
	case classMoney:
		set = fmt.Sprintf("(%s::numeric - %s::numeric %% 10)::money", x, x)
	case relational.ClassFloat:
		limit := exactFloat8
		if m.Field.Col.Type == "real" || m.Field.Col.ElementType == "real" {
			limit = exactFloat4
		}
		set = fmt.Sprintf("CASE WHEN abs(%s) < %s THEN trunc((%s / 10)::float8) * 10 WHEN %s IS NOT NULL THEN 0 END", x, limit, x, x)
	case relational.ClassDate:
		set = fmt.Sprintf("date_trunc('year', %s::timestamp)::date", x)
	case classLocal, classMoment:
		set = fmt.Sprintf("date_trunc('year', %s)", x)
	default:
		if m.Field.Col.Type == "inet" || m.Field.Col.Type == "cidr" {
			set = network(x)
			break
		}
		return treated{}, m.Cannot()
	}
	return treated{set: plain(set), done: fmt.Sprintf("(%s = (%s))", x, set), pure: true}, nil
}

// network writes the network of an address: the first 24 bits of an IPv4 address, the first 48 of an IPv6 one.
func network(x string) string {
	return fmt.Sprintf("network(set_masklen(%s, least(masklen(%s), CASE family(%s) WHEN 4 THEN 24 ELSE 48 END)))", x, x, x)
}

// addresses are the texts that are an IP address, or a network as generalising writes it. Of IPv6 the forms without dots are known; what
// the pattern lets through has to be one that the server reads.
const (
	octet = `(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])`
	group = `[0-9a-fA-F]{1,4}`
	ipv4  = `^` + octet + `(\.` + octet + `){3}(/([12]?[0-9]|3[0-2]))?$`
	ipv6  = `^((` + group + `:){7}` + group + `|(` + group + `(:` + group + `){0,6})?::(` + group + `(:` + group + `){0,6})?)(/([1-9]?[0-9]|1[01][0-9]|12[0-8]))?$`
	// There are up to seven groups around "::", and a colon more where they are all on one side of it.
	grouped = `(char_length(%[1]s) - char_length(replace(%[1]s, ':', '')) <= CASE WHEN %[1]s ~ '^::|::(/|$)' THEN 8 ELSE 7 END)`
)

// generalText writes the network of a text that is an IP address, where the column has room for it, and the first two characters of any other text.
// Of a text that begins with "::" it is one: two would be an address, and come to its network the next time.
func generalText(text string, length int) string {
	ip := fmt.Sprintf("(CASE WHEN %s ~ '%s' OR %s ~ '%s' AND %s THEN %s::inet END)", text, ipv4, text, ipv6, fmt.Sprintf(grouped, text), text)
	net := fmt.Sprintf("%s::cidr::text", network(ip))
	if length > 0 {
		net = fmt.Sprintf("CASE WHEN char_length(%s) <= %d THEN %s END", net, length, net)
	}
	return fmt.Sprintf("coalesce(%s, CASE left(%s, 2) WHEN '::' THEN ':' ELSE left(%s, 2) END)", net, text, text)
}
