package casework

import (
	"context"

	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/storage"
)

// outsideFrame is the frame of a letter to somebody else than the person, whom it does not name.
func (f *file) outsideFrame(ctx context.Context) (notify.Frame, error) {
	frame, err := f.frame(ctx)
	frame.Name, frame.Outside = "", true
	return frame, err
}

func (f *file) writeInquiry(ctx context.Context, i storage.Inquiry, step string, reminder bool) error {
	frame, err := f.outsideFrame(ctx)
	if err != nil {
		return err
	}
	token, err := f.inquiryToken(i.ID)
	if err != nil {
		return err
	}
	letter := &notify.Inquiry{
		Frame: frame, Purpose: i.Purpose, AnswerBy: i.DueAt, Reminder: reminder, Link: f.links.Public + "/" + f.tx.Tenant().Slug + "/asked/" + token,
	}
	if soon := f.tx.Now().Add(7 * day); reminder && letter.AnswerBy.Before(f.tx.Now()) {
		letter.AnswerBy = soon
	}
	return f.writeOutside(ctx, i, step, letter)
}

func (f *file) sayClosed(ctx context.Context, i storage.Inquiry) error {
	if i.Channel != storage.InquiryByEmail {
		return nil
	}
	frame, err := f.outsideFrame(ctx)
	if err != nil {
		return err
	}
	return f.writeOutside(ctx, i, "closed", &notify.InquiryClosed{Frame: frame, Asked: *i.AskedAt})
}

// writeOutside puts a letter to whoever is asked into the outbox, sealed as notices to the staff are: it is not the person's.
func (f *file) writeOutside(ctx context.Context, i storage.Inquiry, step string, letter notify.Letter) error {
	_, err := queueLetter(ctx, f.tx, storage.NewMessage{
		CaseID: f.row.ID, Key: f.row.ID.String() + "/" + inquiryTask(i) + "/" + step + "/" + string(letter.Kind()),
	}, notify.Receiver{Name: i.Addressee, Address: i.Address}, notify.Language(i.Language), letter)
	return err
}
