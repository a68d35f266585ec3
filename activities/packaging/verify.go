package packaging

import (
	"archive/zip"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"sort"
	"strings"

	"github.com/klauspost/compress/flate"
)

// Limits of what Verify opens.
const (
	// MaxFiles in a package.
	MaxFiles = 100_000
	// MaxManifest is the largest manifest in bytes.
	MaxManifest = 64 << 20
	// MaxExpanded is how large all files together may be, in bytes.
	MaxExpanded = 256 << 30
	// MaxRatio is how far one file may expand. Deflate cannot do more than 1032 to 1.
	MaxRatio = 1100
)

// ErrRefused is returned by Verify for a file that is no package or that is built to do harm. What was refused is
// never unpacked.
var ErrRefused = errors.New("the package is refused")

// Report is what Verify found. Names are in the order of the manifest or sorted.
type Report struct {
	// Manifest as it is in the package; Manifest.SHA256 is to be compared with the value in the audit log, because
	// whoever changes a file can write a new manifest too.
	Manifest Manifest
	// Checked is the number of files that match.
	Checked int
	// Missing files are in the manifest only, Extra ones in the ZIP only; Altered ones differ in size or content.
	Missing, Extra, Altered []string
}

// OK tells whether every file is there, unchanged, and nothing else.
func (r Report) OK() bool { return len(r.Missing)+len(r.Extra)+len(r.Altered) == 0 && r.Checked > 0 }

// Verify opens a package and checks every file against the manifest. It unpacks nothing to disk and holds no file in
// memory. An error means that the package could not be checked: ErrRefused, or trouble with reading.
func Verify(r io.ReaderAt, size int64) (Report, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return Report{}, fmt.Errorf("%w: it is not a ZIP file: %w", ErrRefused, err)
	}
	z.RegisterDecompressor(zip.Deflate, flate.NewReader)
	files, err := inspect(z, size)
	if err != nil {
		return Report{}, err
	}
	manifest, err := readManifest(files[ManifestName])
	if err != nil {
		return Report{}, err
	}
	report := Report{Manifest: manifest}
	for _, want := range manifest.Files {
		got, ok := files[want.Name]
		delete(files, want.Name)
		switch {
		case !ok:
			report.Missing = append(report.Missing, want.Name)
		case !matches(got, want):
			report.Altered = append(report.Altered, want.Name)
		default:
			report.Checked++
		}
	}
	delete(files, ManifestName)
	for name := range files {
		report.Extra = append(report.Extra, name)
	}
	sort.Strings(report.Extra)
	return report, nil
}

// inspect looks at the directory of the ZIP before anything is unpacked.
func inspect(z *zip.Reader, size int64) (map[string]*zip.File, error) {
	if len(z.File) > MaxFiles {
		return nil, fmt.Errorf("%w: it has more than %d files", ErrRefused, MaxFiles)
	}
	files, total := make(map[string]*zip.File, len(z.File)), uint64(0)
	for _, f := range z.File {
		if err := safeName(f); err != nil {
			return nil, err
		}
		if _, twice := files[f.Name]; twice {
			return nil, fmt.Errorf("%w: it has two files called %q", ErrRefused, f.Name)
		}
		files[f.Name] = f
		if total += f.UncompressedSize64; total > MaxExpanded || f.UncompressedSize64 > MaxExpanded {
			return nil, fmt.Errorf("%w: it would expand to more than %d bytes", ErrRefused, int64(MaxExpanded))
		}
		if f.UncompressedSize64 > MaxRatio*(f.CompressedSize64+1) {
			return nil, fmt.Errorf("%w: %q claims to expand further than Deflate can", ErrRefused, f.Name)
		}
	}
	return files, apart(z.File, size)
}

// safeName accepts relative paths of plain files inside the package.
func safeName(f *zip.File) error {
	name := f.Name
	bad := name == "" || path.Clean(name) != name || path.IsAbs(name) || strings.HasPrefix(name, "../") || name == ".." ||
		strings.ContainsAny(name, "\\:\x00") || !f.Mode().IsRegular()
	if bad {
		return fmt.Errorf("%w: it has a file with an unsafe name or type: %q", ErrRefused, name)
	}
	return nil
}

// apart refuses files that share bytes: overlapping files are how a small ZIP becomes a bomb that no ratio shows.
func apart(files []*zip.File, size int64) error {
	type span struct{ from, to int64 }
	spans := make([]span, 0, len(files))
	for _, f := range files {
		from, err := f.DataOffset()
		if err != nil {
			return fmt.Errorf("%w: the entry of %q is damaged", ErrRefused, f.Name)
		}
		if f.CompressedSize64 > uint64(size) || from+int64(f.CompressedSize64) > size {
			return fmt.Errorf("%w: %q lies outside the file", ErrRefused, f.Name)
		}
		spans = append(spans, span{from, from + int64(f.CompressedSize64)})
	}
	slices.SortFunc(spans, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	for i := 1; i < len(spans); i++ {
		if spans[i].from < spans[i-1].to {
			return fmt.Errorf("%w: its files overlap", ErrRefused)
		}
	}
	return nil
}

func readManifest(f *zip.File) (Manifest, error) {
	if f == nil {
		return Manifest{}, fmt.Errorf("%w: it has no %s", ErrRefused, ManifestName)
	}
	if f.UncompressedSize64 > MaxManifest {
		return Manifest{}, fmt.Errorf("%w: its manifest is larger than %d bytes", ErrRefused, MaxManifest)
	}
	r, err := f.Open()
	if err != nil {
		return Manifest{}, fmt.Errorf("%w: its manifest cannot be read", ErrRefused)
	}
	defer func() { _ = r.Close() }()
	text, err := io.ReadAll(io.LimitReader(r, MaxManifest+1))
	if err != nil {
		return Manifest{}, fmt.Errorf("%w: its manifest is damaged", ErrRefused)
	}
	var m Manifest
	if err := json.Unmarshal(text, &m); err != nil || m.Version != ManifestVersion {
		return Manifest{}, fmt.Errorf("%w: its manifest is not one of version %d", ErrRefused, ManifestVersion)
	}
	sum := sha256.Sum256(text)
	m.SHA256 = hex.EncodeToString(sum[:])
	return m, nil
}

// matches reads a file and compares size and fingerprint. A file that cannot be read is altered.
func matches(f *zip.File, want File) bool {
	if f.UncompressedSize64 != uint64(want.Size) {
		return false
	}
	r, err := f.Open()
	if err != nil {
		return false
	}
	defer func() { _ = r.Close() }()
	sum := sha256.New()
	n, err := io.Copy(sum, io.LimitReader(r, want.Size+1))
	return err == nil && n == want.Size && hex.EncodeToString(sum.Sum(nil)) == want.SHA256
}
