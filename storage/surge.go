package storage

import (
	"context"
	"encoding/binary"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/storage/internal/db"
)

// A surge is so many requests of one tenant within so short a time. While it lasts, what follows an accepted request, its
// workflow and the places of its events in the log, waits so long at most: those who wait for an answer come first.
const (
	surgeRequests = 50
	surgeTime     = 250 * time.Millisecond
	surgeWait     = 10 * time.Second
)

// surges says whether a tenant's requests come in a surge now. What was written while a clock was ahead is not of now.
func surges(ctx context.Context, q *db.Queries, tenant uuid.UUID, now time.Time) (bool, error) {
	n, err := q.StartsSince(ctx, tenant, firstID(now.Add(-surgeTime)), firstID(now.Add(surgeTime)), surgeRequests)
	if err != nil {
		return false, fmt.Errorf("count the requests that come in: %w", err)
	}
	return n == surgeRequests, nil
}

// idAt makes an id of a time that is given, where newID goes by the machine's clock.
func idAt(at time.Time) uuid.UUID {
	id, first := newID(), firstID(at)
	copy(id[:6], first[:6])
	return id
}

// firstID is the lowest id of a time.
func firstID(at time.Time) (id uuid.UUID) {
	binary.BigEndian.PutUint64(id[:], uint64(at.UnixMilli())<<16)
	return id
}
