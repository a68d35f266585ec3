package storage

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/privacy"
)

// ConsentSignUps is what became of those who signed up for a purpose on a day, by the words that they saw. Each channel of an address is one sign-up.
type ConsentSignUps struct {
	Day     privacy.Date
	Purpose int32
	// Text is the version of the words; zero where it is not known.
	Text uuid.UUID
	// Requested have signed up, Confirmed of them have confirmed it from their mailbox, and of Standing of those it still stands.
	Requested, Confirmed, Standing int64
}

// ConsentSignUps counts those who signed up from a day on and before another, for one purpose or, where it is nil, for all. It reads sign-ups and confirmations
// since the first day, and nothing else of the ledger.
func (t *Tx) ConsentSignUps(ctx context.Context, first, behind privacy.Date, purpose *int32) ([]ConsentSignUps, error) {
	rows, err := t.q.ConsentSignUps(ctx, t.tenant.ID, dateValue(behind), dateValue(first), purpose)
	if err != nil {
		return nil, fmt.Errorf("count sign-ups: %w", err)
	}
	out := make([]ConsentSignUps, len(rows))
	for i, r := range rows {
		out[i] = ConsentSignUps{Day: dayOf(r.Day), Purpose: r.Purpose, Text: r.TextID, Requested: r.Requested, Confirmed: r.Confirmed, Standing: r.Standing}
	}
	return out, nil
}
