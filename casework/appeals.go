package casework

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// MaxAppeal is how many characters an appeal has at most.
const MaxAppeal = 10_000

const codeAppeal privacy.RuleCode = "appeal"

// NewAppeal is an appeal, or a complaint, as it comes in.
type NewAppeal struct {
	Text    string
	Channel string
	// ReceivedAt back-dates a receipt, as of a letter; zero is now.
	ReceivedAt time.Time
}

// Appeal takes in what a person makes to the controller against its answer, once per key. It runs on a clock of its own beside the closed request:
// the caller starts nothing, a relay does.
func (d *Desk) Appeal(ctx context.Context, tx *storage.Tx, ref contract.Ref, key string, n NewAppeal) (id uuid.UUID, err error) {
	err = d.once(ctx, tx, ref, key, func(ctx context.Context, f *file) error {
		all, err := f.mayAppeal(ctx)
		if err != nil {
			return err
		}
		n.Text = strings.TrimSpace(n.Text)
		if count := utf8.RuneCountInString(n.Text); count == 0 || count > MaxAppeal {
			return &privacy.RuleError{Code: codeAppeal, Message: fmt.Sprintf("an appeal has between 1 and %d characters", MaxAppeal)}
		}
		received, err := f.appealReceived(n.ReceivedAt)
		if err != nil {
			return err
		}
		appeal := storage.Appeal{Kind: f.regime.AppealKind(), Channel: n.Channel, Text: n.Text, ReceivedAt: received}
		if id, err = f.tx.AddAppeal(ctx, f.row.ID, f.subject, appeal); err != nil {
			return err
		}
		if err := f.clockAppeal(ctx, received, false, causeAppeal); err != nil {
			return err
		}
		if err := f.confirmAppeal(ctx, key, appeal); err != nil {
			return err
		}
		task := storage.NewTask{Key: fmt.Sprintf("appeal/%d", len(all)), Kind: storage.TaskAppeal, Role: roleOfficer}
		if err := f.giveTask(ctx, task, "Decide on what the person says against the answer"); err != nil {
			return err
		}
		if err := f.tx.RecordStep(ctx, f.row, key, "appeal", ""); err != nil {
			return err
		}
		return f.tx.RestartWorkflow(ctx, f.row)
	})
	return id, err
}

// mayAppeal says whether there is an answer to appeal against, and no appeal open; all are those before.
func (f *file) mayAppeal(ctx context.Context) (all []storage.Appeal, err error) {
	if err := f.regime.MayAppeal(); err != nil {
		return nil, err
	}
	answered := f.row.Outcome != nil && slices.Contains([]privacy.Outcome{privacy.OutcomeRefused, privacy.OutcomeFulfilled, privacy.OutcomeUnverified}, privacy.Outcome(*f.row.Outcome))
	if f.row.State != string(privacy.RequestClosed) || !answered {
		return nil, &privacy.RuleError{Code: codeAppeal, Message: "an appeal is against an answer; the request has none yet, or was taken back"}
	}
	all, err = f.tx.Appeals(ctx, f.row.ID, f.subject)
	if err != nil {
		return nil, err
	}
	if slices.ContainsFunc(all, func(a storage.Appeal) bool { return a.State == storage.AppealOpen }) {
		return nil, &privacy.RuleError{Code: codeAppeal, Message: "there is an open appeal already; it is decided first"}
	}
	return all, nil
}

// appealed says whether an appeal is open.
func appealed(ctx context.Context, tx *storage.Tx, row storage.Case, subject storage.Subject) (bool, error) {
	all, err := tx.Appeals(ctx, row.ID, subject)
	return slices.ContainsFunc(all, func(a storage.Appeal) bool { return a.State == storage.AppealOpen }), err
}

// Appealable says whether the person of a case can appeal now, and whether an appeal of theirs is open.
func (d *Desk) Appealable(ctx context.Context, tx *storage.Tx, row storage.Case) (may, open bool, err error) {
	if row.State != string(privacy.RequestClosed) || row.ForgottenAt != nil || row.Channel == channelSignal {
		return false, false, nil
	}
	f, err := d.fileOf(ctx, tx, row)
	if err != nil {
		return false, false, err
	}
	if open, err = appealed(ctx, tx, row, f.subject); err != nil || open {
		return false, open, err
	}
	_, err = f.mayAppeal(ctx)
	if _, refused := RefusalOf(err); refused {
		return false, false, nil
	}
	return err == nil, false, err
}

