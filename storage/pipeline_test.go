package storage_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/storage/storagetest"
)

// A statement that waits for the commit and then fails takes the whole transaction with it, and the connection serves on.
func TestLateFailureUndoesAll(t *testing.T) {
	t.Parallel()
	r := storagetest.New(t, storagetest.WithConnections(1))
	tenant := storagetest.Tenant(t, r.DB)
	c := caseIn(t, r, tenant)
	before := storagetest.Snapshot(t, r.Owner(t), tenant)
	err := r.DB.Change(t.Context(), tenant, storagetest.Actor(), func(ctx context.Context, tx *storage.Tx) error {
		if err := tx.RecordStep(ctx, c, "first", "noted", ""); err != nil {
			return err
		}
		return tx.StartWorkflow(ctx, uuid.New(), 1) // there is no such case: a foreign key says so, at the commit
	})
	require.Error(t, err)
	require.Equal(t, before, storagetest.Snapshot(t, r.Owner(t), tenant))
	storagetest.Change(t, r.DB, tenant, func(ctx context.Context, tx *storage.Tx) error { return tx.RecordStep(ctx, c, "first", "noted", "") })
}

// A question takes along what waits before it, and hears of its failure.
func TestQuestionHearsOfWhatWentBefore(t *testing.T) {
	t.Parallel()
	r := storagetest.New(t, storagetest.WithConnections(1))
	tenant := storagetest.Tenant(t, r.DB)
	c := caseIn(t, r, tenant)
	err := r.DB.Change(t.Context(), tenant, storagetest.Actor(), func(ctx context.Context, tx *storage.Tx) error {
		require.NoError(t, tx.StartWorkflow(ctx, uuid.New(), 1))
		_, err := tx.Case(ctx, c.ID)
		require.Error(t, err)
		require.NotErrorIs(t, err, storage.ErrNotFound)
		return err
	})
	require.Error(t, err)
	storagetest.Change(t, r.DB, tenant, func(ctx context.Context, tx *storage.Tx) error {
		_, err := tx.Case(ctx, c.ID)
		return err
	})
}

// A change of a row that is not as it was read is a conflict, not a silence.
func TestMissedRowIsAConflict(t *testing.T) {
	t.Parallel()
	r := storagetest.New(t)
	tenant := storagetest.Tenant(t, r.DB)
	c := caseIn(t, r, tenant)
	c.State = string(privacy.RequestReviewing) // in truth it is received
	err := r.DB.Change(t.Context(), tenant, storagetest.Actor(), func(ctx context.Context, tx *storage.Tx) error {
		_, _, err := tx.MoveCase(ctx, c, storage.Move{Key: "k", Event: privacy.EventApproved})
		return err
	})
	require.ErrorIs(t, err, storage.ErrConflict)
}

// What the work itself says is wrong undoes everything, sent or still waiting.
func TestOwnErrorUndoesAll(t *testing.T) {
	t.Parallel()
	r := storagetest.New(t, storagetest.WithConnections(1))
	tenant := storagetest.Tenant(t, r.DB)
	c := caseIn(t, r, tenant)
	before := storagetest.Snapshot(t, r.Owner(t), tenant)
	wrong := errors.New("wrong")
	for name, do := range map[string]func(context.Context, *storage.Tx) error{
		"nothing sent": func(ctx context.Context, tx *storage.Tx) error { return tx.RecordStep(ctx, c, "a", "noted", "") },
		"sent": func(ctx context.Context, tx *storage.Tx) error {
			_, err := tx.Case(ctx, c.ID)
			return errors.Join(tx.RecordStep(ctx, c, "b", "noted", ""), err)
		},
		"sent and waiting": func(ctx context.Context, tx *storage.Tx) error {
			err := tx.RecordStep(ctx, c, "c", "noted", "")
			_, failed := tx.Case(ctx, c.ID)
			return errors.Join(err, failed, tx.Audit(ctx, audit.Event{Action: audit.RequestNoted, CaseID: c.ID.String(), Object: audit.Object{Kind: "case", ID: c.ID.String()}}))
		},
	} {
		err := r.DB.Change(t.Context(), tenant, storagetest.Actor(), func(ctx context.Context, tx *storage.Tx) error {
			require.NoError(t, do(ctx, tx), name)
			return wrong
		})
		require.ErrorIs(t, err, wrong, name)
	}
	require.Equal(t, before, storagetest.Snapshot(t, r.Owner(t), tenant))
}

// A caller who has gone takes nothing with them and leaves the connection usable.
func TestGoneCallerKeepsNothing(t *testing.T) {
	t.Parallel()
	r := storagetest.New(t, storagetest.WithConnections(1))
	tenant := storagetest.Tenant(t, r.DB)
	c := caseIn(t, r, tenant)
	before := storagetest.Snapshot(t, r.Owner(t), tenant)
	ctx, leave := context.WithCancel(t.Context())
	err := r.DB.Change(ctx, tenant, storagetest.Actor(), func(ctx context.Context, tx *storage.Tx) error {
		_, err := tx.Case(ctx, c.ID)
		leave()
		return errors.Join(err, tx.RecordStep(ctx, c, "k", "noted", ""))
	})
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, before, storagetest.Snapshot(t, r.Owner(t), tenant))
	storagetest.Change(t, r.DB, tenant, func(ctx context.Context, tx *storage.Tx) error { return tx.RecordStep(ctx, c, "k", "noted", "") })
}

func caseIn(t *testing.T, r *storagetest.Register, tenant uuid.UUID) (c storage.Case) {
	t.Helper()
	id := storagetest.NewCase(t, r.DB, tenant).ID
	storagetest.Read(t, r.DB, tenant, func(ctx context.Context, tx *storage.Tx) (err error) {
		c, err = tx.Case(ctx, id)
		return err
	})
	return c
}

// What the last question of a transaction takes along is kept with its answer, or not at all; there is no other question after it.
func TestLastQuestion(t *testing.T) {
	t.Parallel()
	r := storagetest.New(t, storagetest.WithConnections(1))
	tenant := storagetest.Tenant(t, r.DB)
	c := caseIn(t, r, tenant)
	noted := audit.Event{Action: audit.RequestNoted, CaseID: c.ID.String(), Object: audit.Object{Kind: "case", ID: c.ID.String()}}
	last := func(do func(context.Context, *storage.Tx) error) error {
		return r.DB.Change(t.Context(), tenant, storagetest.Actor(), func(ctx context.Context, tx *storage.Tx) error {
			return errors.Join(tx.Audit(ctx, noted), tx.Last(ctx), do(ctx, tx))
		})
	}
	events := func() (n int) {
		storagetest.Read(t, r.DB, tenant, func(ctx context.Context, tx *storage.Tx) error {
			lines, err := tx.CaseEvents(ctx, c.ID)
			n = len(lines)
			return err
		})
		return n
	}
	before := events()
	require.NoError(t, last(func(ctx context.Context, tx *storage.Tx) error {
		_, err := tx.Case(ctx, c.ID)
		return err
	}))
	require.Equal(t, before+1, events())

	require.Error(t, last(func(ctx context.Context, tx *storage.Tx) error {
		require.NoError(t, tx.StartWorkflow(ctx, uuid.New(), 1)) // there is no such case
		_, err := tx.Case(ctx, c.ID)
		return err
	}))
	require.Equal(t, before+1, events())

	require.ErrorContains(t, last(func(ctx context.Context, tx *storage.Tx) error {
		_, err := tx.Case(ctx, c.ID)
		_, again := tx.Case(ctx, c.ID)
		return errors.Join(err, again)
	}), "the last of its transaction")
}
