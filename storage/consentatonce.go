package storage

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/privacy/consent"
	"github.com/privacy-docket/docket/storage/internal/db"
)

// EndAtOnce ends a purpose on a channel for somebody who pressed once, as RecordOwnConsents does, in the one exchange that the whole transaction then is: it must be
// all that the transaction does. The entry has no words and no evidence, and happens now. over says that it has ended, fresh that it did so just now; where
// neither is so nothing was done, and there is more to look at than one statement can.
func (t *Tx) EndAtOnce(ctx context.Context, person uuid.UUID, e ConsentEntry) (over, fresh bool, err error) {
	if e.Purpose == Everything || e.Event.Kind != consent.Withdrawn || !e.Event.At.Equal(t.now) || e.How != "one_click" || e.Text != nil || !e.Evidence.Empty() {
		return false, false, nil
	}
	batch, err := t.newLedgerBatch([]*heldPerson{{id: person}}, []ConsentEntry{e})
	if err != nil {
		return false, false, err
	}
	if err := t.auditLedger(ctx, batch); err != nil {
		return false, false, err
	}
	body := t.events.Bodies[0]
	t.events = db.InsertAuditEventsParams{} // the statement writes it, when there is something to tell
	if err := t.Last(ctx); err != nil {
		return false, false, err
	}
	ended, err := t.q.EndConsent(ctx, db.EndConsentParams{
		TenantID: t.tenant.ID, PersonID: person, Purpose: e.Purpose, Channel: string(e.Channel), At: e.Event.At, Day: batch.Days[0], Zone: e.Zone, Source: e.Source,
		ID: batch.Ids[0], Batch: batch.Batch, Hash: batch.Hashes[0], LogBody: body,
	})
	if err != nil {
		return false, false, fmt.Errorf("end a consent: %w", translate(err))
	}
	return ended > 0, ended == 1, nil
}
