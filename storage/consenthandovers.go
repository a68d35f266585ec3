package storage

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/consent"
	"github.com/privacy-docket/docket/storage/internal/db"
)

// ConsentHandover is the withdrawals of one of the tenant's days that one receiver has to confirm.
type ConsentHandover struct {
	ID, Receiver uuid.UUID
	Day          privacy.Date
	consent.Handover
}

// ConsentHandoverOf holds the handover of a receiver's day; a new one where there is none. Whoever asks holds the receiver.
func (t *Tx) ConsentHandoverOf(ctx context.Context, receiver uuid.UUID, day privacy.Date) (ConsentHandover, error) {
	row, err := t.q.ConsentHandoverOf(ctx, t.tenant.ID, receiver, dateValue(day))
	if err = translate(err); errors.Is(err, ErrNotFound) {
		return ConsentHandover{ID: newID(), Receiver: receiver, Day: day}, nil
	}
	if err != nil {
		return ConsentHandover{}, fmt.Errorf("read a handover: %w", err)
	}
	return handoverOf(row)
}

func handoverOf(r db.ConsentHandoverOfRow) (ConsentHandover, error) {
	h := ConsentHandover{ID: r.ID, Receiver: r.ReceiverID, Day: dayOf(r.Day), Handover: consent.Handover{
		Begins: r.BeginsAt, Due: r.DueAt, DueLaw: r.DueLaw, Withdrawals: int(r.Withdrawals), Confirmed: int(r.Confirmed), Late: int(r.Late),
		ConfirmedAt: moment(r.ConfirmedAt), Letter: moment(r.LetterAt), Warned: moment(r.WarnedAt), Overdue: moment(r.OverdueAt), Ended: moment(r.EndedAt),
	}}
	if err := json.Unmarshal(r.Laws, &h.Laws); err != nil {
		return h, fmt.Errorf("read the laws of a handover: %w", err)
	}
	return h, nil
}

// PutConsentHandover keeps a handover.
func (t *Tx) PutConsentHandover(ctx context.Context, h ConsentHandover) error {
	laws, err := json.Marshal(h.Laws)
	if err != nil {
		return fmt.Errorf("write the laws of a handover: %w", err)
	}
	err = t.later.PutConsentHandover(ctx, db.PutConsentHandoverParams{
		ID: h.ID, TenantID: t.tenant.ID, ReceiverID: h.Receiver, Day: dateValue(h.Day), Laws: laws, BeginsAt: h.Begins, DueAt: h.Due, DueLaw: h.DueLaw,
		Withdrawals: int32(h.Withdrawals), Confirmed: int32(h.Confirmed), Late: int32(h.Late),
		ConfirmedAt: at(h.ConfirmedAt), LetterAt: at(h.Letter), WarnedAt: at(h.Warned), OverdueAt: at(h.Overdue),
	})
	if err != nil {
		return fmt.Errorf("keep a handover: %w", err)
	}
	return nil
}

// at is a moment as a column has it; nil where there is none.
func at(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// HandoverConfirmed puts on record that a receiver has taken so many withdrawals of a day, some of them late; root is that of the tree over the hashes of their lines.
func (t *Tx) HandoverConfirmed(ctx context.Context, h ConsentHandover, taken, late int, root []byte) error {
	facts := map[audit.FactKey]string{audit.FactSystem: h.Receiver.String(), audit.FactCount: strconv.Itoa(taken), audit.FactDue: h.Due.UTC().Format(time.RFC3339), audit.FactStatus: "in_time"}
	if late > 0 {
		facts[audit.FactStatus] = "late"
	}
	return t.Audit(ctx, audit.Event{Action: audit.ConsentHandoverConfirmed, Object: handoverObject(h.ID), Evidence: root, Facts: facts})
}

// HandoverTold puts on record that staff are told of withdrawals that are not confirmed.
func (t *Tx) HandoverTold(ctx context.Context, h ConsentHandover, over bool) error {
	action := audit.ConsentHandoverWarned
	if over {
		action = audit.ConsentHandoverOverdue
	}
	return t.Audit(ctx, audit.Event{Action: action, Object: handoverObject(h.ID), Facts: map[audit.FactKey]string{
		audit.FactSystem: h.Receiver.String(), audit.FactCount: strconv.Itoa(h.Withdrawals - h.Confirmed), audit.FactDue: h.Due.UTC().Format(time.RFC3339), audit.FactRule: h.DueLaw,
	}})
}

func handoverObject(id uuid.UUID) audit.Object {
	return audit.Object{Kind: "consent_handover", ID: id.String()}
}

// ConsentHandoversToTell holds handovers of which staff are to be told now, some at a time.
func (t *Tx) ConsentHandoversToTell(ctx context.Context, most int32) ([]ConsentHandover, error) {
	rows, err := t.q.ConsentHandoversToTell(ctx, t.tenant.ID, t.now, most)
	if err != nil {
		return nil, fmt.Errorf("look for handovers to tell of: %w", err)
	}
	out := make([]ConsentHandover, len(rows))
	for i, row := range rows {
		if out[i], err = handoverOf(db.ConsentHandoverOfRow(row)); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// ConsentHandovers lists handovers, the newest day first: all, or those that are open, of one receiver or of all.
func (t *Tx) ConsentHandovers(ctx context.Context, open bool, of *uuid.UUID, most int32) ([]ConsentHandover, error) {
	rows, err := t.q.ConsentHandovers(ctx, t.tenant.ID, open, of, most)
	if err != nil {
		return nil, fmt.Errorf("read the handovers: %w", err)
	}
	out := make([]ConsentHandover, len(rows))
	for i, row := range rows {
		if out[i], err = handoverOf(db.ConsentHandoverOfRow(row)); err != nil {
			return nil, err
		}
	}
	return out, nil
}
