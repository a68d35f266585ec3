package casework

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/storage"
)

// handoverPage is how many lines a receiver is told at once: that many fit into one event.
const handoverPage = 300

// handoverRest is how long a receiver that does not answer is left alone, at most: it stays owed, and its time is short.
const handoverRest = time.Hour

// Teller tells a receiver whom it may write to no more. The id is the same for the same page. An error says that it has not taken all of it.
type Teller interface {
	Tell(ctx context.Context, r *storage.ConsentReceiver, id uuid.UUID, changes []ConsentChange) error
}

// TellReceiver tells a receiver the next that it has not confirmed, and takes its answer for the confirmation. more says that there may be more to tell now. What it is told is on record
// before, so that a try after one that broke off tells the same under the same id.
func (d *Desk) TellReceiver(ctx context.Context, tenant, receiver uuid.UUID, by Teller) (more bool, err error) {
	r, page, err := d.nextPage(ctx, tenant, receiver)
	if err != nil || r.Sending == nil {
		return false, err
	}
	failure := by.Tell(ctx, &r, r.Sending.ID, page.Changes)
	if ctx.Err() != nil {
		return false, ctx.Err() // whoever goes on tells it again
	}
	err = d.db.Change(ctx, tenant, System("handover"), func(ctx context.Context, tx *storage.Tx) error {
		now, err := tx.LockConsentReceiver(ctx, receiver)
		if err != nil || now.Sending == nil || now.Sending.ID != r.Sending.ID {
			more = err == nil
			return err
		}
		if failure != nil {
			return d.notTaken(ctx, tx, &now, failure)
		}
		to := now.Sending.To
		now.Sending = nil
		_, _, err = d.confirmHandovers(ctx, tx, &now, to)
		more = now.Waiting()
		return err
	})
	return more, err
}

// nextPage puts on record what a receiver is told next, and reads it. Nothing is sending where nothing is to be told now.
func (d *Desk) nextPage(ctx context.Context, tenant, receiver uuid.UUID) (r storage.ConsentReceiver, page ChangePage, err error) {
	err = d.db.Change(ctx, tenant, System("handover"), func(ctx context.Context, tx *storage.Tx) error {
		if r, err = tx.LockConsentReceiver(ctx, receiver); err != nil {
			return err
		}
		if r.RetiredAt != nil || r.Kind == storage.ReceiverPull || !r.Waiting() || r.NextTry != nil && r.NextTry.After(tx.Now()) {
			r.Sending = nil
			return nil
		}
		to := r.Last
		if r.Sending != nil {
			to = r.Sending.To
		}
		if page, err = d.changes(ctx, tx, &r, r.Confirmed, to, handoverPage); err != nil || r.Sending != nil {
			return err
		}
		id, err := uuid.NewV7()
		if err != nil {
			return err
		}
		r.Sending = &storage.SentPage{ID: id, To: page.Behind}
		return tx.MoveConsentReceiver(ctx, &r)
	})
	return r, page, err
}

// notTaken plans the next try. What is owed stays owed, whatever the receiver answers.
func (d *Desk) notTaken(ctx context.Context, tx *storage.Tx, r *storage.ConsentReceiver, failure error) error {
	r.Tries++
	pause := min(5*time.Second<<min(r.Tries-1, 12), handoverRest)
	if asked, ok := notify.RetryAfter(failure); ok {
		pause = min(max(pause, asked), handoverRest)
	}
	next := tx.Now().Add(pause)
	r.NextTry, r.Problem = &next, "it could not be reached"
	var known *notify.Failure
	if errors.As(failure, &known) {
		r.Problem = known.Error()
	}
	return tx.MoveConsentReceiver(ctx, r)
}
