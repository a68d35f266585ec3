package relay

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// transmissions starts the sending of packages that were to be sent a minute ago. The API starts each right after the commit; this is for what was left over,
// and for a Temporal that has lost it. Links by which others fetch end here once their time is over.
func (r *Relay) transmissions(ctx context.Context) (int, error) {
	return r.each(ctx, r.db().TenantIDs, func(ctx context.Context, tenant uuid.UUID) (int, error) {
		var open []storage.OpenTransmission
		err := r.db().Read(ctx, tenant, func(ctx context.Context, tx *storage.Tx) (err error) {
			open, err = tx.OpenTransmissions(ctx, r.Clock.Now().Add(-expireEvery), expiriesAtOnce)
			return err
		})
		err = errors.Join(err, r.Desk.EndPastLinks(ctx, tenant))
		for _, o := range open {
			failed := contract.StartTransmission(ctx, r.Temporal, contract.TransmissionInput{Ref: contract.Ref{Tenant: tenant, Case: o.CaseID}, Transmission: o.ID})
			err = errors.Join(err, failed)
			if away(failed) {
				break
			}
		}
		return 0, err
	})
}
