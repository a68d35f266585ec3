package mysql_test

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/conformance"
	"github.com/privacy-docket/docket/connectors/mysql"
	"github.com/privacy-docket/docket/privacy/dataset"
)

func TestRandomWorlds(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	ctx, world := t.Context(), b.world()
	run := func(t require.TestingT, statement string) {
		_, err := b.admin.ExecContext(ctx, statement)
		require.NoError(t, err)
	}
	t.Cleanup(func() {
		_, err := b.admin.ExecContext(context.WithoutCancel(ctx), "DROP DATABASE IF EXISTS "+world)
		require.NoError(t, err)
	})
	conformance.RunWorlds(t, conformance.Worlds{
		Schema: world,
		Email:  "varchar(100)",
		Empty: func(t require.TestingT) {
			run(t, "DROP DATABASE IF EXISTS "+world)
			run(t, "CREATE DATABASE "+world)
		},
		Run:  run,
		Rows: func(t require.TestingT, table string) map[int]string { return b.texts(t, ctx, table) },
		Open: func(t require.TestingT, datasets []dataset.Dataset, rows int) connectors.Eraser {
			c, err := mysql.New(mysql.Config{DSN: b.adminDSN, Datasets: datasets, AllowWrites: true, EraseRows: rows})
			require.NoError(t, err)
			return c
		},
	})
}

// world is the name of the schema in which worlds are made.
func (b *bench) world() string { return b.schema + "_world" }

// texts reads a table's rows by their key.
func (b *bench) texts(t require.TestingT, ctx context.Context, table string) map[int]string {
	rows, err := b.admin.QueryContext(ctx, "SELECT * FROM "+b.world()+"."+table)
	require.NoError(t, err)
	defer rows.Close() //nolint:errcheck // every row was looked at
	columns, err := rows.Columns()
	require.NoError(t, err)
	out := map[int]string{}
	for rows.Next() {
		values, places := make([]sql.NullString, len(columns)), make([]any, len(columns))
		for i := range values {
			places[i] = &values[i]
		}
		require.NoError(t, rows.Scan(places...))
		id, err := strconv.Atoi(values[0].String)
		require.NoError(t, err)
		out[id] = fmt.Sprint(values)
	}
	require.NoError(t, rows.Err())
	return out
}
