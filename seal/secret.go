package seal

import "fmt"

// WrapSecret seals a secret of the installation itself, such as the audit log's signing key, under the master key. The
// name is bound to it.
func (m *Master) WrapSecret(name string, secret []byte) ([]byte, error) {
	if err := needAll(name); err != nil {
		return nil, fmt.Errorf("wrapping a secret: %w", err)
	}
	wrapped, err := m.keks[0].Encrypt(secret, secretPlace(name))
	if err != nil {
		return nil, fmt.Errorf("wrapping the secret %q: %w", name, err)
	}
	return wrapped, nil
}

// Secret opens what WrapSecret gave under the same name.
func (m *Master) Secret(name string, wrapped []byte) ([]byte, error) {
	secret, _, err := m.openSecret(name, wrapped)
	return secret, err
}

// RewrapSecret is RewrapTenant for a secret.
func (m *Master) RewrapSecret(name string, wrapped []byte) (out []byte, changed bool, err error) {
	secret, current, err := m.openSecret(name, wrapped)
	if err != nil || current {
		return wrapped, false, err
	}
	out, err = m.WrapSecret(name, secret)
	return out, true, err
}

func (m *Master) openSecret(name string, wrapped []byte) (secret []byte, current bool, err error) {
	if len(wrapped) == 0 {
		return nil, false, fmt.Errorf("opening the secret %q: %w", name, ErrNoKey)
	}
	for i, kek := range m.keks {
		if secret, err := kek.Decrypt(wrapped, secretPlace(name)); err == nil {
			return secret, i == 0, nil
		}
	}
	return nil, false, fmt.Errorf("opening the secret %q: %w", name, ErrOpen)
}

func secretPlace(name string) []byte { return bind("secret", name) }
