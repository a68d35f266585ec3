package audit_test

import (
	"archive/zip"
	"bytes"
	"context"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"

	"github.com/privacy-docket/docket/audit"
)

// files is an export in memory.
type files map[string][]byte

func (f files) Put(_ context.Context, path string, data []byte) error {
	f[path] = data
	return nil
}

func (f files) fs() fstest.MapFS {
	out := fstest.MapFS{}
	for name, data := range f {
		out[name] = &fstest.MapFile{Data: data}
	}
	return out
}

func (f files) clone() files {
	out := files{}
	for name, data := range f {
		out[name] = bytes.Clone(data)
	}
	return out
}

func exported(t *testing.T, n int) (b *bench, out files, key string) {
	t.Helper()
	b = newBench(t)
	b.record(t, tenantA, n)
	b.checkpoint(t, tenantA)
	reader := b.reader(t, tenantA)
	out = files{}
	_, err := audit.Export(t.Context(), reader, out)
	require.NoError(t, err)
	return b, out, reader.key
}

func TestVerifyReportsTheLog(t *testing.T) {
	t.Parallel()
	for _, n := range []int{1, 2, 255, 256, 257, 512, 700} {
		b, out, key := exported(t, n)
		report, err := audit.Verify(out.fs(), key)
		require.NoError(t, err, "size %d", n)
		require.EqualValues(t, n, report.Size)
		require.Equal(t, b.heads[tenantA].Root, report.Root)
		require.Equal(t, time.Date(2026, 3, 1, 9, 0, 1, 0, time.UTC), report.First)
		require.Equal(t, b.at, report.Last)
	}
}

func TestVerifyAcrossThreeLevelsOfTiles(t *testing.T) {
	t.Parallel()
	b, out, key := exported(t, 256*256+300)
	require.Contains(t, out, "tile/1/000")
	require.Contains(t, out, "tile/2/000.p/1")
	require.Contains(t, out, "tile/1/001.p/1")
	require.Contains(t, out, "tile/entries/257.p/44")
	report, err := audit.Verify(out.fs(), key)
	require.NoError(t, err)
	require.Equal(t, b.heads[tenantA].Root, report.Root)
}

// tiles lets package tlog read an export: the third party's view.
type tiles struct{ files }

func (t tiles) Height() int { return 8 }

func (t tiles) ReadTiles(want []tlog.Tile) (out [][]byte, err error) {
	for _, x := range want {
		out = append(out, t.files["tile/"+strings.TrimPrefix(x.Path(), "tile/8/")])
	}
	return out, nil
}

func (t tiles) SaveTiles([]tlog.Tile, [][]byte) {}

// TestExportByOtherTools proves each record, and the growth from each size, with package tlog over the tile files alone.
func TestExportByOtherTools(t *testing.T) {
	t.Parallel()
	b, out, _ := exported(t, 700)
	head := b.heads[tenantA]
	reader := tlog.TileHashReader(tlog.Tree{N: head.Size, Hash: head.Root}, tiles{out})
	entries := b.entries(t, tenantA)
	for i := int64(0); i < head.Size; i += 37 {
		proof, err := tlog.ProveRecord(head.Size, i, reader)
		require.NoError(t, err)
		require.NoError(t, tlog.CheckRecord(proof, head.Size, head.Root, i, tlog.RecordHash(entries[i])))
		growth, err := tlog.ProveTree(head.Size, i+1, reader)
		require.NoError(t, err)
		require.NoError(t, tlog.CheckTree(growth, head.Size, head.Root, i+1, plainRoot(entries[:i+1])))
	}
}

