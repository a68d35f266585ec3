package seal_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/core/registry"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/tink"

	"github.com/privacy-docket/docket/seal"
)

func TestMasterFileIsForItsOwnerAlone(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "master.json")
	require.NoError(t, seal.CreateMasterFile(path))
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, fs.FileMode(0o600), info.Mode().Perm())

	for _, mode := range []fs.FileMode{0o640, 0o604, 0o620, 0o601, 0o700, 0o644} {
		require.NoError(t, os.Chmod(path, mode))
		_, err := seal.OpenMaster(t.Context(), "file://"+path)
		require.ErrorContains(t, err, "chmod 600", "mode %o", mode)
	}
	require.NoError(t, os.Chmod(path, 0o400))
	_, err = seal.OpenMaster(t.Context(), "file://"+path)
	require.NoError(t, err)
}

func TestMasterFileIsNeverOverwritten(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "master.json")
	require.NoError(t, seal.CreateMasterFile(path))
	before, err := os.ReadFile(path)
	require.NoError(t, err)
	require.ErrorIs(t, seal.CreateMasterFile(path), fs.ErrExist)
	after, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, before, after)
	left, err := os.ReadDir(filepath.Dir(path))
	require.NoError(t, err)
	require.Len(t, left, 1, "no draft stays behind")
}

func TestOpenMasterSaysWhatToDo(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	junk := filepath.Join(dir, "junk")
	require.NoError(t, os.WriteFile(junk, []byte("{}"), 0o600))
	for name, tc := range map[string]struct{ uri, want string }{
		"nothing":     {"", "docket keys create"},
		"missing":     {"file://" + dir + "/none", "docket keys create"},
		"relative":    {"file://master.json", "absolute path"},
		"a folder":    {"file://" + dir, "not a key file"},
		"not a key":   {"file://" + junk, "backup"},
		"a path":      {"/etc/master.json", "file:///"},
		"unknown KMS": {"nokms://project/key", "nokms://"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := seal.OpenMaster(t.Context(), tc.uri)
			require.ErrorContains(t, err, tc.want)
		})
	}
}

func TestOpenMasterStopsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := seal.OpenMaster(ctx, newMasterURI(t))
	require.ErrorIs(t, err, context.Canceled)
}

// fakeKMS is a KMS that holds one key and may refuse to decrypt.
type fakeKMS struct {
	prefix string
	key    tink.AEAD
	denied bool
}

func newFakeKMS(t *testing.T, prefix string, denied bool) *fakeKMS {
	t.Helper()
	handle, err := keyset.NewHandle(aead.AES256GCMKeyTemplate())
	require.NoError(t, err)
	key, err := aead.New(handle)
	require.NoError(t, err)
	return &fakeKMS{prefix: prefix, key: key, denied: denied}
}

func (k *fakeKMS) Supported(uri string) bool                    { return strings.HasPrefix(uri, k.prefix) }
func (k *fakeKMS) GetAEAD(string) (tink.AEAD, error)            { return k, nil }
func (k *fakeKMS) Encrypt(plaintext, ad []byte) ([]byte, error) { return k.key.Encrypt(plaintext, ad) }
func (k *fakeKMS) Decrypt(ciphertext, ad []byte) ([]byte, error) {
	if k.denied {
		return nil, errors.New("permission denied")
	}
	return k.key.Decrypt(ciphertext, ad)
}

func TestMasterInKMS(t *testing.T) {
	t.Parallel()
	registry.RegisterKMSClient(newFakeKMS(t, "fake-kms://good/", false))
	registry.RegisterKMSClient(newFakeKMS(t, "fake-kms://denied/", true))

	master := openMaster(t, "fake-kms://good/key")
	subject := newSubject(t, newTenant(t, master, "tenant"), "subject")
	sealed, err := subject.Seal([]byte(canary), seal.Field{Table: "t", Column: "c", Row: "r"})
	require.NoError(t, err)
	require.NotContains(t, string(sealed), canary)

	_, err = seal.OpenMaster(t.Context(), "fake-kms://denied/key")
	require.ErrorContains(t, err, "permission to encrypt and to decrypt")
}
