package relay

import (
	"context"
	"fmt"

	"github.com/google/uuid"
)

// rewrapAtOnce is how many keys one look wraps anew: enough to be quick, few enough to hold locks briefly.
const rewrapAtOnce = 500

// rotations takes the rotations that are under way further.
func (r *Relay) rotations(ctx context.Context) (int, error) {
	return r.each(ctx, r.db().TenantsRotating, func(ctx context.Context, tenant uuid.UUID) (int, error) {
		_, done, err := r.db().RotateOn(ctx, actor, tenant, rewrapAtOnce)
		if err != nil {
			return 0, fmt.Errorf("rotate the keys: %w", err)
		}
		if done {
			return 0, nil
		}
		return 1, nil // there is more
	})
}
