package seal_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/privacy-docket/docket/seal"
)

func TestSealedFieldOpensOnlyInItsPlace(t *testing.T) {
	t.Parallel()
	master := newMaster(t)
	tenant := newTenant(t, master, "tenant-a")
	key := newSubject(t, tenant, "subject-1")
	at := seal.Field{Table: "subjects", Column: "email", Row: "subject-1"}
	sealed, err := key.Seal([]byte(canary), at)
	require.NoError(t, err)
	require.NotContains(t, string(sealed), canary)
	opened, err := key.Open(sealed, at)
	require.NoError(t, err)
	require.Equal(t, canary, string(opened))

	for _, elsewhere := range []seal.Field{
		{Table: "cases", Column: "email", Row: "subject-1"},
		{Table: "subjects", Column: "name", Row: "subject-1"},
		{Table: "subjects", Column: "email", Row: "subject-2"},
		{Table: "subject", Column: "semail", Row: "subject-1"},
	} {
		_, err := key.Open(sealed, elsewhere)
		require.ErrorIs(t, err, seal.ErrOpen, "%+v", elsewhere)
	}
	_, err = newSubject(t, tenant, "subject-1").Open(sealed, at)
	require.ErrorIs(t, err, seal.ErrOpen, "another key of the same person")
}

func TestSealRefusesPlacesWithoutName(t *testing.T) {
	t.Parallel()
	key := newSubject(t, newTenant(t, newMaster(t), "tenant"), "subject")
	for _, at := range []seal.Field{{Column: "c", Row: "r"}, {Table: "t", Row: "r"}, {Table: "t", Column: "c"}} {
		_, err := key.Seal([]byte("x"), at)
		require.ErrorIs(t, err, seal.ErrEmpty)
	}
}

func TestWrappedKeysOpenOnlyForTheirOwner(t *testing.T) {
	t.Parallel()
	master := newMaster(t)
	wrappedTenant, err := master.NewTenantKeys("tenant-a")
	require.NoError(t, err)
	_, err = master.TenantKeys(wrappedTenant, "tenant-b")
	require.ErrorIs(t, err, seal.ErrOpen)
	_, err = newMaster(t).TenantKeys(wrappedTenant, "tenant-a")
	require.ErrorIs(t, err, seal.ErrOpen, "another installation's master")

	a, b := newTenant(t, master, "tenant-a"), newTenant(t, master, "tenant-b")
	wrapped, err := a.NewSubjectKey("subject-1")
	require.NoError(t, err)
	_, err = a.SubjectKey(wrapped, "subject-2")
	require.ErrorIs(t, err, seal.ErrOpen, "another person")
	_, err = b.SubjectKey(wrapped, "subject-1")
	require.ErrorIs(t, err, seal.ErrOpen, "another tenant")
	_, err = a.SystemKey(wrapped, "subject-1")
	require.ErrorIs(t, err, seal.ErrOpen, "another kind")
	_, err = a.StreamKey(wrapped, "subject-1")
	require.ErrorIs(t, err, seal.ErrOpen, "another kind")
}

func TestDestroyedAndUnnamedKeys(t *testing.T) {
	t.Parallel()
	master := newMaster(t)
	tenant := newTenant(t, master, "tenant")
	_, err := master.TenantKeys(nil, "tenant")
	require.ErrorIs(t, err, seal.ErrNoKey)
	_, err = tenant.SubjectKey(nil, "subject")
	require.ErrorIs(t, err, seal.ErrNoKey)
	_, err = tenant.StreamKey(nil, "package")
	require.ErrorIs(t, err, seal.ErrNoKey)
	_, err = master.CodecKey(nil)
	require.ErrorIs(t, err, seal.ErrNoKey)
	_, err = master.Secret("name", nil)
	require.ErrorIs(t, err, seal.ErrNoKey)
	_, err = master.NewTenantKeys("")
	require.ErrorIs(t, err, seal.ErrEmpty)
	_, err = tenant.NewSubjectKey("")
	require.ErrorIs(t, err, seal.ErrEmpty)
	_, err = tenant.NewStreamKey("")
	require.ErrorIs(t, err, seal.ErrEmpty)
}

func TestAlteredWrappedTenantKeysNeverOpen(t *testing.T) {
	t.Parallel()
	master := newMaster(t)
	wrapped, err := master.NewTenantKeys("tenant")
	require.NoError(t, err)
	for cut := range wrapped {
		_, err := master.TenantKeys(wrapped[:cut], "tenant")
		require.Error(t, err, "cut at %d", cut)
	}
}

func TestAnyAlteredFieldFails(t *testing.T) {
	t.Parallel()
	key := newSubject(t, newTenant(t, newMaster(t), "tenant"), "subject")
	rapid.Check(t, func(r *rapid.T) {
		plaintext := rapid.SliceOf(rapid.Byte()).Draw(r, "plaintext")
		at := seal.Field{
			Table: rapid.StringN(1, 20, -1).Draw(r, "table"), Column: rapid.StringN(1, 20, -1).Draw(r, "column"),
			Row: rapid.StringN(1, 20, -1).Draw(r, "row"),
		}
		sealed, err := key.Seal(plaintext, at)
		require.NoError(r, err)
		opened, err := key.Open(sealed, at)
		require.NoError(r, err)
		require.True(r, bytes.Equal(plaintext, opened))
		altered := bytes.Clone(sealed)
		altered[rapid.IntRange(0, len(sealed)-1).Draw(r, "byte")] ^= byte(rapid.IntRange(1, 255).Draw(r, "mask"))
		_, err = key.Open(altered, at)
		require.ErrorIs(r, err, seal.ErrOpen)
	})
}

func TestSystemKeySealsAccessData(t *testing.T) {
	t.Parallel()
	tenant := newTenant(t, newMaster(t), "tenant")
	wrapped, err := tenant.NewSystemKey("crm")
	require.NoError(t, err)
	key, err := tenant.SystemKey(wrapped, "crm")
	require.NoError(t, err)
	at := seal.Field{Table: "systems", Column: "dsn", Row: "crm"}
	sealed, err := key.Seal([]byte("postgres://"), at)
	require.NoError(t, err)
	opened, err := key.Open(sealed, at)
	require.NoError(t, err)
	require.Equal(t, "postgres://", string(opened))
}
