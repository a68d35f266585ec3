package casework

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// InquiryAnswer is what whoever was asked says, or a member of staff for them.
type InquiryAnswer struct {
	Inquiry uuid.UUID
	Outcome privacy.InquiryOutcome
	Words   string
}

// MaxInquiryWords is the longest answer in words, in characters.
const MaxInquiryWords = 10_000

// errErasedWord refuses what is not for everybody to say: the certificate of the erasure will say it.
var errErasedWord = &privacy.RuleError{Code: "role", Message: "that an erasure is done by somebody else is for a data protection officer or an administrator to enter"}

// AnswerInquiry takes an answer in, once per key. What whoever was asked to erase has answered is not for every member of staff to enter.
func (d *Desk) AnswerInquiry(ctx context.Context, tx *storage.Tx, ref contract.Ref, key string, a InquiryAnswer) error {
	return d.once(ctx, tx, ref, key, func(ctx context.Context, f *file) error {
		i, err := f.inquiry(ctx, a.Inquiry)
		if err != nil {
			return err
		}
		if f.tx.Actor().Role == roleAgent && ofErasure(i) {
			return errErasedWord
		}
		if err := f.answered(ctx, i, a.Outcome, strings.TrimSpace(a.Words)); err != nil {
			return err
		}
		return f.tx.RecordStep(ctx, f.row, key, "answer_inquiry", string(a.Outcome))
	})
}

func (f *file) answered(ctx context.Context, i storage.Inquiry, outcome privacy.InquiryOutcome, words string) error {
	if !i.Open() {
		return &privacy.RuleError{Code: "inquiry_ended", Message: "this inquiry has ended; where more is to be said, ask once more"}
	}
	if err := outcome.Check(words); err != nil {
		return err
	}
	if i.Purpose == privacy.InquireCopy && (outcome == privacy.InquiryDone || outcome == privacy.InquiryPartly) && words == "" {
		files, err := f.filesOf(ctx, i)
		if err != nil {
			return err
		}
		if len(files) == 0 {
			return &privacy.RuleError{Code: "inquiry_empty", Message: "there is no copy: add the files, or write what is held"}
		}
	}
	if err := f.tx.AnswerInquiry(ctx, i, f.subject, outcome, words); err != nil {
		return err
	}
	if err := f.endInquiryTasks(ctx, i, string(outcome)); err != nil {
		return err
	}
	if err := f.confirmRecipients(ctx, i, outcome); err != nil {
		return err
	}
	if err := f.leftUndone(ctx, i, outcome); err != nil {
		return err
	}
	if err := f.newsOfErasure(ctx, i, notify.Elsewhere{Said: outcome}); err != nil {
		return err
	}
	if err := f.lookAfter(ctx, i.ID); err != nil || !i.Awaited {
		return err
	}
	return f.tx.SignalWorkflow(ctx, f.row.ID, contract.RequestID(f.row.ID), contract.SignalFacts)
}

// leftUndone has the data protection officer look at an answer that neither a failed system nor the review of what was collected calls attention to.
func (f *file) leftUndone(ctx context.Context, i storage.Inquiry, outcome privacy.InquiryOutcome) error {
	if outcome.Settled() || i.Purpose == privacy.InquireCopy || i.Awaited && outcome == privacy.InquiryRefused {
		return nil
	}
	return f.inquiryTask(ctx, i, "answer", roleOfficer, "Read what "+i.Addressee+" says: not all was done")
}
