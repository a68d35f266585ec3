package casework

import (
	"context"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// AskedOf reads who is asked about a system; nil for systems that are read.
func AskedOf(system storage.System) (*dataset.Asked, error) {
	if !dataset.IsAsked(system.Kind) {
		return nil, nil //nolint:nilnil // nobody is asked
	}
	asked, err := dataset.ParseAsked(system.Key, system.Kind, []byte(system.Service))
	if err != nil {
		return nil, fmt.Errorf("read the document of %q: %w", system.Key, err)
	}
	return asked, nil
}

// AskingFor is what whoever has a system is to be asked.
type AskingFor struct {
	System  storage.System
	Purpose privacy.InquiryPurpose
	// Turn tells it from what is asked another time: the round of a collection, the plan of an erasure.
	Turn string
	// Again asks once more where the newest inquiry was refused, or closed without an answer.
	Again bool
}

// Inquire asks whoever has a system, once for a turn, and gives how the newest inquiry stands. The case goes on with the answer.
func (d *Desk) Inquire(ctx context.Context, ref contract.Ref, actor audit.Actor, want AskingFor) (out storage.Inquiry, err error) {
	err = d.change(ctx, ref, actor, func(ctx context.Context, f *file) error {
		all, err := f.tx.Inquiries(ctx, f.row.ID, f.subject)
		if err != nil {
			return err
		}
		newest, tries := ofTurn(all, want.Turn)
		answered := newest != nil && newest.State == storage.InquiryAnswered && newest.Outcome != privacy.InquiryRefused
		if newest != nil && (newest.Open() || answered || !want.Again) {
			out = *newest
			return nil
		}
		n, err := f.askingOf(want.System, want.Purpose, fmt.Sprintf("%s/%d", want.Turn, tries+1))
		if err != nil {
			return err
		}
		n.Awaited = true
		if err := f.inquire(ctx, n); err != nil {
			return err
		}
		if all, err = f.tx.Inquiries(ctx, f.row.ID, f.subject); err != nil {
			return err
		}
		if newest, _ = ofTurn(all, want.Turn); newest == nil {
			return fmt.Errorf("inquiry: %w", storage.ErrNotFound)
		}
		out = *newest
		return nil
	})
	return out, err
}

// ofTurn finds the newest inquiry of a turn, and counts them.
func ofTurn(all []storage.Inquiry, turn string) (newest *storage.Inquiry, tries int) {
	for i := range all {
		if at := strings.LastIndexByte(all[i].Turn, '/'); at > 0 && all[i].Turn[:at] == turn {
			newest, tries = &all[i], tries+1
		}
	}
	return newest, tries
}

// askingOf is an inquiry at whoever has a system. What OpenDSR has no word for a member of staff asks.
func (f *file) askingOf(system storage.System, purpose privacy.InquiryPurpose, turn string) (storage.NewInquiry, error) {
	asked, err := AskedOf(system)
	if err != nil {
		return storage.NewInquiry{}, err
	}
	n := storage.NewInquiry{
		System: &system.ID, Purpose: purpose, Turn: turn, Channel: system.Kind, Addressee: asked.Of, Address: asked.Email, Language: asked.Language,
		Identities: asked.Identities, Due: f.tx.Now().Add(asked.Within), Body: storage.InquiryBody{Instructions: asked.Instructions},
	}
	if system.Kind == dataset.AskedOpenDSR {
		n.Address, n.Language = asked.URL, f.tx.Tenant().Language
		if purpose != privacy.InquireCopy && purpose != privacy.InquireErase {
			n.Channel = storage.InquiryByHand
		}
	}
	return n, nil
}

// inquire puts an inquiry on record, and has the workflow started that sees to it.
func (f *file) inquire(ctx context.Context, n storage.NewInquiry) error {
	if n.Channel == storage.InquiryByEmail {
		n.TokenHash = func(id uuid.UUID) ([]byte, error) {
			token, err := f.inquiryToken(id)
			return TokenHash(token), err
		}
	}
	id, added, err := f.tx.AddInquiry(ctx, f.row.ID, f.subject, n)
	if err != nil || !added {
		return err
	}
	return f.lookAfter(ctx, id)
}

// lookAfter has the workflow of an inquiry look at it.
func (f *file) lookAfter(ctx context.Context, id uuid.UUID) error {
	return f.tx.SignalWorkflow(ctx, f.row.ID, contract.InquiryID(id), contract.SignalInquiry)
}

const indexInquiry seal.IndexKind = "inquiry_link"

// inquiryToken is the secret of the link by which whoever is asked answers. Every letter has the same.
func (f *file) inquiryToken(id uuid.UUID) (string, error) {
	mark, err := f.tx.Tenant().Keys.BlindIndex(indexInquiry, id.String())
	if err != nil {
		return "", fmt.Errorf("make the link of an inquiry: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(mark), nil
}

// InquiryAnswer is what whoever was asked says, or a member of staff for them.
type InquiryAnswer struct {
	Inquiry uuid.UUID
	Outcome privacy.InquiryOutcome
	Words   string
}

// MaxInquiryWords is the longest answer in words, in characters.
const MaxInquiryWords = 10_000

// AnswerInquiry takes an answer in, once per key.
func (d *Desk) AnswerInquiry(ctx context.Context, tx *storage.Tx, ref contract.Ref, key string, a InquiryAnswer) error {
	return d.once(ctx, tx, ref, key, func(ctx context.Context, f *file) error {
		i, err := f.inquiry(ctx, a.Inquiry)
		if err != nil {
			return err
		}
		if err := f.answered(ctx, i, a.Outcome, a.Words); err != nil {
			return err
		}
		return f.tx.RecordStep(ctx, f.row, key, "answer_inquiry", string(a.Outcome))
	})
}

// inquiry finds one of the case.
func (f *file) inquiry(ctx context.Context, id uuid.UUID) (storage.Inquiry, error) {
	all, err := f.tx.Inquiries(ctx, f.row.ID, f.subject)
	if err != nil {
		return storage.Inquiry{}, err
	}
	at := slices.IndexFunc(all, func(i storage.Inquiry) bool { return i.ID == id })
	if at < 0 {
		return storage.Inquiry{}, fmt.Errorf("inquiry: %w", storage.ErrNotFound)
	}
	return all[at], nil
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
	if err := f.confirmRecipient(ctx, i, outcome); err != nil {
		return err
	}
	if err := f.leftUndone(ctx, i, outcome); err != nil {
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

// endInquiryTasks ends what staff were asked to do about an inquiry.
func (f *file) endInquiryTasks(ctx context.Context, i storage.Inquiry, result string) error {
	tasks, err := f.tx.CaseTasks(ctx, f.row.ID)
	if err != nil {
		return fmt.Errorf("read tasks: %w", err)
	}
	for _, task := range tasks {
		if task.State != "open" || task.Kind != storage.TaskInquiry || !strings.HasPrefix(task.Key, inquiryTask(i)) {
			continue
		}
		if err := f.tx.AnswerTask(ctx, storage.Task(task), result); err != nil {
			return err
		}
	}
	return nil
}

// inquiryTask is how the keys of the tasks about an inquiry begin.
func inquiryTask(i storage.Inquiry) string { return "inquiry/" + i.ID.String() }

// confirmRecipient keeps that a recipient has followed.
func (f *file) confirmRecipient(ctx context.Context, i storage.Inquiry, outcome privacy.InquiryOutcome) error {
	if !outcome.Settled() {
		return nil
	}
	return f.moveRecipient(ctx, i, privacy.RecipientConfirmed)
}

// moveRecipient says how far a recipient has been told, of all that the one inquiry is about.
func (f *file) moveRecipient(ctx context.Context, i storage.Inquiry, to privacy.RecipientState) error {
	if i.Notice == nil {
		return nil
	}
	all, err := f.tx.RecipientNotices(ctx, f.row.ID)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(all, func(n storage.RecipientNotice) bool { return n.ID == *i.Notice })
	for _, n := range all {
		together := at >= 0 && n.Recipient == all[at].Recipient && n.CreatedAt.Equal(all[at].CreatedAt)
		if !together || privacy.RecipientState(n.State).Step(to, "") != nil {
			continue
		}
		if err := f.tx.MoveRecipient(ctx, n, to, ""); err != nil {
			return err
		}
	}
	return nil
}

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
			return &privacy.RuleError{Code: "inquiry_awaited", Message: "the request waits for this answer: enter it, or leave the system out"}
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
		return f.tx.RecordStep(ctx, f.row, key, "close_inquiry", "")
	})
}

func (f *file) closeInquiry(ctx context.Context, i storage.Inquiry) error {
	if err := f.endInquiryTasks(ctx, i, storage.InquiryClosed); err != nil || !i.Open() {
		return err
	}
	if err := f.tx.CloseInquiry(ctx, i); err != nil {
		return err
	}
	return f.lookAfter(ctx, i.ID)
}

// closeInquiries ends those at a system that is left out.
func (f *file) closeInquiries(ctx context.Context, system uuid.UUID) error {
	all, err := f.tx.Inquiries(ctx, f.row.ID, f.subject)
	if err != nil {
		return err
	}
	for _, i := range all {
		if !i.Open() || !i.Awaited || !same(i.System, &system) {
			continue
		}
		if err := f.closeInquiry(ctx, i); err != nil {
			return err
		}
	}
	return nil
}

// closeAwaited ends those that the case waited for until now: what was to be done is decided on anew.
func (f *file) closeAwaited(ctx context.Context) error {
	all, err := f.tx.Inquiries(ctx, f.row.ID, f.subject)
	if err != nil {
		return err
	}
	for _, i := range all {
		if !i.Open() || !i.Awaited {
			continue
		}
		if err := f.closeInquiry(ctx, i); err != nil {
			return err
		}
	}
	return nil
}

// AskAgain asks once more, once per key: the same question after an answer that will not do, or a letter that was lost.
func (d *Desk) AskAgain(ctx context.Context, tx *storage.Tx, ref contract.Ref, key string, id uuid.UUID) error {
	return d.once(ctx, tx, ref, key, func(ctx context.Context, f *file) error {
		i, err := f.inquiry(ctx, id)
		if err != nil {
			return err
		}
		switch {
		case i.Awaited && i.Open() && i.Channel == storage.InquiryByEmail:
			err = f.remindOf(ctx, i)
		case i.Awaited:
			return &privacy.RuleError{Code: "inquiry_awaited", Message: "the request waits for this answer; after a refusal have the system tried again"}
		default:
			err = f.repeat(ctx, i)
		}
		if err != nil {
			return err
		}
		return f.tx.RecordStep(ctx, f.row, key, "ask_again", "")
	})
}

// repeat ends an inquiry that nothing waits for and opens another like it.
func (f *file) repeat(ctx context.Context, i storage.Inquiry) error {
	all, err := f.tx.Inquiries(ctx, f.row.ID, f.subject)
	if err != nil {
		return err
	}
	turn := i.Turn[:strings.LastIndexByte(i.Turn, '/')]
	if newest, _ := ofTurn(all, turn); newest != nil && newest.ID != i.ID {
		return &privacy.RuleError{Code: "inquiry_newer", Message: "the same was asked again since; look at the newest inquiry"}
	}
	if err := f.closeInquiry(ctx, i); err != nil {
		return err
	}
	_, tries := ofTurn(all, turn)
	return f.inquire(ctx, storage.NewInquiry{
		System: i.System, Notice: i.Notice, Purpose: i.Purpose, Turn: fmt.Sprintf("%s/%d", turn, tries+1), Channel: i.Channel, Addressee: i.Addressee, Address: i.Address,
		Language: i.Language, Identities: i.Identities, Due: f.tx.Now().Add(i.DueAt.Sub(i.CreatedAt)), Body: i.Body,
	})
}

// KnownBy are the identities of a person that anybody else may be told: what is proven of them. The code by e-mail and the company's own sign-in
// prove the mailbox and nothing else; see privacy.AlsoProven.
func KnownBy(p storage.Person, row storage.Case) map[string]string {
	known := map[string]string{"email": p.Email}
	if row.AlsoProven != nil {
		for identity, value := range map[string]string{"phone_number": p.Phone, "customer_id": p.CustomerID} {
			if privacy.AlsoProven(*row.AlsoProven).Has(identity) && value != "" {
				known[identity] = value
			}
		}
	}
	return known
}

// ErasureTurn is the turn of the inquiries by which a system of a plan is erased in.
func ErasureTurn(plan, system uuid.UUID) string { return fmt.Sprintf("erase/%s/%s", plan, system) }

// erasureAnswers are what those said who were asked to erase for a plan, by system.
func (f *file) erasureAnswers(ctx context.Context, plan uuid.UUID) (map[uuid.UUID]privacy.InquiryOutcome, error) {
	all, err := f.tx.Inquiries(ctx, f.row.ID, f.subject)
	if err != nil {
		return nil, err
	}
	out := map[uuid.UUID]privacy.InquiryOutcome{}
	for _, i := range all { // the newest is the last
		if i.System != nil && strings.HasPrefix(i.Turn, ErasureTurn(plan, *i.System)+"/") {
			out[*i.System] = i.Outcome
		}
	}
	return out, nil
}

// InquiryOfTask is the inquiry that a task is about.
func InquiryOfTask(task storage.Task) (uuid.UUID, error) {
	id, _, _ := strings.Cut(strings.TrimPrefix(task.Key, "inquiry/"), "/")
	inquiry, err := uuid.Parse(id)
	if err != nil {
		return uuid.Nil, fmt.Errorf("the task is about no inquiry: %w", err)
	}
	return inquiry, nil
}

// SeenInquiry ends a task about an inquiry that somebody has seen to. One that is to be asked by hand ends with its answer.
func (d *Desk) SeenInquiry(ctx context.Context, tx *storage.Tx, ref contract.Ref, task storage.Task) error {
	return d.within(ctx, tx, ref, func(ctx context.Context, f *file) error {
		id, err := InquiryOfTask(task)
		if err != nil {
			return err
		}
		i, err := f.inquiry(ctx, id)
		if err != nil {
			return err
		}
		if i.Open() && i.Channel == storage.InquiryByHand {
			return &privacy.RuleError{Code: "inquiry_open", Message: "nobody else asks here: ask, and enter the answer"}
		}
		return f.tx.AnswerTask(ctx, task, "seen")
	})
}
