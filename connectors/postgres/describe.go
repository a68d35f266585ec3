package postgres

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/relational"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// The catalogue queries of Describe. The first names the tables; the others are asked of some of them at a time.
const (
	// listedSQL lists what the role has any privilege on, as the standard's information schema does. Partitions are part of their root.
	listedSQL = `
SELECT c.oid FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\_%'
	AND pg_catalog.has_schema_privilege(n.oid, 'USAGE')
	AND (pg_catalog.has_any_column_privilege(c.oid, 'SELECT, INSERT, UPDATE') OR pg_catalog.has_table_privilege(c.oid, 'DELETE, TRUNCATE'))
ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"`

	// tablesSQL reads what a table is called and how many rows the server thinks that it has.
	tablesSQL = `
SELECT c.oid, n.nspname::text, c.relname::text, coalesce(pg_catalog.obj_description(c.oid, 'pg_class'), ''),
	CASE WHEN c.relkind = 'v' THEN -1
		WHEN c.relkind = 'p' AND c.reltuples < 0 THEN coalesce((SELECT pg_catalog.sum(l.reltuples) FROM pg_catalog.pg_partition_tree(c.oid) p
			JOIN pg_catalog.pg_class l ON l.oid = p.relid WHERE p.isleaf AND l.reltuples >= 0), -1)
		ELSE c.reltuples END::int8
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.oid = ANY($1::oid[])
ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"`

	// tableColumnsSQL reads the columns. Domains are seen through; what a view or an identity doesn't let be written counts as generated.
	tableColumnsSQL = domainsSQL + `
SELECT a.attrelid, a.attname::text, pg_catalog.format_type(a.atttypid, a.atttypmod), coalesce(pg_catalog.col_description(a.attrelid, a.attnum), ''),
	NOT (a.attnotnull OR coalesce(root.strict, false)),
	a.attgenerated <> '' OR a.attidentity = 'a' OR c.relkind = 'm' OR c.relkind = 'v' AND NOT pg_catalog.pg_column_is_updatable(c.oid, a.attnum, true),
	(CASE WHEN a.atttypmod >= 0 THEN a.atttypmod ELSE coalesce(root.mod, -1) END)::int4,
	t.typname::text, t.typtype::text, t.typcategory::text, coalesce(e.typname::text, ''), coalesce(e.typtype::text, '')
FROM pg_catalog.pg_attribute a
JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
LEFT JOIN root ON root.oid = a.atttypid
JOIN pg_catalog.pg_type t ON t.oid = coalesce(root.base, a.atttypid)
LEFT JOIN pg_catalog.pg_type e ON e.oid = t.typelem AND t.typcategory = 'A'
WHERE a.attrelid = ANY($1::oid[]) AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attrelid, a.attnum`

	// tableKeysSQL reads the unique keys, the primary one first.
	tableKeysSQL = `
SELECT x.indrelid, x.indisprimary, k.columns
FROM pg_catalog.pg_index x
CROSS JOIN LATERAL (
	SELECT pg_catalog.array_agg(a.attname::text ORDER BY p.ord) AS columns
	FROM pg_catalog.unnest(x.indkey::int2[]) WITH ORDINALITY AS p(num, ord)
	JOIN pg_catalog.pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = p.num
	WHERE p.ord <= x.indnkeyatts
) k
WHERE x.indrelid = ANY($1::oid[]) AND x.indisunique AND x.indisvalid AND x.indpred IS NULL AND x.indexprs IS NULL
ORDER BY x.indrelid, x.indisprimary DESC, x.indexrelid`

	// tableReferencesSQL reads the foreign keys; those that partitions inherit from their root are left out.
	tableReferencesSQL = `
SELECT f.conrelid, k.columns, n.nspname::text, c.relname::text, k.targets, f.confdeltype::text
FROM pg_catalog.pg_constraint f
JOIN pg_catalog.pg_class c ON c.oid = f.confrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
CROSS JOIN LATERAL (
	SELECT pg_catalog.array_agg(a.attname::text ORDER BY p.ord) AS columns, pg_catalog.array_agg(b.attname::text ORDER BY p.ord) AS targets
	FROM unnest(f.conkey, f.confkey) WITH ORDINALITY AS p(num, target, ord)
	JOIN pg_catalog.pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = p.num
	JOIN pg_catalog.pg_attribute b ON b.attrelid = f.confrelid AND b.attnum = p.target
) k
WHERE f.contype = 'f' AND f.conparentid = 0 AND f.conrelid = ANY($1::oid[])
ORDER BY f.conrelid, f.conname`
)

// describedAtOnce is how many tables' columns, keys and references are held at a time.
const describedAtOnce = 100

// Describe reads what the server's catalogue says of all tables that the role has a privilege on.
func (c *Connector) Describe(ctx context.Context) (*dataset.Structure, error) {
	return connectors.Gathered(ctx, c)
}

