package seal_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/seal"
)

const mebibyte = 1 << 20

func newStream(t *testing.T, tenant *seal.TenantKeys, id string) *seal.StreamKey {
	t.Helper()
	wrapped, err := tenant.NewStreamKey(id)
	require.NoError(t, err)
	key, err := tenant.StreamKey(wrapped, id)
	require.NoError(t, err)
	return key
}

func encrypt(t *testing.T, key *seal.StreamKey, plaintext []byte, purpose string) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := key.Encrypt(&out, purpose)
	require.NoError(t, err)
	_, err = w.Write(plaintext)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return out.Bytes()
}

func decrypt(key *seal.StreamKey, ciphertext []byte, purpose string) ([]byte, error) {
	r, err := key.Decrypt(bytes.NewReader(ciphertext), purpose)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}

func random(t *testing.T, size int) []byte {
	t.Helper()
	out := make([]byte, size)
	_, err := rand.Read(out)
	require.NoError(t, err)
	return out
}

func TestStreamRoundTrip(t *testing.T) {
	t.Parallel()
	key := newStream(t, newTenant(t, newMaster(t), "tenant"), "package-1")
	for _, size := range []int{0, 1, 1000, mebibyte - 1, mebibyte, mebibyte + 1, 3*mebibyte + 17} {
		plaintext := random(t, size)
		opened, err := decrypt(key, encrypt(t, key, plaintext, "package"), "package")
		require.NoError(t, err)
		require.True(t, bytes.Equal(plaintext, opened), "size %d", size)
	}
}

func TestTruncatedStreamFails(t *testing.T) {
	t.Parallel()
	key := newStream(t, newTenant(t, newMaster(t), "tenant"), "package-1")
	whole := encrypt(t, key, random(t, 3*mebibyte), "package")
	for _, kept := range []int{0, 1, 39, 40, 41, 100, mebibyte - 1, mebibyte, mebibyte + 1, 2 * mebibyte, len(whole) - 17, len(whole) - 1} {
		_, err := decrypt(key, whole[:kept], "package")
		require.ErrorIs(t, err, seal.ErrOpen, "cut at %d of %d", kept, len(whole))
	}
	_, err := decrypt(key, append(bytes.Clone(whole), 0), "package")
	require.ErrorIs(t, err, seal.ErrOpen, "longer by a byte")
}

func TestUnfinishedStreamFails(t *testing.T) {
	t.Parallel()
	key := newStream(t, newTenant(t, newMaster(t), "tenant"), "package-1")
	var out bytes.Buffer
	w, err := key.Encrypt(&out, "package")
	require.NoError(t, err)
	_, err = w.Write(random(t, 2*mebibyte))
	require.NoError(t, err)
	_, err = decrypt(key, out.Bytes(), "package")
	require.ErrorIs(t, err, seal.ErrOpen, "never closed")
}

func TestAlteredStreamFails(t *testing.T) {
	t.Parallel()
	key := newStream(t, newTenant(t, newMaster(t), "tenant"), "package-1")
	whole := encrypt(t, key, random(t, 2*mebibyte), "package")
	for _, at := range []int{0, 10, 39, 41, mebibyte / 2, mebibyte + 5, len(whole) - 1} {
		altered := bytes.Clone(whole)
		altered[at] ^= 0x10
		_, err := decrypt(key, altered, "package")
		require.ErrorIs(t, err, seal.ErrOpen, "byte %d", at)
	}
	swapped := bytes.Clone(whole)
	copy(swapped[mebibyte:mebibyte+1000], whole[mebibyte+1000:mebibyte+2000])
	_, err := decrypt(key, swapped, "package")
	require.ErrorIs(t, err, seal.ErrOpen)
}

func TestStreamOpensOnlyForItsPurposeAndKey(t *testing.T) {
	t.Parallel()
	tenant := newTenant(t, newMaster(t), "tenant")
	key := newStream(t, tenant, "package-1")
	whole := encrypt(t, key, []byte(canary), "package")
	require.NotContains(t, string(whole), canary)
	_, err := decrypt(key, whole, "document")
	require.ErrorIs(t, err, seal.ErrOpen)
	_, err = decrypt(newStream(t, tenant, "package-1"), whole, "package")
	require.ErrorIs(t, err, seal.ErrOpen)
	_, err = key.Encrypt(io.Discard, "")
	require.ErrorIs(t, err, seal.ErrEmpty)
	wrapped, err := tenant.NewStreamKey("package-1")
	require.NoError(t, err)
	_, err = tenant.StreamKey(wrapped, "package-2")
	require.ErrorIs(t, err, seal.ErrOpen)
}

func TestStreamTellsAFailingSourceFromABadOne(t *testing.T) {
	t.Parallel()
	key := newStream(t, newTenant(t, newMaster(t), "tenant"), "package-1")
	whole := encrypt(t, key, random(t, 2*mebibyte), "package")
	broken := errors.New("connection reset")
	source := io.MultiReader(bytes.NewReader(whole[:mebibyte+100]), iotest.ErrReader(broken))
	r, err := key.Decrypt(source, "package")
	require.NoError(t, err)
	_, err = io.ReadAll(r)
	require.ErrorIs(t, err, broken)
	require.NotErrorIs(t, err, seal.ErrOpen)
}
