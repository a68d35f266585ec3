package casework

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// Do carries out one command in one transaction and tells how the case stands after it. The same key does nothing twice.
// A command that the law or the state refuses changes nothing; see RefusalOf.
func (d *Desk) Do(ctx context.Context, in contract.CommandInput) (view contract.View, err error) {
	err = d.change(ctx, in.Ref, actorOf(in.Command.Actor), func(ctx context.Context, f *file) error {
		if err := f.do(ctx, in.Command); err != nil {
			return err
		}
		view, err = viewOf(ctx, f.tx, f.row)
		return err
	})
	return view, err
}

func (f *file) do(ctx context.Context, c contract.Command) error {
	taken, err := f.tx.StepTaken(ctx, f.row.ID, c.Key)
	if err != nil || taken {
		return err
	}
	if err := c.Kind.AllowedIn(privacy.RequestState(f.row.State)); err != nil {
		return err
	}
	if right := privacy.Right(f.row.RequestRight); !c.Kind.Fits(right) {
		return &privacy.RuleError{Code: "right", Message: fmt.Sprintf("%s means nothing for a request under the right %s", c.Kind, right)}
	}
	act, ok := f.acts()[c.Kind]
	if !ok {
		return fmt.Errorf("unknown command %q", c.Kind)
	}
	return act(ctx, c)
}

type act func(context.Context, contract.Command) error

func (f *file) acts() map[contract.CommandKind]act {
	return map[contract.CommandKind]act{
		contract.Begin:            f.begin,
		contract.RemindIdentity:   f.remindIdentity,
		contract.LapseIdentity:    f.lapseIdentity,
		contract.ConfirmIdentity:  f.confirmIdentity,
		contract.RejectIdentity:   f.rejectIdentity,
		contract.AskClarity:       f.askClarification,
		contract.Clarified:        f.clarified,
		contract.FinishCollection: f.finishCollection,
		contract.Recollect:        f.recollect,
		contract.RetrySystem:      f.retrySystem,
		contract.ExcludeSystem:    f.excludeSystem,
		contract.Approve:          f.approve,
		contract.FinishPackage:    f.finishPackage,
		contract.ReturnToReview:   f.returnToReview,
		contract.Deliver:          f.deliver,
		contract.Refuse:           f.refuse,
		contract.Withdraw:         f.withdraw,
		contract.Cancel:           f.cancel,
		contract.Extend:           f.extend,
		contract.Pause:            f.pause,
		contract.Unpause:          f.unpause,
		contract.Acknowledge:      f.acknowledge,
		contract.ProposePlan:      f.proposePlan,
		contract.ApprovePlan:      f.approvePlan,
		contract.ReturnPlan:       f.returnPlan,
		contract.BeginExecution:   f.beginExecution,
		contract.DoneByHand:       f.doneByHand,
		contract.GoOnWithout:      f.goOnWithout,
		contract.FinishExecution:  f.finishExecution,
		contract.Uphold:           f.uphold,
		contract.Correct:          f.correct,
		contract.ConcludeReview:   f.concludeReview,
	}
}

// move takes the step of the state machine that belongs to the command.
func (f *file) move(ctx context.Context, c contract.Command, event privacy.RequestEvent) error {
	row, _, err := f.tx.MoveCase(ctx, f.row, storage.Move{Event: event, Key: c.Key, Reason: c.Reason})
	if err != nil {
		return err
	}
	f.row = row
	return nil
}

// step records a command that leaves the state as it is.
func (f *file) step(ctx context.Context, c contract.Command) error {
	return f.tx.RecordStep(ctx, f.row, c.Key, string(c.Kind), c.Reason)
}

// begin opens the work: the person hears that the request has arrived, and is asked who they are unless that is proven.
func (f *file) begin(ctx context.Context, c contract.Command) error {
	if err := f.greet(ctx, c); err != nil {
		return err
	}
	if err := f.markAtOnce(ctx); err != nil {
		return err
	}
	switch f.row.Identity {
	case identityWaived:
		return f.move(ctx, c, privacy.EventIdentityWaived)
	case identityProven:
		if err := f.limitWeighed(ctx); err != nil {
			return err
		}
		if err := f.meet(ctx, privacy.Verify); err != nil {
			return err
		}
		return f.move(ctx, c, privacy.EventIdentityProven)
	}
	if err := f.move(ctx, c, privacy.EventVerificationBegun); err != nil {
		return err
	}
	if err := f.startWaiting(ctx, privacy.PauseIdentity); err != nil {
		return err
	}
	leader, err := f.leader(ctx)
	if err != nil || leader != f {
		return err
	}
	return f.sendCode(ctx, storage.CodeForIdentity)
}

const (
	identityProven = "proven"
	identityWaived = "waived"
)

// greet acknowledges the request, or says that it goes on.
func (f *file) greet(ctx context.Context, c contract.Command) error {
	frame, err := f.frame(ctx)
	if err != nil {
		return err
	}
	answerBy, err := f.answerBy(ctx)
	if err != nil {
		return err
	}
	link, err := f.statusLink(ctx)
	if err != nil {
		return err
	}
	if f.row.Run > 1 {
		return f.write(ctx, c.Key, &notify.Reopened{Frame: frame, On: f.tx.Now(), AnswerBy: answerBy, StatusLink: link})
	}
	return f.write(ctx, c.Key, &notify.Acknowledgement{
		Frame: frame, Received: f.row.ReceivedAt, AnswerBy: answerBy, StatusLink: link, Verify: f.row.Identity != identityProven && f.row.Identity != identityWaived,
	})
}

