package storage_test

import (
	"context"
	"crypto/sha256"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/storage/storagetest"
)

// Who made a key is the person at the beginning, and the log tells it of keys that were there before it was kept, also under an owner whom row-level
// security binds.
func TestMakersOfKeysAreToldByTheLog(t *testing.T) {
	t.Parallel()
	r := storagetest.New(t) // the roles of the cluster are there with it
	owner := ownedDatabase(t)
	require.NoError(t, storage.Migrate(t.Context(), owner))
	db := reopened(t, r, owner)
	tenant := storagetest.Tenant(t, db)
	key := func(maker audit.Actor) (id uuid.UUID) {
		require.NoError(t, db.Change(t.Context(), tenant, maker, func(ctx context.Context, tx *storage.Tx) (err error) {
			hash := sha256.Sum256([]byte(uuid.NewString()))
			id, err = tx.AddAPIKey(ctx, storage.NewAPIKey{Name: "key", Role: "agent", SecretHash: hash[:]})
			return err
		}))
		return id
	}
	program := func(id uuid.UUID) audit.Actor { return audit.Actor{Kind: audit.APIKey, ID: id.String(), Role: "admin"} }
	ana := audit.Actor{Kind: audit.Person, ID: uuid.NewString(), Role: "admin"}
	first := key(ana)
	third := key(program(key(program(first))))
	server := key(storagetest.Actor())
	orphan := key(program(server))
	makers := func(id uuid.UUID) (out []string) {
		require.NoError(t, db.Read(t.Context(), tenant, func(ctx context.Context, tx *storage.Tx) (err error) {
			out, err = tx.MakersOf(ctx, []string{id.String(), ana.ID})
			return err
		}))
		return out
	}
	told := func() {
		require.Equal(t, []string{ana.ID}, makers(first))
		require.Equal(t, []string{ana.ID}, makers(third), "a key that a key made that a key made")
		require.Empty(t, makers(server))
		require.Empty(t, makers(orphan))
	}
	told()
	require.NoError(t, storage.MigrateTo(t.Context(), owner, 23))
	require.NoError(t, storage.Migrate(t.Context(), owner))
	told()
}