// appealReceived is now unless it is moved back, to no earlier than the answer.
func (f *file) appealReceived(at time.Time) (time.Time, error) {
	if at.IsZero() {
		return f.tx.Now(), nil
	}
	if at.After(f.tx.Now()) || at.Before(*f.row.ClosedAt) {
		return at, &privacy.RuleError{Code: codeAppeal, Message: "received_at must lie between the answer and now"}
	}
	return at.UTC().Truncate(time.Microsecond), nil
}

// clockAppeal sets the day for the decision.
func (f *file) clockAppeal(ctx context.Context, received time.Time, extended bool, cause string) error {
	own, err := storage.FactsOf(f.row)
	if err != nil {
		return err
	}
	own.AppealReceived, own.AppealExtended = &received, extended
	if err := f.tx.SetFacts(ctx, f.row.ID, own); err != nil {
		return err
	}
	if f.row, err = f.tx.Case(ctx, f.row.ID); err != nil {
		return err
	}
	return f.recompute(ctx, cause)
}

func (f *file) confirmAppeal(ctx context.Context, key string, a storage.Appeal) error {
	frame, err := f.frame(ctx)
	if err != nil {
		return err
	}
	by, err := f.appealDue(ctx)
	if err != nil {
		return err
	}
	return f.write(ctx, key, &notify.AppealReceived{Frame: frame, Received: a.ReceivedAt, AnswerBy: by, Complaint: a.Kind == privacy.Complained})
}

// appealDue is the day for the decision; zero where the law names none.
func (f *file) appealDue(ctx context.Context) (time.Time, error) {
	owed, err := f.obligations(ctx)
	return owed[privacy.AppealDecision].Due, err
}

// DecideAppeal answers an open appeal, once per key: granted takes the request up again, denied says why and where to turn, withdrawn ends it by the
// person's word. Whoever gave the answer that it is against does not decide.
func (d *Desk) DecideAppeal(ctx context.Context, tx *storage.Tx, ref contract.Ref, key string, id uuid.UUID, state, explanation string) error {
	return d.once(ctx, tx, ref, key, func(ctx context.Context, f *file) error {
		appeal, err := f.openAppeal(ctx, id)
		if err != nil {
			return err
		}
		if err := f.anotherThanAnswered(ctx); err != nil {
			return err
		}
		if err := f.tx.DecideAppeal(ctx, f.row.ID, f.subject, appeal, state, explanation); err != nil {
			return err
		}
		if err := f.closeAppeal(ctx, key, appeal, state, explanation); err != nil {
			return err
		}
		if state != storage.AppealGranted {
			return f.tx.RecordStep(ctx, f.row, key, "decide_appeal", state)
		}
		if err := f.takeUp(ctx, contract.Command{Key: key}); err != nil {
			return err
		}
		return f.tx.StartWorkflow(ctx, f.row.ID, f.row.Run)
	})
}

func (f *file) openAppeal(ctx context.Context, id uuid.UUID) (storage.Appeal, error) {
	all, err := f.tx.Appeals(ctx, f.row.ID, f.subject)
	if err != nil {
		return storage.Appeal{}, err
	}
	i := slices.IndexFunc(all, func(a storage.Appeal) bool { return a.ID == id })
	if i < 0 {
		return storage.Appeal{}, fmt.Errorf("appeal: %w", storage.ErrNotFound)
	}
	if all[i].State != storage.AppealOpen {
		return storage.Appeal{}, &privacy.RuleError{Code: codeAppeal, Message: "the appeal was decided already"}
	}
	return all[i], nil
}

