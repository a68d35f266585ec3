package casework

import (
	"context"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// IntendDestruction puts on record that a package is about to be destroyed, and gives it. One that is destroyed already
// is given as it is.
func (d *Desk) IntendDestruction(ctx context.Context, in contract.PackageInput) (pkg storage.Package, err error) {
	err = d.db.Change(ctx, in.Tenant, System("expiry"), func(ctx context.Context, tx *storage.Tx) error {
		if pkg, err = tx.Package(ctx, in.Package); err != nil || pkg.State == storage.PackageDestroyed {
			return err
		}
		return tx.DestroyPackage(ctx, pkg, audit.Intent)
	})
	return pkg, err
}

// Destroyed destroys the package's key and links, and tells the person if they never fetched it.
func (d *Desk) Destroyed(ctx context.Context, in contract.PackageInput) error {
	return d.change(ctx, in.Ref, System("expiry"), func(ctx context.Context, f *file) error {
		pkg, err := f.tx.Package(ctx, in.Package)
		if err != nil || pkg.State == storage.PackageDestroyed {
			return err
		}
		if err := f.tx.DestroyPackage(ctx, pkg, audit.Done); err != nil {
			return err
		}
		receipts, err := f.tx.Receipts(ctx, f.row.ID)
		if err != nil {
			return err
		}
		for _, receipt := range receipts {
			if receipt.PackageID == pkg.ID && receipt.Complete {
				return nil
			}
		}
		frame, err := f.frame(ctx)
		if err != nil {
			return err
		}
		return f.write(ctx, "expired/"+pkg.ID.String(), &notify.PackageExpired{Frame: frame, On: f.tx.Now()})
	})
}
