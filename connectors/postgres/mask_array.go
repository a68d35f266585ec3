package postgres

import (
	"fmt"
	"slices"
	"strings"

	"github.com/privacy-docket/docket/privacy/dataset"
)

// array treats each element of a column that is an array.
func (q *query) array(m masked, c change) (change, error) {
	v, err := q.scalarMask(m, "u.v", m.col.element)
	if err != nil {
		return c, err
	}
	x := m.expr()
	c.set = func() string {
		return fmt.Sprintf("CASE WHEN %s IS NOT NULL THEN ARRAY(SELECT CASE WHEN u.v IS NULL OR %s THEN u.v ELSE %s END FROM unnest(%s) WITH ORDINALITY AS u(v, o) ORDER BY u.o)::%s END",
			x, v.done, v.set(), x, m.col.typ)
	}
	c.needs = fmt.Sprintf("EXISTS (SELECT FROM unnest(%s) AS u(v) WHERE u.v IS NOT NULL AND NOT %s)", x, v.done)
	return c, nil
}

// withoutElements takes the elements out of an array by which the row was found.
func (q *query) withoutElements(m masked, c change) (change, error) {
	if m.col.class != classArray {
		return c, m.refuse("it is no array, and single elements are to be taken out of it", "make the order again")
	}
	entries := m.entries()
	var any []string
	for _, e := range entries {
		k, err := q.keys(m.target, m.field, e)
		if err != nil {
			return c, err
		}
		any = append(any, q.match("u.v", m.col.element, m.col.elemType, k))
	}
	if len(any) == 0 {
		return c, m.noEntry()
	}
	x, found := m.expr(), strings.Join(any, " OR ")
	c.set = plain(fmt.Sprintf("CASE WHEN %s IS NOT NULL THEN ARRAY(SELECT u.v FROM unnest(%s) WITH ORDINALITY AS u(v, o) WHERE (%s) IS NOT TRUE ORDER BY u.o)::%s END",
		x, x, found, m.col.typ))
	c.needs = fmt.Sprintf("EXISTS (SELECT FROM unnest(%s) AS u(v) WHERE %s)", x, found)
	return c, nil
}

// entries are those ways into the collection that go by the masked field or by something inside it.
func (m masked) entries() []dataset.Entry {
	var out []dataset.Entry
	for _, e := range m.target.step.FoundBy {
		if len(e.Path) >= len(m.Path) && slices.Equal(e.Path[:len(m.Path)], m.Path) {
			out = append(out, e)
		}
	}
	return out
}

func (m masked) noEntry() error {
	return selectionFault(m.target.step.Address.String()+"."+strings.Join(m.Path, "."), "elements are to be taken out of it, and no rows are found by them", "make the order again")
}
