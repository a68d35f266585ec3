package casework

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// AskAgain asks once more, once per key: with the letter again, or with an inquiry of its own where another link is wanted, the mailbox is another
// one by now, or the case does not wait for the answer.
func (d *Desk) AskAgain(ctx context.Context, tx *storage.Tx, ref contract.Ref, key string, id uuid.UUID, anew bool) error {
	return d.once(ctx, tx, ref, key, func(ctx context.Context, f *file) error {
		i, err := f.inquiry(ctx, id)
		if err != nil {
			return err
		}
		if err := f.askAgain(ctx, i, anew); err != nil {
			return err
		}
		return f.tx.RecordStep(ctx, f.row, key, "ask_again", "")
	})
}

func (f *file) askAgain(ctx context.Context, i storage.Inquiry, anew bool) error {
	switch {
	case i.Awaited && (!i.Open() || i.Channel != storage.InquiryByEmail):
		return &privacy.RuleError{Code: "inquiry_awaited", Message: "the request waits for this answer; after a refusal have the system tried again"}
	case i.State == storage.InquiryOpen:
		return &privacy.RuleError{Code: "inquiry_open", Message: "the first letter is about to be sent"}
	}
	turn := i.Turn[:strings.LastIndexByte(i.Turn, '/')]
	all, err := f.tx.Inquiries(ctx, f.row.ID, f.subject)
	if err != nil {
		return err
	}
	newest, tries := ofTurn(all, turn)
	if newest.ID != i.ID {
		return &privacy.RuleError{Code: "inquiry_newer", Message: "the same was asked again since; look at the newest inquiry"}
	}
	n, err := f.likeBefore(ctx, i)
	if err != nil {
		return err
	}
	if i.Awaited && !anew && n.Address == i.Address {
		return f.remindOf(ctx, i)
	}
	if err := f.closeInquiry(ctx, i); err != nil {
		return err
	}
	n.Turn = fmt.Sprintf("%s/%d", turn, tries+1)
	return f.inquire(ctx, n)
}

// likeBefore is the same inquiry once more, at whoever is to be asked by now.
func (f *file) likeBefore(ctx context.Context, i storage.Inquiry) (n storage.NewInquiry, err error) {
	n = storage.NewInquiry{
		System: i.System, Purpose: i.Purpose, Channel: i.Channel, Addressee: i.Addressee, Address: i.Address, Language: i.Language, Identities: i.Identities,
		Due: f.tx.Now().Add(privacy.InquiryWithin),
	}
	switch {
	case i.System != nil:
		system, err := f.tx.System(ctx, *i.System)
		if err != nil {
			return n, err
		}
		if system.State != storage.SystemActive || !dataset.IsAsked(system.Kind) {
			return n, &privacy.RuleError{Code: "system_off", Message: "the system is switched off, or read by now: nobody is asked about it"}
		}
		if n, err = f.askingOf(system, i.Purpose, ""); err != nil {
			return n, err
		}
	case i.Notice != nil:
		if err := f.readdress(ctx, i, &n); err != nil {
			return n, err
		}
	}
	instructions := n.Body.Instructions
	n.Notice, n.Awaited, n.Body = i.Notice, i.Awaited, i.Body
	n.Body.Instructions = instructions
	return n, f.reachable(ctx, &n)
}

// readdress has a recipient written to where the declaration says by now. One that it names no more stays where it was.
func (f *file) readdress(ctx context.Context, i storage.Inquiry, n *storage.NewInquiry) error {
	notices, err := f.tx.RecipientNotices(ctx, f.row.ID)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(notices, func(one storage.RecipientNotice) bool { return one.ID == *i.Notice })
	if at < 0 {
		return nil
	}
	system, err := f.tx.SystemByKey(ctx, notices[at].SystemKey)
	if errors.Is(err, storage.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	recipients, err := recipientsOf(system)
	for _, r := range recipients {
		if r.Name == notices[at].Recipient && r.Email != "" {
			n.Channel, n.Address, n.Language, n.Identities = storage.InquiryByEmail, r.Email, r.Language, r.Identities
		}
	}
	return err
}

// remindOf writes to a vendor once more because somebody wants it. Where their time is over they get some days more.
func (f *file) remindOf(ctx context.Context, i storage.Inquiry) error {
	if soon := f.tx.Now().Add(7 * day); i.DueAt.Before(soon) {
		if err := f.tx.MoveInquiryDue(ctx, i, soon); err != nil {
			return err
		}
		i.DueAt = soon
	}
	return f.writeInquiry(ctx, i, fmt.Sprintf("again-%d", f.tx.Now().Unix()), true)
}