// anotherThanAnswered wants an appeal to be decided by somebody else than who gave the answer, where a member of the staff did.
func (f *file) anotherThanAnswered(ctx context.Context) error {
	steps, err := f.tx.Transitions(ctx, f.row.ID)
	if err != nil {
		return fmt.Errorf("read the steps: %w", err)
	}
	answers := []string{string(privacy.EventRefused), string(privacy.EventApproved), string(privacy.EventSettled), string(privacy.EventCorrectionBegun), string(privacy.EventScheduled)}
	var by []string
	for _, step := range steps {
		switch {
		case step.Event == string(privacy.EventReopened):
			by = nil // what was answered before is no answer any more
		case slices.Contains(answers, step.Event):
			by = append(by, step.ActorID)
		}
	}
	if f.corrects() {
		corrections, err := f.tx.Corrections(ctx, f.row.ID, f.subject)
		if err != nil {
			return err
		}
		for _, c := range corrections {
			by = append(by, c.DecidedBy)
		}
	}
	answered, err := peopleBehind(ctx, f.tx, by)
	if err != nil {
		return err
	}
	deciding, err := peopleBehind(ctx, f.tx, []string{f.tx.Actor().ID})
	if err != nil {
		return err
	}
	if f.tx.Actor().Kind != audit.System && slices.ContainsFunc(deciding, func(one string) bool { return one != "" && slices.Contains(answered, one) }) {
		return &privacy.RuleError{Code: "four_eyes", Message: "you gave the answer that the appeal is against, so somebody else decides on it"}
	}
	return nil
}

// closeAppeal meets what is owed and tells the person.
func (f *file) closeAppeal(ctx context.Context, key string, a storage.Appeal, state, explanation string) error {
	if err := f.tx.EndTasks(ctx, f.row.ID, storage.TaskAppeal, state); err != nil {
		return err
	}
	if state == storage.AppealWithdrawn {
		owed, err := f.obligations(ctx)
		if err != nil {
			return err
		}
		if o, ok := owed[privacy.AppealDecision]; ok && o.Standing() {
			err = f.tx.MoveObligation(ctx, o, storage.ObligationWaived, state)
		}
		if err != nil {
			return err
		}
		if err := f.tx.RefreshNextDue(ctx, f.row.ID); err != nil {
			return err
		}
		frame, err := f.frame(ctx)
		if err != nil {
			return err
		}
		return f.write(ctx, key, &notify.Withdrawn{Frame: frame, On: f.tx.Now()})
	}
	if err := f.meet(ctx, privacy.AppealDecision); err != nil {
		return err
	}
	frame, err := f.frame(ctx)
	if err != nil {
		return err
	}
	remedy := f.remedy()
	if remedy.ComplaintTo = ""; remedy.Authority == "" {
		remedy.Authority = f.regime.Appeal.Authority
	}
	return f.write(ctx, key, &notify.AppealDecided{
		Frame: frame, Received: a.ReceivedAt, Granted: state == storage.AppealGranted, Explanation: explanation, Complaint: a.Kind == privacy.Complained, Remedy: remedy,
	})
}

// ExtendAppeal gives the decision on an appeal more time, where the law has it, and tells the person why; once per key.
func (d *Desk) ExtendAppeal(ctx context.Context, tx *storage.Tx, ref contract.Ref, key string, id uuid.UUID, reason notify.ExtensionReason) error {
	return d.once(ctx, tx, ref, key, func(ctx context.Context, f *file) error {
		appeal, err := f.openAppeal(ctx, id)
		if err != nil {
			return err
		}
		if err := f.regime.MayExtendAppeal(); err != nil {
			return err
		}
		own, err := storage.FactsOf(f.row)
		if err != nil {
			return err
		}
		if own.AppealExtended {
			return &privacy.RuleError{Code: codeAppeal, Message: "the time for the decision was extended once already"}
		}
		before, err := f.appealDue(ctx)
		if err != nil {
			return err
		}
		if f.tx.Now().After(before) {
			return &privacy.RuleError{Code: "extension_notice_too_late", Citation: f.regime.Appeal.Citation, Message: "the time for the decision is over: the person had to be told of an extension within it"}
		}
		if err := f.clockAppeal(ctx, appeal.ReceivedAt, true, causeExtension); err != nil {
			return err
		}
		after, err := f.appealDue(ctx)
		if err != nil {
			return err
		}
		frame, err := f.frame(ctx)
		if err != nil {
			return err
		}
		letter := &notify.Extension{Frame: frame, OldDate: before, NewDate: after, Reasons: []notify.ExtensionReason{reason}, Remedy: f.remedy()}
		if err := f.write(ctx, key, letter); err != nil {
			return err
		}
		if err := f.tx.RecordStep(ctx, f.row, key, "extend_appeal", string(reason)); err != nil {
			return err
		}
		return f.tx.SignalWorkflow(ctx, f.row.ID, contract.RequestID(f.row.ID), contract.SignalFacts)
	})
}
