package mysql_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/conformance"
	"github.com/privacy-docket/docket/connectors/mysql"
	"github.com/privacy-docket/docket/deploy/local/localtest"
)

func TestConformance(t *testing.T) {
	t.Parallel()
	conformance.Run(t, func(t *testing.T, s conformance.Setup) connectors.Connector {
		b := newBench(t)
		for _, table := range s.Tables {
			b.load(t, table)
		}
		return b.connector(t, mysql.Config{Datasets: s.Datasets, BatchRows: s.BatchRows, ValueLimit: s.ValueLimit, KeyLimit: s.KeyLimit})
	})
}

// bench is a database of the test's own and a user that may only read it.
type bench struct {
	admin    *sql.DB
	adminDSN string
	dsn      string // the reader's
	reader   string
	schema   string
}

func newBench(t *testing.T) *bench {
	t.Helper()
	admin, u := localtest.MariaDB(t)
	b := &bench{admin: admin, adminDSN: u.String(), schema: strings.Trim(u.Path, "/")}
	name := "reader_" + b.schema
	b.reader = name + "@'127.0.0.1'"
	b.exec(t, `CREATE USER `+b.reader+` IDENTIFIED BY 'open-sesame'`)
	b.exec(t, `GRANT SELECT ON `+b.schema+`.* TO `+b.reader)
	u.User, u.RawQuery = url.UserPassword(name, "open-sesame"), "tls=false"
	b.dsn = u.String()
	t.Cleanup(func() {
		_, err := admin.ExecContext(context.WithoutCancel(t.Context()), `DROP USER `+b.reader)
		require.NoError(t, err)
	})
	return b
}

func (b *bench) exec(t *testing.T, statement string, args ...any) {
	t.Helper()
	_, err := b.admin.ExecContext(t.Context(), statement, args...)
	require.NoError(t, err, statement)
}

func (b *bench) connector(t *testing.T, cfg mysql.Config) *mysql.Connector {
	t.Helper()
	if cfg.DSN == "" {
		cfg.DSN = b.dsn
	}
	c, err := mysql.New(cfg)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, c.Close()) })
	return c
}

// load makes a conformance table.
func (b *bench) load(t *testing.T, table conformance.Table) {
	t.Helper()
	types := map[connectors.Kind]string{connectors.KindInt: "INT", connectors.KindText: "LONGTEXT", connectors.KindDecimal: "DECIMAL(40, 4)",
		connectors.KindTime: "TIMESTAMP(6) NULL", connectors.KindBool: "BOOLEAN", connectors.KindBytes: "BLOB", connectors.KindJSON: "JSON", connectors.KindList: "JSON"}
	var defs []string
	for _, c := range table.Columns {
		typ := types[c.Kind]
		switch {
		case c.Name == "born" || slices.Contains(table.Days, c.Name):
			typ = "DATE"
		case c.Name == "shop" || c.Name == "email":
			typ = "VARCHAR(100)"
		case table.Lengths[c.Name] > 0:
			typ = fmt.Sprintf("VARCHAR(%d)", table.Lengths[c.Name])
		}
		defs = append(defs, "`"+c.Name+"` "+typ)
	}
	if len(table.Key) > 0 {
		defs = append(defs, "PRIMARY KEY ("+strings.Join(table.Key, ", ")+")")
	}
	for _, r := range table.References {
		defs = append(defs, fmt.Sprintf("FOREIGN KEY (%s) REFERENCES %s (%s)", strings.Join(r.Columns, ", "), r.Table, strings.Join(r.To, ", ")))
	}
	b.exec(t, "CREATE TABLE `"+table.Name+"` ("+strings.Join(defs, ", ")+") CHARACTER SET utf8mb4")
	for _, row := range table.Rows {
		values := make([]any, len(row))
		for i, v := range row {
			values[i] = native(t, v)
		}
		b.exec(t, "INSERT INTO `"+table.Name+"` VALUES (?"+strings.Repeat(", ?", len(row)-1)+")", values...)
	}
}

// native turns a value into what the driver takes.
func native(t *testing.T, v connectors.Value) any {
	t.Helper()
	switch v.Kind() {
	case connectors.KindNull:
		return nil
	case connectors.KindBool, connectors.KindInt:
		return v.Int64()
	case connectors.KindBytes:
		return []byte(v.Raw())
	case connectors.KindTime:
		return strings.TrimSuffix(strings.Replace(v.Raw(), "T", " ", 1), "Z")
	case connectors.KindList:
		out := make([]*string, len(v.Elements()))
		for i, e := range v.Elements() {
			if s := e.Raw(); e.Kind() != connectors.KindNull {
				out[i] = &s
			}
		}
		text, err := json.Marshal(out)
		require.NoError(t, err)
		return string(text)
	default:
		return v.Raw()
	}
}
