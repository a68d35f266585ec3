package casework

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"

	"github.com/privacy-docket/docket/storage"
)

// statusLinkLife is how long a person's link to their own request works.
const statusLinkLife = 180 * day

// NewToken makes the secret of a link: 256 bits that nobody can guess. Only its hash is kept.
func NewToken() (token string, hash []byte, err error) {
	raw := make([]byte, sha256.Size)
	if _, err := rand.Read(raw); err != nil {
		return "", nil, fmt.Errorf("make a token: %w", err)
	}
	token = base64.RawURLEncoding.EncodeToString(raw)
	return token, TokenHash(token), nil
}

// TokenHash is what the register keeps of a link's token.
func TokenHash(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

// statusLink makes a link to the person's own view of the case.
func (f *file) statusLink(ctx context.Context) (string, error) {
	token, hash, err := NewToken()
	if err != nil {
		return "", err
	}
	if err := f.tx.AddStatusLink(ctx, f.row.ID, hash, f.tx.Now().Add(statusLinkLife)); err != nil {
		return "", fmt.Errorf("keep the status link: %w", err)
	}
	return f.links.Public + "/" + f.tx.Tenant().Slug + "/status/" + token, nil
}

// newDownloadLink makes the only link that works for a package.
func (f *file) newDownloadLink(ctx context.Context, p storage.Package) (string, error) {
	token, hash, err := NewToken()
	if err != nil {
		return "", err
	}
	if err := f.tx.NewLink(ctx, p, hash, *p.ExpiresAt); err != nil {
		return "", err
	}
	return f.links.Public + "/" + f.tx.Tenant().Slug + "/download/" + token, nil
}

// ErrNoPackage says that there is no package to fetch: not built yet, or destroyed.
var ErrNoPackage = errors.New("there is no package to fetch; reopen the request to build a new one")

// readyPackage is the newest package that can be fetched.
func (f *file) readyPackage(ctx context.Context) (storage.Package, error) {
	packages, err := f.tx.Packages(ctx, f.row.ID)
	if err != nil {
		return storage.Package{}, err
	}
	for i := len(packages) - 1; i >= 0; i-- {
		if p := packages[i]; p.State == storage.PackageReady && f.tx.Now().Before(*p.ExpiresAt) {
			return p, nil
		}
	}
	return storage.Package{}, ErrNoPackage
}
