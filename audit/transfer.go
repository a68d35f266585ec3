package audit

import (
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// SignText signs a text as a C2SP note, with the key and under the name of a tenant's log.
func (s *Signer) SignText(tenantID, text string) (string, error) {
	signer, err := s.noteSigner(tenantID)
	if err != nil {
		return "", err
	}
	signed, err := note.Sign(&note.Note{Text: strings.TrimSuffix(text, "\n") + "\n"}, signer)
	if err != nil {
		return "", fmt.Errorf("signing a text: %w", err)
	}
	return string(signed), nil
}

// CheckVerifierKey says what keeps a text from being a verifier key; nil where it is one.
func CheckVerifierKey(key string) error {
	if _, err := note.NewVerifier(key); err != nil {
		return fmt.Errorf("reading the verifier key, expected <origin>+<hash>+<key>: %w", err)
	}
	return nil
}

// OpenText checks the signature of a text that SignText signed, and gives it with its last line end. The verifier key is that of the signer's log.
func OpenText(signed, verifierKey string) (string, error) {
	verifier, err := note.NewVerifier(verifierKey)
	if err != nil {
		return "", fmt.Errorf("reading the verifier key, expected <origin>+<hash>+<key>: %w", err)
	}
	opened, err := note.Open([]byte(signed), note.VerifierList(verifier))
	if err != nil {
		return "", fmt.Errorf("checking a signature: %w", err)
	}
	return opened.Text, nil
}
