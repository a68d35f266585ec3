package casework

import (
	"context"
	"fmt"
	"slices"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/privacy"
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

// Destroyed destroys the package's key and links, and tells the person if they were promised it and never fetched it.
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
		if promised, err := f.promised(ctx, pkg); err != nil || !promised {
			return err
		}
		frame, err := f.frame(ctx)
		if err != nil {
			return err
		}
		return f.write(ctx, "expired/"+pkg.ID.String(), &notify.PackageExpired{Frame: frame, On: f.tx.Now()})
	})
}

// promised says whether the person was ever told of the package.
func (f *file) promised(ctx context.Context, pkg storage.Package) (bool, error) {
	steps, err := f.tx.Transitions(ctx, f.row.ID)
	if err != nil {
		return false, fmt.Errorf("read the steps: %w", err)
	}
	return slices.ContainsFunc(steps, func(s storage.Transition) bool {
		return s.Event == string(privacy.EventDelivered) && !s.At.Before(pkg.CreatedAt)
	}), nil
}
