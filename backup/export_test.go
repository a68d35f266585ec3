package backup

import (
	"crypto/sha256"

	"github.com/privacy-docket/docket/seal"
)

// SealOf seals a manifest as Save does.
func SealOf(master *seal.Master, kind string, manifest []byte) ([]byte, error) {
	sum := sha256.Sum256(manifest)
	return master.WrapSecret(sealName(kind), sum[:])
}
