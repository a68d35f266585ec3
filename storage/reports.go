package storage

import (
	"context"
	"fmt"
	"time"

	"github.com/privacy-docket/docket/storage/internal/db"
)

// Rows of reports. Months count from 1.
type (
	// TimelinessLine is how a month's requests of one right under one regime went.
	TimelinessLine = db.TimelinessRow
	// CCPALine is how a year's requests of one kind went, as 11 CCR § 7102 asks for it.
	CCPALine = db.CCPAMetricsRow
	// CCPADenial counts the denials of one kind on one ground.
	CCPADenial = db.CCPADenialsRow
)

// Timeliness counts the requests received in some months; the moments are where each begins, and the last where the last ends. It
// reads each of those requests once.
func (t *Tx) Timeliness(ctx context.Context, months []time.Time) ([]TimelinessLine, error) {
	rows, err := t.q.Timeliness(ctx, db.TimelinessParams{
		TenantID: t.tenant.ID, Months: months, At: t.now, ReceivedFrom: months[0], ReceivedBefore: months[len(months)-1],
	})
	if err != nil {
		return nil, fmt.Errorf("count what was answered in time: %w", err)
	}
	return rows, nil
}

// CCPAMetrics counts the requests under the CCPA that were received in a time.
func (t *Tx) CCPAMetrics(ctx context.Context, in Range) ([]CCPALine, error) {
	rows, err := t.q.CCPAMetrics(ctx, t.tenant.ID, in.From, in.Before)
	if err != nil {
		return nil, fmt.Errorf("count requests under the CCPA: %w", err)
	}
	return rows, nil
}

// CCPADenials counts those of them that were denied, by ground.
func (t *Tx) CCPADenials(ctx context.Context, in Range) ([]CCPADenial, error) {
	rows, err := t.q.CCPADenials(ctx, t.tenant.ID, in.From, in.Before)
	if err != nil {
		return nil, fmt.Errorf("count denials under the CCPA: %w", err)
	}
	return rows, nil
}
