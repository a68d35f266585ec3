package seal

import (
	"encoding/binary"
	"fmt"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/prf"
	"github.com/tink-crypto/tink-go/v2/tink"
)

// TenantKeys are the keys of one tenant: one that wraps the keys of its subjects, systems and streams, and one that makes
// blind indexes. They are safe for concurrent use. Hold them no longer than needed, so that a destroyed tenant is gone.
type TenantKeys struct {
	tenantID string
	kek      tink.AEAD
	index    *prf.Set
}

// wrappedTenant is the stored form: both keysets, each wrapped by the master on its own.
type wrappedTenant struct{ kek, index []byte }

const wrappedTenantVersion = 1

// NewTenantKeys makes the keys of a tenant and returns them wrapped by the master, to be stored with the tenant.
func (m *Master) NewTenantKeys(tenantID string) ([]byte, error) {
	if err := needAll(tenantID); err != nil {
		return nil, fmt.Errorf("making tenant keys: %w", err)
	}
	kek, err := newWrapped(aead.AES256GCMKeyTemplate(), m.keks[0], kekPlace(tenantID))
	if err != nil {
		return nil, fmt.Errorf("making tenant keys: %w", err)
	}
	index, err := newWrapped(prf.HMACSHA256PRFKeyTemplate(), m.keks[0], indexPlace(tenantID))
	if err != nil {
		return nil, fmt.Errorf("making tenant keys: %w", err)
	}
	return wrappedTenant{kek, index}.bytes(), nil
}

// TenantKeys unwraps what NewTenantKeys gave for the same tenant. It fails with ErrOpen for the bytes of another tenant
// or another master, and with ErrNoKey when there are none.
func (m *Master) TenantKeys(wrapped []byte, tenantID string) (*TenantKeys, error) {
	kekHandle, indexHandle, err := m.openTenant(wrapped, tenantID)
	if err != nil {
		return nil, fmt.Errorf("opening tenant keys: %w", err)
	}
	kek, err := aead.New(kekHandle)
	if err != nil {
		return nil, fmt.Errorf("opening tenant keys: %w", err)
	}
	index, err := prf.NewPRFSet(indexHandle)
	if err != nil {
		return nil, fmt.Errorf("opening tenant keys: %w", err)
	}
	return &TenantKeys{tenantID: tenantID, kek: kek, index: index}, nil
}

func (m *Master) openTenant(wrapped []byte, tenantID string) (kek, index *keyset.Handle, err error) {
	if err := needAll(tenantID); err != nil {
		return nil, nil, err
	}
	parts, err := parseWrappedTenant(wrapped)
	if err != nil {
		return nil, nil, err
	}
	if kek, _, err = m.unwrap(parts.kek, kekPlace(tenantID)); err != nil {
		return nil, nil, err
	}
	if index, _, err = m.unwrap(parts.index, indexPlace(tenantID)); err != nil {
		return nil, nil, err
	}
	return kek, index, nil
}

func kekPlace(tenantID string) []byte   { return bind("tenant", tenantID, "wrapping") }
func indexPlace(tenantID string) []byte { return bind("tenant", tenantID, "index") }

func (w wrappedTenant) bytes() []byte {
	out := []byte{wrappedTenantVersion}
	out = binary.BigEndian.AppendUint32(out, uint32(len(w.kek)))
	out = append(out, w.kek...)
	return append(out, w.index...)
}

func parseWrappedTenant(b []byte) (wrappedTenant, error) {
	const head = 5
	if len(b) == 0 {
		return wrappedTenant{}, ErrNoKey
	}
	if len(b) < head || b[0] != wrappedTenantVersion {
		return wrappedTenant{}, fmt.Errorf("reading wrapped tenant keys of an unknown form: %w", ErrOpen)
	}
	size := uint64(binary.BigEndian.Uint32(b[1:head]))
	if uint64(len(b)-head) < size {
		return wrappedTenant{}, fmt.Errorf("reading wrapped tenant keys that are cut short: %w", ErrOpen)
	}
	return wrappedTenant{kek: b[head : head+size], index: b[head+size:]}, nil
}
