package backup

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/privacy-docket/docket/storage/objects"
)

// Saved is one object of a backup. Its file is named by its place in the list, since keys are no names for files.
type Saved struct {
	Key    string `json:"key"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// objectsPerFolder keeps folders small enough to list.
const objectsPerFolder = 10_000

func objectFile(n int64) string {
	return fmt.Sprintf("%s/%06d/%04d", objectsDir, n/objectsPerFolder, n%objectsPerFolder)
}

// saveObjects copies the bucket, object by object and in the order of their keys, but for those that leave says are made
// from the register. None is held in memory.
func (d *draft) saveObjects(ctx context.Context, store *objects.Store, leave func(key string) bool) error {
	return d.zipped(objectsFile, func(w io.Writer) error {
		lines := json.NewEncoder(w)
		return store.Each(ctx, "", func(o objects.Object) error {
			if leave(o.Key) {
				return nil
			}
			saved, err := d.saveStill(ctx, store, o.Key)
			if errors.Is(err, objects.ErrNotFound) {
				d.manifest.Counts.Vanished++
				return nil
			}
			if err != nil {
				return fmt.Errorf("object %d: %w", d.manifest.Counts.Objects, err)
			}
			d.manifest.Counts.Objects++
			d.manifest.Counts.Bytes += saved.Bytes
			return lines.Encode(saved)
		})
	})
}

// objectTries is how often an object is read that changed or broke off under the reader.
const objectTries = 3

// saveStill reads an object that may be written anew or deleted meanwhile: the work goes on while a backup is made.
func (d *draft) saveStill(ctx context.Context, store *objects.Store, key string) (saved Saved, err error) {
	for range objectTries {
		if saved, err = d.saveObject(ctx, store, key); err == nil || ctx.Err() != nil || errors.Is(err, objects.ErrNotFound) {
			return saved, err
		}
		gone := os.Remove(filepath.Join(d.dir, objectFile(d.manifest.Counts.Objects)))
		if gone != nil && !errors.Is(gone, fs.ErrNotExist) {
			return saved, errors.Join(err, gone)
		}
	}
	return saved, err
}

func (d *draft) saveObject(ctx context.Context, store *objects.Store, key string) (Saved, error) {
	object, err := store.Get(ctx, key)
	if err != nil {
		return Saved{}, err
	}
	defer object.Close()
	saved := Saved{Key: key}
	saved.SHA256, saved.Bytes, err = d.write(objectFile(d.manifest.Counts.Objects), func(w io.Writer) error {
		_, err := io.Copy(w, object)
		return err
	})
	return saved, err
}

// each goes through the list of objects; do also gets the place of each.
func (f *Folder) each(do func(n int64, saved Saved) error) error {
	r, err := f.unzipped(objectsFile)
	if err != nil {
		return err
	}
	lines := json.NewDecoder(bufio.NewReader(r))
	for n := int64(0); ; n++ {
		var saved Saved
		err := lines.Decode(&saved)
		if errors.Is(err, io.EOF) {
			return r.Close()
		}
		if err != nil {
			return errors.Join(fmt.Errorf("read the list of objects: %w", err), r.Close())
		}
		if err := do(n, saved); err != nil {
			return errors.Join(err, r.Close())
		}
	}
}
