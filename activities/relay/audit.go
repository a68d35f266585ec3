package relay

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/storage"
)

// placeAtOnce is how many events one transaction gives their place.
const placeAtOnce = 2000

// audit gives waiting events their place in their tenant's log, signs the new head and exports what was added.
func (r *Relay) audit(ctx context.Context) (int, error) {
	return r.each(ctx, r.db().TenantsWithAudit, r.place)
}

func (r *Relay) place(ctx context.Context, tenant uuid.UUID) (placed int, err error) {
	err = r.db().InLog(ctx, tenant, func(log *storage.LogTx) error {
		placed, err = audit.Sequencer{}.Integrate(ctx, log, tenant.String(), placeAtOnce)
		if err != nil || placed == 0 {
			return err
		}
		_, err = r.Signer.Checkpoint(ctx, log, tenant.String())
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("grow the audit log: %w", err)
	}
	return placed, nil
}
