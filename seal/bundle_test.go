package seal_test

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/seal"
)

const canary = "Canary-Ärmelkanal-7f3e"

// newMasterURI makes a master key file of its own.
func newMasterURI(t testing.TB) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "master.json")
	require.NoError(t, seal.CreateMasterFile(path))
	return "file://" + path
}

func newMaster(t testing.TB) *seal.Master {
	t.Helper()
	return openMaster(t, newMasterURI(t))
}

func openMaster(t testing.TB, uri string, previous ...string) *seal.Master {
	t.Helper()
	master, err := seal.OpenMaster(t.Context(), uri, previous...)
	require.NoError(t, err)
	return master
}

func newTenant(t testing.TB, master *seal.Master, id string) *seal.TenantKeys {
	t.Helper()
	wrapped, err := master.NewTenantKeys(id)
	require.NoError(t, err)
	keys, err := master.TenantKeys(wrapped, id)
	require.NoError(t, err)
	return keys
}

func newSubject(t testing.TB, tenant *seal.TenantKeys, id string) *seal.Key {
	t.Helper()
	wrapped, err := tenant.NewSubjectKey(id)
	require.NoError(t, err)
	key, err := tenant.SubjectKey(wrapped, id)
	require.NoError(t, err)
	return key
}
