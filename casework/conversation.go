package casework

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// MaxEntry is the longest text of a conversation, in characters.
const MaxEntry = 10_000

// repliesPerHour keeps one person, or a program in their mailbox, from burying the staff.
const repliesPerHour = 20

// ErrTooManyReplies says that a person wrote very often in a short time.
var ErrTooManyReplies = errors.New("too many messages were sent in an hour; wait a while before writing another")

// WriteToPerson adds a message to the conversation, once per key. The person is told by mail that there is one; what it
// says they read on a page, behind a code.
func (d *Desk) WriteToPerson(ctx context.Context, tx *storage.Tx, ref contract.Ref, key, text string) (id uuid.UUID, err error) {
	err = d.within(ctx, tx, ref, func(ctx context.Context, f *file) error {
		if id, err = f.tx.AddEntry(ctx, f.row, f.subject, storage.FromStaff, storage.EntryMessage, text); err != nil {
			return err
		}
		frame, link, err := f.linkedFrame(ctx)
		if err != nil {
			return err
		}
		return f.write(ctx, key, &notify.MessageWaiting{Frame: frame, Link: link})
	})
	return id, err
}

// AnswerConversationCode checks the code that opens the conversation to the person.
func (d *Desk) AnswerConversationCode(ctx context.Context, ref contract.Ref, code string) error {
	var answer error
	err := d.change(ctx, ref, subjectActor(ref), func(ctx context.Context, f *file) (err error) {
		answer, err = f.checkCode(ctx, storage.CodeForConversation, code)
		return err
	})
	return errors.Join(err, answer)
}

// ShowConversation opens the conversation to the person, and records that they have seen what staff wrote. The caller has
// made sure who they are.
func (d *Desk) ShowConversation(ctx context.Context, ref contract.Ref) (entries []storage.Entry, err error) {
	err = d.change(ctx, ref, subjectActor(ref), func(ctx context.Context, f *file) error {
		if entries, err = f.tx.Conversation(ctx, f.row, f.subject); err != nil {
			return err
		}
		return f.tx.ReadEntries(ctx, f.row.ID, storage.FromStaff)
	})
	return entries, err
}

// Reply keeps what the person wrote, and gives staff the task to read it. Where the case waited for an answer, it goes on
// in the same transaction; the signal it returns is to be delivered to the case's workflow. The caller has made sure who
// writes; the same key writes once.
func (d *Desk) Reply(ctx context.Context, ref contract.Ref, key, text string) (signal storage.Signal, err error) {
	err = d.change(ctx, ref, subjectActor(ref), func(ctx context.Context, f *file) error {
		taken, err := f.tx.StepTaken(ctx, f.row.ID, key)
		if err != nil || taken {
			return err
		}
		asked, err := f.reply(ctx, key, text)
		if err != nil || !asked {
			return err
		}
		signal, err = f.tx.SignalWorkflowOurselves(ctx, f.row.ID, contract.RequestID(f.row.ID), contract.SignalFacts)
		return err
	})
	return signal, err
}

// reply says whether the case had waited for the answer.
func (f *file) reply(ctx context.Context, key, text string) (asked bool, err error) {
	sent, err := f.tx.EntriesSince(ctx, f.row.ID, storage.FromPerson, f.tx.Now().Add(-time.Hour))
	if err != nil {
		return false, fmt.Errorf("count what was written: %w", err)
	}
	if sent >= repliesPerHour {
		return false, ErrTooManyReplies
	}
	if asked, err = f.waitsForAnswer(ctx); err != nil {
		return false, err
	}
	kind, step := storage.EntryMessage, contract.Command{Key: key, Kind: "replied"}
	if asked {
		kind, step.Kind = storage.EntryAnswer, contract.Clarified
	}
	entry, err := f.tx.AddEntry(ctx, f.row, f.subject, storage.FromPerson, kind, text)
	if err != nil {
		return false, err
	}
	if err := f.askToRead(ctx, entry); err != nil {
		return false, err
	}
	if !asked {
		return false, f.step(ctx, step)
	}
	return true, f.goOn(ctx, step)
}

// waitsForAnswer says whether the case stands still until the person answers a question.
func (f *file) waitsForAnswer(ctx context.Context) (bool, error) {
	if f.row.State == string(privacy.RequestClarifying) {
		return true, nil
	}
	pauses, err := f.tx.Pauses(ctx, f.row.ID)
	if err != nil {
		return false, fmt.Errorf("read pauses: %w", err)
	}
	for _, p := range pauses {
		if p.Kind == string(privacy.PauseClarification) && p.UntilAt == nil {
			return true, nil
		}
	}
	return false, nil
}

// goOn lets a case that waited for an answer continue.
func (f *file) goOn(ctx context.Context, c contract.Command) error {
	if f.row.State == string(privacy.RequestClarifying) {
		return f.clarified(ctx, c)
	}
	if err := f.step(ctx, c); err != nil {
		return err
	}
	return f.stopWaiting(ctx, privacy.PauseClarification)
}

// askToRead makes a task of what the person wrote. One is enough for all that nobody has read yet.
func (f *file) askToRead(ctx context.Context, entry uuid.UUID) error {
	tasks, err := f.tx.CaseTasks(ctx, f.row.ID)
	if err != nil {
		return fmt.Errorf("read tasks: %w", err)
	}
	for _, task := range tasks {
		if task.Kind == storage.TaskMessage && task.State == "open" {
			return nil
		}
	}
	return f.giveTask(ctx, storage.NewTask{Key: "message/" + entry.String(), Kind: storage.TaskMessage, Role: roleAgent},
		"Read what the person wrote, and answer if they ask something")
}

// ReadByStaff records that staff have seen what the person wrote, which ends the task to read it.
func (d *Desk) ReadByStaff(ctx context.Context, tx *storage.Tx, ref contract.Ref) error {
	return d.within(ctx, tx, ref, func(ctx context.Context, f *file) error {
		if err := f.tx.ReadEntries(ctx, f.row.ID, storage.FromPerson); err != nil {
			return err
		}
		return f.tx.EndTasks(ctx, f.row.ID, storage.TaskMessage, "read")
	})
}
