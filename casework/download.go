package casework

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// ErrLinkDead says that a download link does not work: unknown, used, replaced or past its time. All are one answer, so
// that nobody learns anything by trying.
var ErrLinkDead = errors.New("this link does not work any more")

// DownloadCase finds the case behind a download link that still works.
func (d *Desk) DownloadCase(ctx context.Context, tenant uuid.UUID, token string) (ref contract.Ref, err error) {
	err = d.db.Read(ctx, tenant, func(ctx context.Context, tx *storage.Tx) error {
		link, err := liveLink(ctx, tx, token)
		ref = contract.Ref{Tenant: tenant, Case: link.CaseID}
		return err
	})
	return ref, err
}

func liveLink(ctx context.Context, tx *storage.Tx, token string) (storage.Link, error) {
	link, err := tx.Link(ctx, TokenHash(token))
	if errors.Is(err, storage.ErrNotFound) {
		return storage.Link{}, ErrLinkDead
	}
	if err != nil {
		return storage.Link{}, err
	}
	if link.EndedAt != nil || !tx.Now().Before(link.ExpiresAt) {
		return storage.Link{}, ErrLinkDead
	}
	return link, nil
}

// Download is a package on its way to the person.
type Download struct {
	Reference string
	// Body gives the package in clear; the caller closes it.
	Body io.ReadCloser

	desk    *Desk
	ref     contract.Ref
	link    storage.Link
	receipt uuid.UUID
}

// BeginDownload spends the link against a fresh code and opens the package. Whatever happens to the download is to be
// said with Finish.
func (d *Desk) BeginDownload(ctx context.Context, tenant uuid.UUID, token, code string) (*Download, error) {
	ref, err := d.DownloadCase(ctx, tenant, token)
	if err != nil {
		return nil, err
	}
	download := &Download{desk: d, ref: ref}
	var key *seal.StreamKey
	var pkg storage.Package
	var answer error
	err = d.change(ctx, ref, subjectActor(ref), func(ctx context.Context, f *file) error {
		if download.link, err = liveLink(ctx, f.tx, token); err != nil {
			return err
		}
		if answer, err = f.checkCode(ctx, storage.CodeForDownload, code); err != nil || answer != nil {
			return err
		}
		download.Reference = f.row.Reference
		pkg, key, err = f.openPackage(ctx, download.link.PackageID)
		if err != nil {
			return err
		}
		download.receipt, err = f.tx.UseLink(ctx, download.link)
		return err
	})
	if err := errors.Join(err, answer); err != nil {
		return nil, err
	}
	download.Body, err = d.decrypt(ctx, pkg, key)
	if err != nil {
		return nil, errors.Join(err, download.Finish(ctx, 0, false))
	}
	return download, nil
}

func (f *file) openPackage(ctx context.Context, id uuid.UUID) (storage.Package, *seal.StreamKey, error) {
	pkg, err := f.tx.Package(ctx, id)
	if err != nil {
		return storage.Package{}, nil, err
	}
	if pkg.State != storage.PackageReady || pkg.ExpiresAt != nil && !f.tx.Now().Before(*pkg.ExpiresAt) {
		return storage.Package{}, nil, ErrLinkDead
	}
	key, err := f.tx.PackageKey(pkg)
	return pkg, key, err
}

func (d *Desk) decrypt(ctx context.Context, pkg storage.Package, key *seal.StreamKey) (io.ReadCloser, error) {
	object, err := d.objects.Get(ctx, pkg.ObjectKey)
	if err != nil {
		return nil, fmt.Errorf("fetch the package: %w", err)
	}
	clear, err := key.Decrypt(object, PackageContext(pkg.ID))
	if err != nil {
		return nil, errors.Join(fmt.Errorf("decrypt the package: %w", err), object.Close())
	}
	return struct {
		io.Reader
		io.Closer
	}{clear, object}, nil
}

// PackageContext binds the bytes of a package to its row.
func PackageContext(id uuid.UUID) string { return "package/" + id.String() }

// Finish records how the download ended, also when the call it belongs to is over: that is how most break off. One that
// broke off leaves the link good for another try.
func (w *Download) Finish(ctx context.Context, bytes int64, complete bool) error {
	ctx = context.WithoutCancel(ctx)
	return w.desk.db.Change(ctx, w.ref.Tenant, subjectActor(w.ref), func(ctx context.Context, tx *storage.Tx) error {
		if err := tx.FinishReceipt(ctx, w.link, w.receipt, bytes, complete); err != nil {
			return err
		}
		if complete {
			return nil
		}
		return tx.RestoreLink(ctx, w.link)
	})
}

// downloadLife is how long a download can last: a server cuts an answer off well before.
const downloadLife = 20 * time.Minute

// GiveUpDownloads ends the downloads that a server had begun when it died, so that their links work again.
func (d *Desk) GiveUpDownloads(ctx context.Context, tenant uuid.UUID) error {
	return d.db.Change(ctx, tenant, System("relay"), func(ctx context.Context, tx *storage.Tx) error {
		return tx.GiveUpDownloads(ctx, tx.Now().Add(-downloadLife))
	})
}

// Resend gives the person a new link to the package, once per key; the one before stops working.
func (d *Desk) Resend(ctx context.Context, tx *storage.Tx, ref contract.Ref, key string) error {
	return d.once(ctx, tx, ref, key, func(ctx context.Context, f *file) error {
		pkg, err := f.readyPackage(ctx)
		if err != nil {
			return err
		}
		frame, err := f.frame(ctx)
		if err != nil {
			return err
		}
		link, err := f.newDownloadLink(ctx, pkg)
		if err != nil {
			return err
		}
		if err := f.write(ctx, key, &notify.PackageResent{Frame: frame, Link: link, Expires: *pkg.ExpiresAt}); err != nil {
			return err
		}
		if err := tx.RecordStep(ctx, f.row, key, "package_resent", ""); err != nil {
			return err
		}
		return tx.Audit(ctx, audit.Event{
			Action: audit.PackageResent, CaseID: f.row.ID.String(), Object: audit.Object{Kind: "package", ID: pkg.ID.String()},
		})
	})
}
