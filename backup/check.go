package backup

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/seal"
)

// ErrDamaged says that a backup is not what was written. The message names the file.
var ErrDamaged = errors.New("the backup is damaged or was altered; use another one")

// Folder is a backup, or the keys of one, to be read.
type Folder struct {
	Manifest
	// Sum is the hash of the manifest, which names the backup.
	Sum []byte

	dir   string
	files map[string]File
}

// manifestLimit keeps a wrong file from being read into memory.
const manifestLimit = 64 << 20

// OpenRegister opens the part of a backup that holds everything but keys.
func OpenRegister(dir string, master *seal.Master) (*Folder, error) {
	return open(dir, kindRegister, master)
}

// OpenKeys opens the part that holds the keys. dir may also be a backup with its keys in it.
func OpenKeys(dir string, master *seal.Master) (*Folder, error) {
	if inside := filepath.Join(dir, keysDir); there(inside) {
		dir = inside
	}
	return open(dir, kindKeys, master)
}

// KeysOf is where a backup has its keys, unless they were kept apart; "" when they were.
func KeysOf(dir string) string {
	if inside := filepath.Join(dir, keysDir); there(inside) {
		return inside
	}
	return ""
}

func there(dir string) bool {
	info, err := os.Stat(dir)
	return err == nil && info.IsDir()
}

// open reads the manifest and checks its seal.
func open(dir, kind string, master *seal.Master) (*Folder, error) {
	if strings.HasSuffix(filepath.Clean(dir), partial) {
		return nil, fmt.Errorf("%s is a backup that broke off: use another one", dir)
	}
	if meant, err := filepath.EvalSymlinks(dir); err == nil {
		dir = meant // a link such as "latest" is walked as the folder that it leads to
	}
	text, err := readSmall(filepath.Join(dir, manifestFile))
	if err != nil {
		return nil, fmt.Errorf("%s is no backup, or not all of one: %w", dir, err)
	}
	sealed, err := readSmall(filepath.Join(dir, sealFile))
	if err != nil {
		return nil, fmt.Errorf("%s is no backup, or not all of one: %w", dir, err)
	}
	if err := checkFormat(dir, text); err != nil {
		return nil, err
	}
	sum := sha256.Sum256(text)
	f := &Folder{dir: dir, Sum: sum[:], files: map[string]File{}}
	if err := json.Unmarshal(text, &f.Manifest); err != nil {
		return nil, fmt.Errorf("read the manifest: %w: %w", ErrDamaged, err)
	}
	switch f.Kind { // before the seal, which is of the kind as well and would blame the key
	case kind:
	case kindRegister, kindKeys:
		return nil, fmt.Errorf("%s holds %s, not %s: name the other folder", dir, f.Kind, kind)
	default:
		return nil, fmt.Errorf("the manifest of %s says that it holds %q: %w", dir, f.Kind, ErrDamaged)
	}
	kept, err := master.Secret(sealName(kind), sealed)
	if err != nil {
		return nil, fmt.Errorf("the seal of %s does not open: DOCKET_MASTER_KEY is not the master key that the backup was made under (--previous-master names an older one), or the backup was altered: %w", dir, err)
	}
	if !bytes.Equal(kept, sum[:]) {
		return nil, fmt.Errorf("%s is not the manifest that was sealed: %w", filepath.Join(dir, manifestFile), ErrDamaged)
	}
	for _, file := range f.Files {
		f.files[file.Path] = file
	}
	return f, nil
}

// checkFormat comes before the seal: a newer program may seal in another way.
func checkFormat(dir string, text []byte) error {
	var head struct {
		Format int    `json:"format"`
		Kind   string `json:"kind"`
	}
	if err := json.Unmarshal(text, &head); err != nil || head.Format < 1 {
		return fmt.Errorf("%s cannot be read: %w", filepath.Join(dir, manifestFile), ErrDamaged)
	}
	if head.Format > Format {
		return fmt.Errorf("%s has the format %d, and this program knows up to %d: use a newer docket", dir, head.Format, Format)
	}
	return nil
}

func readSmall(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(f, manifestLimit))
	return data, errors.Join(err, f.Close())
}

// Check reads every file and compares it with the manifest, refuses what the manifest does not name, and verifies the
// audit logs.
func (f *Folder) Check() error {
	for _, file := range f.Files {
		if err := f.checkFile(file); err != nil {
			return err
		}
	}
	var objects int64
	if f.Kind == kindRegister {
		err := f.each(func(n int64, saved Saved) error {
			objects++
			return f.checkFile(File{Path: objectFile(n), Bytes: saved.Bytes, SHA256: saved.SHA256})
		})
		if err != nil {
			return err
		}
	}
	if objects != f.Counts.Objects {
		return fmt.Errorf("the list has %d objects and the manifest %d: %w", objects, f.Counts.Objects, ErrDamaged)
	}
	if err := f.checkStray(); err != nil {
		return err
	}
	return f.checkLogs()
}

func (f *Folder) checkFile(file File) error {
	r, err := f.sound(file)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, r)
	return errors.Join(err, r.Close())
}

