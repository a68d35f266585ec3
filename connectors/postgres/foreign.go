package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/privacy-docket/docket/connectors/relational"
)

// foreignKeysSQL reads the foreign keys that lead to tables. Those that partitions inherit from their root are left out.
const foreignKeysSQL = `
SELECT f.confrelid, f.conname::text, n.nspname::text, c.relname::text, k.columns, k.targets, f.confdeltype::text,
	pg_catalog.has_schema_privilege(n.oid, 'USAGE') AND k.readable
FROM pg_catalog.pg_constraint f
JOIN pg_catalog.pg_class c ON c.oid = f.conrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
CROSS JOIN LATERAL (
	SELECT pg_catalog.array_agg(a.attname::text ORDER BY p.ord) AS columns, pg_catalog.array_agg(b.attname::text ORDER BY p.ord) AS targets,
		pg_catalog.bool_and(pg_catalog.has_column_privilege(f.conrelid, a.attnum, 'SELECT')) AS readable
	FROM unnest(f.conkey, f.confkey) WITH ORDINALITY AS p(num, target, ord)
	JOIN pg_catalog.pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = p.num
	JOIN pg_catalog.pg_attribute b ON b.attrelid = f.confrelid AND b.attnum = p.target
) k
WHERE f.contype = 'f' AND f.conparentid = 0 AND f.confrelid = ANY($1::oid[])
ORDER BY f.confrelid, n.nspname, c.relname, f.conname`

// ForeignKeys reads the foreign keys that lead to the tables. The server shows all of them.
func (s *session) ForeignKeys(ctx context.Context, tables []*table) (out []relational.Leading, unseen []relational.Spot, err error) {
	at := map[uint32]relational.Spot{}
	numbers := make([]uint32, len(tables))
	for i, t := range tables {
		at[t.Number], numbers[i] = t.Spot, t.Number
	}
	rows, err := s.tx.Query(ctx, foreignKeysSQL, atOnce, numbers)
	if err != nil {
		return nil, nil, fault(catalogPlace, err)
	}
	var target uint32
	var k relational.Leading
	var action string
	var readable bool
	_, err = pgx.ForEachRow(rows, []any{&target, &k.Name, &k.From.Schema, &k.From.Name, &k.Columns, &k.To, &action, &readable}, func() error {
		k.Target, k.Action, k.Hidden = at[target], onDelete(action), !readable
		out = append(out, k)
		k.Columns, k.To = nil, nil
		return nil
	})
	return out, nil, fault(catalogPlace, err)
}
