package packaging_test

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"encoding/binary"
	"hash/crc32"
	"io"
	"io/fs"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/privacy-docket/docket/activities/packaging"
)

func verify(b []byte) (packaging.Report, error) {
	return packaging.Verify(bytes.NewReader(b), int64(len(b)))
}

func TestVerifyAcceptsWhatWasWritten(t *testing.T) {
	t.Parallel()
	m, b, _ := pack(t, contents("en"))
	report, err := verify(b)
	require.NoError(t, err)
	require.True(t, report.OK())
	require.Equal(t, len(m.Files), report.Checked)
	require.Equal(t, m.SHA256, report.Manifest.SHA256)
}

// rezip writes the files of a package anew after a change.
func rezip(t require.TestingT, files map[string]string) []byte {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for name, body := range files {
		w, err := z.Create(name)
		require.NoError(t, err)
		_, err = io.WriteString(w, body)
		require.NoError(t, err)
	}
	require.NoError(t, z.Close())
	return out.Bytes()
}

func TestVerifyNamesWhatChanged(t *testing.T) {
	t.Parallel()
	_, _, files := pack(t, contents("en"))
	files["data/shop/orders.csv"] = strings.Replace(files["data/shop/orders.csv"], "19.90", "19.91", 1)
	files["data/shop/baskets.json"] += " "
	delete(files, "data/crm/people.json")
	files["data/crm/more.json"] = "[]"
	report, err := verify(rezip(t, files))
	require.NoError(t, err)
	require.False(t, report.OK())
	require.Equal(t, []string{"data/shop/orders.csv", "data/shop/baskets.json"}, report.Altered)
	require.Equal(t, []string{"data/crm/people.json"}, report.Missing)
	require.Equal(t, []string{"data/crm/more.json"}, report.Extra)
}

func TestNoByteCanChangeUnseen(t *testing.T) {
	t.Parallel()
	_, good, files := pack(t, contents("en"))
	first, err := verify(good)
	require.NoError(t, err)
	rapid.Check(t, func(t *rapid.T) {
		b := bytes.Clone(good)
		b[rapid.IntRange(0, len(b)-1).Draw(t, "at")] ^= byte(rapid.IntRange(1, 255).Draw(t, "flip"))
		report, err := verify(b)
		if err != nil || !report.OK() || report.Manifest.SHA256 != first.Manifest.SHA256 {
			return
		}
		// What still verifies may differ only outside the contents: in time stamps, local headers, attributes.
		z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range z.File {
			r, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(r)
			if err != nil || string(body) != files[f.Name] {
				t.Fatalf("%s changed unseen", f.Name)
			}
		}
	})
}

func TestCutPackagesAreRefused(t *testing.T) {
	t.Parallel()
	_, good, _ := pack(t, contents("en"))
	rapid.Check(t, func(t *rapid.T) {
		report, err := verify(good[:rapid.IntRange(0, len(good)-1).Draw(t, "length")])
		if err == nil && report.OK() {
			t.Fatal("a cut package verified")
		}
	})
}

func raw(t *testing.T, h *zip.FileHeader, body []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	w, err := z.CreateRaw(h)
	require.NoError(t, err)
	_, err = w.Write(body)
	require.NoError(t, err)
	require.NoError(t, z.Close())
	return out.Bytes()
}

func TestHarmfulPackagesAreRefused(t *testing.T) {
	t.Parallel()
	_, _, files := pack(t, contents("en"))
	with := func(name string) []byte {
		more := map[string]string{name: "x"}
		for k, v := range files {
			more[k] = v
		}
		return rezip(t, more)
	}
	link := &zip.FileHeader{Name: "link"}
	link.SetMode(fs.ModeSymlink | 0o777)
	var small bytes.Buffer
	deflate, _ := flate.NewWriter(&small, 9)
	_, _ = deflate.Write(make([]byte, 1<<20))
	require.NoError(t, deflate.Close())
	for name, b := range map[string][]byte{
		"path upwards":      with("../evil"),
		"path in between":   with("data/../../evil"),
		"absolute path":     with("/etc/passwd"),
		"backslash":         with("..\\evil"),
		"drive":             with("C:evil"),
		"folder":            raw(t, &zip.FileHeader{Name: "data/x/"}, nil),
		"empty":             nil,
		"not a ZIP":         []byte(strings.Repeat("no", 1000)),
		"no manifest":       rezip(t, map[string]string{"a": "b"}),
		"strange manifest":  rezip(t, map[string]string{packaging.ManifestName: `{"version":99}`}),
		"symbolic link":     raw(t, link, nil),
		"impossible ratio":  raw(t, &zip.FileHeader{Name: "a", Method: zip.Deflate, CompressedSize64: uint64(small.Len()), UncompressedSize64: 1 << 37}, small.Bytes()),
		"expands too far":   raw(t, &zip.FileHeader{Name: "a", Method: zip.Store, UncompressedSize64: 1 << 39}, nil),
		"overlapping files": overlapping(t),
		"the same twice":    twice(t),
	} {
		_, err := verify(b)
		require.ErrorIs(t, err, packaging.ErrRefused, name)
	}
}

// overlapping is a ZIP whose two directory entries point at the same bytes.
func overlapping(t *testing.T) []byte {
	t.Helper()
	body := []byte("quite harmless")
	sum := crc32.ChecksumIEEE(body)
	one := raw(t, &zip.FileHeader{Name: "a", CRC32: sum, CompressedSize64: uint64(len(body)), UncompressedSize64: uint64(len(body))}, body)
	end := bytes.LastIndex(one, []byte("PK\x05\x06"))
	at := bytes.Index(one, []byte("PK\x01\x02"))
	entry := bytes.Clone(one[at:end])
	entry[46] = 'b'
	out := append(bytes.Clone(one[:end]), entry...)
	out = append(out, one[end:]...)
	tail := out[end+len(entry):]
	binary.LittleEndian.PutUint16(tail[8:], 2)
	binary.LittleEndian.PutUint16(tail[10:], 2)
	binary.LittleEndian.PutUint32(tail[12:], uint32(2*len(entry)))
	return out
}

func twice(t *testing.T) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for range 2 {
		_, err := z.Create("a")
		require.NoError(t, err)
	}
	require.NoError(t, z.Close())
	return out.Bytes()
}
