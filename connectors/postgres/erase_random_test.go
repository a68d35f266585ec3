package postgres_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/conformance"
	"github.com/privacy-docket/docket/connectors/postgres"
	"github.com/privacy-docket/docket/privacy/dataset"
)

func TestRandomWorlds(t *testing.T) {
	t.Parallel()
	b, ctx := newBench(t), t.Context()
	run := func(t require.TestingT, statement string) {
		_, err := b.admin.Exec(ctx, statement)
		require.NoError(t, err)
	}
	conformance.RunWorlds(t, conformance.Worlds{
		Schema: "world",
		Email:  "text",
		Empty: func(t require.TestingT) {
			run(t, "DROP SCHEMA IF EXISTS world CASCADE")
			run(t, "CREATE SCHEMA world")
		},
		Run:  run,
		Rows: func(t require.TestingT, table string) map[int]string { return b.texts(t, ctx, table) },
		Open: func(t require.TestingT, datasets []dataset.Dataset, rows int) connectors.Eraser {
			run(t, "VACUUM")
			c, err := postgres.New(postgres.Config{DSN: adminDSN(b), Datasets: datasets, AllowWrites: true, EraseRows: rows})
			require.NoError(t, err)
			return c
		},
	})
}

// texts reads a table's rows by their key.
func (b *bench) texts(t require.TestingT, ctx context.Context, table string) map[int]string {
	rows, err := b.admin.Query(ctx, "SELECT id, t::text FROM world."+table+" AS t")
	require.NoError(t, err)
	defer rows.Close()
	out := map[int]string{}
	for rows.Next() {
		var id int
		var text string
		require.NoError(t, rows.Scan(&id, &text))
		out[id] = text
	}
	require.NoError(t, rows.Err())
	return out
}
