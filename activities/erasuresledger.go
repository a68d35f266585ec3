package activities

import (
	"context"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/storage"
)

// ledger puts on record what is about to be done, and what was.
type ledger struct{ *erasing }

// Begin implements connectors.Ledger.
func (l *ledger) Begin(ctx context.Context, at dataset.Address) (done bool, err error) {
	err = l.record(ctx, func(ctx context.Context, tx *storage.Tx) error {
		now, err := tx.ErasurePlanState(ctx, l.in.Case)
		if err != nil {
			return err
		}
		if now.ID != l.plan.ID || now.State != storage.PlanExecuting {
			return errNoPlan // it was sent to be planned anew
		}
		if err := l.keptSince(ctx, tx); err != nil {
			return err
		}
		return tx.IntendErasure(ctx, l.run, at, l.plan.SHA256)
	})
	return false, err
}

// Changed implements connectors.Ledger.
func (l *ledger) Changed(ctx context.Context, at dataset.Address, n connectors.Tally) error {
	var total int64
	err := l.record(ctx, func(ctx context.Context, tx *storage.Tx) (err error) {
		total, err = tx.CountErased(ctx, l.run, at, storage.ErasureTally{Deleted: n.Deleted, Masked: n.Masked, Trimmed: n.Trimmed, Parts: n.Parts})
		return err
	})
	if err == nil && total > l.part.Reaches(at) {
		return &connectors.Error{Code: connectors.ErrSelection, Where: at.String(), What: "there is more to change than the plan counted when it was approved", Do: "have the plan made anew"}
	}
	return err
}

// End implements connectors.Ledger.
func (l *ledger) End(ctx context.Context, at dataset.Address) error {
	return l.record(ctx, func(ctx context.Context, tx *storage.Tx) error {
		return tx.ErasedCollection(ctx, l.run, at, l.plan.SHA256)
	})
}

func (l *ledger) record(ctx context.Context, do func(context.Context, *storage.Tx) error) error {
	return l.desk.DB().Change(ctx, l.in.Tenant, eraser, do)
}
