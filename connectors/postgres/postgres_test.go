package postgres_test

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/conformance"
	"github.com/privacy-docket/docket/connectors/postgres"
	"github.com/privacy-docket/docket/deploy/local/localtest"
)

func TestConformance(t *testing.T) {
	t.Parallel()
	conformance.Run(t, func(t *testing.T, s conformance.Setup) connectors.Connector {
		b := newBench(t)
		for _, table := range s.Tables {
			b.load(t, table)
		}
		return b.connector(t, postgres.Config{Datasets: s.Datasets, BatchRows: s.BatchRows, ValueLimit: s.ValueLimit, KeyLimit: s.KeyLimit})
	})
}

// bench is a database of the test's own and a role that may only read it.
type bench struct {
	admin *pgx.Conn
	dsn   string // the reader's
}

func newBench(t *testing.T) *bench {
	t.Helper()
	dsn := localtest.Database(t)
	admin, err := pgx.Connect(t.Context(), dsn)
	require.NoError(t, err)
	b := &bench{admin: admin, dsn: dsn}
	u, err := url.Parse(dsn)
	require.NoError(t, err)
	role := "reader_" + strings.Trim(u.Path, "/")
	b.exec(t, `CREATE ROLE `+role+` LOGIN PASSWORD 'open-sesame'`)
	b.exec(t, `GRANT USAGE ON SCHEMA public TO `+role)
	b.exec(t, `ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO `+role)
	u.User = url.UserPassword(role, "open-sesame")
	b.dsn = u.String()
	t.Cleanup(func() {
		ctx := context.WithoutCancel(t.Context())
		for _, sql := range []string{`DROP OWNED BY ` + role, `DROP ROLE ` + role} {
			_, err := admin.Exec(ctx, sql)
			require.NoError(t, err)
		}
		require.NoError(t, admin.Close(ctx))
	})
	return b
}

func (b *bench) exec(t *testing.T, sql string, args ...any) {
	t.Helper()
	_, err := b.admin.Exec(t.Context(), sql, args...)
	require.NoError(t, err)
}

func (b *bench) connector(t *testing.T, cfg postgres.Config) *postgres.Connector {
	t.Helper()
	if cfg.DSN == "" {
		cfg.DSN = b.dsn
	}
	c, err := postgres.New(cfg)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, c.Close()) })
	return c
}

// load makes a conformance table. Values travel as text, which the server reads by the column's type.
func (b *bench) load(t *testing.T, table conformance.Table) {
	t.Helper()
	types := map[connectors.Kind]string{connectors.KindInt: "int", connectors.KindText: "text", connectors.KindDecimal: "numeric",
		connectors.KindTime: "timestamptz", connectors.KindBool: "boolean", connectors.KindBytes: "bytea", connectors.KindJSON: "json", connectors.KindList: "text[]"}
	var defs []string
	for _, c := range table.Columns {
		typ := types[c.Kind]
		if c.Name == "born" || slices.Contains(table.Days, c.Name) {
			typ = "date"
		}
		if n := table.Lengths[c.Name]; n > 0 {
			typ = fmt.Sprintf("varchar(%d)", n)
		}
		if table.Name == "purchases" && c.Name == "shop" {
			typ = `text COLLATE "C"`
		}
		defs = append(defs, pgx.Identifier{c.Name}.Sanitize()+" "+typ)
	}
	if len(table.Key) > 0 {
		defs = append(defs, "PRIMARY KEY ("+strings.Join(table.Key, ", ")+")")
	}
	for _, r := range table.References {
		defs = append(defs, fmt.Sprintf("FOREIGN KEY (%s) REFERENCES %s (%s)", strings.Join(r.Columns, ", "), r.Table, strings.Join(r.To, ", ")))
	}
	b.exec(t, "CREATE TABLE "+pgx.Identifier{"public", table.Name}.Sanitize()+" ("+strings.Join(defs, ", ")+")")
	var rows [][]any
	for _, row := range table.Rows {
		values := make([]any, len(row))
		for i, v := range row {
			values[i] = native(v)
		}
		rows = append(rows, values)
	}
	for _, row := range rows {
		marks := make([]string, len(row))
		for i := range row {
			marks[i] = "$" + string(rune('1'+i))
			if i >= 9 {
				marks[i] = "$1" + string(rune('0'+i-9))
			}
		}
		b.exec(t, "INSERT INTO "+pgx.Identifier{"public", table.Name}.Sanitize()+" VALUES ("+strings.Join(marks, ", ")+")", row...)
	}
}

// native turns a value into what the driver takes.
func native(v connectors.Value) any {
	switch v.Kind() {
	case connectors.KindNull:
		return nil
	case connectors.KindBool:
		return v.Int64() == 1
	case connectors.KindInt:
		return v.Int64()
	case connectors.KindBytes:
		return []byte(v.Raw())
	case connectors.KindList:
		out := make([]*string, len(v.Elements()))
		for i, e := range v.Elements() {
			if s := e.Raw(); e.Kind() != connectors.KindNull {
				out[i] = &s
			}
		}
		return out
	default:
		return v.Raw()
	}
}
