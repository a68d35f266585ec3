package seal

import (
	"fmt"
	"strconv"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/tink"
)

// CodecKey encrypts the payloads of workflows. There is one per installation, wrapped by the master key.
type CodecKey struct {
	aead tink.AEAD
	// id names the key in use, in hexadecimal; it is written beside each payload for people who debug a rotation.
	id string
}

// NewCodecKey makes the codec's key, wrapped by the master. Its 192-bit nonces may be drawn at random for any number of
// payloads, where those of plain AES-GCM would wear a key out that one whole installation shares.
func (m *Master) NewCodecKey() ([]byte, error) {
	wrapped, err := newWrapped(aead.XAES256GCM192BitNonceKeyTemplate(), m.keks[0], codecPlace())
	if err != nil {
		return nil, fmt.Errorf("making the payload codec's key: %w", err)
	}
	return wrapped, nil
}

// CodecKey unwraps what NewCodecKey gave.
func (m *Master) CodecKey(wrapped []byte) (*CodecKey, error) {
	handle, _, err := m.unwrap(wrapped, codecPlace())
	if err != nil {
		return nil, fmt.Errorf("opening the payload codec's key: %w", err)
	}
	return newCodecKey(handle)
}

func newCodecKey(handle *keyset.Handle) (*CodecKey, error) {
	primitive, err := aead.New(handle)
	if err != nil {
		return nil, fmt.Errorf("opening the payload codec's key: %w", err)
	}
	primary, err := handle.Primary()
	if err != nil {
		return nil, fmt.Errorf("opening the payload codec's key: %w", err)
	}
	return &CodecKey{aead: primitive, id: strconv.FormatUint(uint64(primary.KeyID()), 16)}, nil
}

// RotateCodecKey adds a new key: payloads written from now on use it, and running workflows stay readable.
func (m *Master) RotateCodecKey(wrapped []byte) ([]byte, error) {
	handle, _, err := m.unwrap(wrapped, codecPlace())
	if err != nil {
		return nil, fmt.Errorf("rotating the payload codec's key: %w", err)
	}
	if handle, err = addPrimary(handle, aead.XAES256GCM192BitNonceKeyTemplate()); err != nil {
		return nil, fmt.Errorf("rotating the payload codec's key: %w", err)
	}
	return m.wrap(handle, codecPlace())
}

// RewrapCodecKey is RewrapTenant for the codec's key.
func (m *Master) RewrapCodecKey(wrapped []byte) (out []byte, changed bool, err error) {
	return m.rewrap(wrapped, codecPlace())
}

func codecPlace() []byte { return bind("codec") }
