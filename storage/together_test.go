package storage_test

import (
	"context"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/storage/storagetest"
)

// Questions that travel together are answered as if each had been asked alone.
func TestTogetherAnswersEach(t *testing.T) {
	t.Parallel()
	r := storagetest.New(t)
	tenant := storagetest.Tenant(t, r.DB)
	filled := storagetest.Fill(t, r.DB, tenant)
	storagetest.Read(t, r.DB, tenant, func(ctx context.Context, tx *storage.Tx) error {
		var c storage.Case
		var pauses []storage.PauseLine
		var owed []storage.Obligation
		require.NoError(t, tx.Together(ctx,
			func(tx *storage.Tx) (err error) { c, err = tx.Case(ctx, filled.Case); return err },
			func(tx *storage.Tx) (err error) { pauses, err = tx.Pauses(ctx, filled.Case); return err },
			func(tx *storage.Tx) (err error) { owed, err = tx.Obligations(ctx, filled.Case); return err },
		))
		alone, err := tx.Case(ctx, filled.Case)
		require.NoError(t, err)
		require.Equal(t, alone, c)
		require.Len(t, pauses, 1)
		require.Len(t, owed, 1)
		return nil
	})
}

// The first question that goes wrong is the error of all, and the transaction can go on asking.
func TestTogetherFails(t *testing.T) {
	t.Parallel()
	r := storagetest.New(t, storagetest.WithConnections(1))
	tenant := storagetest.Tenant(t, r.DB)
	known := storagetest.NewCase(t, r.DB, tenant)
	storagetest.Read(t, r.DB, tenant, func(ctx context.Context, tx *storage.Tx) error {
		ask := func(id uuid.UUID) func(*storage.Tx) error {
			return func(tx *storage.Tx) error { _, err := tx.Case(ctx, id); return err }
		}
		require.ErrorIs(t, tx.Together(ctx, ask(known.ID), ask(uuid.New()), ask(known.ID)), storage.ErrNotFound)
		require.NoError(t, tx.Together(ctx, ask(known.ID), ask(known.ID)))
		return nil
	})
}

// What asks nothing, asks twice or changes something does not travel with questions.
func TestTogetherTakesOneQuestionEach(t *testing.T) {
	t.Parallel()
	r := storagetest.New(t)
	tenant := storagetest.Tenant(t, r.DB)
	c := storagetest.NewCase(t, r.DB, tenant)
	storagetest.Change(t, r.DB, tenant, func(ctx context.Context, tx *storage.Tx) error {
		require.Error(t, tx.Together(ctx, func(*storage.Tx) error { return nil }))
		require.Error(t, tx.Together(ctx, func(tx *storage.Tx) error { return tx.AssignCase(ctx, c.ID, nil) }))
		require.Error(t, tx.Together(ctx, func(tx *storage.Tx) error {
			_, _ = tx.Case(ctx, c.ID)
			_, err := tx.Case(ctx, c.ID)
			return err
		}))
		return nil
	})
}
