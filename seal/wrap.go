package seal

import (
	"bytes"
	"fmt"

	"github.com/tink-crypto/tink-go/v2/keyset"
	tinkpb "github.com/tink-crypto/tink-go/v2/proto/tink_go_proto"
	"github.com/tink-crypto/tink-go/v2/tink"
)

// newWrapped makes a keyset of one key and returns it encrypted under kek, bound to place.
func newWrapped(template *tinkpb.KeyTemplate, kek tink.AEAD, place []byte) ([]byte, error) {
	handle, err := keyset.NewHandle(template)
	if err != nil {
		return nil, fmt.Errorf("making a key: %w", err)
	}
	return wrap(handle, kek, place)
}

func wrap(handle *keyset.Handle, kek tink.AEAD, place []byte) ([]byte, error) {
	var out bytes.Buffer
	if err := handle.WriteWithAssociatedData(keyset.NewBinaryWriter(&out), kek, place); err != nil {
		return nil, fmt.Errorf("wrapping a key: %w", err)
	}
	return out.Bytes(), nil
}

func unwrap(wrapped []byte, kek tink.AEAD, place []byte) (*keyset.Handle, error) {
	if len(wrapped) == 0 {
		return nil, ErrNoKey
	}
	handle, err := keyset.ReadWithAssociatedData(keyset.NewBinaryReader(bytes.NewReader(wrapped)), kek, place)
	if err != nil {
		return nil, fmt.Errorf("unwrapping a key (%s): %w", err.Error(), ErrOpen)
	}
	return handle, nil
}

// addPrimary puts a new key in front of a keyset: new data is sealed with it, and old data stays readable.
func addPrimary(handle *keyset.Handle, template *tinkpb.KeyTemplate) (*keyset.Handle, error) {
	manager := keyset.NewManagerFromHandle(handle)
	id, err := manager.Add(template)
	if err != nil {
		return nil, fmt.Errorf("adding a key: %w", err)
	}
	if err := manager.SetPrimary(id); err != nil {
		return nil, fmt.Errorf("making the new key the first: %w", err)
	}
	return manager.Handle()
}

// onlyPrimary drops all keys of a keyset but the one in use.
func onlyPrimary(handle *keyset.Handle) (*keyset.Handle, error) {
	primary, err := handle.Primary()
	if err != nil {
		return nil, fmt.Errorf("finding the key in use: %w", err)
	}
	manager := keyset.NewManagerFromHandle(handle)
	for i := range handle.Len() {
		entry, err := handle.Entry(i)
		if err != nil {
			return nil, fmt.Errorf("reading a keyset: %w", err)
		}
		if entry.KeyID() == primary.KeyID() {
			continue
		}
		if err := manager.Delete(entry.KeyID()); err != nil {
			return nil, fmt.Errorf("dropping an old key: %w", err)
		}
	}
	return manager.Handle()
}
