package casework

import (
	"context"

	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// Discard lists the objects that a closed case no longer needs: collected parts and documents that proved identity. A
// case that was reopened meanwhile keeps everything.
func (d *Desk) Discard(ctx context.Context, ref contract.Ref) (objectKeys []string, err error) {
	err = d.db.Read(ctx, ref.Tenant, func(ctx context.Context, tx *storage.Tx) error {
		row, err := tx.Case(ctx, ref.Case)
		if err != nil || row.ClosedAt == nil {
			return err
		}
		if objectKeys, err = tx.CaseObjects(ctx, ref.Case); err != nil {
			return err
		}
		documents, err := tx.Documents(ctx, ref.Case)
		for _, document := range documents {
			objectKeys = append(objectKeys, document.ObjectKey)
		}
		return err
	})
	return objectKeys, err
}

// Discarded forgets the parts of a closed case and destroys their keys.
func (d *Desk) Discarded(ctx context.Context, ref contract.Ref) error {
	return d.db.Change(ctx, ref.Tenant, System("tidy"), func(ctx context.Context, tx *storage.Tx) error {
		row, err := tx.LockCase(ctx, ref.Case)
		if err != nil || row.ClosedAt == nil {
			return err
		}
		round, err := tx.LatestRound(ctx, ref.Case)
		if err != nil || round == 0 {
			return err
		}
		return tx.ForgetParts(ctx, ref.Case)
	})
}
