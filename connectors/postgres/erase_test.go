package postgres_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/conformance"
	"github.com/privacy-docket/docket/connectors/postgres"
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
		return b.connector(t, postgres.Config{Datasets: s.Datasets, BatchRows: s.BatchRows, ValueLimit: s.ValueLimit, KeyLimit: s.KeyLimit, EraseRows: s.EraseRows, AllowWrites: true}), b
	})
}

func TestTables(t *testing.T) {
	t.Parallel()
	conformance.RunTables(t, func(t *testing.T) conformance.Server { return newBench(t) })
}

// Load makes a table of the suite.
func (b *bench) Load(t *testing.T, table conformance.Table) { b.load(t, table) }

// Tell runs a statement as the superuser.
func (b *bench) Tell(t *testing.T, statement string) { b.exec(t, statement) }

// Open connects as the bench's role, which may change what there is.
func (b *bench) Open(t *testing.T, datasets []dataset.Dataset, exactEmail bool) connectors.Eraser {
	b.mayWrite(t)
	return b.connector(t, postgres.Config{Datasets: datasets, ExactEmail: exactEmail, AllowWrites: true})
}

// mayWrite lets the bench's role change what there is.
func (b *bench) mayWrite(t *testing.T) {
	t.Helper()
	b.exec(t, `GRANT UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO `+reader(t, b))
}

// Texts reads a table as the superuser.
func (b *bench) Texts(t *testing.T, table conformance.Table) [][]*string {
	t.Helper()
	var list []string
	for _, c := range table.Columns {
		name := pgx.Identifier{c.Name}.Sanitize()
		switch c.Kind {
		case connectors.KindBytes:
			list = append(list, "encode("+name+", 'hex')")
		case connectors.KindList:
			list = append(list, "to_json("+name+")::text")
		default:
			list = append(list, name+"::text")
		}
	}
	b.exec(t, `SET timezone = 'UTC'`)
	rows, err := b.admin.Query(t.Context(), fmt.Sprintf("SELECT %s FROM %s", strings.Join(list, ", "), pgx.Identifier{"public", table.Name}.Sanitize()))
	require.NoError(t, err)
	out, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) ([]*string, error) {
		values := make([]*string, len(list))
		into := make([]any, len(list))
		for i := range values {
			into[i] = &values[i]
		}
		return values, row.Scan(into...)
	})
	require.NoError(t, err)
	return out
}
