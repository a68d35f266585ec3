package relay

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// Consents has each tenant's consents looked at whose day has come. A day that is being looked at is left alone.
func (r *Relay) Consents(ctx context.Context) (int, error) {
	return r.each(ctx, r.db().TenantIDs, func(ctx context.Context, tenant uuid.UUID) (int, error) {
		day, due, err := r.Desk.ConsentsDue(ctx, tenant)
		if err != nil || !due {
			return 0, err
		}
		return 0, errors.Join(contract.StartConsentDay(ctx, r.Temporal, contract.ConsentDayInput{Tenant: tenant, Day: day.String()}), ctx.Err())
	})
}

// SignUps has sign-ups looked at about which something is to be done.
func (r *Relay) SignUps(ctx context.Context) (int, error) {
	return r.each(ctx, r.db().TenantsWithSignUps, func(ctx context.Context, tenant uuid.UUID) (int, error) {
		return 0, contract.StartSignUps(ctx, r.Temporal, contract.SignUpsInput{Tenant: tenant})
	})
}

// ConsentImports has imports go on that nobody is at: the API starts each right after the commit, and this is for what was left over.
func (r *Relay) ConsentImports(ctx context.Context) (int, error) {
	return r.each(ctx, r.db().TenantIDs, func(ctx context.Context, tenant uuid.UUID) (int, error) {
		var open map[uuid.UUID]string
		err := r.db().Read(ctx, tenant, func(ctx context.Context, tx *storage.Tx) (err error) {
			open, err = tx.ConsentImportsAtWork(ctx)
			return err
		})
		for id, state := range open {
			step := storage.ImportRun
			if state == storage.ImportChecking {
				step = storage.ImportCheck
			}
			err = errors.Join(err, contract.StartConsentImport(ctx, r.Temporal, contract.ConsentImportInput{Tenant: tenant, Import: id, Step: step}))
		}
		return 0, err
	})
}

// StaleImports gives up imports that nobody ran.
func (r *Relay) StaleImports(ctx context.Context) (int, error) {
	return r.each(ctx, r.db().TenantIDs, func(ctx context.Context, tenant uuid.UUID) (int, error) { return r.Desk.DropStaleImports(ctx, tenant) })
}