// checkStray refuses files that the backup does not have.
func (f *Folder) checkStray() error {
	return filepath.WalkDir(f.dir, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(f.dir, name)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		switch {
		case entry.IsDir() && rel == keysDir && f.Kind == kindRegister:
			return fs.SkipDir // the keys have a manifest of their own
		case entry.IsDir() || f.has(rel):
			return nil
		}
		return fmt.Errorf("%s does not belong to the backup: take it away, or use another backup: %w", name, ErrDamaged)
	})
}

func (f *Folder) has(rel string) bool {
	if rel == manifestFile || rel == sealFile {
		return true
	}
	if _, ok := f.files[rel]; ok {
		return true
	}
	var folder, n int64
	if _, err := fmt.Sscanf(rel, objectsDir+"/%d/%d", &folder, &n); err != nil {
		return false
	}
	n += folder * objectsPerFolder
	return n >= 0 && n < f.Counts.Objects && objectFile(n) == rel
}

// checkLogs verifies each tenant's audit log with the key that the sealed manifest names.
func (f *Folder) checkLogs() error {
	for _, log := range f.Logs {
		if err := f.checkLog(log); err != nil {
			return fmt.Errorf("the audit log of tenant %s: %w", log.Tenant, err)
		}
	}
	return nil
}

func (f *Folder) checkLog(log Log) error {
	archive, done, err := openZip(f.path(log.File))
	if err != nil {
		return err
	}
	defer done()
	report, err := audit.Verify(archive, log.Key)
	if err != nil {
		return err
	}
	if report.Size != log.Size {
		return fmt.Errorf("it has %d events and the manifest %d: %w", report.Size, log.Size, ErrDamaged)
	}
	return nil
}

func (f *Folder) path(rel string) string { return filepath.Join(f.dir, filepath.FromSlash(rel)) }

// sound opens a file and compares its content as it is read: at the end, a difference is an error.
func (f *Folder) sound(file File) (io.ReadCloser, error) {
	if !filepath.IsLocal(filepath.FromSlash(file.Path)) || path.Clean(file.Path) != file.Path {
		return nil, fmt.Errorf("the manifest names %q, which is no place in the backup: %w", file.Path, ErrDamaged)
	}
	info, err := os.Lstat(f.path(file.Path))
	if err != nil {
		return nil, fmt.Errorf("%s is missing (%s): %w", f.path(file.Path), err.Error(), ErrDamaged)
	}
	if !info.Mode().IsRegular() || info.Size() != file.Bytes {
		return nil, fmt.Errorf("%s has %d bytes and the manifest says %d: %w", f.path(file.Path), info.Size(), file.Bytes, ErrDamaged)
	}
	r, err := os.Open(f.path(file.Path))
	if err != nil {
		return nil, fmt.Errorf("read the backup: %w", err)
	}
	return &soundReader{File: r, want: file.SHA256, counter: counter{hash: sha256.New()}}, nil
}

type soundReader struct {
	*os.File
	want    string
	counter counter
}

func (r *soundReader) Read(p []byte) (int, error) {
	n, err := r.File.Read(p)
	_, _ = r.counter.Write(p[:n]) // a hash takes everything
	if errors.Is(err, io.EOF) && hex.EncodeToString(r.counter.hash.Sum(nil)) != r.want {
		return n, fmt.Errorf("%s is not the file that was written: %w", r.Name(), ErrDamaged)
	}
	return n, err
}

// WriteTo hides that of the file, which would go past the hash.
func (r *soundReader) WriteTo(w io.Writer) (int64, error) {
	return io.Copy(w, struct{ io.Reader }{r})
}

// unzipped opens a compressed file of the manifest.
func (f *Folder) unzipped(rel string) (io.ReadCloser, error) {
	file, ok := f.files[rel]
	if !ok {
		return nil, fmt.Errorf("the manifest does not name %s: %w", rel, ErrDamaged)
	}
	r, err := f.sound(file)
	if err != nil {
		return nil, err
	}
	z, err := gzip.NewReader(r)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s (%s): %w", f.path(rel), err.Error(), ErrDamaged), r.Close())
	}
	return struct {
		io.Reader
		io.Closer
	}{z, r}, nil
}

// table opens the rows of a table.
func (f *Folder) table(name string) (io.ReadCloser, error) { return f.unzipped(tableFile(name)) }

// Fit says whether keys may be used with a backup: of the same installation, and not older than it.
func (f *Folder) Fit(keys *Folder) error {
	if keys.Taken.Before(f.Taken) {
		return fmt.Errorf("the keys are of %s and the backup of %s: what came in between would have no keys; give those of the same backup, or newer ones",
			keys.Taken.Format(stamp), f.Taken.Format(stamp))
	}
	if keys.Installation != f.Installation {
		return fmt.Errorf("the keys are of the installation %s and the backup of %s: give those of the same installation", keys.Installation, f.Installation)
	}
	return nil
}

// stamp is how times are written for people.
const stamp = "2006-01-02 15:04:05 MST"
