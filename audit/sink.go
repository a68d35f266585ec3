package audit

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// DirSink writes the files of an export into a folder. Each file appears whole or not at all.
type DirSink string

// Put implements Sink.
func (d DirSink) Put(_ context.Context, path string, data []byte) error {
	if !filepath.IsLocal(path) {
		return fmt.Errorf("writing an export: %q leaves the folder", path)
	}
	target := filepath.Join(string(d), filepath.FromSlash(path))
	if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil { //nolint:gosec // an export is made to be read by others
		return fmt.Errorf("writing an export: %w", err)
	}
	draft, err := os.CreateTemp(filepath.Dir(target), ".draft-*")
	if err != nil {
		return fmt.Errorf("writing an export: %w", err)
	}
	_, err = draft.Write(data)
	err = errors.Join(err, draft.Chmod(0o644), draft.Close())
	if err == nil {
		err = os.Rename(draft.Name(), target)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("writing an export: %w", err), os.Remove(draft.Name()))
	}
	return nil
}

// ZipSink writes the files of an export into a ZIP archive. Close it to complete the archive.
type ZipSink struct{ archive *zip.Writer }

// NewZipSink starts an archive in w.
func NewZipSink(w io.Writer) *ZipSink { return &ZipSink{archive: zip.NewWriter(w)} }

// Put implements Sink.
func (z *ZipSink) Put(_ context.Context, path string, data []byte) error {
	file, err := z.archive.Create(path)
	if err != nil {
		return fmt.Errorf("writing an export: %w", err)
	}
	if _, err := file.Write(data); err != nil {
		return fmt.Errorf("writing an export: %w", err)
	}
	return nil
}

// Close completes the archive; it doesn't close the writer below.
func (z *ZipSink) Close() error { return z.archive.Close() }
