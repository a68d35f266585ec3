package packaging

import (
	"archive/zip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"time"
)

// archive writes the files of a ZIP one after the other and takes their fingerprints on the way.
type archive struct {
	zip   *zip.Writer
	built time.Time
	files []File
}

func newArchive(w io.Writer, built time.Time, level int) (*archive, error) {
	if level == 0 {
		level = DefaultLevel
	}
	// One compressor serves all files: a ZIP never has two open at a time.
	compressor, err := newDeflater(level)
	if err != nil {
		return nil, err
	}
	a := &archive{zip: zip.NewWriter(w), built: built}
	a.zip.RegisterCompressor(zip.Deflate, func(out io.Writer) (io.WriteCloser, error) { return compressor.begin(out), nil })
	return a, nil
}

// entry is a file being written.
type entry struct {
	to   io.Writer
	sum  hash.Hash
	size int64
}

func (e *entry) Write(p []byte) (int, error) {
	n, err := e.to.Write(p)
	e.sum.Write(p[:n])
	e.size += int64(n)
	return n, err
}

// add writes one file. The file's own facts (name, type, rows, …) are given; fill writes its bytes.
func (a *archive) add(f File, fill func(io.Writer) error) error {
	_, err := a.write(f, func(w io.Writer, _ *File) error { return fill(w) })
	return err
}

// write is add for files whose facts are known only once they are written.
func (a *archive) write(f File, fill func(io.Writer, *File) error) (File, error) {
	header := &zip.FileHeader{Name: f.Name, Method: zip.Deflate, Modified: a.built.UTC()}
	header.SetMode(0o600)
	to, err := a.zip.CreateHeader(header)
	if err != nil {
		return File{}, fmt.Errorf("begin %s: %w", f.Name, err)
	}
	e := &entry{to: to, sum: sha256.New()}
	if err := fill(e, &f); err != nil {
		return File{}, fmt.Errorf("write %s: %w", f.Name, err)
	}
	f.Size, f.SHA256 = e.size, hex.EncodeToString(e.sum.Sum(nil))
	a.files = append(a.files, f)
	return f, nil
}
