package casework

import (
	"context"
	"strconv"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
)

// ReadChanges gives a receiver that asks by itself what concerns it behind a place; nil begins where it has confirmed. That addresses were read is on record. Errors are
// *privacy.RuleError for a receiver that does not ask, and for a place that is not there yet.
func (d *Desk) ReadChanges(ctx context.Context, tx *storage.Tx, receiver uuid.UUID, after *storage.StreamPlace, most int32) (ChangePage, error) {
	r, err := tx.ConsentReceiver(ctx, receiver)
	if err != nil {
		return ChangePage{}, err
	}
	if err := asksItself(&r); err != nil {
		return ChangePage{}, err
	}
	from := r.Confirmed
	if after != nil {
		from = *after
	}
	if begun := (storage.StreamPlace{Leaf: r.Begun}); from.Before(begun) { // what was before is none of its business
		from = begun
	}
	if r.Counted.Before(from) {
		return ChangePage{}, errNotThereYet()
	}
	page, err := d.changes(ctx, tx, &r, from, r.Counted, most)
	if err != nil || len(page.Changes) == 0 {
		return page, err
	}
	return page, tx.Audit(ctx, audit.Event{
		Action: audit.ConsentChangesRead, Object: audit.Object{Kind: "consent_receiver", ID: r.ID.String()},
		Facts: map[audit.FactKey]string{audit.FactCount: strconv.Itoa(len(page.Changes)), audit.FactFrom: from.String(), audit.FactTo: page.Behind.String()},
	})
}

// ConfirmChanges takes a receiver's word that it has done what it read, up to a place. The same place again changes nothing.
func (d *Desk) ConfirmChanges(ctx context.Context, tx *storage.Tx, receiver uuid.UUID, to storage.StreamPlace) (taken, late int, err error) {
	r, err := tx.LockConsentReceiver(ctx, receiver)
	if err != nil {
		return 0, 0, err
	}
	if err := asksItself(&r); err != nil {
		return 0, 0, err
	}
	if r.Counted.Before(to) {
		return 0, 0, errNotThereYet()
	}
	if !r.Confirmed.Before(to) {
		return 0, 0, nil
	}
	return d.confirmHandovers(ctx, tx, &r, to)
}

func asksItself(r *storage.ConsentReceiver) error {
	switch {
	case r.RetiredAt != nil:
		return &privacy.RuleError{Code: "receiver_retired", Message: "the receiver is retired: it hears of nothing any more. Add another"}
	case r.Kind != storage.ReceiverPull:
		return &privacy.RuleError{Code: "receiver_is_told", Message: "the receiver is told, and confirms by its answers: only one of the kind pull asks by itself"}
	default:
		return nil
	}
}

func errNotThereYet() error {
	return &privacy.RuleError{Code: "feed_place", Message: "nothing stands at this place of the feed yet: give a cursor that the feed has given"}
}
