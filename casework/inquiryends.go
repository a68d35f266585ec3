package casework

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// CloseInquiry ends an inquiry that the case does not wait for, with why as a note, once per key.
func (d *Desk) CloseInquiry(ctx context.Context, tx *storage.Tx, ref contract.Ref, key string, id uuid.UUID, why string) error {
	return d.once(ctx, tx, ref, key, func(ctx context.Context, f *file) error {
		i, err := f.inquiry(ctx, id)
		if err != nil {
			return err
		}
		if !i.Open() {
			return &privacy.RuleError{Code: "inquiry_ended", Message: "this inquiry has ended already"}
		}
		if i.Awaited && f.row.ClosedAt == nil {
			return &privacy.RuleError{Code: "inquiry_awaited", Message: "the request waits for this answer: enter it, or have the request go on without"}
		}
		left, err := f.leftToTell(ctx, i)
		if err != nil {
			return err
		}
		if left[privacy.RecipientToTell] > 0 {
			return &privacy.RuleError{Code: "recipient_untold", Citation: privacy.Citation{Text: "Art. 19 GDPR", Mark: privacy.Verified}, Message: "nobody has told this recipient: say at the recipients that it was told, or why it can't be"}
		}
		if why == "" {
			return &privacy.RuleError{Code: "inquiry_why", Message: "say why nobody asks any more"}
		}
		if _, err := f.tx.AddNote(ctx, f.row, f.subject, storage.NoteReason, fmt.Sprintf("%s: %s", i.Addressee, why)); err != nil {
			return err
		}
		if err := f.closeInquiry(ctx, i); err != nil {
			return err
		}
		if err := f.newsOfErasure(ctx, i, notify.Elsewhere{Ended: true}); err != nil {
			return err
		}
		return f.tx.RecordStep(ctx, f.row, key, "close_inquiry", "")
	})
}

func (f *file) closeInquiry(ctx context.Context, i storage.Inquiry) error {
	if err := f.endInquiryTasks(ctx, i, storage.InquiryClosed); err != nil || !i.Open() {
		return err
	}
	if err := f.tx.CloseInquiry(ctx, i.Case, i.ID); err != nil {
		return err
	}
	return f.lookAfter(ctx, i.ID)
}

// closeInquiries ends those at a system that is left out.
func (f *file) closeInquiries(ctx context.Context, system uuid.UUID) error {
	return f.closeThose(ctx, func(i storage.Inquiry) bool { return i.Awaited && same(i.System, &system) })
}

// closeAwaited ends all that the case waited for, with the case.
func (f *file) closeAwaited(ctx context.Context) error {
	return f.closeThose(ctx, func(i storage.Inquiry) bool { return i.Awaited })
}

// closeOutdated ends all that the case waited for until now, and those without whose answer it went on: what was to be done is decided on anew.
func (f *file) closeOutdated(ctx context.Context) error {
	return f.closeThose(ctx, func(i storage.Inquiry) bool { return i.Awaited || ofErasure(i) })
}

// closeThose ends inquiries that are open.
func (f *file) closeThose(ctx context.Context, which func(storage.Inquiry) bool) error {
	all, err := f.tx.Inquiries(ctx, f.row.ID, f.subject)
	if err != nil {
		return err
	}
	for _, i := range all {
		if !i.Open() || !which(i) {
			continue
		}
		if err := f.closeInquiry(ctx, i); err != nil {
			return err
		}
	}
	return nil
}
