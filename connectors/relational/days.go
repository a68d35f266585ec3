package relational

import (
	"fmt"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/erasure"
)

// Day writes the day that a row falls on, null when it has none: when the field is empty, holds no date, or one that no calendar shows. Where
// such rows are erased too their day is Undatable.
func (q *Query) Day(t Target, d *erasure.Days) (string, error) {
	day, err := q.day(t, d)
	if err == nil && d.Has(erasure.Undatable()) {
		day = fmt.Sprintf("COALESCE(%s, CAST('%s' AS DATE))", day, erasure.Undatable())
	}
	return day, err
}

func (q *Query) day(t Target, d *erasure.Days) (string, error) {
	switch {
	case len(d.Field) == 0:
		return "CAST(NULL AS DATE)", nil // nobody can tell the day: all rows stay
	case d.Through != nil:
		return q.dayThrough(t, d)
	default:
		return q.dayHere(t, d)
	}
}

// dayThrough writes the day of the row that a row belongs to; the latest where it belongs to several.
func (q *Query) dayThrough(t Target, d *erasure.Days) (string, error) {
	here, err := t.Field(d.Through.Path)
	if err != nil {
		return "", err
	}
	there, err := q.Target(d.Through.Of.Address)
	if err != nil {
		return "", err
	}
	key, err := there.Field(d.Through.Of.Path)
	if err != nil {
		return "", err
	}
	day, err := q.dayHere(there, d)
	if err != nil {
		return "", err
	}
	// The inner subquery has a t of its own; behind it t is the row that is asked about.
	latest := fmt.Sprintf("FROM (SELECT %s AS k, %s AS day FROM %s) AS d WHERE d.k = %s", key.Expr(), day, there.From(), here.Expr())
	if !d.Through.Back {
		return "(SELECT MAX(d.day) " + latest + ")", nil
	}
	return fmt.Sprintf("COALESCE((SELECT MAX(COALESCE(d.day, CAST('%s' AS DATE))) %s), CAST('%s' AS DATE))", erasure.Undatable(), latest, erasure.Unreferred()), nil
}

// dayHere writes the day in a field of the row itself.
func (q *Query) dayHere(t Target, d *erasure.Days) (string, error) {
	f, err := t.Field(d.Field)
	if err != nil {
		return "", err
	}
	day, why := "", "it is an array"
	if !f.Array && f.Col.Class != ClassArray {
		day, err = q.Dialect.Day(q, t, f, d.Zone)
		why = "it is " + f.Col.Type
	}
	if err == nil && day == "" {
		err = &connectors.Error{Code: connectors.ErrType, Where: t.Where(d.Field), What: why + " and holds no day",
			Do: "have the period run from a field that holds a date or a moment"}
	}
	return day, err
}
