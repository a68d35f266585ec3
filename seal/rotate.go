package seal

import (
	"fmt"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/streamingaead"
)

// RewrapTenant wraps a tenant's keys again under the master key in use. Open the master with the new URI first and the
// old one as previous. changed is false, and the bytes are the same, when there was nothing to do, so a rotation that was
// interrupted can simply run again.
func (m *Master) RewrapTenant(wrapped []byte, tenantID string) (out []byte, changed bool, err error) {
	parts, err := parseWrappedTenant(wrapped)
	if err != nil {
		return nil, false, fmt.Errorf("rewrapping tenant keys: %w", err)
	}
	kek, kekChanged, err := m.rewrap(parts.kek, kekPlace(tenantID))
	if err != nil {
		return nil, false, fmt.Errorf("rewrapping tenant keys: %w", err)
	}
	index, indexChanged, err := m.rewrap(parts.index, indexPlace(tenantID))
	if err != nil {
		return nil, false, fmt.Errorf("rewrapping tenant keys: %w", err)
	}
	return wrappedTenant{kek, index}.bytes(), kekChanged || indexChanged, nil
}

// RotateTenant adds a new wrapping key to a tenant: keys made from now on are wrapped by it, older ones stay readable
// until they are rewrapped. The index key stays as it is, since a new one would make every stored index useless.
func (m *Master) RotateTenant(wrapped []byte, tenantID string) ([]byte, error) {
	return m.changeTenant(wrapped, tenantID, func(h *keyset.Handle) (*keyset.Handle, error) {
		return addPrimary(h, aead.AES256GCMKeyTemplate())
	})
}

// PruneTenant drops a tenant's older wrapping keys. Whatever is still wrapped by one of them is lost for good, so rewrap
// everything first.
func (m *Master) PruneTenant(wrapped []byte, tenantID string) ([]byte, error) {
	return m.changeTenant(wrapped, tenantID, onlyPrimary)
}

func (m *Master) changeTenant(wrapped []byte, tenantID string, change func(*keyset.Handle) (*keyset.Handle, error)) ([]byte, error) {
	kek, index, err := m.openTenant(wrapped, tenantID)
	if err != nil {
		return nil, fmt.Errorf("rotating tenant keys: %w", err)
	}
	if kek, err = change(kek); err != nil {
		return nil, fmt.Errorf("rotating tenant keys: %w", err)
	}
	newKEK, err := m.wrap(kek, kekPlace(tenantID))
	if err != nil {
		return nil, fmt.Errorf("rotating tenant keys: %w", err)
	}
	newIndex, err := m.wrap(index, indexPlace(tenantID))
	if err != nil {
		return nil, fmt.Errorf("rotating tenant keys: %w", err)
	}
	return wrappedTenant{newKEK, newIndex}.bytes(), nil
}

// Rewrap wraps a subject's, system's or stream's key again under the tenant's wrapping key in use. The key itself, and
// so everything sealed with it, stays as it is.
func (t *TenantKeys) Rewrap(wrapped []byte, kind KeyKind, id string) ([]byte, error) {
	place := t.keyPlace(kind, id)
	handle, err := unwrap(wrapped, t.kek, place)
	if err != nil {
		return nil, fmt.Errorf("rewrapping a %s key: %w", kind, err)
	}
	return wrap(handle, t.kek, place)
}

// RotateKey adds a new sealing key to a subject's, system's or stream's key, for the case that one may have leaked: new
// values are sealed with it, and older ones stay readable.
func (t *TenantKeys) RotateKey(wrapped []byte, kind KeyKind, id string) ([]byte, error) {
	place := t.keyPlace(kind, id)
	handle, err := unwrap(wrapped, t.kek, place)
	if err != nil {
		return nil, fmt.Errorf("rotating a %s key: %w", kind, err)
	}
	template := aead.AES256GCMKeyTemplate()
	if kind == KindStream {
		template = streamingaead.AES256GCMHKDF1MBKeyTemplate()
	}
	if handle, err = addPrimary(handle, template); err != nil {
		return nil, fmt.Errorf("rotating a %s key: %w", kind, err)
	}
	return wrap(handle, t.kek, place)
}

// The names under which storage keeps the keys of the installation itself.
const (
	CodecKeyName   = "temporal-codec"
	SigningKeyName = "audit-signing"
)

// RewrapInstallation is RewrapTenant for a key of the installation, by its name: the codec's key or a secret.
func (m *Master) RewrapInstallation(wrapped []byte, name string) (out []byte, changed bool, err error) {
	if name == CodecKeyName {
		return m.RewrapCodecKey(wrapped)
	}
	return m.RewrapSecret(name, wrapped)
}
