package casework

import (
	"context"
	"fmt"
	"time"

	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// InquiryStep is what comes next with an inquiry.
type InquiryStep struct {
	contract.InquiryLook
	// Call says what an OpenDSR processor is to be told or asked; "" for nothing.
	Call    ProcessorCall
	Inquiry storage.Inquiry
	// Asked and Target are how the processor is reached; Known is what it is told of the person, by identity.
	Asked    *dataset.Asked
	Target   string
	System   storage.System
	Known    map[string]string
	Regime   string
	Right    privacy.Right
	Received time.Time
	Callback string
}

// ProcessorCall is what an OpenDSR processor is called for.
type ProcessorCall string

// The calls.
const (
	CallSend   ProcessorCall = "send"
	CallLook   ProcessorCall = "look"
	CallCancel ProcessorCall = "cancel"
)

// takingBack is how long a processor that can't be reached is told that a request was taken back.
const takingBack = 30 * day

// looking is how long an inquiry rests at most between two looks at it.
const looking = 30 * day

// StepInquiry does what is next with an inquiry: asks, reminds, has the staff look. What is to be said to a processor is the caller's to say.
func (d *Desk) StepInquiry(ctx context.Context, in contract.InquiryInput) (out InquiryStep, err error) {
	err = d.change(ctx, in.Ref, System("inquirer"), func(ctx context.Context, f *file) error {
		i, err := f.inquiry(ctx, in.Inquiry)
		if err != nil {
			return err
		}
		if i.Awaited && i.Open() && f.row.ClosedAt != nil {
			if err := f.closeInquiry(ctx, i); err != nil {
				return err
			}
			i.State = storage.InquiryClosed
		}
		out, err = f.stepInquiry(ctx, i)
		return err
	})
	return out, err
}

func (f *file) stepInquiry(ctx context.Context, i storage.Inquiry) (InquiryStep, error) {
	out := InquiryStep{Inquiry: i}
	stopped, err := f.stoppedAt(ctx, i)
	if err != nil {
		return out, err
	}
	if stopped && i.State != storage.InquiryAnswered {
		out.At = f.tx.Now().Add(5 * time.Minute)
		return out, nil
	}
	switch i.State {
	case storage.InquiryOpen:
		if i.Channel == storage.InquiryByOpenDSR {
			return f.calling(ctx, i, CallSend)
		}
		if err = f.beginAsking(ctx, i); err == nil {
			now := f.tx.Now()
			i.State, i.AskedAt = storage.InquiryAsked, &now
			out.At = nextLook(i, now)
		}
		return out, err
	case storage.InquiryAsked:
		if i, err = f.press(ctx, i); err != nil {
			return out, err
		}
		if i.Channel == storage.InquiryByOpenDSR {
			return f.calling(ctx, i, CallLook)
		}
		out.At = nextLook(i, f.tx.Now())
		return out, nil
	case storage.InquiryClosed:
		out.Done = true
		if i.Channel == storage.InquiryByOpenDSR { // it may have been sent although nobody could record that: a processor that knows nothing of it says so
			out, err = f.calling(ctx, i, CallCancel)
			out.Done = out.Call == CallCancel
			return out, err
		}
		if i.AskedAt == nil {
			return out, nil
		}
		return out, f.sayClosed(ctx, i)
	default:
		out.Done = true
		return out, nil
	}
}

// stoppedAt says that work on the system was stopped in an emergency: nobody is told anything then.
func (f *file) stoppedAt(ctx context.Context, i storage.Inquiry) (bool, error) {
	if i.System == nil {
		return false, nil
	}
	system, err := f.tx.System(ctx, *i.System)
	return system.Stop != nil, err
}

// nextLook is when there is next something to do about an inquiry that was asked.
func nextLook(i storage.Inquiry, now time.Time) time.Time {
	next := now.Add(looking)
	if reminders := privacy.InquiryReminders(*i.AskedAt, i.DueAt); int(i.Reminders) < len(reminders) {
		next = reminders[i.Reminders]
	}
	if i.Channel != storage.InquiryByOpenDSR {
		return next
	}
	// A processor calls back when it has something to say; it is looked at all the same, less and less often.
	again := now.Add(min(max(now.Sub(*i.AskedAt)/10, 5*time.Minute), 6*time.Hour))
	if again.Before(next) {
		return again
	}
	return next
}

// beginAsking writes to a vendor, or has a member of staff ask.
func (f *file) beginAsking(ctx context.Context, i storage.Inquiry) error {
	if i.Channel == storage.InquiryByEmail {
		if err := f.writeInquiry(ctx, i, "first", false); err != nil {
			return err
		}
	} else if err := f.inquiryTask(ctx, i, "ask", roleAgent, AskingWords(i)); err != nil {
		return err
	}
	return f.wasAsked(ctx, i)
}

// wasAsked keeps that whoever is to be asked was; of a recipient, that they were told.
func (f *file) wasAsked(ctx context.Context, i storage.Inquiry) error {
	if err := f.tx.AskInquiry(ctx, i); err != nil || i.Channel == storage.InquiryByHand {
		return err
	}
	return f.moveRecipient(ctx, i, privacy.RecipientTold)
}

// AskingWords say what is to be asked of whom.
func AskingWords(i storage.Inquiry) string {
	switch i.Purpose {
	case privacy.InquireCopy:
		return "Ask " + i.Addressee + " for a copy of the person's data"
	case privacy.InquireErase:
		return "Have " + i.Addressee + " erase the person's data"
	case privacy.InquireCorrect:
		return "Have " + i.Addressee + " correct the person's data"
	case privacy.InquireLimit:
		return "Have " + i.Addressee + " keep to a limit on the person's data"
	default:
		return "Tell " + i.Addressee + " that a limit on the person's data has ended"
	}
}

func (f *file) inquiryTask(ctx context.Context, i storage.Inquiry, step, role, words string) error {
	return f.giveTask(ctx, storage.NewTask{Key: inquiryTask(i) + "/" + step, Kind: storage.TaskInquiry, Role: role, SystemID: i.System}, words)
}

// press reminds of what is not answered yet; past its time the staff hear of it, too.
func (f *file) press(ctx context.Context, i storage.Inquiry) (storage.Inquiry, error) {
	var passed int32 // those that were missed while nothing ran are one
	for _, at := range privacy.InquiryReminders(*i.AskedAt, i.DueAt) {
		if !f.tx.Now().Before(at) {
			passed++
		}
	}
	if passed <= i.Reminders {
		return i, nil
	}
	if i.Channel == storage.InquiryByEmail {
		if err := f.writeInquiry(ctx, i, fmt.Sprint(passed), true); err != nil {
			return i, err
		}
	}
	if err := f.tx.RemindInquiry(ctx, i, passed); err != nil {
		return i, err
	}
	i.Reminders = passed
	if f.tx.Now().Before(i.DueAt) {
		return i, nil
	}
	return i, f.stuck(ctx, i, "overdue", fmt.Sprintf("there is no answer; it was due on %s", i.DueAt.In(f.tx.Tenant().Zone).Format("2 January 2006")))
}

// stuck has the staff take an inquiry up, and whoever has the case hear why.
func (f *file) stuck(ctx context.Context, i storage.Inquiry, why, problem string) error {
	tasks, err := f.tx.CaseTasks(ctx, f.row.ID)
	if err != nil {
		return fmt.Errorf("read tasks: %w", err)
	}
	key := inquiryTask(i) + "/" + why
	for _, t := range tasks {
		if t.Key == key {
			return nil // somebody has it, or has had it
		}
	}
	if i.Channel != storage.InquiryByHand { // whoever asks by hand has a task already
		if _, err := f.tx.AddTask(ctx, storage.NewTask{CaseID: f.row.ID, Key: key, Kind: storage.TaskInquiry, Role: roleAgent, SystemID: i.System}); err != nil {
			return err
		}
	}
	return f.notice(ctx, key, []string{roleAssignee}, &notify.InquiryStuck{Notice: f.noticeFrame(), Addressee: i.Addressee, Problem: problem, At: f.tx.Now()})
}

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
	rendered, err := notify.Render(notify.Language(i.Language), letter)
	if err != nil {
		return fmt.Errorf("write the letter: %w", err)
	}
	return f.queue(ctx, storage.NewMessage{
		CaseID: f.row.ID, Key: f.row.ID.String() + "/" + inquiryTask(i) + "/" + step + "/" + string(letter.Kind()), Kind: string(letter.Kind()),
		Channel: string(notify.ChannelEmail), Language: string(rendered.Language),
	}, notify.Receiver{Name: i.Addressee, Address: i.Address}, rendered)
}

