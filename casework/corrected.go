package casework

import (
	"context"
	"slices"

	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// writtenNow are the corrections of this run that stand in systems already.
func (f *file) writtenNow(ctx context.Context) ([]storage.Correction, error) {
	if !f.corrects() {
		return nil, nil
	}
	all, err := f.tx.Corrections(ctx, f.row.ID, f.subject)
	if err != nil {
		return nil, err
	}
	all, err = f.ofThisRun(ctx, all)
	return slices.DeleteFunc(all, func(c storage.Correction) bool {
		return c.State != storage.CorrectionWritten && c.State != storage.CorrectionByHand
	}), err
}

// nothingWritten keeps a request of which something was corrected or erased from being ended as if nothing had been.
func (f *file) nothingWritten(ctx context.Context) error {
	if err := f.nothingErased(ctx); err != nil {
		return err
	}
	written, err := f.writtenNow(ctx)
	if err != nil || len(written) == 0 {
		return err
	}
	return &privacy.RuleError{Code: "corrected", Message: "some of it was corrected already: refuse what is left one by one, and end the request by writing, so that the person hears of both"}
}

// tellWritten tells the person who takes the request back what was corrected by then, and puts on record who else must hear of it.
func (f *file) tellWritten(ctx context.Context, c contract.Command) error {
	written, err := f.writtenNow(ctx)
	if err != nil || len(written) == 0 {
		return err
	}
	if err := f.oweCorrected(ctx, written); err != nil {
		return err
	}
	return f.tellCorrected(ctx, c, written)
}

// oweCorrected puts on record who must hear of what was corrected.
func (f *file) oweCorrected(ctx context.Context, all []storage.Correction) error {
	holdings, err := f.holdings(ctx)
	if err != nil {
		return err
	}
	var systems []touched
	for _, h := range holdings {
		t := touched{system: h.System}
		for _, c := range all {
			if c.System == h.System && (c.State == storage.CorrectionWritten || c.State == storage.CorrectionByHand) {
				field, _ := h.Field(c.Address, c.Field)
				t.categories = append(t.categories, field.Categories...)
				t.changed = append(t.changed, c)
			}
		}
		systems = append(systems, t)
	}
	if changes := changesOf(all); len(changes) > 0 {
		if err := f.passOn(ctx, privacy.InquireCorrect, storage.InquiryBody{Changes: changes}); err != nil {
			return err
		}
	}
	return f.oweRecipients(ctx, owing{purpose: privacy.InquireCorrect}, systems)
}

// systemNamed is what people call a system, in the language of the case.
func (f *file) systemNamed(ctx context.Context, key string) (string, error) {
	system, err := f.tx.SystemByKey(ctx, key)
	if err != nil {
		return "", err
	}
	declared, err := DeclarationOf(system)
	return orElse(declared.Name.In(f.row.Language), system.Name), err
}

// tellCorrected writes what was corrected, what was not and why, and where the person can put a statement beside the latter.
func (f *file) tellCorrected(ctx context.Context, c contract.Command, all []storage.Correction) error {
	frame, link, err := f.linkedFrame(ctx)
	if err != nil {
		return err
	}
	letter := &notify.Corrected{Frame: frame, On: f.tx.Now(), StatementLink: link + "/statement", Remedy: f.remedy()}
	for _, one := range all {
		name, err := f.systemNamed(ctx, one.System)
		if err != nil {
			return err
		}
		line := notify.CorrectedField{System: name, Field: one.Field}
		switch one.State {
		case storage.CorrectionWritten, storage.CorrectionByHand:
			letter.Done = append(letter.Done, line)
		case storage.CorrectionRefused:
			line.Reason = privacy.RefusalReason(one.Reason)
			letter.Refused = append(letter.Refused, line)
		}
	}
	return f.write(ctx, c.Key, letter)
}
