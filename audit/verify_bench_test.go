package audit_test

import (
	"crypto/sha256"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/privacy-docket/docket/audit"
)

// bigLog streams a log of n events into a folder without ever holding it: the same event over and over, which costs the
// verifier as much as different ones.
func bigLog(b *testing.B, n int64) (dir, key string, bytes int64) {
	b.Helper()
	bench := newBench(b)
	entry, err := audit.Encode(goldenLike(bench))
	require.NoError(b, err)
	leaf := tlog.RecordHash(entry)
	hashes := make([]tlog.Hash, 0, 2*n)
	reader := tlog.HashReaderFunc(func(p []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(p))
		for i, x := range p {
			out[i] = hashes[x]
		}
		return out, nil
	})
	for i := range n {
		more, err := tlog.StoredHashesForRecordHash(i, leaf, reader)
		require.NoError(b, err)
		hashes = append(hashes, more...)
	}
	root, err := tlog.TreeHash(n, reader)
	require.NoError(b, err)
	bench.hashes[tenantA] = map[int64]tlog.Hash{}
	for i, h := range hashes {
		bench.hashes[tenantA][int64(i)] = h
	}
	bench.heads[tenantA] = audit.Head{Size: n, Root: root}
	bench.checkpoint(b, tenantA)
	dir = filepath.Join(b.TempDir(), "log")
	source := repeated{bench.reader(b, tenantA), entry}
	_, err = audit.Export(b.Context(), source, audit.DirSink(dir))
	require.NoError(b, err)
	return dir, source.key, n * int64(len(entry))
}

func BenchmarkVerifyMillion(b *testing.B) {
	dir, key, size := bigLog(b, 1_000_000)
	b.Run("verify", func(b *testing.B) {
		b.SetBytes(size)
		for b.Loop() {
			_, err := audit.Verify(os.DirFS(dir), key)
			require.NoError(b, err)
		}
	})
	b.Run("sha256 over the same files", func(b *testing.B) {
		b.SetBytes(size)
		for b.Loop() {
			hash := sha256.New()
			require.NoError(b, filepath.WalkDir(filepath.Join(dir, "tile", "entries"), func(path string, d os.DirEntry, err error) error {
				if err != nil || d.IsDir() || strings.HasPrefix(d.Name(), ".") {
					return err
				}
				data, err := os.ReadFile(path)
				hash.Write(data)
				return err
			}))
		}
	})
}
