package mysql

import (
	"context"
	"database/sql"
	"regexp"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/relational"
	"github.com/privacy-docket/docket/privacy/dataset"
)

var _ connectors.Describer = (*Connector)(nil)

// The catalogue queries of Describe beside those that reading asks too, each once per schema. The catalogue shows what the user has any
// privilege on, foreign keys excepted.
const (
	schemasSQL = `SELECT SCHEMA_NAME FROM information_schema.SCHEMATA
WHERE LOWER(SCHEMA_NAME) NOT IN ('mysql', 'information_schema', 'performance_schema', 'sys') ORDER BY CAST(SCHEMA_NAME AS BINARY)`

	tablesSQL = `SELECT TABLE_NAME, IF(TABLE_TYPE LIKE '%VIEW', '', TABLE_COMMENT), IF(TABLE_TYPE LIKE '%VIEW', -1, COALESCE(TABLE_ROWS, -1)), TABLE_TYPE LIKE '%VIEW'
FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_TYPE <> 'SEQUENCE' ORDER BY CAST(TABLE_NAME AS BINARY)`

	uniqueSQL = `SELECT TABLE_NAME, INDEX_NAME, COALESCE(COLUMN_NAME, ''), COALESCE(SUB_PART, 0)
FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = ? AND NON_UNIQUE = 0 ORDER BY TABLE_NAME, INDEX_NAME = 'PRIMARY' DESC, INDEX_NAME, SEQ_IN_INDEX`
)

const catalogPlace = "the server's catalog"

// Describe reads what the server's catalogue says of all tables that the user has a privilege on, in every schema that is not the
// server's own.
func (c *Connector) Describe(ctx context.Context) (*dataset.Structure, error) {
	structure := &dataset.Structure{Tables: []dataset.Table{}}
	err := c.snapshot(ctx, func(s *session) error {
		var schemas []string
		err := s.each(ctx, catalogPlace, schemasSQL, nil, func(rows *sql.Rows) error {
			var name string
			err := rows.Scan(&name)
			schemas = append(schemas, name)
			return err
		})
		for _, schema := range schemas {
			if err == nil {
				err = s.describe(ctx, schema, structure)
			}
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return structure, nil
}

// description is a schema in the making.
type description struct {
	*session
	schema string
	tables []dataset.Table
	at     map[string]int
	base   []string // those that are no views
}

// describe adds a schema's tables.
func (s *session) describe(ctx context.Context, schema string, structure *dataset.Structure) error {
	d := &description{session: s, schema: schema, at: map[string]int{}}
	for _, part := range []func(context.Context) error{d.names, d.columns, d.unique, d.references} {
		if err := part(ctx); err != nil {
			return err
		}
	}
	structure.Tables = append(structure.Tables, d.tables...)
	return nil
}

func (d *description) names(ctx context.Context) error {
	collections := d.system.Collections()
	return d.each(ctx, catalogPlace, tablesSQL, []any{d.schema}, func(rows *sql.Rows) error {
		t := dataset.Table{Schema: d.schema}
		var view bool
		if err := rows.Scan(&t.Name, &t.Comment, &t.Rows, &view); err != nil {
			return err
		}
		if a, annotated := collections[relational.Spot{Schema: d.schema, Name: t.Name}]; annotated {
			t.Collection = &a
		}
		d.at[t.Name] = len(d.tables)
		if !view {
			d.base = append(d.base, t.Name)
		}
		d.tables = append(d.tables, t)
		return nil
	})
}

func (d *description) columns(ctx context.Context) error {
	tables, err := d.session.tables(ctx, d.schema, func(name string) bool {
		_, there := d.at[name]
		return there
	})
	if err != nil {
		return err
	}
	for name, t := range tables {
		into := &d.tables[d.at[name]]
		for _, name := range t.Order {
			c := t.Columns[name]
			into.Columns = append(into.Columns, dataset.TableColumn{
				Name: c.Name, Type: c.Type, Kind: columnKind(c.Class), Nullable: !c.Required, Length: c.Length, Comment: c.Comment,
				Generated: c.Generated,
			})
		}
	}
	return nil
}

// unique adds the keys. One of which a part is the beginning of a value only is none.
func (d *description) unique(ctx context.Context) error {
	type key struct {
		table, index string
		columns      []string
		part         bool
	}
	var keys []key
	err := d.each(ctx, catalogPlace, uniqueSQL, []any{d.schema}, func(rows *sql.Rows) error {
		var k key
		var column string
		var part int64
		if err := rows.Scan(&k.table, &k.index, &column, &part); err != nil {
			return err
		}
		if n := len(keys); n == 0 || keys[n-1].table != k.table || keys[n-1].index != k.index {
			keys = append(keys, k)
		}
		last := &keys[len(keys)-1]
		last.columns, last.part = append(last.columns, column), last.part || part > 0 || column == ""
		return nil
	})
	for _, k := range keys {
		at, there := d.at[k.table]
		switch {
		case !there || k.part:
		case k.index == "PRIMARY":
			d.tables[at].Key = k.columns
		default:
			d.tables[at].Unique = append(d.tables[at].Unique, k.columns)
		}
	}
	return err
}

// reference is a foreign key in the statement that makes a table. The catalogue shows them only to who may do more than read.
var reference = regexp.MustCompile(`(?m)^ +CONSTRAINT "((?:[^"]|"")+)" FOREIGN KEY \(((?:"(?:[^"]|"")+"(?:, ?)?)+)\) REFERENCES (?:"((?:[^"]|"")+)"\.)?"((?:[^"]|"")+)" \(((?:"(?:[^"]|"")+"(?:, ?)?)+)\)(.*)$`)

// quotedName finds the names in a list.
var quotedName = regexp.MustCompile(`"(?:[^"]|"")+"`)

// onDeleteClause says what becomes of referring rows; without it the deletion is refused.
var onDeleteClause = regexp.MustCompile(` ON DELETE (CASCADE|SET NULL|SET DEFAULT)`)

func (d *description) references(ctx context.Context) error {
	for _, name := range d.base {
		statement, err := d.shown(ctx, relational.Spot{Schema: d.schema, Name: name})
		if err != nil {
			return err
		}
		t := &d.tables[d.at[name]]
		for _, k := range leadingIn(relational.Spot{Schema: d.schema, Name: name}, statement) {
			t.References = append(t.References, dataset.ForeignKey{Columns: k.Columns, Schema: k.Target.Schema, Table: k.Target.Name, To: k.To, OnDelete: k.Action})
		}
	}
	return nil
}

// names reads a list of quoted names.
func names(list string) []string {
	var out []string
	for _, quoted := range quotedName.FindAllString(list, -1) {
		out = append(out, named(quoted))
	}
	return out
}

// onDelete reads what becomes of referring rows.
func onDelete(clauses string) dataset.OnDelete {
	found := onDeleteClause.FindStringSubmatch(clauses)
	switch {
	case found == nil:
		return dataset.OnDeleteRefuse
	case found[1] == "CASCADE":
		return dataset.OnDeleteCascade
	default:
		return dataset.OnDeleteNull
	}
}

// columnKind groups the classes of type by how they can be masked.
func columnKind(c relational.Class) dataset.ColumnKind {
	if c == classLocal || c == classMoment {
		return dataset.ColumnMoment
	}
	return c.Kind()
}
