package casework

import (
	"context"
	"time"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

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

// calling is a step that a processor is called for.
func (f *file) calling(ctx context.Context, i storage.Inquiry, system storage.System, call ProcessorCall) (out InquiryStep, err error) {
	out = InquiryStep{
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
