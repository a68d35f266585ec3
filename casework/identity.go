package casework

import (
	"context"
	"fmt"
	"slices"

	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// remindIdentity asks once more for the proof of identity, with a link to a page that sends a fresh code.
func (f *file) remindIdentity(ctx context.Context, c contract.Command) error {
	if err := f.step(ctx, c); err != nil || f.row.Identity == identityProven {
		return err
	}
	frame, link, err := f.linkedFrame(ctx)
	if err != nil {
		return err
	}
	settings := f.tx.Tenant().Settings
	left := day * timeDays(settings.VerifyDays-settings.VerifyRemindDays)
	return f.write(ctx, c.Key, &notify.IdentityReminder{Frame: frame, Link: link, CloseOn: f.tx.Now().Add(left)})
}

// lapseIdentity closes a request whose person never proved who they are. Proof that came in the last moment counts, even
// when the workflow has not heard of it yet.
func (f *file) lapseIdentity(ctx context.Context, c contract.Command) error {
	if f.row.Identity == identityProven || f.row.Identity == identityChecking {
		return &privacy.RuleError{Code: "identity_proven", Message: "the person has done their part, so the request cannot lapse for want of it"}
	}
	if err := f.move(ctx, c, privacy.EventIdentityLapsed); err != nil {
		return err
	}
	frame, err := f.frame(ctx)
	if err != nil {
		return err
	}
	if err := f.write(ctx, c.Key, &notify.IdentityClosed{Frame: frame, Received: f.row.ReceivedAt, Remedy: f.remedy()}); err != nil {
		return err
	}
	return f.end(ctx, "identity_lapsed")
}

// confirmIdentity goes on once the person is proven: by the code they entered, which the register knows already, or by a
// member of staff, who has seen a document or writes down how they made sure (a call back, a visit).
func (f *file) confirmIdentity(ctx context.Context, c contract.Command) error {
	if f.row.Identity != identityProven {
		method, err := f.staffProof(ctx, c)
		if err != nil {
			return err
		}
		if err := f.proven(ctx, method, c.AlsoProven); err != nil {
			return err
		}
		if err := f.sharing(ctx, func(g *file) error { return g.proven(ctx, method, c.AlsoProven) }); err != nil {
			return err
		}
	}
	if err := f.tx.DecideDocuments(ctx, f.row.ID, "accepted"); err != nil {
		return err
	}
	if err := f.tx.EndTasks(ctx, f.row.ID, storage.TaskIdentityCheck, "accepted"); err != nil {
		return err
	}
	return f.move(ctx, c, privacy.EventIdentityProven)
}

// Ways in which staff make sure who asks.
const (
	methodDocument = "document"
	methodStaff    = "staff_check"
)

// staffProof says what a member of staff goes by. Their word alone proves nothing later on: there is a document, or a note
// that says how.
func (f *file) staffProof(ctx context.Context, c contract.Command) (method string, err error) {
	documents, err := f.tx.Documents(ctx, f.row.ID)
	if err != nil {
		return "", fmt.Errorf("read documents: %w", err)
	}
	for _, d := range documents {
		if d.Decision == nil {
			return methodDocument, nil
		}
	}
	if c.Note != nil {
		return methodStaff, nil
	}
	return "", &privacy.RuleError{Code: "no_proof", Message: "store the document that was shown, or write a note that says how you made sure who asks"}
}

// proven records the proof and gives the clocks what it means for them: an end of the waiting, or, in the United
// Kingdom, a new start (Art. 12A(2)(b) UK GDPR).
func (f *file) proven(ctx context.Context, method string, also privacy.AlsoProven) error {
	if err := f.tx.ProveIdentity(ctx, f.row.ID, method, also); err != nil {
		return err
	}
	row, err := f.tx.Case(ctx, f.row.ID)
	if err != nil {
		return err
	}
	f.row = row
	if err := f.limitWeighed(ctx); err != nil {
		return err
	}
	if err := f.stopWaiting(ctx, privacy.PauseIdentity); err != nil {
		return err
	}
	return f.meet(ctx, privacy.Verify)
}

// rejectIdentity refuses the request because the proof did not hold.
func (f *file) rejectIdentity(ctx context.Context, c contract.Command) error {
	c.Reason = string(privacy.IdentityNotProven)
	if err := f.tx.DecideDocuments(ctx, f.row.ID, "rejected"); err != nil {
		return err
	}
	return f.refuse(ctx, c)
}

// startWaiting stops the clock where the law lets it stand still for this kind of waiting; where it does not, the clock
// runs on and nothing is recorded.
func (f *file) startWaiting(ctx context.Context, kind privacy.PauseKind) error {
	facts, err := f.facts(ctx)
	if err != nil {
		return err
	}
	if err := f.regime.MayPause(facts, kind, f.tx.Now()); err != nil {
		if _, byRule := RefusalOf(err); byRule {
			return nil
		}
		return fmt.Errorf("ask the rules for a pause: %w", err)
	}
	if _, err := f.tx.OpenPause(ctx, f.row.ID, kind); err != nil {
		return err
	}
	return f.recompute(ctx, causePause)
}

// stopWaiting lets the clock run again, if it stood still.
func (f *file) stopWaiting(ctx context.Context, kind privacy.PauseKind) error {
	closed, err := f.tx.ClosePause(ctx, f.row.ID, kind)
	if err != nil || !closed {
		return err
	}
	return f.recompute(ctx, causeResume)
}

// fourEyes keeps one person from having somebody's data sent to a mailbox of their choice: who said that more than the mailbox is proven does
// not approve what was found by it, where there is somebody else to ask.
func (f *file) fourEyes(ctx context.Context) error {
	self := f.tx.Actor().ID
	if f.row.AlsoProven == nil || f.row.ProvenBy == nil || *f.row.ProvenBy != self {
		return nil
	}
	staff, err := f.tx.Staff(ctx)
	if err != nil {
		return err
	}
	for _, m := range staff {
		if m.Active && m.Account != nil && m.ID.String() != self && slices.Contains(approving(), m.Role) {
			return &privacy.RuleError{Code: "four_eyes", Message: "you confirmed that more than the mailbox is proven, so somebody else approves what was found by it"}
		}
	}
	return nil
}

// approving are the roles of staff who may approve an answer.
func approving() []string { return []string{"agent", "lead", "dpo", "admin"} }
