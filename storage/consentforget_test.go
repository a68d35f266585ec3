package storage_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/deploy/local/localtest"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/storage/storagetest"
)

// Whoever was forgotten in the ledger of consents stays forgotten in a register of before, with the newest keys: nothing finds them, and their lines are what they were.
func TestWhoIsForgottenInTheLedgerStaysSoAfterARestore(t *testing.T) {
	t.Parallel()
	r := storagetest.New(t)
	tenant := storagetest.Tenant(t, r.DB)
	filled := storagetest.Fill(t, r.DB, tenant)
	address := storage.ConsentAddress{Kind: storage.AddressEmail, Value: filled.Person.Email}
	old := save(t, r.DB)
	var id uuid.UUID
	storagetest.Change(t, r.DB, tenant, func(ctx context.Context, tx *storage.Tx) error {
		held, err := tx.HoldConsentsOf(ctx, storage.Person{Email: filled.Person.Email}, time.Time{})
		require.NoError(t, err)
		require.Len(t, held, 1)
		require.True(t, held[0].InForce)
		id = held[0].Person
		why := storage.Forgetting{Case: filled.Case, Object: audit.Object{Kind: "erasure_plan", ID: uuid.NewString()}}
		require.NoError(t, tx.ForgetConsents(ctx, []uuid.UUID{id}, why))
		require.ErrorIs(t, tx.ForgetConsents(ctx, []uuid.UUID{id}, why), storage.ErrConflict, "nobody is forgotten twice")
		return nil
	})
	newest := save(t, r.DB)
	owner := localtest.Database(t)
	load(t, owner, old.withKeysOf(newest))
	for _, db := range []*storage.DB{r.DB, reopened(t, r, owner)} {
		storagetest.Read(t, db, tenant, func(ctx context.Context, tx *storage.Tx) error {
			_, err := tx.ConsentHistory(ctx, address)
			require.ErrorIs(t, err, storage.ErrNotFound)
			self, err := tx.ConsentSelf(ctx, id)
			require.NoError(t, err)
			require.True(t, self.Forgotten)
			lines, err := tx.LinesOfSelf(ctx, self)
			require.NoError(t, err)
			require.NotEmpty(t, lines)
			for _, l := range lines {
				ok, err := tx.ProveConsent(ctx, id, l)
				require.NoError(t, err)
				require.True(t, ok)
			}
			return nil
		})
	}
	back := localtest.Database(t)
	load(t, back, old.Backup)
	storagetest.Read(t, reopened(t, r, back), tenant, func(ctx context.Context, tx *storage.Tx) error {
		_, err := tx.ConsentHistory(ctx, address)
		require.NoError(t, err, "with its own keys the same backup brings them back: keep the newest alone")
		return nil
	})
}
