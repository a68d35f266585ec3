package postgres

import (
	"context"
	"slices"

	"github.com/privacy-docket/docket/privacy/dataset"
)

// table is what the server's catalog says about an annotated table.
type table struct {
	schema, name string
	oid          uint32
	relkind      string // the catalog's letter for table, partitioned table, view …
	readable     bool
	writable     bool
	// whole is a table of which the role may read all columns, those of the server's own as well.
	whole, deletable bool
	columns          map[string]column
	// keys are the readable unique keys without nulls, the primary key first; primary is that alone.
	keys    [][]string
	primary []string
}

// column is what the catalog says about a column. Domains are seen through.
type column struct {
	name     string
	typ      string // the type's name for casts, quoted and qualified by the server
	class    class
	element  class // of arrays
	elemType string
	readable bool
	// full is the type as it is written in the table's definition, with its modifier and without looking through domains.
	full string
	// length is the longest text it takes, in characters; 0 when there is no limit.
	length              int
	updatable, required bool // required columns take no null
	generated           bool // computed by the server
}

// catalog maps collections to tables; what the server doesn't have is absent.
type catalog map[dataset.Address]*table

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

// columnsSQL reads tables with their columns; a table without columns gives one row with null columns.
const columnsSQL = domainsSQL + `
SELECT w.i::int8, c.oid, c.relkind::text,
	pg_catalog.has_schema_privilege(n.oid, 'USAGE') AND pg_catalog.has_any_column_privilege(c.oid, 'SELECT'),
	pg_catalog.has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE') OR pg_catalog.has_any_column_privilege(c.oid, 'INSERT, UPDATE'),
	pg_catalog.has_table_privilege(c.oid, 'SELECT'),
	pg_catalog.has_table_privilege(c.oid, 'DELETE'),
	coalesce(a.attname::text, ''),
	coalesce(pg_catalog.format_type(t.oid, NULL), ''), coalesce(t.typname::text, ''), coalesce(t.typtype::text, ''), coalesce(t.typcategory::text, ''),
	coalesce(pg_catalog.format_type(e.oid, NULL), ''), coalesce(e.typname::text, ''), coalesce(e.typtype::text, ''),
	coalesce(pg_catalog.has_column_privilege(c.oid, a.attnum, 'SELECT'), false),
	coalesce(pg_catalog.format_type(a.atttypid, a.atttypmod), ''),
	(CASE WHEN a.atttypmod >= 0 THEN a.atttypmod ELSE coalesce(root.mod, -1) END)::int4,
	coalesce(pg_catalog.has_column_privilege(c.oid, a.attnum, 'UPDATE'), false),
	coalesce(a.attnotnull OR root.strict, a.attnotnull, false),
	coalesce(a.attgenerated <> '' OR a.attidentity = 'a' OR c.relkind = 'v' AND NOT pg_catalog.pg_column_is_updatable(c.oid, a.attnum, true), false)
FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS w(s, t, i)
JOIN pg_catalog.pg_namespace n ON n.nspname = w.s
JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = w.t AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN root ON root.oid = a.atttypid
LEFT JOIN pg_catalog.pg_type t ON t.oid = coalesce(root.base, a.atttypid)
LEFT JOIN pg_catalog.pg_type e ON e.oid = t.typelem AND t.typcategory = 'A'
ORDER BY w.i, a.attnum`

// keysSQL reads unique keys without nulls, the primary key first, then the shortest.
const keysSQL = `
SELECT w.i::int8, x.indisprimary, k.columns
FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS w(s, t, i)
JOIN pg_catalog.pg_namespace n ON n.nspname = w.s
JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = w.t
JOIN pg_catalog.pg_index x ON x.indrelid = c.oid AND x.indisunique AND x.indisvalid AND x.indpred IS NULL AND x.indexprs IS NULL
CROSS JOIN LATERAL (
	SELECT pg_catalog.array_agg(a.attname::text ORDER BY p.ord) AS columns, pg_catalog.bool_and(a.attnotnull) AS whole
	FROM pg_catalog.unnest(x.indkey::int2[]) WITH ORDINALITY AS p(num, ord)
	JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = p.num
	WHERE p.ord <= x.indnkeyatts
) k
WHERE k.whole
ORDER BY w.i, x.indisprimary DESC, pg_catalog.cardinality(k.columns), x.indexrelid::pg_catalog.regclass::text`

// schemaOf names the schema of a dataset's tables: meta.schema of the dataset, else the configured one.
func (c *Connector) schemaOf(d *dataset.Dataset) string {
	if s, ok := d.Meta["schema"].(string); ok && s != "" {
		return s
	}
	return c.cfg.Schema
}

// catalog looks up the tables of the datasets, leaving out what is marked to be skipped.
func (s *session) catalog(ctx context.Context) (catalog, error) {
	var addresses []dataset.Address
	var schemas, names []string
	for i := range s.cfg.Datasets {
		d := &s.cfg.Datasets[i]
		for _, c := range d.Collections {
			if !c.Skip {
				addresses = append(addresses, dataset.Address{Dataset: d.Key, Collection: c.Name})
				schemas, names = append(schemas, s.schemaOf(d)), append(names, c.Name)
			}
		}
	}
	cat := catalog{}
	if err := s.readColumns(ctx, cat, addresses, schemas, names); err != nil {
		return nil, err
	}
	return cat, s.readKeys(ctx, cat, addresses, schemas, names)
}

// readColumns fills a catalog with tables and their columns.
func (s *session) readColumns(ctx context.Context, cat catalog, addresses []dataset.Address, schemas, names []string) error {
	rows, err := s.tx.Query(ctx, columnsSQL, schemas, names)
	if err != nil {
		return fault("the server's catalog", err)
	}
	defer rows.Close()
	for rows.Next() {
		var i int
		var t table
		var col column
		var typname, typtype, category, elemName, elemType string
		var mod int
		if err := rows.Scan(&i, &t.oid, &t.relkind, &t.readable, &t.writable, &t.whole, &t.deletable, &col.name, &col.typ, &typname, &typtype, &category,
			&col.elemType, &elemName, &elemType, &col.readable, &col.full, &mod, &col.updatable, &col.required, &col.generated); err != nil {
			return fault("the server's catalog", err)
		}
		a := addresses[i-1]
		if cat[a] == nil {
			t.schema, t.name, t.columns = schemas[i-1], names[i-1], map[string]column{}
			cat[a] = &t
		}
		col.class = classOf(typname, typtype, category)
		col.element = classOf(elemName, elemType, "")
		if col.length = lengthOf(typname, mod); category == "A" {
			col.length = lengthOf(elemName, mod)
		}
		if col.name != "" {
			cat[a].columns[col.name] = col
		}
	}
	return fault("the server's catalog", rows.Err())
}

// readKeys adds each table's unique keys.
func (s *session) readKeys(ctx context.Context, cat catalog, addresses []dataset.Address, schemas, names []string) error {
	rows, err := s.tx.Query(ctx, keysSQL, schemas, names)
	if err != nil {
		return fault("the server's catalog", err)
	}
	defer rows.Close()
	for rows.Next() {
		var i int
		var primary bool
		var key []string
		if err := rows.Scan(&i, &primary, &key); err != nil {
			return fault("the server's catalog", err)
		}
		t := cat[addresses[i-1]]
		if t != nil && primary {
			t.primary = key
		}
		if t != nil && !slices.ContainsFunc(key, func(name string) bool { return !t.columns[name].readable }) {
			t.keys = append(t.keys, key)
		}
	}
	return fault("the server's catalog", rows.Err())
}
