package postgres

import (
	"fmt"

	"github.com/privacy-docket/docket/connectors/relational"
	"github.com/privacy-docket/docket/privacy/erasure"
)

// The texts that name a day, and those that name a moment with its zone. That the day exists is asked apart.
const (
	dayText    = `^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])([T ].*)?$`
	momentText = `^.{10}[T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,9})?)?(Z|[+-](0[0-9]|1[0-4]):?[0-5][0-9])$`
)

// Day writes the day in a field, null when it holds no date, or one that no calendar shows between the years 1 and 9999.
func (dialect) Day(q *relational.Query, _ target, f field, zone string) (string, error) {
	var day string
	switch inZone := func() string { return q.Arg(zone) + "::text" }; {
	case f.Inside() && len(f.Path) > 1:
		path := q.Arg(f.Path[1:]) + "::text[]"
		day = dayOfText(fmt.Sprintf("(to_jsonb(%s) #>> %s)", f.Expr(), path), inZone())
	case f.Col.Class == relational.ClassDate:
		day = f.Expr()
	case f.Col.Class == classLocal:
		day = "(" + f.Expr() + ")::date"
	case f.Col.Class == classMoment:
		day = fmt.Sprintf("(%s AT TIME ZONE %s)::date", f.Expr(), inZone())
	case f.Col.Class == relational.ClassText:
		day = dayOfText("("+f.Expr()+")::text", inZone())
	default:
		return "", nil
	}
	return fmt.Sprintf("(CASE WHEN %s BETWEEN '0001-01-01' AND '9999-12-31' THEN %s END)", day, day), nil
}

// dayOfText reads a day, or a moment with its zone, from a text in the form of ISO 8601.
func dayOfText(text, zone string) string {
	first := fmt.Sprintf("make_date(greatest(substr(%s, 1, 4)::int, 1), substr(%s, 6, 2)::int, 1)", text, text)
	last := fmt.Sprintf("extract(day FROM %s + interval '1 month - 1 day')", first)
	exists := fmt.Sprintf("substr(%s, 1, 4) <> '0000' AND substr(%s, 9, 2)::int <= %s", text, text, last)
	return fmt.Sprintf("(CASE WHEN %s ~ '%s' THEN CASE WHEN NOT (%s) THEN NULL WHEN %s ~ '%s' THEN (%s::timestamptz AT TIME ZONE %s)::date ELSE substr(%s, 1, 10)::date END END)",
		text, dayText, exists, text, momentText, text, zone, text)
}

// Spans hands all spans over as two lists.
func (dialect) Spans(q *relational.Query, day string, d *erasure.Days) string {
	from, to := make([]string, len(d.Spans)), make([]string, len(d.Spans))
	for i, s := range d.Spans {
		from[i], to[i] = s.From.String(), s.To.String()
	}
	return fmt.Sprintf("EXISTS (SELECT FROM unnest(%s::text[]::date[], %s::text[]::date[]) AS p(a, b) WHERE %s BETWEEN p.a AND p.b)", q.Arg(from), q.Arg(to), day)
}