// calling is a step that a processor is called for.
func (f *file) calling(ctx context.Context, i storage.Inquiry, call ProcessorCall) (InquiryStep, error) {
	system, err := f.tx.System(ctx, *i.System)
	if err != nil {
		return InquiryStep{}, err
	}
	out := InquiryStep{
		Call: call, Inquiry: i, System: system, Target: system.Target, Regime: f.row.Regime, Right: privacy.Right(f.row.RequestRight), Received: f.row.ReceivedAt,
		Callback: f.OpenDSRBase(f.tx.Tenant().Slug) + "/callbacks",
	}
	now := f.tx.Now()
	if i.AskedAt != nil {
		out.At = nextLook(i, now)
	}
	if system.Kind != dataset.AskedOpenDSR || system.State != storage.SystemActive {
		return out, &privacy.RuleError{Code: "system_off", Message: "the system is switched off, or no processor any more"}
	}
	if out.Asked, err = AskedOf(system); err != nil {
		return out, err
	}
	out.Known, err = f.toldOf(ctx, i)
	return out, err
}

// InquirySent keeps that a processor took a request.
func (d *Desk) InquirySent(ctx context.Context, in contract.InquiryInput) (look contract.InquiryLook, err error) {
	err = d.change(ctx, in.Ref, System("inquirer"), func(ctx context.Context, f *file) error {
		i, err := f.inquiry(ctx, in.Inquiry)
		if err != nil {
			return err
		}
		if i.State == storage.InquiryOpen {
			if err := f.wasAsked(ctx, i); err != nil {
				return err
			}
			now := f.tx.Now()
			i.AskedAt = &now
		}
		if !i.Open() { // it ended meanwhile, and the next look takes it back
			look.At = f.tx.Now()
			return nil
		}
		look.At = nextLook(i, f.tx.Now())
		return nil
	})
	return look, err
}

