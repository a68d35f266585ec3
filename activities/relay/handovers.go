package relay

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// Handovers counts what came into the log for each receiver, and has those told that something waits for. One that is being told is left alone.
func (r *Relay) Handovers(ctx context.Context) (int, error) {
	return r.each(ctx, r.db().TenantIDs, r.handoversOf)
}

func (r *Relay) handoversOf(ctx context.Context, tenant uuid.UUID) (int, error) {
	behind, err := r.receiversBehind(ctx, tenant)
	if len(behind) == 0 {
		return 0, err
	}
	for _, one := range behind {
		for more := one.Behind; more && ctx.Err() == nil; {
			var failed error
			if more, failed = r.Desk.CountHandovers(ctx, tenant, one.ID); failed != nil {
				err = errors.Join(err, failed)
				break
			}
		}
	}
	waiting, failed := r.receiversBehind(ctx, tenant)
	err = errors.Join(err, failed)
	for _, one := range waiting {
		if one.Waits {
			err = errors.Join(err, contract.StartHandover(ctx, r.Temporal, contract.HandoverInput{Tenant: tenant, Receiver: one.ID}))
		}
	}
	return 0, err
}

func (r *Relay) receiversBehind(ctx context.Context, tenant uuid.UUID) (behind []storage.ReceiverBehind, err error) {
	err = r.db().Read(ctx, tenant, func(ctx context.Context, tx *storage.Tx) error {
		behind, err = tx.ConsentReceiversBehind(ctx)
		return err
	})
	return behind, err
}

// HandoverLetters tells staff of what receivers have not confirmed in time.
func (r *Relay) HandoverLetters(ctx context.Context) (int, error) {
	return r.each(ctx, r.db().TenantIDs, r.Desk.TellHandovers)
}
