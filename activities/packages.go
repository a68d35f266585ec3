package activities

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"time"

	"github.com/google/uuid"
	"go.temporal.io/sdk/temporal"

	"github.com/privacy-docket/docket/activities/packaging"
	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/storage/objects"
	"github.com/privacy-docket/docket/workflows/contract"
)

// Packages builds the encrypted answer, and destroys it when its time is over.
type Packages struct {
	desk    *casework.Desk
	objects *objects.Store
}

var packager = casework.System("packager")

// Build writes the package of a round: from the sealed parts through the redactions into an encrypted object. Nothing
// of it is in clear outside the process, and nothing of it is held whole.
func (p *Packages) Build(ctx context.Context, in contract.CollectInput) (contract.PackageInput, error) {
	defer beat(ctx)()
	b := &build{Packages: p, in: in}
	if err := b.open(ctx); errors.Is(err, errLost) {
		return contract.PackageInput{}, p.returned(ctx, in, err)
	} else if err != nil {
		return contract.PackageInput{}, named(err)
	}
	if b.past() {
		return contract.PackageInput{}, p.returned(ctx, in, errPast)
	}
	if b.pkg.State == storage.PackageReady {
		return b.answer(*b.pkg.ExpiresAt), nil
	}
	built, err := b.write(ctx)
	if ctx.Err() != nil {
		// Broken off: by a worker that stops, whose successor writes it anew, or because the case has ended.
		return contract.PackageInput{}, errors.Join(ctx.Err(), b.withdraw(context.WithoutCancel(ctx)))
	}
	if errors.Is(err, packaging.ErrRedaction) || errors.Is(err, errLost) {
		return contract.PackageInput{}, p.returned(ctx, in, err)
	}
	if err != nil {
		return contract.PackageInput{}, named(err)
	}
	if err := b.record(ctx, built); err != nil {
		return contract.PackageInput{}, named(err)
	}
	return b.answer(built.Expires), nil
}

// record makes the package ready. One whose case was ended while it was written is taken away again.
func (b *build) record(ctx context.Context, built storage.Built) error {
	wanted := true
	err := b.desk.DB().Change(ctx, b.in.Tenant, packager, func(ctx context.Context, tx *storage.Tx) error {
		row, err := tx.LockCase(ctx, b.in.Case)
		if err != nil {
			return err
		}
		if wanted = row.State == string(privacy.RequestPackaging); !wanted {
			return nil
		}
		return tx.PackageBuilt(ctx, b.pkg, built)
	})
	if err != nil || wanted {
		return err
	}
	return errors.Join(b.withdraw(ctx), fmt.Errorf("package of a case that has ended: %w", storage.ErrNotFound))
}

// withdraw deletes what was written of a package whose case has ended without it: it may have come after the tidying. A
// package that another try has made ready is not this one's to touch.
func (b *build) withdraw(ctx context.Context) error {
	unwanted := false
	err := b.desk.DB().Read(ctx, b.in.Tenant, func(ctx context.Context, tx *storage.Tx) error {
		row, err := tx.Case(ctx, b.in.Case)
		if err != nil {
			return err
		}
		pkg, err := tx.Package(ctx, b.pkg.ID)
		unwanted = row.ClosedAt != nil && pkg.State != storage.PackageReady
		return err
	})
	if err != nil || !unwanted {
		return err
	}
	if err := b.objects.Delete(ctx, b.pkg.ObjectKey); err != nil {
		return fmt.Errorf("take the unwanted package away: %w", err)
	}
	return nil
}

// errLost says that a package can't be built from what was collected. It happens when the register was restored from a
// backup and the case had gone on meanwhile: its parts, or their keys, are gone.
var errLost = errors.New("what was collected is not there any more (the register was restored from a backup): have it collected again")

// returned keeps what is wrong for the reviewer, as a sealed note: about a redaction it may quote a key's value, so it
// goes into no error and no history.
func (p *Packages) returned(ctx context.Context, in contract.CollectInput, problem error) error {
	if err := p.desk.NoteProblem(ctx, in.Ref, "The package was not built: "+problem.Error()); err != nil {
		return named(err)
	}
	return temporal.NewNonRetryableApplicationError("the package can't be built as it was reviewed", contract.ErrorReview, nil)
}

// errPast says that the round's package has had its time.
var errPast = errors.New("it was built from this collection before and is past its time: have it collected again")

// build is one package on its way.
type build struct {
	*Packages
	in       contract.CollectInput
	pkg      storage.Package
	key      *seal.StreamKey
	tenant   storage.Tenant
	now      time.Time // of the transaction that opened it
	contents packaging.Contents
	stored   []stored // per collection of the contents, in their order
	// ledger is what the ledger of consents has of the person; nil where it has nothing.
	ledger *packaging.System
}

