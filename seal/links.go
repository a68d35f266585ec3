package seal

import (
	"crypto/hmac"
	"fmt"

	"github.com/tink-crypto/tink-go/v2/prf"
)

// LinkKey signs what a tenant gives to people in links. It is safe for concurrent use.
type LinkKey struct {
	tenantID string
	marks    *prf.Set
}

// linkMarkSize is the length of a mark in bytes: 128 bits can't be guessed.
const linkMarkSize = 16

// NewLinkKey makes a key for links and returns it sealed under k, for one place in the register.
func (k *Key) NewLinkKey(at Field) ([]byte, error) {
	if err := needAll(at.Table, at.Column, at.Row); err != nil {
		return nil, fmt.Errorf("making a key for links: %w", err)
	}
	sealed, err := newWrapped(prf.HMACSHA256PRFKeyTemplate(), k.aead, k.fieldPlace(at))
	if err != nil {
		return nil, fmt.Errorf("making a key for links: %w", err)
	}
	return sealed, nil
}

// LinkKey opens what NewLinkKey gave, under the same key and for the same place; anything else is ErrOpen.
func (t *TenantKeys) LinkKey(k *Key, sealed []byte, at Field) (*LinkKey, error) {
	handle, err := unwrap(sealed, k.aead, k.fieldPlace(at))
	if err != nil {
		return nil, fmt.Errorf("opening a key for links: %w", err)
	}
	marks, err := prf.NewPRFSet(handle)
	if err != nil {
		return nil, fmt.Errorf("opening a key for links: %w", err)
	}
	return &LinkKey{tenantID: t.tenantID, marks: marks}, nil
}

// Mark signs a payload: whoever lacks the key can't make the 16 bytes, nor those of another payload from them.
func (l *LinkKey) Mark(payload []byte) ([]byte, error) {
	mark, err := l.marks.ComputePrimaryPRF(bind("link", l.tenantID, string(payload)), linkMarkSize)
	if err != nil {
		return nil, fmt.Errorf("signing a link: %w", err)
	}
	return mark, nil
}

// Marked says whether a mark is that of the payload. It takes as long for a wrong one as for the right one.
func (l *LinkKey) Marked(payload, mark []byte) bool {
	right, err := l.Mark(payload)
	return err == nil && hmac.Equal(right, mark)
}
