package mysql

import (
	"context"
	"database/sql"
	"errors"
	"regexp"
	"slices"
	"strings"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/relational"
	"github.com/privacy-docket/docket/privacy/dataset"
)

const columnsSQL = `
SELECT TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME, LOWER(DATA_TYPE), COLUMN_TYPE, COALESCE(CHARACTER_MAXIMUM_LENGTH, 0), COALESCE(CHARACTER_OCTET_LENGTH, 0),
	COALESCE(NUMERIC_PRECISION, 0), COALESCE(NUMERIC_SCALE, 0), COALESCE(CHARACTER_SET_NAME, ''), COALESCE(COLLATION_NAME, ''),
	PRIVILEGES, IS_NULLABLE, COLUMN_DEFAULT IS NOT NULL, COALESCE(EXTRA, ''), COLUMN_COMMENT
FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = ? ORDER BY TABLE_NAME, ORDINAL_POSITION`

// keysSQL reads the parts of unique keys. A part of a value is no key, and neither is an expression.
const keysSQL = `
SELECT TABLE_NAME, INDEX_NAME, COALESCE(COLUMN_NAME, ''), COALESCE(SUB_PART, 0), COALESCE(NULLABLE, '') = 'YES'
FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = ? AND NON_UNIQUE = 0 ORDER BY TABLE_NAME, INDEX_NAME = 'PRIMARY' DESC, INDEX_NAME, SEQ_IN_INDEX`

// Catalog looks up the tables of the datasets, leaving out what is marked to be skipped.
func (s *session) Catalog(ctx context.Context) (catalog, error) {
	wanted := map[relational.Spot][]dataset.Address{}
	var schemas []string
	s.system.Tables(func(a dataset.Address, at relational.Spot, _ *dataset.Collection) {
		wanted[at] = append(wanted[at], a)
		if !slices.Contains(schemas, at.Schema) {
			schemas = append(schemas, at.Schema)
		}
	})
	cat := catalog{}
	for _, schema := range schemas {
		tables, err := s.tables(ctx, schema, func(name string) bool { return wanted[relational.Spot{Schema: schema, Name: name}] != nil })
		if err != nil {
			return nil, err
		}
		for _, t := range tables {
			for _, a := range wanted[t.Spot] {
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
	var col relational.Column
	var chars int64
	if err := rows.Scan(&schema, &name, &col.Name, &data, &col.Type, &chars, &col.Bytes, &col.Precision, &col.Scale, &col.Charset, &col.Collation,
		&privileges, &nullable, &col.Default, &extra, &col.Comment); err != nil {
		return err
	}
	if !want(name) {
		return nil
	}
	col.Class, col.Bits, col.Unsigned = classOf(data, col.Type), data == "bit", strings.Contains(col.Type, "unsigned") || data == "bit" || data == "year"
	measure(&col, chars)
	col.Required = nullable != "YES"
	extra = strings.ToUpper(extra)
	col.Default = col.Default || strings.Contains(extra, "AUTO_INCREMENT")
	col.Generated = strings.Contains(extra, "VIRTUAL") || strings.Contains(extra, "STORED") || strings.Contains(extra, "PERSISTENT")
	for _, p := range strings.Split(privileges, ",") {
		col.Readable = col.Readable || p == "select"
		col.Writable = col.Writable || p == "insert" || p == "update"
		col.Updatable = col.Updatable || p == "update"
		col.Insertable = col.Insertable || p == "insert"
	}
	if tables[name] == nil {
		tables[name] = &table{Spot: relational.Spot{Schema: schema, Name: name}, Columns: map[string]relational.Column{}, Readable: true, Whole: true}
	}
	tables[name].Columns[col.Name] = col
	tables[name].Order = append(tables[name].Order, col.Name)
	return nil
}

// far is a bound on texts that is so far away that it is none.
const far = 16 << 20

// measure notes how long a column's values can be: texts in characters, of which each may take four bytes as they are delivered.
func measure(c *relational.Column, chars int64) {
	const character = 4
	switch c.Class {
	case relational.ClassText, relational.ClassEnum:
		c.Bytes = chars * character
	case relational.ClassBytes:
	default:
		c.Bytes = 0
	}
	if c.Class == relational.ClassText && chars < far {
		c.Length = int(chars)
	}
}

// documents marks the columns that MariaDB keeps JSON in: texts that a constraint checks. It is read out of the statement that makes the
// table, because the catalog shows constraints only to who may do more than read, and a server has been seen to fall over that table.
func (s *session) documents(ctx context.Context, tables map[string]*table) error {
	for _, t := range tables {
		if !mayHoldDocuments(t) {
			continue
		}
		statement, err := s.shown(ctx, t.Spot)
		if err != nil {
			return err
		}
		for _, found := range shownCheck.FindAllStringSubmatch(statement, -1) {
			isDocument(t, strings.ReplaceAll(found[1], `""`, `"`))
		}
	}
	return nil
}

// isDocument marks a column as JSON.
func isDocument(t *table, name string) {
	if col, there := t.Columns[name]; there && col.Class == relational.ClassText {
		col.Class, col.Type, col.Length, col.Bytes = relational.ClassJSON, "json", 0, 0
		t.Columns[name] = col
	}
}

// mayHoldDocuments reports whether there are columns left that MariaDB would make for JSON.
func mayHoldDocuments(t *table) bool {
	for _, c := range t.Columns {
		if c.Class == relational.ClassText && c.Type == "longtext" && c.Collation == "utf8mb4_bin" {
			return true
		}
	}
	return false
}

// shownCheck is the constraint of a JSON column in the statement that makes its table.
var shownCheck = regexp.MustCompile(`(?m)^ +"(?:[^"]|"")+" longtext .* CHECK \(json_valid\("((?:[^"]|"")+)"\)\),?$`)

// shown is the statement that makes a table; empty for a view, and for a table of which the user may not see so much.
func (s *session) shown(ctx context.Context, at relational.Spot) (string, error) {
	var name, statement string
	err := s.each(ctx, catalogPlace, "SHOW CREATE TABLE "+at.String(), nil, func(rows *sql.Rows) error {
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
		col := t.Columns[name]
		last.columns, last.useless = append(last.columns, name), last.useless || part > 0 || nullable || !col.Readable || !column(col).orders()
		return nil
	})
	for _, k := range found {
		if k.index == "PRIMARY" {
			tables[k.table].Primary = k.columns
		}
		if !k.useless {
			tables[k.table].Keys = append(tables[k.table].Keys, k.columns)
		}
	}
	return err
}

// orders reports whether rows can be put in order by the column, and the order continued behind a value that was written down.
func (c column) orders() bool {
	switch c.Class {
	case relational.ClassBool, relational.ClassInt:
		return !c.Bits
	case relational.ClassNumber, relational.ClassText, relational.ClassUUID, relational.ClassDate, classLocal, classMoment, relational.ClassBytes:
		return true
	}
	return false
}
