package seal

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"fmt"

	"github.com/tink-crypto/tink-go/v2/aead/subtle"
)

// AccountsKeyName is the name under which storage keeps the key of the accounts.
const AccountsKeyName = "accounts"

// AccountKeys seal what is known of the people who sign in, and make the indexes that they are found by. Accounts stand
// above the tenants, so their key is one of the installation's. They are safe for concurrent use.
type AccountKeys struct{ secret []byte }

// NewAccountKeys makes the key of the accounts, wrapped by the master.
func (m *Master) NewAccountKeys() ([]byte, error) {
	secret := make([]byte, sha256.Size)
	_, _ = rand.Read(secret) // never fails: it ends the program instead
	return m.WrapSecret(AccountsKeyName, secret)
}

// AccountKeys unwraps what NewAccountKeys gave.
func (m *Master) AccountKeys(wrapped []byte) (*AccountKeys, error) {
	secret, err := m.Secret(AccountsKeyName, wrapped)
	if err != nil {
		return nil, err
	}
	if len(secret) != sha256.Size {
		return nil, fmt.Errorf("opening the key of the accounts: it has another length: %w", ErrOpen)
	}
	return &AccountKeys{secret: secret}, nil
}

// Key seals the single values of one account. Each account has a key of its own, derived from that of all.
func (k *AccountKeys) Key(accountID string) (*Key, error) {
	return k.derive("account", accountID)
}

// CookieKey seals what a browser keeps for us: nobody reads or alters it there. The purpose is bound to it.
func (k *AccountKeys) CookieKey(purpose string) (*Key, error) {
	return k.derive("cookie", purpose)
}

func (k *AccountKeys) derive(kind, id string) (*Key, error) {
	if err := needAll(id); err != nil {
		return nil, fmt.Errorf("deriving an account's key: %w", err)
	}
	raw, err := hkdf.Key(sha256.New, k.secret, nil, string(bind("accounts", kind, id)), sha256.Size)
	if err != nil {
		return nil, fmt.Errorf("deriving an account's key: %w", err)
	}
	primitive, err := subtle.NewAESGCM(raw)
	if err != nil {
		return nil, fmt.Errorf("deriving an account's key: %w", err)
	}
	return &Key{owner: []string{"field", "accounts", kind, id}, aead: primitive}, nil
}

// Index gives the bytes under which a value is found by equality: without the key neither computable nor reversible.
// Different kinds give different bytes for the same value.
func (k *AccountKeys) Index(kind string, parts ...string) []byte {
	mac := hmac.New(sha256.New, k.secret)
	_, _ = mac.Write(bind(append([]string{"accounts", "index", kind}, parts...)...)) // a hash takes everything
	return mac.Sum(nil)
}

// EmailIndex is the index of the address that an account is found by.
func (k *AccountKeys) EmailIndex(address string) ([]byte, error) {
	normal, err := NormalEmail(address)
	if err != nil {
		return nil, err
	}
	return k.Index("email", normal), nil
}
