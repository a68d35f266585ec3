package storage

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage/internal/db"
)

// Rows of packages as they are read.
type (
	// Package is the encrypted answer to a case.
	Package = db.PackageByIDRow
	// Link is a one-time link to a package.
	Link = db.LinkByTokenRow
	// PastPackage is a package that should be gone by now.
	PastPackage = db.PackagesPastRow
	// Receipt proves that a package went out.
	Receipt = db.ReceiptsRow
)

// States of a package.
const (
	PackageBuilding  = "building"
	PackageReady     = "ready"
	PackageDestroyed = "destroyed"
)

// PackageFor gives the package of a round, made with a fresh key when it is not there yet.
func (t *Tx) PackageFor(ctx context.Context, c Case, round int32, objectKey func(id uuid.UUID) string) (Package, error) {
	id := newID()
	wrapped, err := t.tenant.Keys.NewStreamKey(packageKeyID(c.ID, round))
	if err != nil {
		return Package{}, fmt.Errorf("make the package's key: %w", err)
	}
	if _, err := t.q.InsertPackage(ctx, db.InsertPackageParams{
		ID: id, TenantID: t.tenant.ID, CaseID: c.ID, Round: round, ObjectKey: objectKey(id), WrappedKey: wrapped, CreatedAt: t.now,
	}); err != nil {
		return Package{}, fmt.Errorf("add the package: %w", err)
	}
	row, err := t.q.PackageByRound(ctx, t.tenant.ID, c.ID, round)
	if err != nil {
		return Package{}, fmt.Errorf("package: %w", translate(err))
	}
	return Package(row), nil
}

func packageKeyID(caseID uuid.UUID, round int32) string {
	return fmt.Sprintf("package/%s/%d", caseID, round)
}

// PackageKey opens the key of a package; seal.ErrNoKey once it is destroyed.
func (t *Tx) PackageKey(p Package) (*seal.StreamKey, error) {
	key, err := t.tenant.Keys.StreamKey(p.WrappedKey, packageKeyID(p.CaseID, p.Round))
	if err != nil {
		return nil, fmt.Errorf("open the package's key: %w", err)
	}
	return key, nil
}

// Built is what is known of a package once it is written.
type Built struct {
	SHA256         []byte // of the encrypted object
	Bytes          int64  // of the encrypted object
	Files          int32
	Rows           int64
	ManifestSHA256 []byte
	Expires        time.Time
}

// PackageBuilt records a package as ready.
func (t *Tx) PackageBuilt(ctx context.Context, p Package, b Built) error {
	rows, err := t.q.PackageReady(ctx, db.PackageReadyParams{
		TenantID: t.tenant.ID, ID: p.ID, Sha256: b.SHA256, Bytes: &b.Bytes, Files: &b.Files, Rows: &b.Rows,
		ManifestSha256: b.ManifestSHA256, ReadyAt: &t.now, ExpiresAt: &b.Expires,
	})
	if err != nil {
		return fmt.Errorf("record the package: %w", err)
	}
	if rows == 0 {
		return nil
	}
	return t.Audit(ctx, audit.Event{
		Action: audit.PackageBuilt, CaseID: p.CaseID.String(), Object: packageObject(p.ID), Evidence: b.ManifestSHA256,
		Facts: map[audit.FactKey]string{audit.FactCount: fmt.Sprint(b.Rows), audit.FactBytes: fmt.Sprint(b.Bytes)},
	})
}

func packageObject(id uuid.UUID) audit.Object { return audit.Object{Kind: "package", ID: id.String()} }

// Package reads one package.
func (t *Tx) Package(ctx context.Context, id uuid.UUID) (Package, error) {
	p, err := t.q.PackageByID(ctx, t.tenant.ID, id)
	if err != nil {
		return Package{}, fmt.Errorf("package: %w", translate(err))
	}
	return p, nil
}

// Packages lists the packages of a case, oldest first.
func (t *Tx) Packages(ctx context.Context, caseID uuid.UUID) ([]Package, error) {
	rows, err := t.q.Packages(ctx, t.tenant.ID, caseID)
	if err != nil {
		return nil, fmt.Errorf("read packages: %w", err)
	}
	packages := make([]Package, len(rows))
	for i, row := range rows {
		packages[i] = Package(row)
	}
	return packages, nil
}

// DestroyPackage destroys the key of a package; the object behind it is unreadable from here on.
func (t *Tx) DestroyPackage(ctx context.Context, p Package, outcome audit.Outcome) error {
	if outcome == audit.Done {
		if _, err := t.q.DestroyPackage(ctx, t.tenant.ID, p.ID, &t.now); err != nil {
			return fmt.Errorf("destroy the package: %w", err)
		}
		if err := t.later.EndLinks(ctx, t.tenant.ID, p.ID, &t.now); err != nil {
			return fmt.Errorf("end the links: %w", err)
		}
		if err := t.endTransmissionLinks(ctx, p); err != nil {
			return err
		}
		if err := t.QueueCallbacks(ctx, p.CaseID); err != nil {
			return err
		}
	}
	return t.Audit(ctx, audit.Event{
		Action: audit.PackageDestroyed, CaseID: p.CaseID.String(), Object: packageObject(p.ID), Outcome: outcome, Evidence: p.Sha256,
	})
}

