package relay

import (
	"context"
	"errors"

	"github.com/google/uuid"
)

// digests tells the staff of each tenant what is owed, in the morning of the tenant. A tenant whose day is done with is not
// looked at again that day.
func (r *Relay) digests(ctx context.Context) (int, error) {
	if r.digested == nil {
		r.digested = map[uuid.UUID]string{}
	}
	return r.each(ctx, r.db().TenantIDs, func(ctx context.Context, id uuid.UUID) (int, error) {
		tenant, err := r.db().Tenant(ctx, id)
		if err != nil {
			return 0, err
		}
		today := r.Clock.Now().In(tenant.Zone).Format("2006-01-02")
		if r.digested[id] == today {
			return 0, nil
		}
		done, err := r.Desk.SendDigests(ctx, id)
		if done {
			r.digested[id] = today
		}
		return 0, errors.Join(err, ctx.Err())
	})
}