// finishCollection hands what was collected to a reviewer.
func (f *file) finishCollection(ctx context.Context, c contract.Command) error {
	if f.limits() {
		return f.finishLimits(ctx, c)
	}
	if f.erases() {
		counted, err := f.counted(ctx)
		if err != nil || !counted {
			return err // the workflow has them counted once more
		}
	}
	if err := f.move(ctx, c, privacy.EventCollected); err != nil {
		return err
	}
	switch {
	case f.erases():
		return f.finishPlan(ctx, c)
	case f.corrects():
		return f.finishReading(ctx, c)
	case f.contests():
		return f.askForReview(ctx, c)
	}
	return f.giveTask(ctx, storage.NewTask{Key: c.Key, Kind: storage.TaskReview, Role: roleAgent}, "Review the collected data and approve the answer")
}

// recollect throws the round away and collects once more.
func (f *file) recollect(ctx context.Context, c contract.Command) error {
	if f.corrects() && f.row.State == string(privacy.RequestExecuting) {
		return &privacy.RuleError{Code: "correcting", Message: "corrections that are being written are brought to their end; where a system fails, try again or do it by hand"}
	}
	if err := f.move(ctx, c, privacy.EventRecollected); err != nil {
		return err
	}
	if err := f.tx.VoidErasurePlans(ctx, f.row.ID); err != nil {
		return err
	}
	if err := f.closeOutdated(ctx); err != nil {
		return err
	}
	for _, kind := range []string{storage.TaskPlanReview, storage.TaskErasureFailed, storage.TaskCorrection} {
		if err := f.tx.EndTasks(ctx, f.row.ID, kind, "recollect"); err != nil {
			return err
		}
	}
	return f.tx.EndTasks(ctx, f.row.ID, storage.TaskReview, "recollect")
}

func (f *file) approve(ctx context.Context, c contract.Command) error {
	if err := f.fourEyes(ctx); err != nil {
		return err
	}
	if err := f.move(ctx, c, privacy.EventApproved); err != nil {
		return err
	}
	return f.tx.EndTasks(ctx, f.row.ID, storage.TaskReview, "approved")
}

func (f *file) finishPackage(ctx context.Context, c contract.Command) error {
	return f.move(ctx, c, privacy.EventPackaged)
}

// returnToReview asks the reviewer again, because the package can't be built as it was reviewed, where a note says why, or
// is past its time.
func (f *file) returnToReview(ctx context.Context, c contract.Command) error {
	c.Reason = "package_not_built"
	words := "Look at the request again: the package could not be built as it was approved, and a note says why"
	if f.row.State == string(privacy.RequestDelivering) {
		c.Reason = "package_expired"
		words = "Have it collected again: the package was past its time before it could be delivered"
	}
	if err := f.move(ctx, c, privacy.EventReturned); err != nil {
		return err
	}
	return f.giveTask(ctx, storage.NewTask{Key: c.Key, Kind: storage.TaskReview, Role: roleAgent}, words)
}

// NoteProblem keeps something that stopped the work as a note of the case, sealed like every note.
func (d *Desk) NoteProblem(ctx context.Context, ref contract.Ref, text string) error {
	return d.change(ctx, ref, System("packager"), func(ctx context.Context, f *file) error {
		_, err := f.tx.AddNote(ctx, f.row, f.subject, storage.NoteReason, text)
		return err
	})
}

// deliver gives the person the link to the package and closes the case: the obligation to answer is met.
func (f *file) deliver(ctx context.Context, c contract.Command) error {
	pkg, err := f.readyPackage(ctx)
	if err != nil {
		return err
	}
	if err := f.move(ctx, c, privacy.EventDelivered); err != nil {
		return err
	}
	frame, err := f.frame(ctx)
	if err != nil {
		return err
	}
	link, err := f.newDownloadLink(ctx, pkg)
	if err != nil {
		return err
	}
	if err := f.write(ctx, c.Key, &notify.PackageReady{Frame: frame, Link: link, Expires: *pkg.ExpiresAt}); err != nil {
		return err
	}
	if err := f.tx.EndTasks(ctx, f.row.ID, "", "answered"); err != nil {
		return err
	}
	return f.settle(ctx, "answered", privacy.Respond, privacy.Inform, privacy.Verify)
}

func (f *file) retrySystem(ctx context.Context, c contract.Command) error {
	return f.endSystemTask(ctx, c, "retry")
}

// excludeSystem leaves a system out of the answer; the cover of the package says so.
func (f *file) excludeSystem(ctx context.Context, c contract.Command) error {
	if c.System == nil {
		return fmt.Errorf("%s needs a system", c.Kind)
	}
	run, err := f.tx.LatestRunOn(ctx, f.row.ID, *c.System)
	if err != nil {
		return err
	}
	if err := f.tx.ExcludeRun(ctx, run); err != nil {
		return err
	}
	if err := f.closeInquiries(ctx, *c.System); err != nil {
		return err
	}
	return f.endSystemTask(ctx, c, "excluded")
}

func (f *file) endSystemTask(ctx context.Context, c contract.Command, result string) error {
	kinds := []string{storage.TaskCollectionFailed, storage.TaskErasureFailed, storage.TaskAmendmentFailed}
	if err := f.step(ctx, c); err != nil {
		return err
	}
	tasks, err := f.tx.CaseTasks(ctx, f.row.ID)
	if err != nil {
		return fmt.Errorf("read tasks: %w", err)
	}
	for _, task := range tasks {
		if task.State != "open" || !slices.Contains(kinds, task.Kind) || !same(task.SystemID, c.System) {
			continue
		}
		if err := f.tx.AnswerTask(ctx, storage.Task(task), result); err != nil {
			return err
		}
	}
	return nil
}

func same(a, b *uuid.UUID) bool { return a != nil && b != nil && *a == *b }
