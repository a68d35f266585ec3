package seal_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/seal"
)

var place = seal.Field{Table: "subjects", Column: "name", Row: "1"}

func TestMasterRotation(t *testing.T) {
	t.Parallel()
	oldURI, newURI := newMasterURI(t), newMasterURI(t)
	before := openMaster(t, oldURI)
	wrapped, err := before.NewTenantKeys("tenant")
	require.NoError(t, err)
	tenant, err := before.TenantKeys(wrapped, "tenant")
	require.NoError(t, err)
	index, err := tenant.EmailIndex("a@example.com")
	require.NoError(t, err)

	both, after := openMaster(t, newURI, oldURI), openMaster(t, newURI)
	_, err = both.TenantKeys(wrapped, "tenant")
	require.NoError(t, err, "readable while the rotation is under way")
	rewrapped, changed, err := both.RewrapTenant(wrapped, "tenant")
	require.NoError(t, err)
	require.True(t, changed)
	again, changed, err := both.RewrapTenant(rewrapped, "tenant")
	require.NoError(t, err)
	require.False(t, changed, "a second run does nothing")
	require.Equal(t, rewrapped, again)

	moved, err := after.TenantKeys(rewrapped, "tenant")
	require.NoError(t, err)
	sameIndex, err := moved.EmailIndex("a@example.com")
	require.NoError(t, err)
	require.Equal(t, index, sameIndex)
	_, err = before.TenantKeys(rewrapped, "tenant")
	require.ErrorIs(t, err, seal.ErrOpen, "the old master is of no use any more")
	_, _, err = both.RewrapTenant(wrapped, "other")
	require.ErrorIs(t, err, seal.ErrOpen)
}

func TestInstallationKeysRotateWithTheMaster(t *testing.T) {
	t.Parallel()
	oldURI, newURI := newMasterURI(t), newMasterURI(t)
	before, both, after := openMaster(t, oldURI), openMaster(t, newURI, oldURI), openMaster(t, newURI)
	codec, err := before.NewCodecKey()
	require.NoError(t, err)
	secret, err := before.WrapSecret(seal.SigningKeyName, []byte("seed"))
	require.NoError(t, err)

	codec, changed, err := both.RewrapInstallation(codec, seal.CodecKeyName)
	require.NoError(t, err)
	require.True(t, changed)
	_, err = after.CodecKey(codec)
	require.NoError(t, err)
	secret, changed, err = both.RewrapInstallation(secret, seal.SigningKeyName)
	require.NoError(t, err)
	require.True(t, changed)
	opened, err := after.Secret(seal.SigningKeyName, secret)
	require.NoError(t, err)
	require.Equal(t, "seed", string(opened))
	_, err = after.Secret("another name", secret)
	require.ErrorIs(t, err, seal.ErrOpen)
	_, changed, err = both.RewrapInstallation(secret, seal.SigningKeyName)
	require.NoError(t, err)
	require.False(t, changed)
}

func TestTenantRotation(t *testing.T) {
	t.Parallel()
	master := newMaster(t)
	wrappedTenant, err := master.NewTenantKeys("tenant")
	require.NoError(t, err)
	before, err := master.TenantKeys(wrappedTenant, "tenant")
	require.NoError(t, err)
	wrapped, err := before.NewSubjectKey("subject")
	require.NoError(t, err)
	key, err := before.SubjectKey(wrapped, "subject")
	require.NoError(t, err)
	sealed, err := key.Seal([]byte(canary), place)
	require.NoError(t, err)

	rotated, err := master.RotateTenant(wrappedTenant, "tenant")
	require.NoError(t, err)
	after, err := master.TenantKeys(rotated, "tenant")
	require.NoError(t, err)
	requireOpens(t, after, wrapped, sealed)
	requireSameIndex(t, before, after)

	moved, err := after.Rewrap(wrapped, seal.KindSubject, "subject")
	require.NoError(t, err)
	_, err = before.SubjectKey(moved, "subject")
	require.ErrorIs(t, err, seal.ErrOpen, "wrapped by the new key")

	pruned, err := master.PruneTenant(rotated, "tenant")
	require.NoError(t, err)
	last, err := master.TenantKeys(pruned, "tenant")
	require.NoError(t, err)
	requireOpens(t, last, moved, sealed)
	requireSameIndex(t, before, last)
	_, err = last.SubjectKey(wrapped, "subject")
	require.ErrorIs(t, err, seal.ErrOpen, "what was not rewrapped is lost")
}

func TestKeyRotationKeepsOldValuesReadable(t *testing.T) {
	t.Parallel()
	tenant := newTenant(t, newMaster(t), "tenant")
	wrapped, err := tenant.NewSubjectKey("subject")
	require.NoError(t, err)
	before, err := tenant.SubjectKey(wrapped, "subject")
	require.NoError(t, err)
	old, err := before.Seal([]byte(canary), place)
	require.NoError(t, err)
	rotated, err := tenant.RotateKey(wrapped, seal.KindSubject, "subject")
	require.NoError(t, err)
	requireOpens(t, tenant, rotated, old)
	after, err := tenant.SubjectKey(rotated, "subject")
	require.NoError(t, err)
	fresh, err := after.Seal([]byte(canary), place)
	require.NoError(t, err)
	_, err = before.Open(fresh, place)
	require.ErrorIs(t, err, seal.ErrOpen, "new values need the new key")
}

func TestStreamKeyRotation(t *testing.T) {
	t.Parallel()
	tenant := newTenant(t, newMaster(t), "tenant")
	wrapped, err := tenant.NewStreamKey("package")
	require.NoError(t, err)
	before, err := tenant.StreamKey(wrapped, "package")
	require.NoError(t, err)
	file := encrypt(t, before, []byte(canary), "package")
	rotated, err := tenant.RotateKey(wrapped, seal.KindStream, "package")
	require.NoError(t, err)
	after, err := tenant.StreamKey(rotated, "package")
	require.NoError(t, err)
	opened, err := decrypt(after, file, "package")
	require.NoError(t, err)
	require.Equal(t, canary, string(opened))
	_, err = decrypt(before, encrypt(t, after, []byte(canary), "package"), "package")
	require.ErrorIs(t, err, seal.ErrOpen)
}

func requireOpens(t *testing.T, tenant *seal.TenantKeys, wrapped, sealed []byte) {
	t.Helper()
	key, err := tenant.SubjectKey(wrapped, "subject")
	require.NoError(t, err)
	opened, err := key.Open(sealed, place)
	require.NoError(t, err)
	require.Equal(t, canary, string(opened))
}

func requireSameIndex(t *testing.T, a, b *seal.TenantKeys) {
	t.Helper()
	x, err := a.EmailIndex("a@example.com")
	require.NoError(t, err)
	y, err := b.EmailIndex("a@example.com")
	require.NoError(t, err)
	require.Equal(t, x, y)
}
