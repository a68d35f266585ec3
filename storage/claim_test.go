package storage_test

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/storage/storagetest"
)

func apiKey(t *testing.T, r *storagetest.Register, tenant uuid.UUID, expires *time.Time) (id uuid.UUID, hash []byte) {
	t.Helper()
	sum := sha256.Sum256([]byte(rand.Text()))
	storagetest.Change(t, r.DB, tenant, func(ctx context.Context, tx *storage.Tx) (err error) {
		id, err = tx.AddAPIKey(ctx, storage.NewAPIKey{Name: "key", Role: "agent", SecretHash: sum[:], ExpiresAt: expires})
		return err
	})
	return id, sum[:]
}

// claimed gives the claim to a key that was used a moment ago.
func claimed(t *testing.T, r *storagetest.Register, hash []byte) *storage.Claim {
	t.Helper()
	_, _, err := r.DB.FindAPIKey(t.Context(), hash)
	require.NoError(t, err)
	_, claim, err := r.DB.ClaimAPIKey(t.Context(), hash)
	require.NoError(t, err)
	require.NotNil(t, claim)
	return claim
}

// A key that nobody has used here is not believed.
func TestUnknownKeyHasNoClaim(t *testing.T) {
	t.Parallel()
	r := storagetest.New(t)
	_, hash := apiKey(t, r, storagetest.Tenant(t, r.DB), nil)
	_, claim, err := r.DB.ClaimAPIKey(t.Context(), hash)
	require.NoError(t, err)
	require.Nil(t, claim)
}

// A key that was revoked after the claim was made reads nothing and changes nothing.
func TestClaimOfARevokedKeyFails(t *testing.T) {
	t.Parallel()
	r := storagetest.New(t)
	tenant := storagetest.Tenant(t, r.DB)
	id, hash := apiKey(t, r, tenant, nil)
	c := storagetest.NewCase(t, r.DB, tenant)
	claim := claimed(t, r, hash)
	storagetest.Change(t, r.DB, tenant, func(ctx context.Context, tx *storage.Tx) error { return tx.RevokeAPIKey(ctx, id) })
	before := storagetest.Snapshot(t, r.Owner(t), tenant)
	ctx := storage.WithClaim(t.Context(), claim)
	err := r.DB.Read(ctx, tenant, func(ctx context.Context, tx *storage.Tx) error {
		_, err := tx.Case(ctx, c.ID)
		return err
	})
	require.ErrorIs(t, err, storage.ErrKeyEnded)
	err = r.DB.Change(ctx, tenant, storagetest.Actor(), func(ctx context.Context, tx *storage.Tx) error {
		return tx.RefreshNextDue(ctx, c.ID)
	})
	require.ErrorIs(t, err, storage.ErrKeyEnded)
	require.ErrorIs(t, r.DB.Confirm(t.Context(), claim), storage.ErrKeyEnded)
	require.Equal(t, before, storagetest.Snapshot(t, r.Owner(t), tenant))
}

// A good key's claim is confirmed by the first transaction under it.
func TestClaimIsConfirmed(t *testing.T) {
	t.Parallel()
	r := storagetest.New(t)
	tenant := storagetest.Tenant(t, r.DB)
	id, hash := apiKey(t, r, tenant, nil)
	c := storagetest.NewCase(t, r.DB, tenant)
	claim := claimed(t, r, hash)
	require.NoError(t, r.DB.Read(storage.WithClaim(t.Context(), claim), tenant, func(ctx context.Context, tx *storage.Tx) error {
		_, err := tx.Case(ctx, c.ID)
		return err
	}))
	storagetest.Change(t, r.DB, tenant, func(ctx context.Context, tx *storage.Tx) error { return tx.RevokeAPIKey(ctx, id) })
	require.NoError(t, r.DB.Confirm(t.Context(), claim), "it was good when it was asked about")
}

// After a minute, and past its end, a key is looked up anew.
func TestClaimDoesNotLast(t *testing.T) {
	t.Parallel()
	r := storagetest.New(t)
	tenant := storagetest.Tenant(t, r.DB)
	soon := r.Clock.Now().Add(10 * time.Second)
	_, hash := apiKey(t, r, tenant, nil)
	_, short := apiKey(t, r, tenant, &soon)
	claimed(t, r, hash)
	claimed(t, r, short)
	r.Clock.Advance(11 * time.Second)
	_, claim, err := r.DB.ClaimAPIKey(t.Context(), short)
	require.NoError(t, err)
	require.Nil(t, claim)
	r.Clock.Advance(time.Minute)
	_, claim, err = r.DB.ClaimAPIKey(t.Context(), hash)
	require.NoError(t, err)
	require.Nil(t, claim)
}
