package seal

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/tink"
)

const (
	fileScheme = "file://"
	// masterFileMode lets the owner alone read and write.
	masterFileMode fs.FileMode = 0o600
	// masterFileLimit is far above any real keyset; it keeps a wrong path from being read into memory.
	masterFileLimit = 1 << 20
)

// CreateMasterFile makes a new master key in a file that only its owner can read. It never overwrites: a file that is
// there already gives an error that is fs.ErrExist. Losing the file loses everything sealed under it, so back it up apart
// from the database.
func CreateMasterFile(path string) error {
	handle, err := keyset.NewHandle(aead.AES256GCMKeyTemplate())
	if err != nil {
		return fmt.Errorf("making a master key: %w", err)
	}
	var text bytes.Buffer
	if err := insecurecleartextkeyset.Write(handle, keyset.NewJSONWriter(&text)); err != nil {
		return fmt.Errorf("writing the master key down: %w", err)
	}
	text.WriteByte('\n')
	if err := writeNew(path, text.Bytes()); err != nil {
		return fmt.Errorf("creating the master key file: %w", err)
	}
	return nil
}

// writeNew puts data at path whole or not at all, and only if nothing is there: a link fails when its target exists.
func writeNew(path string, data []byte) error {
	draft, err := os.CreateTemp(filepath.Dir(path), ".master-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(draft.Name()) }()
	_, err = draft.Write(data)
	err = errors.Join(err, draft.Chmod(masterFileMode), draft.Sync(), draft.Close())
	if err != nil {
		return err
	}
	if err := os.Link(draft.Name(), path); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(path))
}

// syncFolder makes the new name last: a key that is used and then lost to a power cut would take all data with it.
func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

func openMasterFile(path string) (tink.AEAD, error) {
	text, err := readMasterFile(path)
	if err != nil {
		return nil, err
	}
	handle, err := insecurecleartextkeyset.Read(keyset.NewJSONReader(bytes.NewReader(text)))
	if err != nil {
		return nil, fmt.Errorf("%s is not a Tink keyset in JSON (%s): restore it from your backup, or name another file", path, err.Error())
	}
	kek, err := aead.New(handle)
	if err != nil {
		return nil, fmt.Errorf("%s holds no key for authenticated encryption (%s): name a file made by `docket keys create`", path, err.Error())
	}
	return kek, nil
}

func readMasterFile(path string) ([]byte, error) {
	if !filepath.IsAbs(path) {
		return nil, fmt.Errorf("%q is not an absolute path: write file:///full/path", path)
	}
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("there is no key file at %s: make one with `docket keys create %s`, or restore it from your backup: %w", path, path, err)
	}
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > masterFileLimit {
		return nil, fmt.Errorf("%s is not a key file", path)
	}
	if open := info.Mode().Perm() &^ masterFileMode; open != 0 {
		return nil, fmt.Errorf("%s can be used by others than its owner (mode %04o): run `chmod 600 %s`, and replace the key if someone may have read it", path, info.Mode().Perm(), path)
	}
	return os.ReadFile(path)
}