// InquiryAnswered keeps what a processor said in the end.
func (d *Desk) InquiryAnswered(ctx context.Context, in contract.InquiryInput, outcome privacy.InquiryOutcome, words string) error {
	return d.change(ctx, in.Ref, System("inquirer"), func(ctx context.Context, f *file) error {
		i, err := f.inquiry(ctx, in.Inquiry)
		if err != nil || !i.Open() {
			return err
		}
		return f.answered(ctx, i, outcome, words)
	})
}

// InquiryFailed has the staff hear that whoever is to be asked can't be reached, and gives when to try again.
func (d *Desk) InquiryFailed(ctx context.Context, failure contract.InquiryFailure) (look contract.InquiryLook, err error) {
	err = d.change(ctx, failure.Ref, System("inquirer"), func(ctx context.Context, f *file) error {
		i, err := f.inquiry(ctx, failure.Inquiry)
		if err != nil {
			return err
		}
		look.At = f.tx.Now().Add(6 * time.Hour)
		if !i.Open() { // a request that is to be taken back is tried for a while
			look.Done = i.State != storage.InquiryClosed || i.Channel != storage.InquiryByOpenDSR || f.tx.Now().After(i.EndedAt.Add(takingBack))
			return nil
		}
		return f.stuck(ctx, i, "unreachable", failure.Problem)
	})
	return look, err
}
