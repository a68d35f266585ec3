package casework

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/amendment"
	"github.com/privacy-docket/docket/privacy/correction"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// correct has the accepted corrections written (Art. 16 GDPR). Whoever said that more than the mailbox is proven does not decide that, as with
// answers; and it is decided for the corrections that were read.
func (f *file) correct(ctx context.Context, c contract.Command) error {
	if err := f.fourEyes(ctx); err != nil {
		return err
	}
	all, err := f.tx.Corrections(ctx, f.row.ID, f.subject)
	if err != nil {
		return err
	}
	if c.Plan != CorrectionsSum(all) {
		return &privacy.RuleError{Code: "corrections_changed", Message: "the corrections are others than those that were read; look at them once more"}
	}
	began, err := f.runBegan(ctx)
	if err != nil {
		return err
	}
	accepted, err := decidedOn(all, began)
	if err != nil {
		return err
	}
	holdings, err := f.holdings(ctx)
	if err != nil {
		return err
	}
	if err := f.current(ctx, holdings); err != nil {
		return err
	}
	for _, one := range accepted {
		if err := fits(holdings, one.Proposal); err != nil {
			return err
		}
	}
	if err := f.byTwo(ctx, c, holdings, accepted); err != nil {
		return err
	}
	if err := correction.Together(proposalsOf(accepted)); err != nil {
		return err
	}
	if err := f.orderCorrections(ctx, holdings, accepted); err != nil {
		return err
	}
	if err := f.move(ctx, c, privacy.EventCorrectionBegun); err != nil {
		return err
	}
	return f.tx.EndTasks(ctx, f.row.ID, storage.TaskCorrection, "corrected")
}

// byTwo wants two people where a correction changes what somebody is found by: an account would be somebody else's by it.
func (f *file) byTwo(ctx context.Context, c contract.Command, holdings []correction.Holding, accepted []storage.Correction) error {
	var proposed []string
	for _, one := range accepted {
		for _, h := range holdings {
			if field, ok := h.Field(one.Address, one.Field); h.System == one.System && ok && field.Identity != "" {
				proposed = append(proposed, one.ProposedBy)
			}
		}
	}
	if len(proposed) == 0 {
		return nil
	}
	people, err := peopleBehind(ctx, f.tx, proposed)
	if err != nil {
		return err
	}
	if c.Actor.Kind != string(audit.Person) || c.Actor.Key != "" || slices.Contains(people, c.Actor.ID) {
		return &privacy.RuleError{Code: "four_eyes", Message: "a correction changes what the person is found by, such as an address or a number: a person other than who proposed it has it written, signed in"}
	}
	return nil
}

// decidedOn gives the accepted corrections, once nothing is left undecided and there is something to write, or was since the run began.
func decidedOn(all []storage.Correction, began time.Time) (accepted []storage.Correction, err error) {
	done := 0
	for _, c := range all {
		switch c.State {
		case storage.CorrectionProposed:
			return nil, &privacy.RuleError{Code: "undecided", Message: "accept or refuse every correction that is proposed first"}
		case storage.CorrectionAccepted:
			accepted = append(accepted, c)
		case storage.CorrectionWritten, storage.CorrectionByHand:
			if !c.EndedAt.Before(began) {
				done++
			}
		}
	}
	if len(accepted)+done == 0 {
		return nil, &privacy.RuleError{Code: "nothing_accepted", Message: "no correction is accepted: accept one, or refuse the request on a ground of the law"}
	}
	return accepted, nil
}

// current wants what is written about the systems to be what it was when they were read.
func (f *file) current(ctx context.Context, holdings []correction.Holding) error {
	basis, err := f.basis(ctx)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(holdings, func(h correction.Holding) bool { return h.Basis != basis }) {
		return &privacy.RuleError{Code: "corrections_outdated", Message: "a system, its annotation or its declaration was changed after the systems were read; have them read anew"}
	}
	return nil
}

// orderCorrections has the accepted corrections written, system by system.
func (f *file) orderCorrections(ctx context.Context, holdings []correction.Holding, accepted []storage.Correction) error {
	before, err := f.tx.Amendments(ctx, f.row.ID)
	if err != nil {
		return err
	}
	round := nextRound(before)
	for i, leading := range []bool{false, true} {
		if err := f.orderRound(ctx, holdings, accepted, round+int32(i), leading); err != nil {
			return err
		}
	}
	return nil
}

