package audit_test

import (
	"context"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
)

// repeated is a log in which every entry is the same.
type repeated struct {
	tenantReader
	entry []byte
}

func (r repeated) Entries(_ context.Context, _, count int64) ([][]byte, error) {
	out := make([][]byte, count)
	for i := range out {
		out[i] = r.entry
	}
	return out, nil
}

func goldenLike(b *bench) audit.Event {
	event := newEvent(tenantA, "019be8f4-a340-7000-8000-000000000002", b.at)
	event.ID = uuid.MustParse("019be8f4-a340-7000-8000-000000000001")
	return event
}