// TestAnyMutationIsDetected changes one byte, cuts, grows, swaps or removes any file of an export.
func TestAnyMutationIsDetected(t *testing.T) {
	t.Parallel()
	_, whole, key := exported(t, 600)
	delete(whole, "verifier.json") // not part of the log
	names := slices.Sorted(maps.Keys(whole))
	_, err := audit.Verify(whole.fs(), key)
	require.NoError(t, err)
	rapid.Check(t, func(r *rapid.T) {
		out := whole.clone()
		name := rapid.SampledFrom(names).Draw(r, "file")
		data := out[name]
		at := rapid.IntRange(0, len(data)-1).Draw(r, "at")
		switch rapid.SampledFrom([]string{"flip", "cut", "grow", "remove", "swap", "extra"}).Draw(r, "how") {
		case "flip":
			data[at] ^= byte(rapid.IntRange(1, 255).Draw(r, "mask"))
		case "cut":
			out[name] = data[:at]
		case "grow":
			out[name] = append(data, rapid.SliceOfN(rapid.Byte(), 1, 40).Draw(r, "tail")...)
		case "remove":
			delete(out, name)
		case "swap":
			other := rapid.SampledFrom(names).Draw(r, "other")
			if bytes.Equal(out[name], out[other]) {
				return
			}
			out[name], out[other] = out[other], out[name]
		case "extra":
			out[name+"x"] = data
		}
		_, err := audit.Verify(out.fs(), key)
		require.Error(r, err)
	})
}

// splitBundle and joinBundle take a bundle apart and put it together.
func splitBundle(bundle []byte) (entries [][]byte) {
	for len(bundle) > 0 {
		size := 2 + int(bundle[0])<<8 + int(bundle[1])
		entries, bundle = append(entries, bundle[:size]), bundle[size:]
	}
	return entries
}

func joinBundle(entries [][]byte) []byte { return slices.Concat(entries...) }

func TestMutationsNameTheEntry(t *testing.T) {
	t.Parallel()
	_, whole, key := exported(t, 600)
	const second = "tile/entries/001"
	for name, tc := range map[string]struct {
		spoil func(out files)
		says  string
	}{
		"altered": {func(out files) {
			out[second] = bytes.Replace(out[second], []byte("gdpr"), []byte("ccpa"), 1)
		}, "entry 256 "},
		"altered later": {func(out files) {
			entries := splitBundle(out[second])
			entries[70] = bytes.Replace(entries[70], []byte("done"), []byte("fail"), 1)
			out[second] = joinBundle(entries)
		}, "entry 326 "},
		"removed": {func(out files) {
			out[second] = joinBundle(slices.Delete(splitBundle(out[second]), 10, 11))
		}, "entry 266 "},
		"last removed": {func(out files) {
			out[second] = joinBundle(splitBundle(out[second])[:255])
		}, "entry 511 "},
		"swapped": {func(out files) {
			entries := splitBundle(out[second])
			entries[3], entries[4] = entries[4], entries[3]
			out[second] = joinBundle(entries)
		}, "entry 259 "},
		"added": {func(out files) {
			entries := splitBundle(out[second])
			out[second] = joinBundle(append(entries, entries[0]))
		}, "after entry 511"},
		"inserted": {func(out files) {
			entries := splitBundle(out[second])
			out[second] = joinBundle(slices.Insert(entries, 5, entries[4]))
		}, "entry 261 "},
		"bundle gone":           {func(out files) { delete(out, second) }, "entries from 256 on"},
		"bundle beyond the end": {func(out files) { out["tile/entries/003.p/1"] = out[second] }, "beyond the 600"},
		"entry and leaf hash altered": {func(out files) {
			entries := splitBundle(out[second])
			entries[3] = bytes.Replace(entries[3], []byte("gdpr"), []byte("ccpa"), 1)
			out[second] = joinBundle(entries)
			hash := tlog.RecordHash(entries[3][2:])
			copy(out["tile/0/001"][3*32:], hash[:])
		}, "other entries 256 to 511"},
		"all tiles altered too": {func(out files) {
			entries := splitBundle(out["tile/entries/002.p/88"])
			entries[3] = bytes.Replace(entries[3], []byte("gdpr"), []byte("ccpa"), 1)
			out["tile/entries/002.p/88"] = joinBundle(entries)
			hash := tlog.RecordHash(entries[3][2:])
			copy(out["tile/0/002.p/88"][3*32:], hash[:])
		}, "another root"},
		"stray, by a number that comes round": {func(out files) {
			out["tile/0/x072/x057/x594/x037/x927/936"] = []byte("more") // 2^56, which times 256 is 0 again
		}, "beyond the 600"},
		"stray beside the tiles": {func(out files) { out["entries/000"] = out["tile/entries/000"] }, "does not belong"},
		"bundle without end":     {func(out files) { out[second] = make([]byte, 1<<25) }, "larger than"},
		"tile without end":       {func(out files) { out["tile/0/001"] = make([]byte, 1<<20) }, "larger than"},
		"checkpoint without end": {func(out files) { out["checkpoint"] = make([]byte, 1<<21) }, "larger than"},
		"no checkpoint":          {func(out files) { delete(out, "checkpoint") }, "no checkpoint"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out := whole.clone()
			tc.spoil(out)
			_, err := audit.Verify(out.fs(), key)
			require.ErrorIs(t, err, audit.ErrLog)
			require.ErrorContains(t, err, tc.says)
		})
	}
}