// orderRound has those corrections written that are of what people are found by, or the others. The former come last, when nothing else has to be
// found any more.
func (f *file) orderRound(ctx context.Context, holdings []correction.Holding, accepted []storage.Correction, round int32, leading bool) error {
	for _, h := range holdings {
		var orders []amendment.Order
		for _, c := range accepted {
			field, _ := h.Field(c.Address, c.Field)
			if c.System != h.System || (field.Identity != "") != leading {
				continue
			}
			orders = append(orders, amendment.Order{
				Address: c.Address, Field: c.Field, Value: c.Becomes, Corrects: c.ID.String(), Was: c.Was, Rows: field.Rows(c.Was), Already: field.Rows(c.Becomes), Manual: field.Manual,
			})
		}
		if len(orders) == 0 {
			continue
		}
		system, err := f.tx.SystemByKey(ctx, h.System)
		if err != nil {
			return err
		}
		if err := f.tx.AddAmendment(ctx, f.row.ID, f.subject, system, round, storage.AmendCorrect, orders); err != nil {
			return err
		}
	}
	return nil
}

// correctedByHand ends the corrections that an amendment was to write by a person's word.
func (f *file) correctedByHand(ctx context.Context, a storage.Amendment) error {
	if a.Purpose != storage.AmendCorrect {
		return nil
	}
	all, err := f.tx.Corrections(ctx, f.row.ID, f.subject)
	if err != nil {
		return err
	}
	for _, c := range all {
		if c.SystemID != a.SystemID || c.State != storage.CorrectionAccepted {
			continue
		}
		if err := f.tx.EndCorrection(ctx, f.row.ID, c, storage.CorrectionByHand, 0); err != nil {
			return err
		}
	}
	return nil
}

// finishCorrecting closes the request and tells the person what was corrected. Where rows said something else by the time they were to be
// written, the systems are read once more and somebody decides anew.
func (f *file) finishCorrecting(ctx context.Context, c contract.Command) error {
	all, err := f.tx.Corrections(ctx, f.row.ID, f.subject)
	if err != nil {
		return err
	}
	round, err := f.tx.LatestRound(ctx, f.row.ID)
	if err != nil {
		return fmt.Errorf("read the round: %w", err)
	}
	overtaken := slices.ContainsFunc(all, func(c storage.Correction) bool { return c.State == storage.CorrectionOvertaken && c.Round == round })
	if overtaken {
		const words = "Some rows said something else by the time they were to be corrected; they were left as they are. The systems are read once more."
		if _, err := f.tx.AddNote(ctx, f.row, f.subject, storage.NoteReason, words); err != nil {
			return err
		}
		return f.move(ctx, c, privacy.EventMismatched)
	}
	if all, err = f.ofThisRun(ctx, all); err != nil {
		return err
	}
	if err := f.oweCorrected(ctx, all); err != nil {
		return err
	}
	if err := f.move(ctx, c, privacy.EventExecuted); err != nil {
		return err
	}
	if err := f.tellCorrected(ctx, c, all); err != nil {
		return err
	}
	return f.end(ctx, "answered", privacy.Respond, privacy.Inform, privacy.Verify)
}

// runBegan is when the request was taken up: when it came in, or when it was last reopened.
func (f *file) runBegan(ctx context.Context) (time.Time, error) {
	steps, err := f.tx.Transitions(ctx, f.row.ID)
	if err != nil {
		return time.Time{}, fmt.Errorf("read the steps: %w", err)
	}
	began := f.row.ReceivedAt
	for _, step := range steps {
		if step.Event == string(privacy.EventReopened) {
			began = step.At
		}
	}
	return began, nil
}

// ofThisRun are the corrections that were decided on or carried out since the request was taken up.
func (f *file) ofThisRun(ctx context.Context, all []storage.Correction) ([]storage.Correction, error) {
	began, err := f.runBegan(ctx)
	return slices.DeleteFunc(slices.Clone(all), func(c storage.Correction) bool {
		return (c.EndedAt == nil || c.EndedAt.Before(began)) && (c.DecidedAt == nil || c.DecidedAt.Before(began))
	}), err
}