// NewLink makes a one-time link the only one that works for the package.
func (t *Tx) NewLink(ctx context.Context, p Package, tokenHash []byte, expires time.Time) error {
	if err := t.later.EndLinks(ctx, t.tenant.ID, p.ID, &t.now); err != nil {
		return fmt.Errorf("end the links before: %w", err)
	}
	err := t.later.InsertLink(ctx, db.InsertLinkParams{
		ID: newID(), TenantID: t.tenant.ID, PackageID: p.ID, TokenHash: tokenHash, CreatedAt: t.now, ExpiresAt: expires,
	})
	if err != nil {
		return fmt.Errorf("keep the link: %w", err)
	}
	return nil
}

// Link finds the link behind a token. Whether it still works is for the caller to say from its times.
func (t *Tx) Link(ctx context.Context, tokenHash []byte) (Link, error) {
	link, err := t.q.LinkByToken(ctx, t.tenant.ID, tokenHash)
	if err != nil {
		return Link{}, fmt.Errorf("link: %w", translate(err))
	}
	return link, nil
}

// UseLink spends a link and opens the receipt of its download. ErrConflict when it was spent meanwhile.
func (t *Tx) UseLink(ctx context.Context, link Link) (receipt uuid.UUID, err error) {
	rows, err := t.q.UseLink(ctx, t.tenant.ID, link.ID, t.now)
	if err != nil {
		return uuid.Nil, fmt.Errorf("spend the link: %w", err)
	}
	if rows == 0 {
		return uuid.Nil, ErrConflict
	}
	receipt = newID()
	err = t.later.InsertReceipt(ctx, db.InsertReceiptParams{
		ID: receipt, TenantID: t.tenant.ID, PackageID: link.PackageID, LinkID: link.ID, StartedAt: t.now,
	})
	if err != nil {
		return uuid.Nil, fmt.Errorf("open the receipt: %w", err)
	}
	return receipt, nil
}

// FinishReceipt records how a download ended.
func (t *Tx) FinishReceipt(ctx context.Context, link Link, receipt uuid.UUID, bytes int64, complete bool) error {
	err := t.later.FinishReceipt(ctx, db.FinishReceiptParams{
		TenantID: t.tenant.ID, ID: receipt, EndedAt: &t.now, Bytes: bytes, Complete: complete,
	})
	if err != nil {
		return fmt.Errorf("close the receipt: %w", err)
	}
	outcome := audit.Done
	if !complete {
		outcome = audit.Failed
	}
	return t.Audit(ctx, audit.Event{
		Action: audit.PackageDownload, CaseID: link.CaseID.String(), Object: packageObject(link.PackageID), Outcome: outcome,
		Facts: map[audit.FactKey]string{audit.FactBytes: fmt.Sprint(bytes)},
	})
}

// RestoreLink makes a spent link good again after a download that broke off, unless a newer one has replaced it.
func (t *Tx) RestoreLink(ctx context.Context, link Link) error {
	if _, err := t.q.RestoreLink(ctx, t.tenant.ID, link.ID); err != nil {
		return fmt.Errorf("restore the link: %w", err)
	}
	return nil
}

// Receipts lists the downloads of a case.
func (t *Tx) Receipts(ctx context.Context, caseID uuid.UUID) ([]Receipt, error) {
	return t.q.Receipts(ctx, t.tenant.ID, caseID)
}

// PackagesPast lists packages whose time was over at a moment and which are there all the same, oldest first, of every tenant.
func (d *DB) PackagesPast(ctx context.Context, at time.Time, limit int32) ([]PastPackage, error) {
	packages, err := db.New(d.pool).PackagesPast(ctx, at, limit)
	return packages, translate(err)
}

// openDownloads is how many downloads one look gives up at most.
const openDownloads = 100

// GiveUpDownloads ends downloads that began before a moment and whose end nobody recorded, because the process that sent
// them died: their receipts say that they broke off, and their links work again.
func (t *Tx) GiveUpDownloads(ctx context.Context, before time.Time) error {
	open, err := t.q.OpenDownloads(ctx, t.tenant.ID, before, openDownloads)
	if err != nil {
		return fmt.Errorf("read open downloads: %w", err)
	}
	for _, d := range open {
		link := Link{ID: d.LinkID, PackageID: d.PackageID, CaseID: d.CaseID}
		if err := t.FinishReceipt(ctx, link, d.ID, 0, false); err != nil {
			return err
		}
		if err := t.RestoreLink(ctx, link); err != nil {
			return err
		}
	}
	return nil
}
