package casework

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// RecipientTelling is how far a recipient has been told.
type RecipientTelling struct {
	Notice uuid.UUID
	State  privacy.RecipientState
	Reason string
	// Note says by whom and how, or why not; it is kept with the notes of the case. A case that is forgotten keeps none, and takes none.
	Note string
}

// TellRecipient puts on record how far a recipient has been told, once per key.
func (d *Desk) TellRecipient(ctx context.Context, tx *storage.Tx, ref contract.Ref, key string, telling RecipientTelling) error {
	f, err := d.kept(ctx, tx, ref.Case)
	if err != nil {
		return err
	}
	if taken, err := tx.StepTaken(ctx, f.row.ID, key); err != nil || taken {
		return err
	}
	notice, err := f.recipientNotice(ctx, telling.Notice)
	if err != nil {
		return err
	}
	if err := f.tellable(notice, telling); err != nil {
		return err
	}
	if err := tx.MoveRecipient(ctx, notice, telling.State, telling.Reason); err != nil {
		return err
	}
	if telling.Note != "" {
		words := fmt.Sprintf("%s: %s", notice.Recipient, telling.Note)
		if _, err := tx.AddNote(ctx, f.row, f.subject, storage.NoteReason, words); err != nil {
			return err
		}
		if err := f.toldByHand(ctx, notice.ID, telling.Note); err != nil {
			return err
		}
	}
	return tx.RecordStep(ctx, f.row, key, "tell_recipient", string(telling.State))
}

func (f *file) recipientNotice(ctx context.Context, id uuid.UUID) (found storage.RecipientNotice, err error) {
	notices, err := f.tx.RecipientNotices(ctx, f.row.ID)
	if err != nil {
		return found, err
	}
	i := slices.IndexFunc(notices, func(n storage.RecipientNotice) bool { return n.ID == id })
	if i < 0 {
		return found, fmt.Errorf("recipient: %w", storage.ErrNotFound)
	}
	return notices[i], nil
}

// tellable says why a telling can't be put on record. How somebody was told belongs into the notes, which a forgotten case has no more.
func (f *file) tellable(n storage.RecipientNotice, telling RecipientTelling) error {
	switch forgotten := f.row.ForgottenAt != nil; {
	case forgotten && telling.Note != "":
		return &privacy.RuleError{Code: "recipient_note", Message: "the request is forgotten and keeps no notes: leave the note out"}
	case !forgotten && telling.Note == "":
		return &privacy.RuleError{Code: "recipient_note", Message: "write a note: by whom and how it was told or has confirmed, or why that is impossible or disproportionate"}
	}
	return privacy.RecipientState(n.State).Step(telling.State, telling.Reason)
}

// confirmRecipients keeps that the recipients of an inquiry have followed; of one that answers something else, that it was told.
func (f *file) confirmRecipients(ctx context.Context, i storage.Inquiry, outcome privacy.InquiryOutcome) error {
	switch {
	case outcome.Settled():
		return f.moveRecipients(ctx, i, privacy.RecipientConfirmed)
	case outcome != "":
		return f.moveRecipients(ctx, i, privacy.RecipientTold)
	}
	return nil
}

// concerns says whether a recipient hears of what was done by an inquiry: it is asked by it, or has its system and hears of it with what is asked about that.
// What an erasure had left to its time is asked about anew.
func concerns(i storage.Inquiry, n storage.RecipientNotice) bool {
	if len(i.Body.Notices) > 0 {
		return slices.Contains(i.Body.Notices, n.ID)
	}
	return n.Turn == "" && same(n.ThroughID, i.System)
}

// moveRecipients says how far recipients were told by an inquiry: those that it is about, and those that hear of it as whoever has its system.
func (f *file) moveRecipients(ctx context.Context, i storage.Inquiry, to privacy.RecipientState) error {
	if i.Purpose == privacy.InquireCopy || i.Purpose == privacy.InquireLift {
		return nil
	}
	all, err := f.tx.RecipientNotices(ctx, f.row.ID)
	if err != nil {
		return err
	}
	for _, n := range all {
		if !concerns(i, n) || privacy.RecipientState(n.State).Step(to, "") != nil {
			continue
		}
		if err := f.tx.MoveRecipient(ctx, n, to, ""); err != nil {
			return err
		}
	}
	return nil
}

// toldByHand has what staff say of a recipient count for the inquiry at it: with the last one that it is about confirmed or excused there is nothing
// left to ask; with the last one told somebody waits for an answer, and nobody has to ask any more.
func (f *file) toldByHand(ctx context.Context, notice uuid.UUID, note string) error {
	inquiries, err := f.tx.Inquiries(ctx, f.row.ID, f.subject)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(inquiries, func(i storage.Inquiry) bool { return i.Open() && slices.Contains(i.Body.Notices, notice) })
	if at < 0 {
		return nil
	}
	i := inquiries[at]
	left, err := f.leftToTell(ctx, i)
	switch {
	case err != nil || left[privacy.RecipientToTell] > 0:
		return err
	case left[privacy.RecipientTold] > 0:
		return f.endInquiryTasks(ctx, i, string(privacy.RecipientTold))
	case left[privacy.RecipientConfirmed] == 0:
		return f.closeInquiry(ctx, i)
	}
	if err := f.tx.AnswerInquiry(ctx, i, f.subject, privacy.InquiryDone, note); err != nil {
		return err
	}
	if err := f.endInquiryTasks(ctx, i, string(privacy.InquiryDone)); err != nil {
		return err
	}
	return f.lookAfter(ctx, i.ID)
}

// leftToTell counts the recipients that an inquiry is about by how far they were told.
func (f *file) leftToTell(ctx context.Context, i storage.Inquiry) (map[privacy.RecipientState]int, error) {
	out := map[privacy.RecipientState]int{}
	all, err := f.tx.RecipientNotices(ctx, f.row.ID)
	for _, n := range all {
		if concerns(i, n) {
			out[privacy.RecipientState(n.State)]++
		}
	}
	return out, err
}
