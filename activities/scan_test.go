package activities_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

func (b *bench) scan(schema string) (result contract.ScanResult) {
	b.t.Helper()
	b.must(contract.ActivityScan, contract.ScanInput{Tenant: b.Tenant, System: b.Shop.ID, Schema: schema}, &result)
	return result
}

// A draft holds the names of a system and none of its values, and can be saved as it is.
func TestScanDraftsWhatASystemSaysOfItself(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.Shop.Exec(`CREATE TABLE "wish""list" (id integer PRIMARY KEY, customer_id integer REFERENCES customers)`)
	b.Shop.Exec("CREATE TABLE parcels (id integer PRIMARY KEY, order_id integer NOT NULL REFERENCES orders, tracking varchar(40), \"odd\n\u202ename\" text, CHECK (tracking <> 'checkkanarie'))")
	b.Shop.Exec("COMMENT ON TABLE parcels IS 'commentkanarie'")
	b.Shop.Exec("INSERT INTO parcels SELECT 1, min(id), 'valuekanarie' FROM orders")
	b.Shop.Exec("ANALYZE") // the statistics hold values
	result := b.scan("")
	require.Empty(t, result.Findings)
	require.Equal(t, "shop", result.Key)
	for _, absent := range []string{"kanarie", b.Person.Email, "\u202e"} {
		require.NotContains(t, result.Draft, absent)
	}
	datasets, err := dataset.Parse("shop", []byte(result.Draft))
	require.NoError(t, err)
	require.Len(t, datasets[0].Collections, 3)
	require.Equal(t, "parcels", datasets[0].Collections[2].Name)
	require.Equal(t, "orders.id", datasets[0].Collections[2].Fields[1].References[0].Field)
	require.Equal(t, 40, datasets[0].Collections[2].Fields[2].Length)
	require.Len(t, result.Notes, 3, "%v", result.Notes)
	require.Contains(t, result.Notes[0], `annotated already as "shop"`)
	require.Contains(t, result.Notes[1], `the column "odd\n\u202ename" of parcels can't be annotated`)
	require.Contains(t, result.Notes[2], `the table "wish\"list" can't be annotated`)
	b.Change(func(ctx context.Context, tx *storage.Tx) error {
		return tx.SaveDataset(ctx, b.Shop.ID, result.Key, result.Draft)
	})
	var checked contract.CheckResult
	b.must(contract.ActivityCheck, contract.CheckInput{Tenant: b.Tenant, System: b.Shop.ID}, &checked)
	for _, finding := range checked.Findings {
		require.Equal(t, "role-may-write", finding.Code, "the shop of the tests is opened by its owner; nothing else is wrong with the draft: %v", finding)
	}
}

// What keeps a draft from being made is the answer, with what to do, and no part of the address's secret.
func TestScanSaysWhyThereIsNoDraft(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	nothing := b.scan("no_such_schema")
	require.Equal(t, "nothing-to-annotate", nothing.Findings[0].Code)
	require.Empty(t, nothing.Draft)
	require.Contains(t, nothing.Notes[0], `the schema "public" with 2 tables is not in this draft`)
	b.Shop.Move("postgres://nobody:secretword@127.0.0.1:1/nothing")
	away := b.scan("")
	require.Len(t, away.Findings, 1)
	require.NotEmpty(t, away.Findings[0].Do)
	require.NotContains(t, away.Findings[0].What, "secretword")
	b.Change(func(ctx context.Context, tx *storage.Tx) error {
		system, err := tx.System(ctx, b.Shop.ID)
		if err != nil {
			return err
		}
		system.State = "disabled"
		return tx.UpdateSystem(ctx, system)
	})
	require.Equal(t, "disabled", b.scan("").Findings[0].Code)
}
