package packaging

import (
	"archive/zip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/klauspost/compress/flate"
)

// maxTail is how much of the end of a package is held while it is narrowed: its directory, of MaxFiles files at most.
const maxTail = 32 << 20

// carried folders go to another controller. The cover, and what was attached for the person, stay with the person (Art. 20(2) GDPR).
var carried = []string{"data/", "files/"}

// Opened gives the bytes of a package from their beginning. It is asked twice.
type Opened func(context.Context) (io.ReadCloser, error)

// Carry writes of a package what another controller is given: the files with data, as they are in it, and a manifest of them. The same package gives the
// same bytes. Nothing is unpacked and, but for the end with the directory, nothing is held.
func Carry(ctx context.Context, w io.Writer, open Opened) (err error) {
	end, err := readEnd(ctx, open)
	if err != nil {
		return err
	}
	body, err := open(ctx)
	if err != nil {
		return fmt.Errorf("open the package: %w", err)
	}
	defer func() { err = errors.Join(err, body.Close()) }()
	from, err := zip.NewReader(&forward{body: body, end: end}, end.size)
	if err != nil {
		return fmt.Errorf("read the package's directory: %w", err)
	}
	from.RegisterDecompressor(zip.Deflate, flate.NewReader)
	return carry(w, from)
}

func carry(w io.Writer, from *zip.Reader) error {
	to := zip.NewWriter(w)
	for _, f := range from.File {
		switch {
		case f.Name == ManifestName:
			if err := carryManifest(to, f); err != nil {
				return err
			}
		case isCarried(f.Name):
			if err := to.Copy(f); err != nil {
				return fmt.Errorf("take %s along: %w", f.Name, err)
			}
		}
	}
	if err := to.Close(); err != nil {
		return fmt.Errorf("end the archive: %w", err)
	}
	return nil
}

func isCarried(name string) bool {
	for _, folder := range carried {
		if strings.HasPrefix(name, folder) {
			return true
		}
	}
	return false
}

// carryManifest writes the manifest of what goes along. It is the last file of a package.
func carryManifest(to *zip.Writer, f *zip.File) error {
	manifest, err := readManifest(f)
	if err != nil {
		return err
	}
	kept := []File{}
	for _, file := range manifest.Files {
		if isCarried(file.Name) {
			kept = append(kept, file)
		}
	}
	manifest.Files = kept
	header := &zip.FileHeader{Name: ManifestName, Method: zip.Store, Modified: manifest.Built.UTC()}
	header.SetMode(0o600)
	out, err := to.CreateHeader(header)
	if err != nil {
		return fmt.Errorf("begin the manifest: %w", err)
	}
	written := json.NewEncoder(out)
	written.SetIndent("", "  ")
	if err := written.Encode(manifest); err != nil {
		return fmt.Errorf("write the manifest: %w", err)
	}
	return nil
}
