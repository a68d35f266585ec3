package seal

import (
	"fmt"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/tink"
)

// KeyKind says what a key under a tenant's key is for. It is part of what the wrapped key is bound to.
type KeyKind string

const (
	// KindSubject keys seal the personal data of one person; destroying one forgets that person.
	KindSubject KeyKind = "subject"
	// KindSystem keys seal the access data of one connected system.
	KindSystem KeyKind = "system"
	// KindStream keys encrypt one file: a package, or a document that was handed in.
	KindStream KeyKind = "stream"
)

// Field is the place in the register where a sealed value lies. A value copied to another place doesn't open there.
type Field struct{ Table, Column, Row string }

// Key seals the single values of one subject or one system. It is safe for concurrent use.
type Key struct {
	owner []string
	aead  tink.AEAD
}

// NewSubjectKey makes the key of one person and returns it wrapped by the tenant's key, to be stored with the person.
func (t *TenantKeys) NewSubjectKey(subjectID string) ([]byte, error) {
	return t.newKey(KindSubject, subjectID)
}

// SubjectKey unwraps what NewSubjectKey gave for the same person: ErrOpen for another's, ErrNoKey when it was destroyed.
func (t *TenantKeys) SubjectKey(wrapped []byte, subjectID string) (*Key, error) {
	return t.key(wrapped, KindSubject, subjectID)
}

// NewSubject makes the key of one person, as NewSubjectKey does, and opens it at once.
func (t *TenantKeys) NewSubject(subjectID string) (wrapped []byte, key *Key, err error) {
	if err := needAll(subjectID); err != nil {
		return nil, nil, fmt.Errorf("making a %s key: %w", KindSubject, err)
	}
	handle, err := keyset.NewHandle(aead.AES256GCMKeyTemplate())
	if err != nil {
		return nil, nil, fmt.Errorf("making a %s key: %w", KindSubject, err)
	}
	if wrapped, err = wrap(handle, t.kek, t.keyPlace(KindSubject, subjectID)); err != nil {
		return nil, nil, fmt.Errorf("making a %s key: %w", KindSubject, err)
	}
	key, err = t.opened(handle, KindSubject, subjectID)
	return wrapped, key, err
}

// NewSystemKey makes the key that seals the access data of one connected system.
func (t *TenantKeys) NewSystemKey(systemID string) ([]byte, error) {
	return t.newKey(KindSystem, systemID)
}

// SystemKey unwraps what NewSystemKey gave for the same system.
func (t *TenantKeys) SystemKey(wrapped []byte, systemID string) (*Key, error) {
	return t.key(wrapped, KindSystem, systemID)
}

func (t *TenantKeys) newKey(kind KeyKind, id string) ([]byte, error) {
	if err := needAll(id); err != nil {
		return nil, fmt.Errorf("making a %s key: %w", kind, err)
	}
	wrapped, err := newWrapped(aead.AES256GCMKeyTemplate(), t.kek, t.keyPlace(kind, id))
	if err != nil {
		return nil, fmt.Errorf("making a %s key: %w", kind, err)
	}
	return wrapped, nil
}

func (t *TenantKeys) key(wrapped []byte, kind KeyKind, id string) (*Key, error) {
	if err := needAll(id); err != nil {
		return nil, fmt.Errorf("opening a %s key: %w", kind, err)
	}
	handle, err := unwrap(wrapped, t.kek, t.keyPlace(kind, id))
	if err != nil {
		return nil, fmt.Errorf("opening a %s key: %w", kind, err)
	}
	return t.opened(handle, kind, id)
}

func (t *TenantKeys) opened(handle *keyset.Handle, kind KeyKind, id string) (*Key, error) {
	primitive, err := aead.New(handle)
	if err != nil {
		return nil, fmt.Errorf("opening a %s key: %w", kind, err)
	}
	return &Key{owner: []string{"field", t.tenantID, string(kind), id}, aead: primitive}, nil
}

func (t *TenantKeys) keyPlace(kind KeyKind, id string) []byte {
	return bind("key", t.tenantID, string(kind), id)
}

// Seal encrypts one value for one place in the register.
func (k *Key) Seal(plaintext []byte, at Field) ([]byte, error) {
	if err := needAll(at.Table, at.Column, at.Row); err != nil {
		return nil, fmt.Errorf("sealing %s.%s: %w", at.Table, at.Column, err)
	}
	sealed, err := k.aead.Encrypt(plaintext, k.fieldPlace(at))
	if err != nil {
		return nil, fmt.Errorf("sealing %s.%s: %w", at.Table, at.Column, err)
	}
	return sealed, nil
}

// Open decrypts what Seal gave, under the same key and for the same place; anything else is ErrOpen.
func (k *Key) Open(sealed []byte, at Field) ([]byte, error) {
	plaintext, err := k.aead.Decrypt(sealed, k.fieldPlace(at))
	if err != nil {
		return nil, fmt.Errorf("opening %s.%s: %w", at.Table, at.Column, ErrOpen)
	}
	return plaintext, nil
}

func (k *Key) fieldPlace(at Field) []byte {
	parts := append([]string{}, k.owner...)
	return bind(append(parts, at.Table, at.Column, at.Row)...)
}
