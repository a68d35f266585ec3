package audit_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/audit"
)

// exportedLog is a log of 260 events with an earlier export of 250 below it, as a folder in memory.
func exportedLog(t testing.TB) (out files, key string) {
	t.Helper()
	b := newBench(t)
	reader := b.reader(t, tenantA)
	out = files{}
	size := int64(0)
	for _, n := range []int{250, 10} {
		b.record(t, tenantA, n)
		b.checkpoint(t, tenantA)
		done, err := audit.ExportSince(t.Context(), reader, out, size)
		require.NoError(t, err)
		size = done.Size
	}
	return out, reader.key
}

// FuzzVerifyFolder spoils one file of an exported log: another content from some place on, or another file. A log verifies
// only while it is the same log.
func FuzzVerifyFolder(f *testing.F) {
	good, key := exportedLog(f)
	names := slices.Sorted(maps.Keys(good))
	want, err := audit.Verify(good.fs(), key)
	require.NoError(f, err)
	for i, name := range names {
		f.Add(uint8(i), name, uint32(0), good[name], true)
		f.Add(uint8(i), name, uint32(7), []byte{0}, false)
	}
	f.Add(uint8(0), "tile/0/x072/x057/x594/x037/x927/936", uint32(0), []byte("more"), true)
	f.Fuzz(func(t *testing.T, which uint8, name string, at uint32, patch []byte, whole bool) {
		if whole {
			if !fs.ValidPath(name) || name == "." || both(names, name) {
				return
			}
		} else {
			name = names[int(which)%len(names)]
		}
		spoiled := maps.Clone(good)
		spoiled[name] = patched(good[name], at, patch, whole)
		report, err := audit.Verify(spoiled.fs(), key)
		if err != nil {
			require.True(t, isAuditError(err), "%v", err)
			return
		}
		require.Equal(t, want, report)
		if name != "verifier.json" { // a note for convenience, which nothing trusts
			want := good[name]
			if want == nil {
				want = earlier(t, good, name)
			}
			require.True(t, bytes.Equal(want, spoiled[name]), "%s is none of the log and the log verifies", name)
		}
	})
}

// earlier is what a partial tile or bundle of that name held when the log was smaller: the only files that may stand beside it.
func earlier(t *testing.T, good files, name string) []byte {
	t.Helper()
	whole, text, partial := strings.Cut(name, ".p/")
	width, err := strconv.Atoi(text)
	require.True(t, partial && err == nil, "%s is none of the log and the log verifies", name)
	now := good[whole]
	for other, content := range good {
		if strings.HasPrefix(other, whole+".p/") && len(content) > len(now) {
			now = content
		}
	}
	if strings.HasPrefix(name, "tile/entries/") {
		return joinBundle(splitBundle(now)[:width])
	}
	return now[:32*width]
}

// both tells whether a path would need a file to be a folder as well. No file system has such a thing, and a ZIP reader refuses it.
func both(names []string, path string) bool {
	return slices.ContainsFunc(names, func(name string) bool {
		return strings.HasPrefix(path, name+"/") || strings.HasPrefix(name, path+"/")
	})
}

// patched writes a patch over a file, or in place of it.
func patched(file []byte, at uint32, patch []byte, whole bool) []byte {
	if whole || len(file) == 0 {
		return patch
	}
	from := int(at) % len(file)
	out := append(bytes.Clone(file[:from]), patch...)
	if from+len(patch) < len(file) {
		out = append(out, file[from+len(patch):]...)
	}
	return out
}

func isAuditError(err error) bool {
	for _, known := range []error{audit.ErrLog, audit.ErrCheckpoint} {
		if errors.Is(err, known) {
			return true
		}
	}
	return false
}

// FuzzVerifyArchive reads any bytes as the ZIP of an exported log.
func FuzzVerifyArchive(f *testing.F) {
	b := newBench(f)
	b.record(f, tenantA, 9)
	b.checkpoint(f, tenantA)
	reader := b.reader(f, tenantA)
	var archive bytes.Buffer
	sink := audit.NewZipSink(&archive)
	_, err := audit.Export(f.Context(), reader, sink)
	require.NoError(f, err)
	require.NoError(f, sink.Close())
	good := contentsOf(f, archive.Bytes())
	f.Add(archive.Bytes())
	f.Add(archive.Bytes()[:archive.Len()/2])
	f.Fuzz(func(t *testing.T, data []byte) {
		opened, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			return
		}
		if _, err := audit.Verify(opened, reader.key); err != nil {
			require.True(t, isAuditError(err), "%v", err)
			return
		}
		got := contentsOf(t, data)
		delete(got, "verifier.json")
		for name, content := range got {
			require.Equal(t, good[name], content, name)
		}
	})
}

// contentsOf reads every file of an archive.
func contentsOf(t testing.TB, data []byte) map[string]string {
	t.Helper()
	opened, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	require.NoError(t, err)
	out := map[string]string{}
	require.NoError(t, fs.WalkDir(opened, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(opened, path)
		out[path] = string(content)
		return err
	}))
	return out
}

// FuzzReaders reads the same bytes as an entry of the log, as a signed checkpoint and as the proof of one case. An entry is
// written back byte for byte, and nobody but the signer can speak of another log.
func FuzzReaders(f *testing.F) {
	b := newBench(f)
	b.record(f, tenantA, 7)
	signed := b.checkpoint(f, tenantA)
	reader := b.reader(f, tenantA)
	logged := map[string]bool{}
	for _, x := range b.rows[tenantA] {
		logged[string(x.Entry)] = true
		f.Add(x.Entry, reader.key)
	}
	for _, id := range []string{"case-0", "case-1"} {
		proof, err := audit.Prove(f.Context(), reader, id)
		require.NoError(f, err)
		data, err := json.Marshal(proof)
		require.NoError(f, err)
		f.Add(data, reader.key)
	}
	f.Add(signed, reader.key)
	f.Add(append(bytes.Clone(signed), signed...), "docket/audit/x+1234abcd+AAAA")
	f.Fuzz(func(t *testing.T, data []byte, otherKey string) {
		if event, err := audit.Decode(data); err == nil {
			again, err := audit.Encode(event)
			require.NoError(t, err)
			require.Equal(t, string(data), string(again))
		} else {
			require.ErrorIs(t, err, audit.ErrEntry)
			require.LessOrEqual(t, len(err.Error()), 200, "an entry is not echoed")
		}
		_, _ = audit.OpenCheckpoint(data, otherKey)
		if read, err := audit.OpenCheckpoint(data, reader.key); err == nil {
			require.Equal(t, b.heads[tenantA], read.Head)
		} else {
			require.ErrorIs(t, err, audit.ErrCheckpoint)
		}
		proof, events, err := audit.VerifyProof(data, reader.key)
		if err != nil {
			require.True(t, isAuditError(err) || errors.Is(err, audit.ErrEntry), "%v", err)
			return
		}
		require.Len(t, events, len(proof.Events))
		for i, e := range proof.Events {
			require.True(t, logged[e.Entry], "an event that never was is proven")
			require.Equal(t, proof.Case, events[i].CaseID)
		}
	})
}
