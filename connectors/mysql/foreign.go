package mysql

import (
	"context"
	"database/sql"
	"slices"
	"strings"

	"github.com/privacy-docket/docket/connectors/relational"
)

// baseTablesSQL lists the tables of a schema that may have foreign keys.
const baseTablesSQL = "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_TYPE = 'BASE TABLE' ORDER BY CAST(TABLE_NAME AS BINARY)"

// ForeignKeys reads the foreign keys of all tables in the schemas of those given. Of a table that the user may not see at all nothing is known.
func (s *session) ForeignKeys(ctx context.Context, tables []*table) (out []relational.Leading, unseen []relational.Spot, err error) {
	var schemas []string
	for _, t := range tables {
		schemas = append(schemas, t.Schema)
	}
	slices.Sort(schemas)
	for _, schema := range slices.Compact(schemas) {
		keys, hidden, err := s.foreignKeys(ctx, schema)
		if err != nil {
			return nil, nil, err
		}
		out, unseen = append(out, keys...), append(unseen, hidden...)
	}
	return out, unseen, nil
}

// foreignKeys reads the foreign keys of a schema's tables, and lists those of which the user may not see so much.
func (s *session) foreignKeys(ctx context.Context, schema string) (out []relational.Leading, unseen []relational.Spot, err error) {
	var tables []string
	err = s.each(ctx, catalogPlace, baseTablesSQL, []any{schema}, func(rows *sql.Rows) error {
		var name string
		err := rows.Scan(&name)
		tables = append(tables, name)
		return err
	})
	for _, name := range tables {
		if err != nil {
			return nil, nil, err
		}
		var statement string
		statement, err = s.shown(ctx, relational.Spot{Schema: schema, Name: name})
		if statement == "" {
			unseen = append(unseen, relational.Spot{Schema: schema, Name: name})
		}
		out = append(out, leadingIn(relational.Spot{Schema: schema, Name: name}, statement)...)
	}
	return out, unseen, err
}

// leadingIn reads the foreign keys out of the statement that makes a table.
func leadingIn(from relational.Spot, statement string) []relational.Leading {
	var out []relational.Leading
	for _, found := range reference.FindAllStringSubmatch(statement, -1) {
		k := relational.Leading{Target: relational.Spot{Schema: from.Schema, Name: strings.ReplaceAll(found[4], `""`, `"`)}}
		k.Name, k.From, k.Columns, k.To, k.Action = strings.ReplaceAll(found[1], `""`, `"`), from, names(found[2]), names(found[5]), onDelete(found[6])
		if found[3] != "" {
			k.Target.Schema = strings.ReplaceAll(found[3], `""`, `"`)
		}
		out = append(out, k)
	}
	return out
}
