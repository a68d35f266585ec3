package storage

import (
	"context"
	"fmt"

	"github.com/google/uuid"
)

// EventIDs lists the ids of the tenant's audit events behind one, in their order: nearly that of time. It reads the index alone.
func (t *Tx) EventIDs(ctx context.Context, behind uuid.UUID, limit int32) ([]uuid.UUID, error) {
	ids, err := t.q.AuditEventIDs(ctx, t.tenant.ID, behind, limit)
	if err != nil {
		return nil, fmt.Errorf("list events: %w", err)
	}
	return ids, nil
}

// EventsByID reads events of the tenant, in the order of their ids.
func (t *Tx) EventsByID(ctx context.Context, ids []uuid.UUID) ([]AuditLine, error) {
	return auditLines(t.q.AuditEventsByID(ctx, t.tenant.ID, ids))
}
