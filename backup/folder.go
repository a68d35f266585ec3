package backup

import (
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/privacy-docket/docket/seal"
)

// partial marks a folder that is being written; it gets its name when it is whole.
const partial = ".partial"

// draft is a folder that is being written.
type draft struct {
	target   string
	dir      string
	manifest Manifest
	done     bool
}

// begin makes the folder under another name. Nothing that is there is ever written over.
func begin(target string, manifest Manifest) (*draft, error) {
	if _, err := os.Lstat(target); !errors.Is(err, fs.ErrNotExist) {
		return nil, errors.Join(fmt.Errorf("%s is there already: name a new folder", target), err)
	}
	d := &draft{target: target, dir: target + partial, manifest: manifest}
	if err := os.MkdirAll(filepath.Dir(target), 0o700); err != nil {
		return nil, fmt.Errorf("make the folder above the backup: %w", err)
	}
	err := os.Mkdir(d.dir, 0o700)
	if errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("%s is there: another backup is writing it, or one broke off; delete it when none is running", d.dir)
	}
	if err != nil {
		return nil, fmt.Errorf("make the backup's folder: %w", err)
	}
	return d, nil
}

// discard takes away what was not finished.
func (d *draft) discard() error {
	if d.done {
		return nil
	}
	if err := os.RemoveAll(d.dir); err != nil {
		return fmt.Errorf("take the unfinished backup away: %w", err)
	}
	return nil
}

// file writes one file and puts it into the manifest.
func (d *draft) file(path string, fill func(io.Writer) error) error {
	sum, size, err := d.write(path, fill)
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	d.manifest.Files = append(d.manifest.Files, File{Path: path, Bytes: size, SHA256: sum})
	return nil
}

// write makes one file that lasts, and gives its hash and size.
func (d *draft) write(path string, fill func(io.Writer) error) (sum string, size int64, err error) {
	full := filepath.Join(d.dir, filepath.FromSlash(path))
	if err := os.MkdirAll(filepath.Dir(full), 0o700); err != nil {
		return "", 0, err
	}
	f, err := os.OpenFile(full, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return "", 0, err
	}
	counted := &counter{hash: sha256.New()}
	err = fill(io.MultiWriter(f, counted))
	if err == nil {
		err = f.Sync()
	}
	return hex.EncodeToString(counted.hash.Sum(nil)), counted.bytes, errors.Join(err, f.Close())
}

// zipped writes a compressed file.
func (d *draft) zipped(path string, fill func(io.Writer) error) error {
	return d.file(path, func(w io.Writer) error {
		z := gzip.NewWriter(w)
		return errors.Join(fill(z), z.Close())
	})
}

// counter sees bytes go by.
type counter struct {
	hash  hash.Hash
	bytes int64
}

func (c *counter) Write(p []byte) (int, error) {
	c.bytes += int64(len(p))
	return c.hash.Write(p)
}

// close writes the manifest with its seal, and gives the manifest's hash. The folder still bears its other name.
func (d *draft) close(master *seal.Master) (sum []byte, err error) {
	text, err := json.MarshalIndent(d.manifest, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write the manifest: %w", err)
	}
	hashed := sha256.Sum256(append(text, '\n'))
	sealed, err := master.WrapSecret(sealName(d.manifest.Kind), hashed[:])
	if err != nil {
		return nil, fmt.Errorf("seal the manifest: %w", err)
	}
	for path, data := range map[string][]byte{manifestFile: append(text, '\n'), sealFile: sealed} {
		if _, _, err := d.write(path, func(w io.Writer) error { _, err := w.Write(data); return err }); err != nil {
			return nil, fmt.Errorf("write %s: %w", path, err)
		}
	}
	return hashed[:], syncTree(d.dir)
}

// sealName binds a seal to the kind of folder, so that one kind is not taken for the other.
func sealName(kind string) string { return "backup/" + kind }

// settle gives the folder its name: from here on it is a backup.
func (d *draft) settle() error {
	if err := os.Rename(d.dir, d.target); err != nil {
		return fmt.Errorf("put the backup in place: %w", err)
	}
	d.done = true
	return syncFolder(filepath.Dir(d.target))
}

// syncTree makes the names of the files last, as Sync makes their contents.
func syncTree(dir string) error {
	return filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.IsDir() {
			return err
		}
		return syncFolder(path)
	})
}

func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("make a folder last: %w", err)
	}
	if err := errors.Join(folder.Sync(), folder.Close()); err != nil {
		return fmt.Errorf("make a folder last: %w", err)
	}
	return nil
}
