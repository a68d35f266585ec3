package casework

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// Leftovers is what a closed case no longer needs.
type Leftovers struct {
	// Objects are the documents that proved identity, and what else was destroyed with the decision on it.
	Objects []string
	// Prefix is where the collected parts lie, those included that no row tells of because their try died.
	Prefix string
	// Packages were built, or begun, for an answer that was never given.
	Packages []contract.PackageInput
}

// PartsPrefix is where the object store has the collected parts of a case.
func PartsPrefix(ref contract.Ref) string { return fmt.Sprintf("%s/cases/%s/", ref.Tenant, ref.Case) }

// Discard lists what a closed case no longer needs. A case that was reopened meanwhile keeps everything.
func (d *Desk) Discard(ctx context.Context, ref contract.Ref) (left Leftovers, err error) {
	err = d.db.Read(ctx, ref.Tenant, func(ctx context.Context, tx *storage.Tx) error {
		row, err := tx.Case(ctx, ref.Case)
		if err != nil || row.ClosedAt == nil {
			return err
		}
		left.Prefix = PartsPrefix(ref)
		documents, err := tx.Documents(ctx, ref.Case)
		if err != nil {
			return fmt.Errorf("read documents: %w", err)
		}
		for _, document := range documents {
			left.Objects = append(left.Objects, document.ObjectKey)
		}
		attached, err := tx.CaseAttachments(ctx, ref.Case)
		if err != nil {
			return err
		}
		for _, a := range attached {
			if a.DestroyedAt != nil {
				left.Objects = append(left.Objects, a.ObjectKey)
			}
		}
		left.Packages, err = undelivered(ctx, tx, row)
		return err
	})
	return left, err
}

// undelivered lists the packages of the run that ended without an answer. Those of runs before it went out and end in
// their own time, unless it has turned out that they went to somebody who is not the person.
func undelivered(ctx context.Context, tx *storage.Tx, row storage.Case) ([]contract.PackageInput, error) {
	if row.Outcome != nil && *row.Outcome == string(privacy.OutcomeFulfilled) {
		return nil, nil
	}
	var began time.Time
	if row.ReasonCode == nil || *row.ReasonCode != string(privacy.IdentityNotProven) {
		var err error
		if began, err = runBegan(ctx, tx, row); err != nil {
			return nil, err
		}
	}
	packages, err := tx.Packages(ctx, row.ID)
	if err != nil {
		return nil, err
	}
	var out []contract.PackageInput
	for _, p := range packages {
		if p.State != storage.PackageDestroyed && !p.CreatedAt.Before(began) {
			out = append(out, contract.PackageInput{Ref: contract.Ref{Tenant: row.TenantID, Case: row.ID}, Package: p.ID})
		}
	}
	return out, nil
}

// runBegan is when the case was taken up the last time.
func runBegan(ctx context.Context, tx *storage.Tx, row storage.Case) (time.Time, error) {
	steps, err := tx.Transitions(ctx, row.ID)
	if err != nil {
		return time.Time{}, fmt.Errorf("read the steps: %w", err)
	}
	for _, s := range slices.Backward(steps) {
		if s.Event == string(privacy.EventReopened) {
			return s.At, nil
		}
	}
	return time.Time{}, nil
}

// DropPackage destroys the key of a package that nobody was promised.
func (d *Desk) DropPackage(ctx context.Context, in contract.PackageInput) error {
	return d.db.Change(ctx, in.Tenant, System("tidy"), func(ctx context.Context, tx *storage.Tx) error {
		pkg, err := tx.Package(ctx, in.Package)
		if err != nil || pkg.State == storage.PackageDestroyed {
			return err
		}
		return tx.DestroyPackage(ctx, pkg, audit.Done)
	})
}

// Discarded forgets the parts of a closed case and destroys their keys.
func (d *Desk) Discarded(ctx context.Context, ref contract.Ref) error {
	return d.db.Change(ctx, ref.Tenant, System("tidy"), func(ctx context.Context, tx *storage.Tx) error {
		row, err := tx.LockCase(ctx, ref.Case)
		if err != nil || row.ClosedAt == nil {
			return err
		}
		if err := d.endInquiries(ctx, tx, row); err != nil {
			return err
		}
		round, err := tx.LatestRound(ctx, ref.Case)
		if err != nil || round == 0 {
			return err
		}
		runs, err := tx.Runs(ctx, ref.Case, round)
		if err != nil {
			return fmt.Errorf("read runs: %w", err)
		}
		if !slices.ContainsFunc(runs, func(r storage.Run) bool { return r.KeyWrapped != nil }) {
			return nil
		}
		return tx.ForgetParts(ctx, ref.Case)
	})
}

// endInquiries has nobody asked any more on account of a case that has ended, and destroys the keys of what came with answers: the person has it with
// the package. Those who are told of what was done are asked on.
func (d *Desk) endInquiries(ctx context.Context, tx *storage.Tx, row storage.Case) error {
	f, err := d.fileOf(ctx, tx, row)
	if err != nil {
		return err
	}
	if err := f.closeAwaited(ctx); err != nil {
		return err
	}
	return tx.ForgetInquiryFiles(ctx, row.ID)
}
