package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/privacy-docket/docket/connectors/relational"
)

// domainsSQL gives each domain the type that it is made of in the end, with its modifier, and says whether it takes no null.
const domainsSQL = `
WITH RECURSIVE dom(oid, base, mod, strict) AS (
	SELECT oid, typbasetype, typtypmod, typnotnull FROM pg_catalog.pg_type WHERE typtype = 'd'
	UNION ALL
	SELECT d.oid, t.typbasetype, CASE WHEN d.mod >= 0 THEN d.mod ELSE t.typtypmod END, d.strict OR t.typnotnull
	FROM dom d JOIN pg_catalog.pg_type t ON t.oid = d.base AND t.typtype = 'd'
), root AS MATERIALIZED (
	SELECT d.oid, d.base, d.mod, d.strict FROM dom d JOIN pg_catalog.pg_type t ON t.oid = d.base WHERE t.typtype <> 'd'
)`

// typesSQL reads types, with the modifiers that columns give them.
const typesSQL = domainsSQL + `
SELECT w.i::int8, pg_catalog.format_type(t.oid, NULL), t.typname::text, t.typtype::text, t.typcategory::text,
	coalesce(pg_catalog.format_type(e.oid, NULL), ''), coalesce(e.typname::text, ''), coalesce(e.typtype::text, ''),
	pg_catalog.format_type(w.t, w.m), (CASE WHEN w.m >= 0 THEN w.m ELSE coalesce(root.mod, -1) END)::int4, coalesce(root.strict, false)
FROM unnest($1::oid[], $2::int4[]) WITH ORDINALITY AS w(t, m, i)
LEFT JOIN root ON root.oid = w.t
JOIN pg_catalog.pg_type t ON t.oid = coalesce(root.base, w.t)
LEFT JOIN pg_catalog.pg_type e ON e.oid = t.typelem AND t.typcategory = 'A'`

// typed is a type with the modifier that a column gives it.
type typed struct {
	oid      uint32
	modifier int32
}

// types reads what columns are made of. Domains are seen through.
func (s *session) types(ctx context.Context, columns []listedColumn) (map[typed]column, error) {
	known := map[typed]column{}
	var wanted []typed
	var oids []uint32
	var modifiers []int32
	for _, c := range columns {
		if _, listed := known[c.made]; !listed {
			known[c.made] = column{}
			wanted, oids, modifiers = append(wanted, c.made), append(oids, c.made.oid), append(modifiers, c.made.modifier)
		}
	}
	rows, err := s.tx.Query(ctx, typesSQL, atOnce, oids, modifiers)
	if err != nil {
		return nil, fault(catalogPlace, err)
	}
	var i, modifier int
	var c column
	var name, kind, category, elementName, elementKind string
	_, err = pgx.ForEachRow(rows, []any{&i, &c.Type, &name, &kind, &category, &c.ElementType, &elementName, &elementKind, &c.Full, &modifier, &c.Required}, func() error {
		if i < 1 || i > len(wanted) {
			return errUnasked
		}
		c.Class, c.Element, c.Bytes = classOf(name, kind, category), classOf(elementName, elementKind, ""), 0
		if c.Length = lengthOf(name, modifier); c.Class == relational.ClassArray {
			c.Length = lengthOf(elementName, modifier)
		}
		if c.Class == relational.ClassNumber {
			c.Bytes = longestNumber
		}
		known[wanted[i-1]] = c
		return nil
	})
	return known, fault(catalogPlace, err)
}
