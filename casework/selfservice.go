package casework

import (
	"context"
	"errors"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/correction"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// ErrNothingOffered says that there is nothing that the person can correct themselves, at this time or at all.
var ErrNothingOffered = errors.New("there is nothing here to correct by yourself")

// Offered gives what the person can correct themselves, with what their rows say; ErrNothingOffered where that is nothing.
func (d *Desk) Offered(ctx context.Context, ref contract.Ref, actor audit.Actor) (out []correction.Holding, err error) {
	err = d.change(ctx, ref, actor, func(ctx context.Context, f *file) error {
		if out, err = f.offer(ctx); err != nil {
			return err
		}
		return f.tx.Audit(ctx, audit.Event{Action: audit.RequestViewed, CaseID: ref.Case.String(), Object: audit.Object{Kind: "holdings", ID: ref.Case.String()}})
	})
	return out, err
}

// SelfService is what the person can do about corrections on their page.
type SelfService struct {
	// Offers says that there are values that they can correct, MayState that they can put a statement beside what was refused.
	Offers, MayState bool
}

// SelfServiceOf says what the person of a case can do. It reads nothing of what is said of them.
func (d *Desk) SelfServiceOf(ctx context.Context, tx *storage.Tx, row storage.Case) (out SelfService, err error) {
	if row.RequestRight != string(privacy.Rectification) || row.ForgottenAt != nil {
		return out, nil
	}
	f, err := d.fileOf(ctx, tx, row)
	if err != nil {
		return out, err
	}
	_, err = f.offer(ctx)
	if out.Offers = err == nil; err != nil && !errors.Is(err, ErrNothingOffered) {
		return out, err
	}
	err = f.mayState(ctx)
	if _, refused := RefusalOf(err); refused {
		return out, nil
	}
	out.MayState = err == nil
	return out, err
}

func (f *file) offer(ctx context.Context) (out []correction.Holding, err error) {
	if err := f.correctable(); err != nil {
		return nil, ErrNothingOffered
	}
	holdings, err := f.holdings(ctx)
	if err != nil {
		return nil, err
	}
	agent, err := f.represented(ctx)
	if err != nil {
		return nil, err
	}
	if agent || !f.offered(holdings) {
		return nil, ErrNothingOffered
	}
	for _, h := range holdings {
		kept := h
		kept.Fields = nil
		if kept.Name, err = f.systemNamed(ctx, h.System); err != nil {
			return nil, err
		}
		for _, field := range h.Fields {
			if field.SelfService && len(field.Present) > 0 {
				kept.Fields = append(kept.Fields, field)
			}
		}
		if len(kept.Fields) > 0 {
			out = append(out, kept)
		}
	}
	if len(out) == 0 {
		return nil, ErrNothingOffered
	}
	return out, nil
}

// CorrectSelf takes the corrections of a person, in fields that their systems let people correct. With whole they have nothing else corrected, and
// it is written at once unless staff have something undecided before them: the caller tells the workflow the signal then.
func (d *Desk) CorrectSelf(ctx context.Context, ref contract.Ref, actor audit.Actor, key string, all []correction.Proposal, whole bool) (signal storage.Signal, err error) {
	err = d.change(ctx, ref, actor, func(ctx context.Context, f *file) error {
		if taken, err := f.tx.StepTaken(ctx, f.row.ID, key); err != nil || taken {
			return err
		}
		offered, err := f.offer(ctx)
		if err != nil {
			return err
		}
		for _, p := range all {
			if _, err := f.propose(ctx, offered, NewCorrection{Proposal: p}, true); err != nil {
				return err
			}
		}
		if err := f.tx.RecordStep(ctx, f.row, key, "correct_self", ""); err != nil {
			return err
		}
		written, err := f.writeOwn(ctx, key, whole)
		if err != nil || !written {
			return err
		}
		signal, err = f.tx.SignalWorkflowOurselves(ctx, f.row.ID, contract.RequestID(f.row.ID), contract.SignalFacts)
		return err
	})
	return signal, err
}

// writeOwn has what the person corrected written, where nobody else has anything to decide.
func (f *file) writeOwn(ctx context.Context, key string, whole bool) (bool, error) {
	corrections, err := f.tx.Corrections(ctx, f.row.ID, f.subject)
	if err != nil || !whole {
		return false, err
	}
	for _, c := range corrections {
		if c.State == storage.CorrectionProposed {
			return false, nil
		}
	}
	err = f.correct(ctx, contract.Command{Key: key + "/write", Kind: contract.Correct, Plan: CorrectionsSum(corrections)})
	if _, refused := RefusalOf(err); refused {
		return false, nil // staff decide then: it is before them
	}
	return err == nil, err
}