func TestVerifyTrustsOnlyTheKeyItIsGiven(t *testing.T) {
	t.Parallel()
	_, out, key := exported(t, 5)
	_, forged, forgedKey := exported(t, 5)
	_, err := audit.Verify(forged.fs(), key)
	require.ErrorIs(t, err, audit.ErrCheckpoint, "signed by somebody else, whatever verifier.json says")
	_, err = audit.Verify(out.fs(), forgedKey)
	require.ErrorIs(t, err, audit.ErrCheckpoint)
	require.Contains(t, string(out["verifier.json"]), key)
}

// A pipe in the place of a file would be waited for without end.
func TestVerifyWaitsForNoPipe(t *testing.T) {
	t.Parallel()
	_, out, key := exported(t, 5)
	for name := range out {
		dir := t.TempDir()
		require.NoError(t, os.CopyFS(dir, out.fs()))
		path := filepath.Join(dir, filepath.FromSlash(name))
		require.NoError(t, os.Remove(path))
		require.NoError(t, syscall.Mkfifo(path, 0o600))
		_, err := audit.Verify(os.DirFS(dir), key)
		if name != "verifier.json" { // for people: it is not read
			require.ErrorContains(t, err, "no ordinary file", name)
		}
	}
}

func TestVerifyAgainstOlderCheckpoints(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	reader := b.reader(t, tenantA)
	var older [][]byte
	for _, n := range []int{1, 255, 3, 500} {
		b.record(t, tenantA, n)
		older = append(older, b.checkpoint(t, tenantA))
	}
	out := files{}
	_, err := audit.Export(t.Context(), reader, out)
	require.NoError(t, err)
	_, err = audit.Verify(out.fs(), reader.key, older...)
	require.NoError(t, err)

	// The same operator rewrites history and signs it again: only the older checkpoint shows it.
	b.register = newRegister()
	b.record(t, tenantA, 759)
	b.checkpoint(t, tenantA)
	rewritten := files{}
	reader = b.reader(t, tenantA)
	_, err = audit.Export(t.Context(), reader, rewritten)
	require.NoError(t, err)
	_, err = audit.Verify(rewritten.fs(), reader.key)
	require.NoError(t, err)
	_, err = audit.Verify(rewritten.fs(), reader.key, older[1])
	require.ErrorIs(t, err, audit.ErrLog)
	require.ErrorContains(t, err, "the first 256 entries")

	short := newBench(t)
	short.signer = b.signer
	short.record(t, tenantA, 10)
	short.checkpoint(t, tenantA)
	cut := files{}
	_, err = audit.Export(t.Context(), short.reader(t, tenantA), cut)
	require.NoError(t, err)
	_, err = audit.Verify(cut.fs(), reader.key, older[3])
	require.ErrorContains(t, err, "covers 759 events and the log has 10")
}

