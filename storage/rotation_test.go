package storage_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/storage/storagetest"
)

// everyKey lists every column that holds a wrapped key under a tenant's, as the catalog has them.
const everyKey = `SELECT c.relname || '.' || a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
	WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.atttypid = 'bytea'::regtype AND a.attname ~ 'key'
	AND a.attname !~ 'sealed|hash' ORDER BY 1`

// wrappedKeys reads all wrapped keys of a tenant below its own.
func wrappedKeys(t *testing.T, r *storagetest.Register) map[string][]byte {
	t.Helper()
	conn := r.Owner(t)
	rows, err := conn.Query(t.Context(), everyKey)
	require.NoError(t, err)
	var columns []string
	for rows.Next() {
		var c string
		require.NoError(t, rows.Scan(&c))
		columns = append(columns, c)
	}
	require.Equal(t, []string{
		"collection_runs.key_wrapped", "consent_imports.wrapped_key", "consent_people.wrapped_key", "identity_documents.wrapped_key", "inquiry_files.wrapped_key", "packages.wrapped_key", "sent_documents.wrapped_key", "subjects.wrapped_key",
		"systems.wrapped_key", "task_attachments.wrapped_key", "tenants.record_key", "tenants.wrapped_key",
	}, columns, "a new column of keys must be rotated too: see keyShelves")
	keys := map[string][]byte{}
	for _, c := range columns {
		if c == "tenants.wrapped_key" {
			continue
		}
		var table, column string
		_, err := fmt.Sscanf(string(bytes.ReplaceAll([]byte(c), []byte("."), []byte(" "))), "%s %s", &table, &column)
		require.NoError(t, err)
		rows, err := conn.Query(t.Context(), fmt.Sprintf("SELECT id::text, %s FROM %s WHERE %s IS NOT NULL", column, table, column))
		require.NoError(t, err)
		for rows.Next() {
			var id string
			var key []byte
			require.NoError(t, rows.Scan(&id, &key))
			keys[c+" "+id] = key
		}
		require.NoError(t, rows.Err())
	}
	return keys
}

// replaceAll goes through a tenant's keys in batches, as the command does.
func replaceAll(t *testing.T, keys *storage.Keys, tenant string, limit int, replace func(seal.KeyKind, string, []byte) ([]byte, error)) (batches int) {
	t.Helper()
	for after, more := "", true; more; more = after != "" {
		var err error
		after, err = keys.ReplaceKeys(t.Context(), tenant, after, limit, replace)
		require.NoError(t, err)
		batches++
	}
	return batches
}

// Every key below the tenant's is handed out once, whatever the size of the batch, and everything stays readable under
// the tenant's new key even when the old one is dropped.
func TestRotateTenantKeys(t *testing.T) {
	t.Parallel()
	for _, limit := range []int{1, 2, 500} {
		r := storagetest.New(t)
		f := storagetest.Fill(t, r.DB, storagetest.Tenant(t, r.DB))
		id, keys := f.Tenant.String(), r.DB.Keys(storagetest.Actor())
		before := wrappedKeys(t, r)
		var rotated []byte
		require.NoError(t, keys.ReplaceTenantKeys(t.Context(), id, func(wrapped []byte) (out []byte, err error) {
			rotated, err = r.Master.RotateTenant(wrapped, id)
			return rotated, err
		}))
		opened, err := r.Master.TenantKeys(rotated, id)
		require.NoError(t, err)
		seen := map[string]int{}
		replaceAll(t, keys, id, limit, func(kind seal.KeyKind, key string, wrapped []byte) ([]byte, error) {
			seen[string(kind)+" "+key]++
			return opened.Rewrap(wrapped, kind, key)
		})
		for key, times := range seen {
			require.Equal(t, 1, times, key)
		}
		after := wrappedKeys(t, r)
		require.Len(t, seen, len(before))
		require.Len(t, after, len(before))
		for key := range before {
			require.NotEqual(t, before[key], after[key], key)
		}
		require.NoError(t, keys.ReplaceTenantKeys(t.Context(), id, func(wrapped []byte) ([]byte, error) { return r.Master.PruneTenant(wrapped, id) }))
		storagetest.Read(t, r.DB, f.Tenant, func(ctx context.Context, tx *storage.Tx) error {
			requireReadable(t, ctx, tx, f)
			return nil
		})
	}
}

