package casework

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/seal"
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
	if errors.Is(err, seal.ErrNoKey) { // the request is forgotten: what was asked was closed with it
		out.Done = true
		return out, nil
	}
	return out, err
}

func (f *file) stepInquiry(ctx context.Context, i storage.Inquiry) (InquiryStep, error) {
	out := InquiryStep{Inquiry: i}
	var system storage.System // none of a recipient
	var err error
	if i.System != nil {
		if system, err = f.tx.System(ctx, *i.System); err != nil {
			return out, err
		}
	}
	if system.Stop != nil && i.State != storage.InquiryAnswered { // an emergency: nobody is told anything
		out.At = f.tx.Now().Add(5 * time.Minute)
		return out, nil
	}
	switch i.State {
	case storage.InquiryOpen:
		if i.Channel == storage.InquiryByOpenDSR {
			return f.calling(ctx, i, system, CallSend)
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
			return f.calling(ctx, i, system, CallLook)
		}
		out.At = nextLook(i, f.tx.Now())
		return out, nil
	case storage.InquiryClosed:
		out.Done = true
		if i.Channel == storage.InquiryByOpenDSR { // it may have been sent although nobody could record that: a processor that knows nothing of it says so
			out, err = f.calling(ctx, i, system, CallCancel)
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

// nextLook is when there is next something to do about an inquiry that was asked.
func nextLook(i storage.Inquiry, now time.Time) time.Time {
	next := now.Add(looking)
	for _, at := range slices.Backward(privacy.InquiryReminders(*i.AskedAt, i.DueAt)) {
		if at.After(now) {
			next = at
		}
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
	return f.moveRecipients(ctx, i, privacy.RecipientTold)
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
	return f.giveTask(ctx, storage.NewTask{Key: inquiryTask(i) + "/" + step, Kind: storage.TaskInquiry, Role: role, SystemID: i.System, Inquiry: &i.ID}, words)
}

// press reminds of what is not answered yet; past its time the staff hear of it.
func (f *file) press(ctx context.Context, i storage.Inquiry) (storage.Inquiry, error) {
	if i.Channel == storage.InquiryByEmail {
		var err error
		if i, err = f.remind(ctx, i); err != nil {
			return i, err
		}
	}
	if f.tx.Now().Before(i.DueAt) {
		return i, nil
	}
	return i, f.stuck(ctx, i, "overdue", fmt.Sprintf("there is no answer; it was due on %s", i.DueAt.In(f.tx.Tenant().Zone).Format("2 January 2006")))
}

// remind writes to a vendor once more, when it is time. A program is looked at anyhow, and a member of staff has a task: nobody else is reminded.
func (f *file) remind(ctx context.Context, i storage.Inquiry) (storage.Inquiry, error) {
	var passed int32 // those that were missed while nothing ran are one
	for _, at := range privacy.InquiryReminders(*i.AskedAt, i.DueAt) {
		if !f.tx.Now().Before(at) {
			passed++
		}
	}
	if passed <= i.Reminders {
		return i, nil
	}
	if err := f.writeInquiry(ctx, i, fmt.Sprint(passed), true); err != nil {
		return i, err
	}
	if err := f.tx.RemindInquiry(ctx, i, passed); err != nil {
		return i, err
	}
	i.Reminders = passed
	return i, nil
}

// stuck has the staff take an inquiry up, and whoever has the case hear why.
func (f *file) stuck(ctx context.Context, i storage.Inquiry, why, problem string) error {
	tasks, err := f.tx.CaseTasks(ctx, f.row.ID)
	if err != nil {
		return fmt.Errorf("read tasks: %w", err)
	}
	key := inquiryTask(i) + "/" + why
	asking := false
	for _, t := range tasks {
		if t.Key == key {
			return nil // somebody has it, or has had it
		}
		asking = asking || t.State == "open" && t.Key == inquiryTask(i)+"/ask"
	}
	if !asking { // whoever is to ask has a task already
		if _, err := f.tx.AddTask(ctx, storage.NewTask{CaseID: f.row.ID, Key: key, Kind: storage.TaskInquiry, Role: roleAgent, SystemID: i.System, Inquiry: &i.ID}); err != nil {
			return err
		}
	}
	return f.notice(ctx, key, []string{roleAssignee}, &notify.InquiryStuck{Notice: f.noticeFrame(), Addressee: i.Addressee, Problem: problem, At: f.tx.Now()})
}
