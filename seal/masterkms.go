package seal

import (
	"bytes"
	"fmt"
	"net/url"

	"github.com/tink-crypto/tink-go/v2/core/registry"
	"github.com/tink-crypto/tink-go/v2/tink"
)

// openKMS finds the key in a KMS through the clients registered with Tink, and makes sure that it can be used both ways,
// so that a missing permission shows at the start and not at the first person's request.
func openKMS(uri string) (tink.AEAD, error) {
	parsed, err := url.Parse(uri)
	if err != nil || parsed.Scheme == "" {
		return nil, fmt.Errorf("%q is not a key URI: write file:///full/path, or gcp-kms://…, aws-kms://… or hcvault://… for a key in a KMS", uri)
	}
	client, err := registry.GetKMSClient(uri)
	if err != nil {
		return nil, fmt.Errorf("this binary has no client for %s:// keys: use file:///full/path, or a build that registers that KMS", parsed.Scheme)
	}
	kek, err := client.GetAEAD(uri)
	if err != nil {
		return nil, fmt.Errorf("reaching the key in the %s KMS; check the URI and the credentials of the process: %w", parsed.Scheme, err)
	}
	if err := tryKEK(kek); err != nil {
		return nil, fmt.Errorf("using the key in the %s KMS; the process needs permission to encrypt and to decrypt with it: %w", parsed.Scheme, err)
	}
	return kek, nil
}

func tryKEK(kek tink.AEAD) error {
	sample, place := []byte("docket"), bind("probe")
	sealed, err := kek.Encrypt(sample, place)
	if err != nil {
		return fmt.Errorf("encrypting a sample: %w", err)
	}
	opened, err := kek.Decrypt(sealed, place)
	if err != nil {
		return fmt.Errorf("decrypting a sample: %w", err)
	}
	if !bytes.Equal(opened, sample) {
		return ErrOpen
	}
	return nil
}
