package mysql

import (
	"context"
	"database/sql"
	"errors"
	"regexp"
	"slices"
	"strings"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// table is what the server's catalog says about a table.
type table struct {
	schema, name string
	columns      map[string]column
	// order names the columns as they stand.
	order []string
	// keys are the unique keys without nulls, the primary key first.
	keys [][]string
	// primary is the primary key, whatever it is made of.
	primary []string
}

// column is what the catalog says about a column.
type column struct {
	name, typ string
	class     class
	unsigned  bool
	bits      bool // a bit field, which is read as a number
	// chars and bytes are the longest value; scale and precision a decimal's.
	chars, bytes     int64
	precision, scale int
	// charset and collation of texts.
	charset, collation string
	readable, writable bool
	updatable          bool
	nullable           bool
	generated          bool
	comment            string
}

// catalog maps collections to tables; what the server doesn't have, or doesn't show the user, is absent.
type catalog map[dataset.Address]*table

// spot is a table's place.
type spot struct{ schema, name string }

const columnsSQL = `
SELECT TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME, LOWER(DATA_TYPE), COLUMN_TYPE, COALESCE(CHARACTER_MAXIMUM_LENGTH, 0), COALESCE(CHARACTER_OCTET_LENGTH, 0),
	COALESCE(NUMERIC_PRECISION, 0), COALESCE(NUMERIC_SCALE, 0), COALESCE(CHARACTER_SET_NAME, ''), COALESCE(COLLATION_NAME, ''),
	PRIVILEGES, IS_NULLABLE, COALESCE(EXTRA, ''), COLUMN_COMMENT
FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = ? ORDER BY TABLE_NAME, ORDINAL_POSITION`

// keysSQL reads the parts of unique keys. A part of a value is no key, and neither is an expression.
const keysSQL = `
SELECT TABLE_NAME, INDEX_NAME, COALESCE(COLUMN_NAME, ''), COALESCE(SUB_PART, 0), COALESCE(NULLABLE, '') = 'YES'
FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = ? AND NON_UNIQUE = 0 ORDER BY TABLE_NAME, INDEX_NAME = 'PRIMARY' DESC, INDEX_NAME, SEQ_IN_INDEX`

// schemaOf names the schema of a dataset's tables: meta.schema of the dataset, else the DSN's database.
func (c *Connector) schemaOf(d *dataset.Dataset) string {
	if s, ok := d.Meta["schema"].(string); ok && s != "" {
		return s
	}
	return c.conn.DBName
}

// catalog looks up the tables of the datasets, leaving out what is marked to be skipped.
func (s *session) catalog(ctx context.Context) (catalog, error) {
	wanted := map[spot][]dataset.Address{}
	var schemas []string
	for i := range s.cfg.Datasets {
		d := &s.cfg.Datasets[i]
		schema := s.schemaOf(d)
		for _, c := range d.Collections {
			if c.Skip {
				continue
			}
			at := spot{schema, c.Name}
			wanted[at] = append(wanted[at], dataset.Address{Dataset: d.Key, Collection: c.Name})
			if !slices.Contains(schemas, schema) {
				schemas = append(schemas, schema)
			}
		}
	}
	cat := catalog{}
	for _, schema := range schemas {
		tables, err := s.tables(ctx, schema, func(name string) bool { return wanted[spot{schema, name}] != nil })
		if err != nil {
			return nil, err
		}
		for _, t := range tables {
			for _, a := range wanted[spot{schema, t.name}] {
				cat[a] = t
			}
		}
	}
	return cat, nil
}

// tables reads the wanted tables of a schema, by their names.
func (s *session) tables(ctx context.Context, schema string, want func(string) bool) (map[string]*table, error) {
	tables := map[string]*table{}
	err := s.each(ctx, catalogPlace, columnsSQL, []any{schema}, func(rows *sql.Rows) error {
		return takeColumn(rows, tables, want)
	})
	if err != nil {
		return nil, err
	}
	if s.maria {
		if err := s.documents(ctx, tables); err != nil {
			return nil, err
		}
	}
	return tables, s.keys(ctx, schema, tables)
}

// takeColumn adds a column to its table.
func takeColumn(rows *sql.Rows, tables map[string]*table, want func(string) bool) error {
	var schema, name, data, privileges, nullable, extra string
	var col column
	if err := rows.Scan(&schema, &name, &col.name, &data, &col.typ, &col.chars, &col.bytes, &col.precision, &col.scale, &col.charset, &col.collation,
		&privileges, &nullable, &extra, &col.comment); err != nil {
		return err
	}
	if !want(name) {
		return nil
	}
	col.class, col.bits, col.unsigned = classOf(data, col.typ), data == "bit", strings.Contains(col.typ, "unsigned") || data == "bit" || data == "year"
	col.nullable = nullable == "YES"
	extra = strings.ToUpper(extra)
	col.generated = strings.Contains(extra, "VIRTUAL") || strings.Contains(extra, "STORED") || strings.Contains(extra, "PERSISTENT")
	for _, p := range strings.Split(privileges, ",") {
		col.readable = col.readable || p == "select"
		col.writable = col.writable || p == "insert" || p == "update"
		col.updatable = col.updatable || p == "update"
	}
	if tables[name] == nil {
		tables[name] = &table{schema: schema, name: name, columns: map[string]column{}}
	}
	tables[name].columns[col.name] = col
	tables[name].order = append(tables[name].order, col.name)
	return nil
}

// documents marks the columns that MariaDB keeps JSON in: texts that a constraint checks. It is read out of the statement that makes the
// table, because the catalog shows constraints only to who may do more than read, and a server has been seen to fall over that table.
func (s *session) documents(ctx context.Context, tables map[string]*table) error {
	for _, t := range tables {
		if !t.mayHoldDocuments() {
			continue
		}
		statement, err := s.shown(ctx, t)
		if err != nil {
			return err
		}
		for _, found := range shownCheck.FindAllStringSubmatch(statement, -1) {
			t.isDocument(strings.ReplaceAll(found[1], `""`, `"`))
		}
	}
	return nil
}

// isDocument marks a column as JSON.
func (t *table) isDocument(name string) {
	if col, there := t.columns[name]; there && col.class == classText {
		col.class, col.typ = classJSON, "json"
		t.columns[name] = col
	}
}

// mayHoldDocuments reports whether there are columns left that MariaDB would make for JSON.
func (t *table) mayHoldDocuments() bool {
	for _, c := range t.columns {
		if c.class == classText && c.typ == "longtext" && c.collation == "utf8mb4_bin" {
			return true
		}
	}
	return false
}

// shownCheck is the constraint of a JSON column in the statement that makes its table.
var shownCheck = regexp.MustCompile(`(?m)^ +"(?:[^"]|"")+" longtext .* CHECK \(json_valid\("((?:[^"]|"")+)"\)\),?$`)

// shown is the statement that makes a table; empty for a view, and for a table of which the user may not see so much.
func (s *session) shown(ctx context.Context, t *table) (string, error) {
	var name, statement string
	err := s.each(ctx, catalogPlace, "SHOW CREATE TABLE "+t.path(), nil, func(rows *sql.Rows) error {
		columns, err := rows.Columns()
		if err != nil || len(columns) != 2 {
			return err
		}
		return rows.Scan(&name, &statement)
	})
	if errors.Is(err, connectors.ErrPrivilege) || errors.Is(err, connectors.ErrVanished) {
		return "", nil
	}
	return statement, err
}

// keys adds each table's unique keys. One with a column that may be null, or whose values can't be told again exactly, orders nothing.
func (s *session) keys(ctx context.Context, schema string, tables map[string]*table) error {
	type key struct {
		table, index string
		columns      []string
		useless      bool
	}
	var found []key
	err := s.each(ctx, catalogPlace, keysSQL, []any{schema}, func(rows *sql.Rows) error {
		var k key
		var name string
		var part int64
		var nullable bool
		if err := rows.Scan(&k.table, &k.index, &name, &part, &nullable); err != nil {
			return err
		}
		t := tables[k.table]
		if t == nil {
			return nil
		}
		if len(found) == 0 || found[len(found)-1].table != k.table || found[len(found)-1].index != k.index {
			found = append(found, k)
		}
		last := &found[len(found)-1]
		col := t.columns[name]
		last.columns, last.useless = append(last.columns, name), last.useless || part > 0 || nullable || !col.readable || !col.orders()
		return nil
	})
	for _, k := range found {
		if k.index == "PRIMARY" {
			tables[k.table].primary = k.columns
		}
		if !k.useless {
			tables[k.table].keys = append(tables[k.table].keys, k.columns)
		}
	}
	return err
}

// orders reports whether rows can be put in order by the column, and the order continued behind a value that was written down.
func (c column) orders() bool {
	switch c.class {
	case classBool, classInt:
		return !c.bits
	case classNumber, classText, classUUID, classDate, classLocal, classMoment, classBytes:
		return true
	}
	return false
}