func TestExportGrowsInPlace(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	reader := b.reader(t, tenantA)
	out := files{}
	size := int64(0)
	for _, n := range []int{1, 100, 155, 1, 300, 255} {
		b.record(t, tenantA, n)
		b.checkpoint(t, tenantA)
		done, err := audit.ExportSince(t.Context(), reader, out, size)
		require.NoError(t, err)
		size = done.Size
		report, err := audit.Verify(out.fs(), reader.key)
		require.NoError(t, err, "partial tiles of earlier sizes may stay, after %d", size)
		require.Equal(t, size, report.Size)
	}
	require.Contains(t, out, "tile/0/000.p/101")
	whole := out["tile/entries/000.p/101"]
	for name, spoiled := range map[string][]byte{"cut": whole[:50], "none": {}, "more": append(bytes.Clone(whole), out["tile/entries/000"][len(whole):][:10]...)} {
		out["tile/entries/000.p/101"] = spoiled
		_, err := audit.Verify(out.fs(), reader.key)
		require.ErrorContains(t, err, "of an earlier size", name)
	}
	out["tile/entries/000.p/101"] = whole
	out["tile/entries/000.p/101"][50] ^= 1
	_, err := audit.Verify(out.fs(), reader.key)
	require.ErrorContains(t, err, "of an earlier size")
	_, err = audit.ExportSince(t.Context(), reader, out, size+1)
	require.ErrorContains(t, err, "were exported before")
}

func TestExportRefusesAnAlteredRegister(t *testing.T) {
	t.Parallel()
	b, _, _ := exported(t, 10)
	reader := b.reader(t, tenantA)
	sequenced := reader.sequenced()
	entry := sequenced[4].Entry
	sequenced[4].Entry = bytes.Replace(entry, []byte("gdpr"), []byte("ccpa"), 1)
	out := files{}
	_, err := audit.Export(t.Context(), reader, out)
	require.ErrorContains(t, err, "event 4 is not the one")
	require.NotContains(t, out, "checkpoint")
	sequenced[4].Entry = entry
	b.hashes[tenantA][tlog.StoredHashIndex(3, 0)] = tlog.Hash{}
	_, err = audit.Export(t.Context(), reader, out)
	require.ErrorContains(t, err, "don't give the stored root")
}

func TestExportBeforeTheFirstCheckpoint(t *testing.T) {
	t.Parallel()
	_, err := audit.Export(t.Context(), newBench(t).reader(t, tenantA), files{})
	require.ErrorIs(t, err, audit.ErrNoCheckpoint)
}

func TestExportToFolderAndArchive(t *testing.T) {
	t.Parallel()
	b, _, key := exported(t, 300)
	dir := filepath.Join(t.TempDir(), "export")
	_, err := audit.Export(t.Context(), b.reader(t, tenantA), audit.DirSink(dir))
	require.NoError(t, err)
	_, err = audit.Verify(os.DirFS(dir), key)
	require.NoError(t, err, "no draft stays behind")
	require.Error(t, audit.DirSink(dir).Put(t.Context(), "../x", nil))

	var archive bytes.Buffer
	sink := audit.NewZipSink(&archive)
	_, err = audit.Export(t.Context(), b.reader(t, tenantA), sink)
	require.NoError(t, err)
	require.NoError(t, sink.Close())
	opened, err := zip.NewReader(bytes.NewReader(archive.Bytes()), int64(archive.Len()))
	require.NoError(t, err)
	_, err = audit.Verify(opened, key)
	require.NoError(t, err)
}

func TestVerifyRefusesSignedEntriesThatAreNotOfTheLog(t *testing.T) {
	t.Parallel()
	for name, entry := range map[string]string{
		"another tenant's": `{"action":"a.b","at":"2026-03-01T09:00:00.000000Z","tenant":"tenant-b","v":1}`,
		"a later version":  `{"action":"a.b","at":"2026-03-01T09:00:00.000000Z","tenant":"tenant-a","v":2}`,
		"no time":          `{"action":"a.b","tenant":"tenant-a","v":1}`,
		"a broken time":    `{"action":"a.b","at":"2026-03-01T09:00:61.000000Z","tenant":"tenant-a","v":1}`,
		"empty":            ``,
	} {
		b := newBench(t)
		row := audit.Row{Event: newEvent(tenantA, "case-1", b.at), Entry: []byte(entry)}
		require.NoError(t, b.InsertAuditEvent(t.Context(), row))
		_, err := audit.Sequencer{}.Integrate(t.Context(), b, tenantA, 1)
		require.NoError(t, err)
		b.checkpoint(t, tenantA)
		out := files{}
		reader := b.reader(t, tenantA)
		_, err = audit.Export(t.Context(), reader, out)
		require.NoError(t, err)
		_, err = audit.Verify(out.fs(), reader.key)
		require.ErrorIs(t, err, audit.ErrLog, name)
	}
}
