package relay

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// reapplications has restored systems searched for those who were erased, where nobody does though it was asked for a minute ago. The API starts each right
// after the commit; this is for what was left over, and for a Temporal that has lost it.
func (r *Relay) reapplications(ctx context.Context) (int, error) {
	return r.each(ctx, r.db().TenantIDs, func(ctx context.Context, tenant uuid.UUID) (int, error) {
		var open []storage.OpenReapplication
		err := r.db().Read(ctx, tenant, func(ctx context.Context, tx *storage.Tx) (err error) {
			open, err = tx.OpenReapplications(ctx, r.Clock.Now().Add(-expireEvery), expiriesAtOnce)
			return err
		})
		for _, o := range open {
			failed := contract.StartReapplication(ctx, r.Temporal, contract.ReapplyInput{Tenant: tenant, System: o.SystemID, Reapplication: o.ID})
			err = errors.Join(err, failed)
			if away(failed) {
				break
			}
		}
		return 0, err
	})
}
