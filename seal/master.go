package seal

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/tink"
)

// Master is the key at the top of an installation: it wraps the tenants' keys, the payload codec's key and the
// installation's own secrets, and nothing else. It is safe for concurrent use.
type Master struct {
	// keks are the key-encryption keys: the first wraps, all of them unwrap.
	keks []tink.AEAD
}

// OpenMaster opens the master key that uri names: file:///path for a keyset file made by CreateMasterFile, or a key in a
// KMS (gcp-kms://, aws-kms://, hcvault://) whose client the binary has registered with Tink. While a rotation is under
// way the keys named by previous still unwrap what they wrapped.
func OpenMaster(ctx context.Context, uri string, previous ...string) (*Master, error) {
	master := &Master{}
	for _, u := range append([]string{uri}, previous...) {
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("opening the master key: %w", err)
		}
		kek, err := openKEK(u)
		if err != nil {
			return nil, fmt.Errorf("opening the master key: %w", err)
		}
		master.keks = append(master.keks, kek)
	}
	return master, nil
}

func openKEK(uri string) (tink.AEAD, error) {
	if uri == "" {
		return nil, fmt.Errorf("no master key is named: make one with `docket keys create FILE` and give it as file:///FILE, or give the URI of a key in your KMS")
	}
	if path, ok := strings.CutPrefix(uri, fileScheme); ok {
		return openMasterFile(path)
	}
	return openKMS(uri)
}

// unwrap opens a keyset with whichever key wrapped it; current tells whether that was the first.
func (m *Master) unwrap(wrapped, place []byte) (handle *keyset.Handle, current bool, err error) {
	var failures []error
	for i, kek := range m.keks {
		handle, err := unwrap(wrapped, kek, place)
		if err == nil {
			return handle, i == 0, nil
		}
		failures = append(failures, err)
	}
	return nil, false, errors.Join(failures...)
}

func (m *Master) wrap(handle *keyset.Handle, place []byte) ([]byte, error) {
	return wrap(handle, m.keks[0], place)
}

// rewrap wraps a keyset again under the first key; bytes that are under it already come back as they are.
func (m *Master) rewrap(wrapped, place []byte) (out []byte, changed bool, err error) {
	handle, current, err := m.unwrap(wrapped, place)
	if err != nil {
		return nil, false, err
	}
	if current {
		return wrapped, false, nil
	}
	out, err = m.wrap(handle, place)
	return out, true, err
}
