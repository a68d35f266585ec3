package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/relational"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// catalogPlace is where errors about the catalog belong.
const catalogPlace = "the server's catalog"

// annotatedSQL are the annotated tables that there are.
const annotatedSQL = `
FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS w(s, t, i)
JOIN pg_catalog.pg_namespace n ON n.nspname = w.s
JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = w.t AND c.relkind IN ('r', 'p', 'v', 'm', 'f')`

// accessSQL reads what the role may do to tables.
const accessSQL = `
SELECT w.i::int8, c.oid, c.relkind::text,
	pg_catalog.has_schema_privilege(n.oid, 'USAGE') AND pg_catalog.has_any_column_privilege(c.oid, 'SELECT'),
	pg_catalog.has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE') OR pg_catalog.has_any_column_privilege(c.oid, 'INSERT, UPDATE'),
	pg_catalog.has_table_privilege(c.oid, 'SELECT'),
	pg_catalog.has_table_privilege(c.oid, 'DELETE')` + annotatedSQL

// columnsSQL reads their columns. Where nothing was granted on a column itself the table's rights are its own: they are asked for more cheaply.
const columnsSQL = `
SELECT w.i::int8, a.attnum, a.attname::text, a.atttypid, a.atttypmod,
	CASE WHEN a.attacl IS NULL THEN pg_catalog.has_table_privilege(c.oid, 'SELECT') ELSE pg_catalog.has_column_privilege(c.oid, a.attnum, 'SELECT') END,
	CASE WHEN a.attacl IS NULL THEN pg_catalog.has_table_privilege(c.oid, 'UPDATE') ELSE pg_catalog.has_column_privilege(c.oid, a.attnum, 'UPDATE') END,
	CASE WHEN a.attacl IS NULL THEN pg_catalog.has_table_privilege(c.oid, 'INSERT') ELSE pg_catalog.has_column_privilege(c.oid, a.attnum, 'INSERT') END,
	a.atthasdef OR a.attidentity <> '', a.attnotnull,
	a.attgenerated <> '' OR a.attidentity = 'a' OR c.relkind = 'v' AND NOT pg_catalog.pg_column_is_updatable(c.oid, a.attnum, true)` + annotatedSQL + `
JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped`

// keysSQL reads unique keys, the primary key first, then the shortest.
const keysSQL = `
SELECT w.i::int8, x.indisprimary, (x.indkey::int2[])[0:x.indnkeyatts - 1]
FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS w(s, t, i)
JOIN pg_catalog.pg_namespace n ON n.nspname = w.s
JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = w.t
JOIN pg_catalog.pg_index x ON x.indrelid = c.oid AND x.indisunique AND x.indisvalid AND x.indpred IS NULL AND x.indexprs IS NULL
JOIN pg_catalog.pg_class k ON k.oid = x.indexrelid
ORDER BY w.i, x.indisprimary DESC, x.indnkeyatts, k.relname`

// place is where a column is listed: its table, counted from 1, and its number there.
type place struct {
	table  int
	number int16
}

// listedColumn is a column before its type is known.
type listedColumn struct {
	place
	made typed
	column
}

// reading is a catalog that is being read.
type reading struct {
	catalog
	addresses []dataset.Address // the annotated tables, in the order in which they are asked for
	spots     []relational.Spot
	columns   []listedColumn
	keys      []listedKey
}

// listedKey is a unique key by the numbers of its columns.
type listedKey struct {
	table   int
	primary bool
	columns []int16
}

// Catalog looks up the tables of the datasets, leaving out what is marked to be skipped.
func (s *session) Catalog(ctx context.Context) (catalog, error) {
	r := &reading{catalog: catalog{}}
	var schemas, names []string
	s.system.Tables(func(a dataset.Address, at relational.Spot, _ *dataset.Collection) {
		r.addresses, r.spots, schemas, names = append(r.addresses, a), append(r.spots, at), append(schemas, at.Schema), append(names, at.Name)
	})
	// All is asked at once: what comes first is read here while the server looks up the rest.
	sent := s.sending()
	for _, statement := range []string{accessSQL, columnsSQL, keysSQL} {
		sent.add(statement, schemas, names)
	}
	take := []func(pgx.Rows) error{r.takeTables, r.takeColumns, r.takeKeys}
	err := sent.answers(ctx, func(rows pgx.Rows) error {
		next := take[0]
		take = take[1:]
		return next(rows)
	})
	if err != nil {
		return nil, fault(catalogPlace, err)
	}
	types, err := s.types(ctx, r.columns)
	if err != nil {
		return nil, err
	}
	return r.joined(types), nil
}

// errUnasked ends what answers with a place that nobody asked about.
var errUnasked = &connectors.Error{Code: connectors.ErrServer, Where: catalogPlace, What: "the server tells of what it wasn't asked about", Do: "look at what answers at the system's address"}

func (r *reading) takeTables(rows pgx.Rows) error {
	var i int
	var t table
	_, err := pgx.ForEachRow(rows, []any{&i, &t.Number, &t.Kind, &t.Readable, &t.Writable, &t.Whole, &t.Deletable}, func() error {
		if i < 1 || i > len(r.spots) {
			return errUnasked
		}
		one := t
		one.Spot, one.Columns, one.Derived = r.spots[i-1], map[string]column{}, t.Kind == "m"
		one.Whole = t.Whole || t.Kind != "r" && t.Kind != "p" // others have no places to be told by
		r.catalog[r.addresses[i-1]] = &one
		return nil
	})
	return err
}

func (r *reading) takeColumns(rows pgx.Rows) error {
	var c listedColumn
	_, err := pgx.ForEachRow(rows, []any{&c.table, &c.number, &c.Name, &c.made.oid, &c.made.modifier, &c.Readable, &c.Updatable, &c.Insertable, &c.Default, &c.Required, &c.Generated}, func() error {
		r.columns = append(r.columns, c)
		return nil
	})
	return err
}

func (r *reading) takeKeys(rows pgx.Rows) error {
	var k listedKey
	_, err := pgx.ForEachRow(rows, []any{&k.table, &k.primary, &k.columns}, func() error {
		r.keys = append(r.keys, k)
		k.columns = nil
		return nil
	})
	return err
}

// table is the one that was asked for as the n-th; nil when there is none such.
func (r *reading) table(n int) *table {
	if n < 1 || n > len(r.addresses) {
		return nil
	}
	return r.catalog[r.addresses[n-1]]
}

// joined puts columns and keys into their tables.
func (r *reading) joined(types map[typed]column) catalog {
	listed := map[place]listedColumn{}
	for _, c := range r.columns {
		listed[c.place] = c
		col := types[c.made]
		col.Name, col.Readable, col.Updatable, col.Insertable, col.Default = c.Name, c.Readable, c.Updatable, c.Insertable, c.Default
		col.Generated, col.Required = c.Generated, c.Required || col.Required
		if t := r.table(c.table); t != nil {
			t.Columns[c.Name] = col
		}
	}
	for _, k := range r.keys {
		t, readable, whole := r.table(k.table), true, true
		var names []string
		for _, number := range k.columns {
			c := listed[place{k.table, number}]
			names, readable, whole = append(names, c.Name), readable && c.Readable, whole && c.Required
		}
		if t == nil || !whole { // one that takes nulls, many times
			continue
		}
		if k.primary {
			t.Primary = names
		}
		if readable {
			t.Keys = append(t.Keys, names)
		}
	}
	return r.catalog
}
