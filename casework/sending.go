package casework

import (
	"context"
	"io"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// RefuseTransmission ends one that is still tried, because it is not technically feasible (Art. 20(2) GDPR), once per key; the person is told why. A
// try that is on its way comes to its end first: what the receiver takes by then was sent.
func (d *Desk) RefuseTransmission(ctx context.Context, tx *storage.Tx, ref contract.Ref, key string, id uuid.UUID, explanation string) error {
	return d.once(ctx, tx, ref, key, func(ctx context.Context, f *file) error {
		one, err := f.transmission(ctx, id)
		switch {
		case err != nil:
			return err
		case one.State != storage.TransmissionOpen:
			return transmissionError("it has ended already")
		case one.RefusedAt != nil:
			return transmissionError("it is ended already, once the try on its way is over")
		case one.SendingSince == nil:
			return f.endTransmission(ctx, key, one, storage.TransmissionRefused, storage.Sent{Reason: ReasonNotFeasible}, explanation)
		}
		if err := f.tx.RefuseAfterTry(ctx, one, f.subject, ReasonNotFeasible, explanation); err != nil {
			return err
		}
		return f.tx.RecordStep(ctx, f.row, key, "transmission_refusing", ReasonNotFeasible)
	})
}

// Transmitting gives a transmission that is to be sent, and what opens its package; ErrLinkDead once that is gone. One that has ended is given without.
func (d *Desk) Transmitting(ctx context.Context, in contract.TransmissionInput) (one storage.Transmission, open func(context.Context) (io.ReadCloser, error), err error) {
	err = d.change(ctx, in.Ref, System("transmitter"), func(ctx context.Context, f *file) error {
		if one, err = f.transmission(ctx, in.Transmission); err != nil || one.State != storage.TransmissionOpen {
			return err
		}
		pkg, key, err := f.openPackage(ctx, one.PackageID)
		if err != nil {
			return err
		}
		open = func(ctx context.Context) (io.ReadCloser, error) { return d.decrypt(ctx, pkg, key) }
		return nil
	})
	return one, open, err
}

// SendingBegins puts on record that a try begins, and when; ok is false where there is nothing to send any more. It ends what staff have refused.
func (d *Desk) SendingBegins(ctx context.Context, in contract.TransmissionInput) (began time.Time, ok bool, err error) {
	err = d.change(ctx, in.Ref, System("transmitter"), func(ctx context.Context, f *file) error {
		one, err := f.transmission(ctx, in.Transmission)
		if err != nil || one.State != storage.TransmissionOpen {
			return err
		}
		if one.RefusedAt != nil {
			return f.endRefused(ctx, one)
		}
		began, ok = f.tx.Now(), true
		return f.tx.BeginSending(ctx, one)
	})
	return began, ok, err
}

// Try is one that came to nothing.
type Try struct {
	storage.Sent
	// Began is when it did, as SendingBegins gave it.
	Began time.Time
	// Unconfirmed says that the archive went out whole, and that no answer tells whether it was taken.
	Unconfirmed bool
}

// SendingOver puts on record that a try came to nothing, and ends what staff have refused meanwhile; ended says that it is over for good. A try that
// another has followed is on record already.
func (d *Desk) SendingOver(ctx context.Context, in contract.TransmissionInput, try Try) (ended bool, err error) {
	err = d.change(ctx, in.Ref, System("transmitter"), func(ctx context.Context, f *file) error {
		one, err := f.transmission(ctx, in.Transmission)
		if err != nil {
			return err
		}
		if ended = one.State != storage.TransmissionOpen; ended || one.SendingSince == nil || !one.SendingSince.Equal(try.Began) {
			return nil
		}
		if err := f.tx.EndSending(ctx, one, try.Sent, try.Unconfirmed); err != nil {
			return err
		}
		if one.RefusedAt == nil {
			return nil
		}
		if one, err = f.transmission(ctx, in.Transmission); err != nil {
			return err
		}
		ended = true
		return f.endRefused(ctx, one)
	})
	return ended, err
}

// Transmitted records that the receiver took a package: whatever was decided while it was on its way.
func (d *Desk) Transmitted(ctx context.Context, in contract.TransmissionInput, sent storage.Sent) error {
	return d.ended(ctx, in, storage.TransmissionSent, sent)
}

// TransmissionFailed records why a package was not sent.
func (d *Desk) TransmissionFailed(ctx context.Context, in contract.TransmissionInput, sent storage.Sent) error {
	return d.ended(ctx, in, storage.TransmissionFailed, sent)
}

func (d *Desk) ended(ctx context.Context, in contract.TransmissionInput, state string, sent storage.Sent) error {
	return d.change(ctx, in.Ref, System("transmitter"), func(ctx context.Context, f *file) error {
		one, err := f.transmission(ctx, in.Transmission)
		if err != nil || one.State != storage.TransmissionOpen {
			return err
		}
		if state == storage.TransmissionFailed && one.RefusedAt != nil {
			return f.endRefused(ctx, one)
		}
		return f.endTransmission(ctx, "transmission/"+one.ID.String(), one, state, sent, "")
	})
}

// endRefused ends what staff refused while a try was on its way.
func (f *file) endRefused(ctx context.Context, one storage.Transmission) error {
	return f.endTransmission(ctx, "transmission/"+one.ID.String(), one, storage.TransmissionRefused, storage.Sent{Reason: ReasonNotFeasible}, one.Refusal)
}
