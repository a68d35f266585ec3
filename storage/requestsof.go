package storage

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/storage/internal/db"
)

// OpenAccess lists the references of access and portability requests of a person that are not closed, where it was proven who asks: by what they are known by, and by what is found
// to be theirs beside it.
func (t *Tx) OpenAccess(ctx context.Context, p Person, beside ...Identities) (references []string, err error) {
	kinds, indexes, err := t.knownByAll(p, beside)
	if err != nil {
		return nil, err
	}
	rows, err := t.q.OpenAccessOnIdentities(ctx, t.tenant.ID, kinds, indexes)
	if err != nil {
		return nil, fmt.Errorf("look for open access requests: %w", err)
	}
	for _, row := range rows {
		references = append(references, row.Reference)
	}
	return references, nil
}

// ClosedRequest is a request that has come to its end, as far as what follows from that hangs on it.
type ClosedRequest = db.ClosedRequestsOnIdentitiesRow

// ClosedRequestsOnErased lists those of whoever was erased under a case, by the tombstones of it.
func (t *Tx) ClosedRequestsOnErased(ctx context.Context, caseID uuid.UUID) ([]ClosedRequest, error) {
	rows, err := t.q.ClosedRequestsOnErased(ctx, t.tenant.ID, caseID)
	if err != nil {
		return nil, fmt.Errorf("look for closed requests of who was erased: %w", err)
	}
	out := make([]ClosedRequest, len(rows))
	for i, row := range rows {
		out[i] = ClosedRequest(row)
	}
	return out, nil
}

// ClosedRequests lists the closed requests of a person, found as OpenAccess finds them: by what was proven to be theirs.
func (t *Tx) ClosedRequests(ctx context.Context, p Person, beside ...Identities) ([]ClosedRequest, error) {
	kinds, indexes, err := t.knownByAll(p, beside)
	if err != nil {
		return nil, err
	}
	rows, err := t.q.ClosedRequestsOnIdentities(ctx, t.tenant.ID, kinds, indexes)
	if err != nil {
		return nil, fmt.Errorf("look for closed requests: %w", err)
	}
	return rows, nil
}
