package main

import (
	"bytes"
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/storage/storagetest"
)

// Master, codec and tenant keys are rotated on a register, and what was sealed before and after all of it reads, under
// the new master key alone.
func TestRotationsOnTheRegister(t *testing.T) {
	t.Parallel()
	r := storagetest.New(t)
	tenant := storagetest.Tenant(t, r.DB)
	before := storagetest.NewCase(t, r.DB, tenant)
	_, err := r.DB.InstallationKey(t.Context(), seal.CodecKeyName, r.Master.NewCodecKey)
	require.NoError(t, err)
	next := storagetest.NewMaster(t)

	rotate(t, r.DB, "rotate", "tenant", "--master", r.MasterURI)
	rotate(t, r.DB, "rotate", "codec", "--master", r.MasterURI)
	rotate(t, r.DB, "rotate", "master", "--from", r.MasterURI, "--to", next)
	rotate(t, r.DB, "rotate", "master", "--from", r.MasterURI, "--to", next)
	rotate(t, r.DB, "rotate", "tenant", "--master", next)
	rotate(t, r.DB, "prune", "--master", next)

	master, err := seal.OpenMaster(t.Context(), next)
	require.NoError(t, err)
	db := r.Reopen(t, master, storage.Options{})
	after := storagetest.NewCase(t, db, tenant)
	storagetest.Read(t, db, tenant, func(ctx context.Context, tx *storage.Tx) error {
		for _, c := range []storagetest.Case{before, after} {
			subject, err := tx.Subject(ctx, c.Subject)
			require.NoError(t, err)
			person, err := tx.Person(ctx, subject)
			require.NoError(t, err)
			require.Equal(t, c.Person, person)
			found, err := tx.SubjectsByEmail(ctx, c.Person.Email)
			require.NoError(t, err)
			require.Len(t, found, 1, "blind indexes are those of before")
		}
		return nil
	})
	wrapped, err := db.InstallationKey(t.Context(), seal.CodecKeyName, nil)
	require.NoError(t, err)
	_, err = master.CodecKey(wrapped)
	require.NoError(t, err)
	_, err = r.Master.CodecKey(wrapped)
	require.ErrorIs(t, err, seal.ErrOpen, "the old master key opens nothing any more")
}

func rotate(t *testing.T, db *storage.DB, args ...string) {
	t.Helper()
	var out bytes.Buffer
	cmd := newKeysCommand(func(context.Context) (KeyStore, func(), error) {
		return db.Keys(storagetest.Actor()), func() {}, nil
	})
	cmd.SetArgs(args)
	cmd.SetOut(&out)
	cmd.SetErr(&out)
	require.NoError(t, cmd.ExecuteContext(t.Context()), out.String())
}
