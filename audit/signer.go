package audit

import (
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"

	"golang.org/x/mod/sumdb/note"
)

// NewSigningSecret makes the secret of an installation's checkpoint key (an Ed25519 seed, 32 bytes), to be kept wrapped by
// the master key. random is crypto/rand.Reader outside of tests.
func NewSigningSecret(random io.Reader) ([]byte, error) {
	seed := make([]byte, ed25519.SeedSize)
	if _, err := io.ReadFull(random, seed); err != nil {
		return nil, fmt.Errorf("making a signing key: %w", err)
	}
	return seed, nil
}

// Signer signs the checkpoints of an installation's logs. Under the rules of signed notes the same key has another name,
// and so another verifier key, for each tenant's log.
type Signer struct {
	installation string
	private      ed25519.PrivateKey
	previous     []ed25519.PublicKey
}

// NewSigner takes the secret that NewSigningSecret gave. After the key was replaced, previous lists the older public
// keys, so that the first checkpoint under the new key can be proven to continue the last one under the old.
func NewSigner(installation string, secret []byte, previous ...ed25519.PublicKey) (*Signer, error) {
	if len(secret) != ed25519.SeedSize {
		return nil, errors.New("the audit signing key must be 32 bytes as NewSigningSecret makes them")
	}
	if _, err := Origin(installation, "x"); err != nil {
		return nil, err
	}
	return &Signer{installation: installation, private: ed25519.NewKeyFromSeed(secret), previous: previous}, nil
}

// VerifierKey gives the text by which others check the checkpoints of a tenant's log: <origin>+<hash>+<key>.
func (s *Signer) VerifierKey(tenantID string) (string, error) {
	return s.verifierKey(tenantID, s.PublicKey())
}

// PublicKey gives the key that goes into previous once this one is replaced.
func (s *Signer) PublicKey() ed25519.PublicKey {
	return append(ed25519.PublicKey{}, s.private[ed25519.SeedSize:]...)
}

func (s *Signer) verifierKey(tenantID string, key ed25519.PublicKey) (string, error) {
	origin, err := Origin(s.installation, tenantID)
	if err != nil {
		return "", err
	}
	return note.NewEd25519VerifierKey(origin, key)
}

// verifiers are all keys that a stored checkpoint of the tenant may be signed with.
func (s *Signer) verifiers(tenantID string) (note.Verifiers, error) {
	var out []note.Verifier
	for _, public := range append([]ed25519.PublicKey{s.PublicKey()}, s.previous...) {
		key, err := s.verifierKey(tenantID, public)
		if err != nil {
			return nil, err
		}
		verifier, err := note.NewVerifier(key)
		if err != nil {
			return nil, err
		}
		out = append(out, verifier)
	}
	return note.VerifierList(out...), nil
}

// noteSigner is the installation's key under the name of one log.
type noteSigner struct {
	verifier note.Verifier
	private  ed25519.PrivateKey
}

func (s *Signer) noteSigner(tenantID string) (*noteSigner, error) {
	key, err := s.VerifierKey(tenantID)
	if err != nil {
		return nil, err
	}
	verifier, err := note.NewVerifier(key)
	if err != nil {
		return nil, err
	}
	return &noteSigner{verifier: verifier, private: s.private}, nil
}

func (n *noteSigner) Name() string                    { return n.verifier.Name() }
func (n *noteSigner) KeyHash() uint32                 { return n.verifier.KeyHash() }
func (n *noteSigner) Sign(msg []byte) ([]byte, error) { return ed25519.Sign(n.private, msg), nil }
