package mysql_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/conformance"
	"github.com/privacy-docket/docket/connectors/mysql"
	"github.com/privacy-docket/docket/privacy/dataset"
)

func TestErasingConformance(t *testing.T) {
	t.Parallel()
	conformance.RunErasing(t, func(t *testing.T, s conformance.Setup) (connectors.Eraser, conformance.System) {
		b := newBench(t)
		for _, table := range s.Tables {
			b.load(t, table)
		}
		b.mayWrite(t)
		return b.connector(t, mysql.Config{Datasets: s.Datasets, BatchRows: s.BatchRows, ValueLimit: s.ValueLimit, KeyLimit: s.KeyLimit, EraseRows: s.EraseRows, AllowWrites: true}), b
	})
}

func TestTables(t *testing.T) {
	t.Parallel()
	conformance.RunTables(t, func(t *testing.T) conformance.Server { return newBench(t) })
}

// Load makes a table of the suite.
func (b *bench) Load(t *testing.T, table conformance.Table) { b.load(t, table) }

// Tell runs a statement as the administrator.
func (b *bench) Tell(t *testing.T, statement string) { b.exec(t, statement) }

// Open connects as the bench's user, which may change what there is.
func (b *bench) Open(t *testing.T, datasets []dataset.Dataset, exactEmail bool) connectors.Eraser {
	b.mayWrite(t)
	return b.connector(t, mysql.Config{Datasets: datasets, ExactEmail: exactEmail, AllowWrites: true})
}

// mayWrite lets the bench's user change what there is.
func (b *bench) mayWrite(t *testing.T) {
	t.Helper()
	b.exec(t, `GRANT UPDATE, DELETE ON `+b.schema+`.* TO `+b.reader)
}

// Texts reads a table as the administrator.
func (b *bench) Texts(t *testing.T, table conformance.Table) [][]*string {
	t.Helper()
	var list []string
	for _, c := range table.Columns {
		name := "`" + c.Name + "`"
		switch c.Kind {
		case connectors.KindBytes:
			list = append(list, "LOWER(HEX("+name+"))")
		case connectors.KindBool:
			list = append(list, "CASE "+name+" WHEN 1 THEN 'true' WHEN 0 THEN 'false' END")
		default:
			list = append(list, "CAST("+name+" AS CHAR)")
		}
	}
	rows, err := b.admin.QueryContext(t.Context(), "SELECT "+strings.Join(list, ", ")+" FROM `"+table.Name+"`")
	require.NoError(t, err)
	var out [][]*string
	for rows.Next() {
		values := make([]*string, len(list))
		into := make([]any, len(list))
		for i := range values {
			into[i] = &values[i]
		}
		require.NoError(t, rows.Scan(into...))
		out = append(out, values)
	}
	require.NoError(t, rows.Err())
	require.NoError(t, rows.Close())
	return out
}