// A process that opened the tenant's keys before they were rotated and pruned goes on without an error.
func TestRotationUnderAnotherProcess(t *testing.T) {
	t.Parallel()
	r := storagetest.New(t)
	f := storagetest.Fill(t, r.DB, storagetest.Tenant(t, r.DB))
	other := r.Reopen(t, r.Master, storage.Options{})
	read := func(ctx context.Context, tx *storage.Tx) error {
		_, err := tx.System(ctx, f.System)
		return err
	}
	require.NoError(t, other.Read(t.Context(), f.Tenant, read), "it knows the old keys now")
	id, keys := f.Tenant.String(), r.DB.Keys(storagetest.Actor())
	var rotated []byte
	require.NoError(t, keys.ReplaceTenantKeys(t.Context(), id, func(wrapped []byte) (out []byte, err error) {
		rotated, err = r.Master.RotateTenant(wrapped, id)
		return rotated, err
	}))
	opened, err := r.Master.TenantKeys(rotated, id)
	require.NoError(t, err)
	replaceAll(t, keys, id, 500, func(kind seal.KeyKind, key string, wrapped []byte) ([]byte, error) {
		return opened.Rewrap(wrapped, kind, key)
	})
	require.NoError(t, other.Read(t.Context(), f.Tenant, read))
	require.NoError(t, other.Change(t.Context(), f.Tenant, storagetest.Actor(), read))
}

// When one key of a batch fails, the batch changes nothing, and a later run goes on where the earlier one was.
func TestRotationIsResumable(t *testing.T) {
	t.Parallel()
	r := storagetest.New(t)
	f := storagetest.Fill(t, r.DB, storagetest.Tenant(t, r.DB))
	id, keys := f.Tenant.String(), r.DB.Keys(storagetest.Actor())
	same := func(_ seal.KeyKind, _ string, wrapped []byte) ([]byte, error) { return wrapped, nil }
	mark := func(_ seal.KeyKind, _ string, wrapped []byte) ([]byte, error) {
		return append([]byte("x"), wrapped...), nil
	}
	cursor, err := keys.ReplaceKeys(t.Context(), id, "", 500, same)
	require.NoError(t, err)
	before := wrappedKeys(t, r)
	events := rotations(t, r, f)

	broken := errors.New("broken")
	_, err = keys.ReplaceKeys(t.Context(), id, cursor, 500, func(seal.KeyKind, string, []byte) ([]byte, error) { return nil, broken })
	require.ErrorIs(t, err, broken)
	require.Equal(t, before, wrappedKeys(t, r))
	require.Equal(t, events, rotations(t, r, f), "nothing happened, so nothing is on record")

	_, err = keys.ReplaceKeys(t.Context(), id, cursor, 500, mark)
	require.NoError(t, err)
	changed := 0
	for key, wrapped := range wrappedKeys(t, r) {
		if !bytes.Equal(wrapped, before[key]) {
			require.Contains(t, key, "subjects", "the batch behind the cursor")
			changed++
		}
	}
	require.Equal(t, 2, changed, "the person, and what is found of them when they are long forgotten")
	require.Equal(t, append(events, "subjects 2"), rotations(t, r, f))
}

// rotations lists the events of rotation in a tenant's log: which keys, how many.
func rotations(t *testing.T, r *storagetest.Register, f storagetest.Filled) (found []string) {
	t.Helper()
	storagetest.Read(t, r.DB, f.Tenant, func(ctx context.Context, tx *storage.Tx) error {
		lines, err := tx.AuditEvents(ctx, storage.AuditFilter{Limit: 1000})
		for i := len(lines) - 1; i >= 0; i-- {
			if e := lines[i].Event; e.Action == audit.KeyRotated && e.Outcome == audit.Done {
				found = append(found, e.Facts[audit.FactKeyKind]+" "+e.Facts[audit.FactCount])
			}
		}
		return err
	})
	return found
}

