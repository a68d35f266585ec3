package casework

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// mailLease is how long a sender has for what it took; a sender that dies gives it back by silence.
const mailLease = 2 * time.Minute

// mailTries bounds the tries of a letter: with the pauses between them that is about four days.
const mailTries = 40

// ClaimMail takes letters of a tenant that are due for sending.
func (d *Desk) ClaimMail(ctx context.Context, tenant uuid.UUID, limit int32) (mail []storage.Outgoing, err error) {
	err = d.db.Change(ctx, tenant, System("mail"), func(ctx context.Context, tx *storage.Tx) error {
		mail, err = tx.ClaimMessages(ctx, limit, mailLease)
		return err
	})
	return mail, err
}

// MailTaken records that the other side took a letter. With the acknowledgement, that is when the duty to acknowledge
// is met.
func (d *Desk) MailTaken(ctx context.Context, tenant uuid.UUID, m storage.Outgoing) error {
	return d.db.Change(ctx, tenant, System("mail"), func(ctx context.Context, tx *storage.Tx) error {
		if duty, confirms := confirming[notify.Kind(m.Kind)]; confirms {
			f, err := d.open(ctx, tx, contract.Ref{Tenant: tenant, Case: m.CaseID})
			if err != nil {
				return err
			}
			if err := f.acknowledged(ctx, duty); err != nil {
				return err
			}
		}
		return tx.MessageSent(ctx, m)
	})
}

// confirming are the letters that meet a duty to confirm receipt once a mail server has taken them.
var confirming = map[notify.Kind]privacy.ObligationKind{
	notify.KindAcknowledgement: privacy.Acknowledge, notify.KindAppealReceived: privacy.ComplaintAcknowledge,
}

// acknowledged meets a duty to confirm receipt. The workflow of a closed case waits for just that.
func (f *file) acknowledged(ctx context.Context, duty privacy.ObligationKind) error {
	if err := f.meet(ctx, duty); err != nil || f.row.ClosedAt == nil {
		return err
	}
	return f.tx.SignalWorkflow(ctx, f.row.ID, contract.RequestID(f.row.ID), contract.SignalFacts)
}

// MailRefused plans the next try of a letter, or gives up on it and has the staff told. It never touches the state of
// the case.
func (d *Desk) MailRefused(ctx context.Context, tenant uuid.UUID, m storage.Outgoing, failure error) error {
	return d.db.Change(ctx, tenant, System("mail"), func(ctx context.Context, tx *storage.Tx) error {
		if !notify.Permanent(failure) && m.Attempts < mailTries {
			return tx.RetryMessage(ctx, m, tx.Now().Add(mailPause(m.Attempts, failure)), failure.Error())
		}
		if err := tx.FailMessage(ctx, m, "not_delivered", failure.Error()); err != nil {
			return err
		}
		return d.mourn(ctx, tx, m)
	})
}

// mourn tells the staff that a letter will not arrive by itself. A notice that could not be delivered has no notice of
// its own, or the two would go on for ever.
func (d *Desk) mourn(ctx context.Context, tx *storage.Tx, m storage.Outgoing) error {
	if notify.Kind(m.Kind) == notify.KindMessageFailed || m.CaseID == uuid.Nil {
		return nil
	}
	f, err := d.open(ctx, tx, contract.Ref{Tenant: tx.Tenant().ID, Case: m.CaseID})
	if err != nil {
		return err
	}
	return f.notice(ctx, "mail/"+m.ID.String(), []string{roleAssignee}, &notify.MessageFailed{
		Notice: f.noticeFrame(), Letter: notify.Kind(m.Kind), Channel: notify.Channel(m.Channel), At: tx.Now(),
	})
}

// mailPause doubles from two seconds to three hours, and keeps to what the other side asked for.
func mailPause(attempts int, failure error) time.Duration {
	if asked, ok := notify.RetryAfter(failure); ok {
		return min(asked, day)
	}
	pause := 2 * time.Second << min(attempts, 12)
	return min(pause, 3*time.Hour)
}
