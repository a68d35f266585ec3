package casework

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/storage/objects"
)

// The bounds of an import's file: it comes in parts, so that none of it is in memory twice and a broken line loses one part.
const (
	MaxImportPart  = 8 << 20
	MaxImportParts = 1024
)

func importKey(tenant, id uuid.UUID, part int) string {
	return fmt.Sprintf("%s/consent-imports/%s/%04d", tenant, id, part)
}

// AddImportPart keeps a part of an import's file, sealed. The same number again replaces it.
func (d *Desk) AddImportPart(ctx context.Context, tenant, id uuid.UUID, part int, data []byte) error {
	key, err := d.waitingImport(ctx, tenant, id)
	if err != nil {
		return err
	}
	var sealed bytes.Buffer
	w, err := key.Encrypt(&sealed, partPurpose(part))
	if err != nil {
		return fmt.Errorf("seal a part of an import: %w", err)
	}
	if _, err := w.Write(data); err != nil {
		return fmt.Errorf("seal a part of an import: %w", err)
	}
	if err := w.Close(); err != nil {
		return fmt.Errorf("seal a part of an import: %w", err)
	}
	return d.objects.Put(ctx, importKey(tenant, id, part), &sealed, int64(sealed.Len()))
}

func partPurpose(part int) string { return fmt.Sprintf("%s/%d", importPurpose, part) }

// waitingImport opens the key of an import that waits for its file.
func (d *Desk) waitingImport(ctx context.Context, tenant, id uuid.UUID) (key *seal.StreamKey, err error) {
	err = d.db.Read(ctx, tenant, func(ctx context.Context, tx *storage.Tx) error {
		i, err := tx.ConsentImport(ctx, id)
		if err != nil {
			return err
		}
		if err := importState(i, storage.ImportWaiting, "the file of this import is complete: begin another one"); err != nil {
			return err
		}
		key, err = tx.ImportKey(i)
		return err
	})
	return key, err
}

// CheckConsentImport takes an import's file as complete once its parts have the hash that the sender made of the whole, and has it read through. Nothing is written
// to the ledger.
func (d *Desk) CheckConsentImport(ctx context.Context, tenant, id uuid.UUID, parts int, sum []byte) (int64, error) {
	key, err := d.waitingImport(ctx, tenant, id)
	if err != nil {
		return 0, err
	}
	file := d.importFile(ctx, tenant, id, parts, key)
	hash := sha256.New()
	n, err := io.Copy(hash, file)
	err = errors.Join(err, file.Close())
	switch {
	case errors.Is(err, objects.ErrNotFound):
		return 0, &privacy.RuleError{Code: "import_parts", Message: fmt.Sprintf("part %d is missing: send it, and say again that the file is complete", file.part)}
	case err != nil:
		return 0, fmt.Errorf("read the file of an import: %w", err)
	case !bytes.Equal(hash.Sum(nil), sum):
		return 0, &privacy.RuleError{Code: "import_hash", Message: "the parts are not the file whose hash was given: send them again"}
	}
	return n, nil
}

// partsReader reads the parts of a file one behind the other.
type partsReader struct {
	ctx     context.Context
	desk    *Desk
	tenant  uuid.UUID
	id      uuid.UUID
	parts   int
	part    int // the one that is read
	key     *seal.StreamKey
	body    io.Closer
	current io.Reader
}

func (d *Desk) importFile(ctx context.Context, tenant, id uuid.UUID, parts int, key *seal.StreamKey) *partsReader {
	return &partsReader{ctx: ctx, desk: d, tenant: tenant, id: id, parts: parts, key: key}
}

// Read implements io.Reader.
func (r *partsReader) Read(p []byte) (int, error) {
	for {
		if r.current == nil {
			if r.part == r.parts {
				return 0, io.EOF
			}
			if err := r.open(); err != nil {
				return 0, err
			}
		}
		n, err := r.current.Read(p)
		if errors.Is(err, io.EOF) {
			if err := r.Close(); err != nil {
				return n, err
			}
			err = nil
			if n == 0 {
				continue
			}
		}
		return n, err
	}
}

func (r *partsReader) open() error {
	r.part++
	body, err := r.desk.objects.Get(r.ctx, importKey(r.tenant, r.id, r.part))
	if err != nil {
		return err
	}
	if r.current, err = r.key.Decrypt(body, partPurpose(r.part)); err != nil {
		return errors.Join(err, body.Close())
	}
	r.body = body
	return nil
}

// Close closes the part that is read.
func (r *partsReader) Close() error {
	r.current = nil
	if r.body == nil {
		return nil
	}
	body := r.body
	r.body = nil
	return body.Close()
}

// dropImportFile takes the parts of a file out of the store.
func (d *Desk) dropImportFile(ctx context.Context, tenant, id uuid.UUID) error {
	keys, err := d.objects.List(ctx, fmt.Sprintf("%s/consent-imports/%s/", tenant, id))
	for _, key := range keys {
		err = errors.Join(err, d.objects.Delete(ctx, key))
	}
	return err
}