// A destroyed key stays destroyed through a rotation.
func TestRotationLeavesDestroyedKeys(t *testing.T) {
	t.Parallel()
	r := storagetest.New(t)
	f := storagetest.Fill(t, r.DB, storagetest.Tenant(t, r.DB))
	forget(t, r, f)
	run(t, r.Owner(t), "UPDATE sent_documents SET wrapped_key = NULL, destroyed_at = '2026-03-03'")
	run(t, r.Owner(t), "UPDATE consent_people SET wrapped_key = NULL, blind_index = NULL, value_sealed = NULL, destroyed_at = '2026-03-03'")
	run(t, r.Owner(t), "UPDATE consent_imports SET wrapped_key = NULL")
	storagetest.Change(t, r.DB, f.Tenant, func(ctx context.Context, tx *storage.Tx) error {
		return errors.Join(endDeferrals(ctx, tx, f.Case), tx.DestroyPackage(ctx, f.Package, audit.Done), tx.ForgetParts(ctx, f.Case), tx.ForgetInquiryFiles(ctx, f.Case), tx.DecideDocuments(ctx, f.Case, "accepted"))
	})
	replaceAll(t, r.DB.Keys(storagetest.Actor()), f.Tenant.String(), 500, func(kind seal.KeyKind, _ string, wrapped []byte) ([]byte, error) {
		require.NotEmpty(t, wrapped)
		require.Equal(t, seal.KindSystem, kind, "only the system's and the tenant's own records are left")
		return wrapped, nil
	})
}

// An installation key is replaced with an event in every tenant's log, or, when replacing fails, not at all.
func TestReplaceInstallationKey(t *testing.T) {
	t.Parallel()
	r := storagetest.New(t)
	first, second := storagetest.Fill(t, r.DB, storagetest.Tenant(t, r.DB)), storagetest.Fill(t, r.DB, storagetest.Tenant(t, r.DB))
	_, err := r.DB.InstallationKey(t.Context(), seal.CodecKeyName, r.Master.NewCodecKey)
	require.NoError(t, err)
	keys := r.DB.Keys(storagetest.Actor())
	names, err := keys.InstallationKeys(t.Context())
	require.NoError(t, err)
	require.Equal(t, []string{seal.AccountsKeyName, seal.CodecKeyName}, names)
	require.NoError(t, keys.ReplaceInstallationKey(t.Context(), seal.CodecKeyName, r.Master.RotateCodecKey))
	for _, f := range []storagetest.Filled{first, second} {
		require.Equal(t, []string{"installation 1"}, rotations(t, r, f))
	}
	broken := errors.New("broken")
	require.ErrorIs(t, keys.ReplaceInstallationKey(t.Context(), seal.CodecKeyName, func([]byte) ([]byte, error) { return nil, broken }), broken)
	require.ErrorIs(t, keys.ReplaceInstallationKey(t.Context(), "none", r.Master.RotateCodecKey), storage.ErrNotFound)
	require.Equal(t, []string{"installation 1"}, rotations(t, r, first))
}

// Nonsense is refused with what is wrong.
func TestReplaceKeysRefuses(t *testing.T) {
	t.Parallel()
	r := storagetest.New(t)
	keys, tenant := r.DB.Keys(storagetest.Actor()), storagetest.Tenant(t, r.DB)
	for _, c := range []struct {
		tenant, after string
		limit         int
		want          string
	}{
		{"nobody", "", 1, "tenant id"},
		{tenant.String(), "somewhere", 1, "cursor"},
		{tenant.String(), "1/nowhere", 1, "cursor"},
		{tenant.String(), "", 0, "limit of at least one"},
	} {
		_, err := keys.ReplaceKeys(t.Context(), c.tenant, c.after, c.limit, nil)
		require.ErrorContains(t, err, c.want)
	}
	require.ErrorIs(t, keys.ReplaceTenantKeys(t.Context(), "00000000-0000-0000-0000-000000000001", nil), storage.ErrNotFound)
}

// endDeferrals says that what a case left to its time was erased, which destroys what it was found by.
func endDeferrals(ctx context.Context, tx *storage.Tx, caseID uuid.UUID) error {
	plan, err := tx.ErasurePlanState(ctx, caseID)
	if err != nil {
		return err
	}
	deferral, err := tx.DeferralOf(ctx, plan.ID)
	if err != nil {
		return err
	}
	return tx.EndDeferral(ctx, deferral)
}
