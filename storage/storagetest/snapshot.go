package storagetest

import (
	"fmt"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

// Tables lists every table that holds a tenant's rows, as the catalog has them.
func Tables(t testing.TB, owner *pgx.Conn) []string {
	t.Helper()
	rows, err := owner.Query(t.Context(), `SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
		WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND a.attname = 'tenant_id' AND NOT a.attisdropped ORDER BY 1`)
	require.NoError(t, err)
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	return tables
}

// Snapshot sums up every row of a tenant, table by table: two that are equal mean that nothing has changed.
func Snapshot(t testing.TB, owner *pgx.Conn, tenant uuid.UUID) map[string]string {
	t.Helper()
	sums := map[string]string{}
	for _, table := range append(Tables(t, owner), "tenants") {
		id := "tenant_id"
		if table == "tenants" {
			id = "id"
		}
		var sum string
		query := fmt.Sprintf("SELECT coalesce(md5(string_agg(x::text, '|' ORDER BY x::text)), '') FROM %s x WHERE %s = $1", table, id)
		require.NoError(t, owner.QueryRow(t.Context(), query, tenant).Scan(&sum), table)
		sums[table] = sum
	}
	return sums
}
