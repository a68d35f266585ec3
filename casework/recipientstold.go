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
