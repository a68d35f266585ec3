package relay

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/workflows/contract"
)

// forgetAtOnce is how many closed cases of a tenant one look forgets.
const forgetAtOnce = 100

// ForgetPeople destroys what is held of people in closed cases whose own time is over: first the objects, then the keys and whatever is sealed
// under them. What dies in between is done again: objects that are gone can be deleted once more.
func (r *Relay) ForgetPeople(ctx context.Context) (int, error) {
	return r.each(ctx, r.db().TenantIDs, func(ctx context.Context, tenant uuid.UUID) (int, error) {
		cases, err := r.Desk.ToForget(ctx, tenant, forgetAtOnce)
		if err != nil {
			return 0, err
		}
		for _, id := range cases {
			if err := r.forgetCase(ctx, contract.Ref{Tenant: tenant, Case: id}); err != nil {
				return 0, err
			}
		}
		return len(cases), nil
	})
}

func (r *Relay) forgetCase(ctx context.Context, ref contract.Ref) error {
	held, keys, err := r.Desk.Possessions(ctx, ref)
	if err != nil || held {
		return err
	}
	for _, prefix := range keys.Prefixes {
		found, err := r.Objects.List(ctx, prefix)
		if err != nil {
			return fmt.Errorf("list what a closed case has: %w", err)
		}
		keys.Objects = append(keys.Objects, found...)
	}
	for _, key := range keys.Objects {
		if err := r.Objects.Delete(ctx, key); err != nil {
			return fmt.Errorf("delete what a closed case has: %w", err)
		}
	}
	return r.Desk.ForgetCase(ctx, ref)
}
