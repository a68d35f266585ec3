package casework

import (
	"context"
	"fmt"

	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// refuse ends the request with a reason that the regime knows, and tells the person why and where to turn (Art. 12(4)
// GDPR and its siblings).
func (f *file) refuse(ctx context.Context, c contract.Command) error {
	reason := privacy.RefusalReason(c.Reason)
	if _, err := f.regime.MayRefuse(privacy.Right(f.row.RequestRight), reason); err != nil {
		return err
	}
	if err := f.mayTurnDown(ctx); err != nil {
		return err
	}
	if err := f.weighed(ctx, reason); err != nil {
		return err
	}
	if err := f.nothingWritten(ctx); err != nil {
		return err
	}
	if err := f.move(ctx, c, privacy.EventRefused); err != nil {
		return err
	}
	frame, err := f.frame(ctx)
	if err != nil {
		return err
	}
	explanation, err := f.noteText(ctx, c)
	if err != nil {
		return err
	}
	ends, err := f.endWeighed(ctx)
	if err != nil {
		return err
	}
	letter := &notify.Refusal{Frame: frame, Received: f.row.ReceivedAt, Reason: reason, Explanation: explanation, Remedy: f.remedy(), LimitsEnd: ends}
	link, err := f.statusLink(ctx)
	if err != nil {
		return err
	}
	if f.corrects() && f.row.Identity == identityProven {
		letter.StatementLink = link + "/statement"
	}
	if f.regime.AppealKind() != privacy.NoAppeal {
		letter.AppealLink = link + "/appeal"
	}
	if err := f.write(ctx, c.Key, letter); err != nil {
		return err
	}
	return f.end(ctx, "refused", privacy.Respond, privacy.RefusalNotice, privacy.Inform)
}

// withdraw ends the request because the person took it back.
func (f *file) withdraw(ctx context.Context, c contract.Command) error {
	if err := f.tellWritten(ctx, c); err != nil {
		return err
	}
	erased, err := f.tellErasedSoFar(ctx)
	if err != nil {
		return err
	}
	if err := f.move(ctx, c, privacy.EventWithdrawn); err != nil {
		return err
	}
	if err := f.liftAll(ctx); err != nil {
		return err
	}
	frame, err := f.frame(ctx)
	if err != nil {
		return err
	}
	if err := f.write(ctx, c.Key, &notify.Withdrawn{Frame: frame, On: f.tx.Now(), Erased: erased}); err != nil {
		return err
	}
	return f.end(ctx, "withdrawn")
}

// ReasonSpam marks a request that no person made.
const ReasonSpam = "spam"

// ErrNotSpam says that a request is not marked as one that no person made.
var ErrNotSpam = &privacy.RuleError{Code: "not_spam", Message: "the request is not marked as spam; take it up again with reopen if it is closed"}

// NotSpam takes a request up again that was marked as spam, once per key: by its own dates, as if it had never been marked.
func (d *Desk) NotSpam(ctx context.Context, tx *storage.Tx, ref contract.Ref, c contract.Command) error {
	row, err := tx.Case(ctx, ref.Case)
	if err != nil {
		return err
	}
	if row.ReasonCode == nil || *row.ReasonCode != ReasonSpam {
		return ErrNotSpam
	}
	return d.Reopen(ctx, tx, ref, c)
}

// cancel ends the request without a decision: filed by mistake, or a duplicate.
func (f *file) cancel(ctx context.Context, c contract.Command) error {
	if err := f.mayDrop(ctx); err != nil {
		return err
	}
	if err := f.nothingWritten(ctx); err != nil {
		return err
	}
	if err := f.move(ctx, c, privacy.EventCancelled); err != nil {
		return err
	}
	if err := f.liftAll(ctx); err != nil {
		return err
	}
	if c.Reason == ReasonSpam {
		return f.end(ctx, ReasonSpam) // nobody hears of it: the mailbox is somebody's who asked for nothing
	}
	frame, err := f.frame(ctx)
	if err != nil {
		return err
	}
	if err := f.write(ctx, c.Key, &notify.Cancelled{Frame: frame, On: f.tx.Now(), Remedy: f.remedy()}); err != nil {
		return err
	}
	return f.end(ctx, "cancelled")
}

// end settles what a closed case leaves behind: obligations, tasks, documents that nobody decided on.
func (f *file) end(ctx context.Context, reason string, met ...privacy.ObligationKind) error {
	if err := f.settle(ctx, reason, met...); err != nil {
		return err
	}
	if err := f.tx.EndTasks(ctx, f.row.ID, "", reason); err != nil {
		return err
	}
	if err := f.tx.VoidErasurePlans(ctx, f.row.ID); err != nil {
		return err
	}
	return f.tx.DecideDocuments(ctx, f.row.ID, "dropped")
}

// noteText opens the note that came with a command; "" when there is none.
func (f *file) noteText(ctx context.Context, c contract.Command) (string, error) {
	if c.Note == nil {
		return "", nil
	}
	note, err := f.tx.Note(ctx, f.row, f.subject, *c.Note)
	return note.Body, err
}

// Reopen takes a closed case up again, once per key: the old dates stand as they were, and its workflow starts anew.
func (d *Desk) Reopen(ctx context.Context, tx *storage.Tx, ref contract.Ref, c contract.Command) error {
	return d.once(ctx, tx, ref, c.Key, func(ctx context.Context, f *file) error {
		open, err := appealed(ctx, f.tx, f.row, f.subject)
		if err != nil {
			return err
		}
		if open {
			return &privacy.RuleError{Code: codeAppeal, Message: "an appeal is open: granting it takes the request up again"}
		}
		if err := f.takeUp(ctx, c); err != nil {
			return err
		}
		return tx.StartWorkflowOurselves(ctx, f.row.ID, f.row.Run)
	})
}

// takeUp opens a closed request again: it is owed from its first receipt.
func (f *file) takeUp(ctx context.Context, c contract.Command) error {
	if err := f.move(ctx, c, privacy.EventReopened); err != nil {
		return err
	}
	if f.corrects() {
		all, err := f.tx.Corrections(ctx, f.row.ID, f.subject)
		if err != nil {
			return err
		}
		for _, one := range all {
			if one.State != storage.CorrectionRefused && one.State != storage.CorrectionAccepted {
				continue
			}
			if err := f.tx.DecideCorrection(ctx, f.row.ID, one, storage.CorrectionProposed, ""); err != nil {
				return err
			}
		}
	}
	return f.recompute(ctx, causeReopening)
}

// askClarification asks the person what the request is about and, where the law allows, stops the clock meanwhile.
func (f *file) askClarification(ctx context.Context, c contract.Command) error {
	question, err := f.noteText(ctx, c)
	if err != nil {
		return err
	}
	if question == "" {
		return fmt.Errorf("asking for clarification needs the question as a note: %w", storage.ErrNotFound)
	}
	if err := f.move(ctx, c, privacy.EventClarificationSent); err != nil {
		return err
	}
	if err := f.closeOutdated(ctx); err != nil {
		return err
	}
	for _, kind := range []string{storage.TaskReview, storage.TaskPlanReview, storage.TaskCorrection, storage.TaskHumanReview} {
		if err := f.tx.EndTasks(ctx, f.row.ID, kind, "clarification_asked"); err != nil {
			return err
		}
	}
	if _, err := f.tx.AddEntry(ctx, f.row, f.subject, storage.FromStaff, storage.EntryQuestion, question); err != nil {
		return err
	}
	if err := f.startWaiting(ctx, privacy.PauseClarification); err != nil {
		return err
	}
	return f.writeClarification(ctx, c, question)
}

func (f *file) writeClarification(ctx context.Context, c contract.Command, question string) error {
	frame, link, err := f.linkedFrame(ctx)
	if err != nil {
		return err
	}
	respond, err := f.respond(ctx)
	if err != nil {
		return err
	}
	return f.write(ctx, c.Key, &notify.Clarification{
		Frame: frame, Question: question, Link: link, Paused: respond.Deadline.Paused, AnswerBy: respond.Due,
	})
}

// clarified goes on with what the person answered: on their page, or to a member of staff, who gives it as a note.
func (f *file) clarified(ctx context.Context, c contract.Command) error {
	answer, err := f.noteText(ctx, c)
	if err != nil {
		return err
	}
	if answer != "" {
		if _, err := f.tx.AddEntry(ctx, f.row, f.subject, storage.FromPerson, storage.EntryAnswer, answer); err != nil {
			return err
		}
	}
	if err := f.move(ctx, c, privacy.EventClarified); err != nil {
		return err
	}
	return f.stopWaiting(ctx, privacy.PauseClarification)
}