// Tables reads the same table by table, from one snapshot. Of those that were handed over nothing is kept.
func (c *Connector) Tables(ctx context.Context, each func(dataset.Table) error) error {
	return c.snapshot(ctx, func(s *session) error {
		listed, err := s.listed(ctx)
		if err != nil {
			return fault(catalogPlace, err)
		}
		d := &description{session: s, collections: c.system.Collections(), types: map[string]string{}}
		for oids := range slices.Chunk(listed, describedAtOnce) {
			if err := d.read(ctx, oids); err != nil {
				return fault(catalogPlace, err)
			}
			for _, t := range d.tables {
				if err := each(t); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

var _ connectors.Cataloguer = (*Connector)(nil)

// listed gives the catalogue's numbers of all tables that the role has a privilege on, in the order of their names.
func (s *session) listed(ctx context.Context) ([]uint32, error) {
	rows, err := s.tx.Query(ctx, listedSQL, atOnce)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[uint32])
}

// description is some tables in the making.
type description struct {
	*session
	collections map[relational.Spot]dataset.Address
	// types has each name of a type once, however many columns have it.
	types map[string]string
	// tables are those that are read; at finds the place of each.
	tables []dataset.Table
	at     map[uint32]int
}

// read reads all of some tables: what comes first is read here while the server looks up the rest.
func (d *description) read(ctx context.Context, oids []uint32) error {
	d.tables, d.at = make([]dataset.Table, 0, len(oids)), make(map[uint32]int, len(oids))
	sent := d.sending()
	for _, statement := range []string{tablesSQL, tableColumnsSQL, tableKeysSQL, tableReferencesSQL} {
		sent.add(statement, oids)
	}
	take := []func(pgx.Rows) error{d.take, d.columns, d.keys, d.references}
	return sent.answers(ctx, func(rows pgx.Rows) error {
		next := take[0]
		take = take[1:]
		return next(rows)
	})
}

// take reads the tables themselves.
func (d *description) take(rows pgx.Rows) error {
	var oid uint32
	var t dataset.Table
	_, err := pgx.ForEachRow(rows, []any{&oid, &t.Schema, &t.Name, &t.Comment, &t.Rows}, func() error {
		if a, annotated := d.collections[relational.Spot{Schema: t.Schema, Name: t.Name}]; annotated {
			t.Collection = &a
		} else {
			t.Collection = nil
		}
		d.at[oid] = len(d.tables)
		d.tables = append(d.tables, t)
		return nil
	})
	return err
}

// each has each row's table filled. The fields are scanned anew per row.
func (d *description) each(rows pgx.Rows, fields []any, fill func(*dataset.Table)) error {
	var oid uint32
	_, err := pgx.ForEachRow(rows, append([]any{&oid}, fields...), func() error {
		i, asked := d.at[oid]
		if !asked {
			return errUnasked
		}
		fill(&d.tables[i])
		return nil
	})
	return err
}

func (d *description) columns(rows pgx.Rows) error {
	var c dataset.TableColumn
	var mod int
	var typname, typtype, category, elemName, elemType string
	fields := []any{&c.Name, &c.Type, &c.Comment, &c.Nullable, &c.Generated, &mod, &typname, &typtype, &category, &elemName, &elemType}
	return d.each(rows, fields, func(t *dataset.Table) {
		c.Array = category == "A"
		if c.Array {
			typname, typtype, category = elemName, elemType, ""
		}
		if known, met := d.types[c.Type]; met {
			c.Type = known
		} else {
			d.types[c.Type] = c.Type
		}
		c.Kind, c.Length = kindOf(classOf(typname, typtype, category)), lengthOf(typname, mod)
		t.Columns = append(t.Columns, c)
	})
}

func (d *description) keys(rows pgx.Rows) error {
	var primary bool
	var columns []string
	return d.each(rows, []any{&primary, &columns}, func(t *dataset.Table) {
		if primary {
			t.Key = columns
		} else {
			t.Unique = append(t.Unique, columns)
		}
		columns = nil // what was read is the table's own
	})
}

func (d *description) references(rows pgx.Rows) error {
	var f dataset.ForeignKey
	var action string
	return d.each(rows, []any{&f.Columns, &f.Schema, &f.Table, &f.To, &action}, func(t *dataset.Table) {
		f.OnDelete = onDelete(action)
		t.References = append(t.References, f)
		f.Columns, f.To = nil, nil
	})
}

// onDelete reads the catalogue's letter for what becomes of referring rows.
func onDelete(action string) dataset.OnDelete {
	switch action {
	case "c":
		return dataset.OnDeleteCascade
	case "n", "d":
		return dataset.OnDeleteNull
	default: // "a" and "r"
		return dataset.OnDeleteRefuse
	}
}

// kindOf groups the classes of type by how they can be masked.
func kindOf(c relational.Class) dataset.ColumnKind {
	switch c {
	case classMoney:
		return dataset.ColumnNumber
	case classLocal, classMoment:
		return dataset.ColumnMoment
	default:
		return c.Kind()
	}
}

// typmodHeader is what the server adds to a text type's length in its modifier.
const typmodHeader = 4

// lengthOf is the longest text of a type with a modifier; 0 when there is no limit.
func lengthOf(typname string, mod int) int {
	switch typname {
	case "varchar", "bpchar":
		return max(0, mod-typmodHeader)
	case "name":
		return 63
	case "char":
		return 1
	default:
		return 0
	}
}
