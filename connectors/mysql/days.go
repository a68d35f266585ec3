package mysql

import (
	"fmt"
	"strings"
	"time"

	"github.com/privacy-docket/docket/connectors/relational"
	"github.com/privacy-docket/docket/privacy/erasure"
)

// The texts that name a day, and those that name a moment with its zone. That the day exists is asked apart.
const (
	dayText    = `^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])([T ].*)?$`
	momentText = `^.{10}[T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,9})?)?(Z|[+-](0[0-9]|1[0-4]):?[0-5][0-9])$`
)

// Day writes the day in a field, null when it holds no date, or one that no calendar shows.
func (d dialect) Day(q *relational.Query, t target, f field, zone string) (string, error) {
	in, err := time.LoadLocation(zone)
	if err != nil || zone == "" || zone == "Local" {
		return "", relational.SelectionFault(t.Where(nil), "the zone in which its moments are days is none that is known", "give an IANA zone, as Europe/Berlin")
	}
	var day string
	switch {
	case len(f.Path) > 1:
		text := fmt.Sprintf("(CONVERT(JSON_UNQUOTE(JSON_EXTRACT(%s, %s)) USING utf8mb4) COLLATE utf8mb4_bin)", d.document(f.Col), q.Arg(jsonPath(f.Path[1:])))
		day = dayOfText(text, in)
	case f.Col.Class == relational.ClassDate:
		day = f.Expr()
	case f.Col.Class == classLocal:
		day = "DATE(" + f.Expr() + ")"
	case f.Col.Class == classMoment:
		day = dayIn(f.Expr(), in)
	case f.Col.Class == relational.ClassText:
		day = dayOfText(column(f.Col).inUTF8(f.Expr()), in)
	default:
		return "", nil
	}
	return fmt.Sprintf("(CASE WHEN YEAR(%s) > 0 AND MONTH(%s) > 0 AND DAYOFMONTH(%s) > 0 THEN CAST(%s AS DATE) END)", day, day, day, day), nil
}

// dayOfText reads a day, or a moment with its zone, from a text in the form of ISO 8601.
func dayOfText(text string, zone *time.Location) string {
	plain := fmt.Sprintf("CAST(LEFT(%s, 10) AS DATE)", text)
	offset := fmt.Sprintf("(CASE WHEN %s LIKE '%%Z' THEN 0 ELSE CONCAT(LEFT(RIGHT(REPLACE(%s, ':', ''), 5), 1), '1') * (LEFT(RIGHT(REPLACE(%s, ':', ''), 4), 2) * 60 + RIGHT(%s, 2)) END)", text, text, text, text)
	moment := fmt.Sprintf("(CAST(CONCAT(LEFT(%s, 10), ' ', SUBSTR(%s, 12, 5), ':00') AS DATETIME) - INTERVAL %s MINUTE)", text, text, offset)
	return fmt.Sprintf("(CASE WHEN %s REGEXP '%s' AND %s IS NOT NULL THEN CASE WHEN %s REGEXP '%s' THEN %s ELSE %s END END)", text, dayText, plain, text, momentText, dayIn(moment, zone), plain)
}

// The years whose changes of the clock are told to the server, which may know no zones. Before and after them the clock stays as it was.
const (
	firstYear = 1900
	lastYear  = 2100
)

// dayIn writes the day of a moment, which is in UTC, in a zone.
func dayIn(moment string, zone *time.Location) string {
	var cases strings.Builder
	last := offsetAt(zone, time.Date(firstYear, 1, 1, 0, 0, 0, 0, time.UTC))
	for _, c := range clockChanges(zone) {
		fmt.Fprintf(&cases, " WHEN %s < '%s' THEN %d", moment, c.UTC().Format(time.DateTime), last)
		last = offsetAt(zone, c)
	}
	if cases.Len() == 0 {
		return fmt.Sprintf("DATE(%s + INTERVAL %d SECOND)", moment, last)
	}
	return fmt.Sprintf("DATE(%s + INTERVAL (CASE%s ELSE %d END) SECOND)", moment, cases.String(), last)
}

func offsetAt(zone *time.Location, at time.Time) int {
	_, offset := at.In(zone).Zone()
	return offset
}

// clockChanges are the moments from which a zone has another offset. No zone changes its mind within a week.
func clockChanges(zone *time.Location) []time.Time {
	const week, second = 7 * 24 * time.Hour, time.Second
	var out []time.Time
	for at := time.Date(firstYear, 1, 1, 0, 0, 0, 0, time.UTC); at.Year() <= lastYear; at = at.Add(week) {
		if offsetAt(zone, at) == offsetAt(zone, at.Add(week)) {
			continue
		}
		before, after := at, at.Add(week)
		for after.Sub(before) > second {
			middle := before.Add(after.Sub(before) / 2).Truncate(second)
			if offsetAt(zone, middle) == offsetAt(zone, at) {
				before = middle
			} else {
				after = middle
			}
		}
		out = append(out, after)
	}
	return out
}

// Spans writes one condition per span.
func (dialect) Spans(_ *relational.Query, day string, d *erasure.Days) string {
	list := []string{"FALSE"}
	for _, s := range d.Spans {
		list = append(list, fmt.Sprintf("%s BETWEEN '%s' AND '%s'", day, s.From, s.To))
	}
	return "((" + strings.Join(list, " OR ") + ") IS TRUE)"
}