func (b *build) answer(expires time.Time) contract.PackageInput {
	return contract.PackageInput{Ref: b.in.Ref, Package: b.pkg.ID, Expires: expires}
}

// past says that the package was there and has ended, or is about to.
func (b *build) past() bool {
	return b.pkg.State == storage.PackageDestroyed || b.pkg.ExpiresAt != nil && !b.now.Before(*b.pkg.ExpiresAt)
}

// open reads what the package is made of. The package's row and key exist from here on: no key, no export.
func (b *build) open(ctx context.Context) error {
	return b.desk.DB().Change(ctx, b.in.Tenant, packager, func(ctx context.Context, tx *storage.Tx) error {
		row, err := tx.LockCase(ctx, b.in.Case)
		if err != nil {
			return err
		}
		b.tenant = tx.Tenant()
		b.pkg, err = tx.PackageFor(ctx, row, b.in.Round, func(id uuid.UUID) string {
			return fmt.Sprintf("%s/packages/%s", b.in.Tenant, id)
		})
		b.now = tx.Now()
		if err != nil || b.past() || b.pkg.State == storage.PackageReady {
			return err
		}
		if row.State != string(privacy.RequestPackaging) {
			// Ended, and perhaps tidied up: nobody would take away what was begun now.
			return &privacy.RuleError{Code: "state", Message: "the request is not waiting for its package any more"}
		}
		if b.key, err = tx.PackageKey(b.pkg); err != nil {
			return err
		}
		return b.gather(ctx, tx, row)
	})
}

// write streams the package through encryption into the object store.
func (b *build) write(ctx context.Context) (storage.Built, error) {
	if err := b.attach(ctx); err != nil {
		return storage.Built{}, err
	}
	if b.contents.Cover.Right == string(privacy.Portability) {
		b.narrow()
	}
	if b.ledger != nil {
		b.contents.Systems = append(b.contents.Systems, *b.ledger)
	}
	reader, writer := io.Pipe()
	counted := &countingHash{hash: sha256.New()}
	var manifest packaging.Manifest
	written := make(chan error, 1)
	go func() {
		var err error
		manifest, err = b.encrypt(ctx, io.MultiWriter(writer, counted))
		writer.CloseWithError(err)
		written <- err
	}()
	stored := b.objects.PutLarge(ctx, b.pkg.ObjectKey, reader)
	// A store that gave up early must not leave the writer waiting for it.
	if err := errors.Join(stored, reader.CloseWithError(stored), <-written); err != nil {
		return storage.Built{}, fmt.Errorf("write the package: %w", err)
	}
	sum, err := hex.DecodeString(manifest.SHA256)
	if err != nil {
		return storage.Built{}, fmt.Errorf("read the manifest's hash: %w", err)
	}
	return storage.Built{
		SHA256: counted.hash.Sum(nil), Bytes: counted.bytes, Files: int32(len(manifest.Files)),
		Rows: manifest.Rows, ManifestSHA256: sum,
		Expires: b.pkg.CreatedAt.AddDate(0, 0, b.tenant.Settings.PackageDays),
	}, nil
}

func (b *build) encrypt(ctx context.Context, w io.Writer) (packaging.Manifest, error) {
	sealed, err := b.key.Encrypt(w, casework.PackageContext(b.pkg.ID))
	if err != nil {
		return packaging.Manifest{}, fmt.Errorf("encrypt the package: %w", err)
	}
	manifest, err := packaging.Write(ctx, sealed, b.contents)
	if err != nil {
		return packaging.Manifest{}, fmt.Errorf("fill the package: %w", err)
	}
	return manifest, sealed.Close()
}

// countingHash sees the encrypted bytes go by.
type countingHash struct {
	hash  hash.Hash
	bytes int64
}

func (c *countingHash) Write(p []byte) (int, error) {
	c.bytes += int64(len(p))
	return c.hash.Write(p)
}

// Destroy takes a package away when its time is over.
func (p *Packages) Destroy(ctx context.Context, in contract.PackageInput) error {
	defer beat(ctx)()
	return named(destroy(ctx, p.desk, p.objects, in, p.desk.Destroyed))
}

// destroy takes a package away for good: the intent is on record before the object goes, the key goes with the record of
// the deed. What the deed means for the person is the recorder's to say.
func destroy(ctx context.Context, desk *casework.Desk, store *objects.Store, in contract.PackageInput, record func(context.Context, contract.PackageInput) error) error {
	pkg, err := desk.IntendDestruction(ctx, in)
	if err != nil || pkg.State == storage.PackageDestroyed {
		return err
	}
	if err := errors.Join(store.Abandon(ctx, pkg.ObjectKey), store.Delete(ctx, pkg.ObjectKey)); err != nil {
		return fmt.Errorf("destroy the package: %w", err)
	}
	return record(ctx, in)
}
