package postgres

import (
	"fmt"
	"strings"

	"github.com/privacy-docket/docket/connectors/relational"
)

// array treats each element of a column that is an array.
func (q *query) array(m masked, c change) (change, error) {
	v, err := q.scalarMask(m, "u.v", m.Field.Col.Element)
	if err != nil {
		return c, err
	}
	x := m.Field.Expr()
	c.set = func() string {
		return fmt.Sprintf("CASE WHEN %s IS NOT NULL THEN ARRAY(SELECT CASE WHEN u.v IS NULL OR %s THEN u.v ELSE %s END FROM unnest(%s) WITH ORDINALITY AS u(v, o) ORDER BY u.o)::%s END",
			x, v.done, v.set(), x, m.Field.Col.Type)
	}
	c.needs = fmt.Sprintf("EXISTS (SELECT FROM unnest(%s) AS u(v) WHERE u.v IS NOT NULL AND NOT %s)", x, v.done)
	return c, nil
}

// withoutElements takes the elements out of an array by which the row was found.
func (q *query) withoutElements(m masked, c change) (change, error) {
	if m.Field.Col.Class != relational.ClassArray {
		return c, m.NoArray("make the order again")
	}
	entries := m.Entries()
	var any []string
	for _, e := range entries {
		k, err := q.Keys(m.Target, m.Field, e)
		if err != nil {
			return c, err
		}
		any = append(any, q.Dialect.Match(q.Query, "u.v", m.Field.Single(), k))
	}
	if len(any) == 0 {
		return c, m.NoEntry()
	}
	x, found := m.Field.Expr(), strings.Join(any, " OR ")
	c.set = plain(fmt.Sprintf("CASE WHEN %s IS NOT NULL THEN ARRAY(SELECT u.v FROM unnest(%s) WITH ORDINALITY AS u(v, o) WHERE (%s) IS NOT TRUE ORDER BY u.o)::%s END",
		x, x, found, m.Field.Col.Type))
	c.needs = fmt.Sprintf("EXISTS (SELECT FROM unnest(%s) AS u(v) WHERE %s)", x, found)
	return c, nil
}
