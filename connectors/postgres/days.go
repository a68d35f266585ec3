package postgres

import (
	"fmt"
	"strings"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/erasure"
)

// The texts that name a day, and those that name a moment with its zone. That the day exists is asked apart.
const (
	dayText    = `^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])([T ].*)?$`
	momentText = `^.{10}[T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,9})?)?(Z|[+-](0[0-9]|1[0-4]):?[0-5][0-9])$`
)

// day writes the day that a row falls on, null when it has none: when the field is empty, holds no date, or one that no calendar shows
// between the years 1 and 9999.
func (q *query) day(t target, d *erasure.Days) (string, error) {
	switch {
	case len(d.Field) == 0:
		return "NULL::date", nil // nobody can tell the day: all rows stay
	case d.Through != nil:
		return q.dayThrough(t, d)
	default:
		return q.dayIn(t, d)
	}
}

// dayThrough writes the day of the row that a row belongs to; the latest where it belongs to several.
func (q *query) dayThrough(t target, d *erasure.Days) (string, error) {
	here, err := t.field(d.Through.Path)
	if err != nil {
		return "", err
	}
	there, err := q.target(d.Through.Of.Address)
	if err != nil {
		return "", err
	}
	key, err := there.field(d.Through.Of.Path)
	if err != nil {
		return "", err
	}
	day, err := q.dayIn(there, d)
	if err != nil {
		return "", err
	}
	// The inner subquery has a t of its own; behind it t is the row that is asked about.
	latest := fmt.Sprintf("FROM (SELECT %s AS k, %s AS day FROM %s) AS d WHERE d.k = %s", key.expr(), day, there.from(), here.expr())
	if !d.Through.Back {
		return "(SELECT max(d.day) " + latest + ")", nil
	}
	return fmt.Sprintf("coalesce((SELECT max(coalesce(d.day, '%s'::date)) %s), '%s'::date)", erasure.Undatable(), latest, erasure.Unreferred()), nil
}

// dayIn writes the day in a field of the row itself.
func (q *query) dayIn(t target, d *erasure.Days) (string, error) {
	f, err := t.field(d.Field)
	if err != nil {
		return "", err
	}
	zone := func() string { return q.arg(d.Zone) + "::text" }
	var day string
	switch c, _ := f.scalar(); {
	case f.array || f.col.class == classArray:
		return "", dayless(t, d, "it is an array")
	case c == classDate:
		day = f.expr()
	case c == classLocal:
		day = "(" + f.expr() + ")::date"
	case c == classMoment:
		day = fmt.Sprintf("(%s AT TIME ZONE %s)::date", f.expr(), zone())
	case c == classText:
		day = dayOfText("("+f.expr()+")::text", zone())
	case c == classMember && len(f.path) > 1:
		path := q.arg(f.path[1:]) + "::text[]"
		day = dayOfText(fmt.Sprintf("(to_jsonb(%s) #>> %s)", f.expr(), path), zone())
	default:
		return "", dayless(t, d, "it is "+f.col.typ)
	}
	return fmt.Sprintf("(CASE WHEN %s BETWEEN '0001-01-01' AND '9999-12-31' THEN %s END)", day, day), nil
}

func dayless(t target, d *erasure.Days, why string) error {
	return &connectors.Error{Code: connectors.ErrType, Where: t.step.Address.String() + "." + strings.Join(d.Field, "."), What: why + " and holds no day",
		Do: "have the period run from a field that holds a date or a moment"}
}

// dayOfText reads a day, or a moment with its zone, from a text in the form of ISO 8601.
func dayOfText(text, zone string) string {
	first := fmt.Sprintf("make_date(greatest(substr(%s, 1, 4)::int, 1), substr(%s, 6, 2)::int, 1)", text, text)
	last := fmt.Sprintf("extract(day FROM %s + interval '1 month - 1 day')", first)
	exists := fmt.Sprintf("substr(%s, 1, 4) <> '0000' AND substr(%s, 9, 2)::int <= %s", text, text, last)
	return fmt.Sprintf("(CASE WHEN %s ~ '%s' THEN CASE WHEN NOT (%s) THEN NULL WHEN %s ~ '%s' THEN (%s::timestamptz AT TIME ZONE %s)::date ELSE substr(%s, 1, 10)::date END END)",
		text, dayText, exists, text, momentText, text, zone, text)
}

// within writes the condition under which a day lies in one of the spans; never null.
func (q *query) spans(day string, d *erasure.Days) string {
	from, to := make([]string, len(d.Spans)), make([]string, len(d.Spans))
	for i, s := range d.Spans {
		from[i], to[i] = s.From.String(), s.To.String()
	}
	return fmt.Sprintf("EXISTS (SELECT FROM unnest(%s::text[]::date[], %s::text[]::date[]) AS p(a, b) WHERE %s BETWEEN p.a AND p.b)", q.arg(from), q.arg(to), day)
}
