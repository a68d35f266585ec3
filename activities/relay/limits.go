package relay

import (
	"context"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/storage"
)

// limitsAtOnce is how many limits of a tenant one look ends.
const limitsAtOnce = 100

// EndLimits lifts limits whose people were told that they end by now.
func (r *Relay) EndLimits(ctx context.Context) (int, error) {
	return r.each(ctx, r.db().TenantIDs, func(ctx context.Context, tenant uuid.UUID) (done int, err error) {
		err = r.db().Change(ctx, tenant, actor, func(ctx context.Context, tx *storage.Tx) error {
			done, err = r.Desk.EndLimits(ctx, tx, limitsAtOnce)
			return err
		})
		return done, err
	})
}
