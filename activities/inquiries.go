package activities

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/opendsr"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/dataset"
	wire "github.com/privacy-docket/docket/protocol/opendsr"
	"github.com/privacy-docket/docket/workflows/contract"
)

// Inquiries ask others to do their part of a request, and take their answers in.
type Inquiries struct {
	desk      *casework.Desk
	processor func(asked *dataset.Asked, secrets string) (*opendsr.Processor, error)
}

var inquirer = casework.System("inquirer")

// Look does what is next with an inquiry, as the register has it.
func (q *Inquiries) Look(ctx context.Context, in contract.InquiryInput) (contract.InquiryLook, error) {
	defer beat(ctx)()
	step, err := q.desk.StepInquiry(ctx, in)
	if err != nil || step.Call == "" {
		return step.InquiryLook, named(err)
	}
	look, err := q.call(ctx, in, step)
	return look, named(err)
}

// Failed records that whoever is to be asked can't be.
func (q *Inquiries) Failed(ctx context.Context, f contract.InquiryFailure) (contract.InquiryLook, error) {
	look, err := q.desk.InquiryFailed(ctx, f)
	return look, named(err)
}

// call speaks to a processor.
func (q *Inquiries) call(ctx context.Context, in contract.InquiryInput, step casework.InquiryStep) (contract.InquiryLook, error) {
	p, err := q.processor(step.Asked, step.Target)
	if err != nil {
		return step.InquiryLook, err
	}
	defer p.Close()
	switch step.Call {
	case casework.CallSend:
		if len(step.Known) == 0 {
			return step.InquiryLook, &connectors.Error{
				Code: connectors.ErrSelection, What: "nothing is proven of the person by which " + step.Asked.Of + " finds people", Do: "name another identity in the system's document, or leave the system out",
			}
		}
		if err := p.Send(ctx, requestOf(step)); err != nil {
			return step.InquiryLook, err
		}
		return q.desk.InquirySent(ctx, in)
	case casework.CallCancel:
		return step.InquiryLook, p.Cancel(ctx, step.Inquiry.Remote)
	default:
		return q.progress(ctx, in, step, p)
	}
}

// requestOf is what a processor is sent.
func requestOf(step casework.InquiryStep) wire.Request {
	out := wire.Request{ID: step.Inquiry.Remote, Type: wire.Access, Regulation: wire.RegulationOf(step.Regime), Submitted: step.Received, Callbacks: []string{step.Callback}}
	switch {
	case step.Inquiry.Purpose == privacy.InquireErase:
		out.Type = wire.Erasure
	case step.Right == privacy.Portability:
		out.Type = wire.Portability
	}
	for _, identity := range step.Inquiry.Identities {
		if value := step.Known[identity]; value != "" {
			out.Identities = append(out.Identities, wire.Identity{Type: opendsr.IdentityType(identity), Value: value, Format: wire.Raw})
		}
	}
	return out
}

// progress asks a processor how its part stands, and takes in what came of it.
func (q *Inquiries) progress(ctx context.Context, in contract.InquiryInput, step casework.InquiryStep, p *opendsr.Processor) (contract.InquiryLook, error) {
	now, err := p.Progress(ctx, step.Inquiry.Remote)
	if err != nil {
		return step.InquiryLook, err
	}
	done := contract.InquiryLook{Done: true}
	switch now.Status {
	case wire.Completed:
		outcome, words := privacy.InquiryDone, ""
		switch {
		case step.Inquiry.Purpose == privacy.InquireCopy:
			if outcome, err = q.results(ctx, in, step, p, now); err != nil {
				return step.InquiryLook, err
			}
		case now.Reason == wire.ReasonKept:
			outcome, words = privacy.InquiryPartly, endedWith(now)
		}
		return done, q.desk.InquiryAnswered(ctx, in, outcome, words)
	case wire.Cancelled:
		return done, q.desk.InquiryAnswered(ctx, in, privacy.InquiryRefused, endedWith(now))
	default:
		return step.InquiryLook, nil
	}
}

// endedWith says how a processor ended a request that it did not do, or not in full.
func endedWith(now wire.Progress) string {
	words := "The processor says: " + now.Status
	if now.Outcome != "" {
		words += ", " + now.Outcome
	}
	if now.Reason != "" {
		words += " (" + now.Reason + ")"
	}
	return words + "."
}

// results fetches a copy once, and keeps it with the inquiry.
func (q *Inquiries) results(ctx context.Context, in contract.InquiryInput, step casework.InquiryStep, p *opendsr.Processor, now wire.Progress) (privacy.InquiryOutcome, error) {
	files, err := q.desk.InquiryFiles(ctx, in.Ref, in.Inquiry)
	switch {
	case err != nil:
		return "", err
	case slices.ContainsFunc(files, func(f casework.OpenedFile) bool { return f.CreatedBy == inquirer.ID }): // fetched by a try before
		return privacy.InquiryDone, nil
	case now.ResultsURL == "" && now.Count != nil && *now.Count == 0:
		return privacy.InquiryNothing, nil
	case now.ResultsURL == "":
		return "", &connectors.Error{Code: connectors.ErrAnswer, What: step.Asked.Of + " says that it is done and names no results", Do: "have them sent, and enter them by hand"}
	}
	got, err := p.Results(ctx, now.ResultsURL)
	if err != nil {
		return "", err
	}
	defer got.Body.Close()
	err = q.desk.AddInquiryFile(ctx, in.Ref, inquirer, in.Inquiry, got.Name, got.Body)
	if errors.Is(err, casework.ErrInquiryFile) {
		return "", &connectors.Error{
			Code: connectors.ErrTooLarge, What: fmt.Sprintf("the results of %s are empty, or have more than %d bytes", step.Asked.Of, casework.MaxDocument), Do: "have them sent in parts, and enter them by hand",
		}
	}
	return privacy.InquiryDone, err
}
