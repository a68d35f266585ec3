package casework

import (
	"context"
	"slices"
	"strings"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
)

// erasedSoFar is what was erased by plans that came to no end of their own, as they were made anew: no last letter has told of it.
func (f *file) erasedSoFar(ctx context.Context) ([]storage.UntoldErasureRun, error) {
	if f.row.RequestRight != string(privacy.Erasure) {
		return nil, nil
	}
	runs, err := f.tx.UntoldErasureRuns(ctx, f.subject, f.row.ID)
	if err != nil || len(runs) == 0 {
		return nil, err
	}
	asked, err := f.tx.InquiryStates(ctx, f.row.ID)
	return slices.DeleteFunc(runs, func(run storage.UntoldErasureRun) bool {
		there := slices.ContainsFunc(asked, func(i storage.InquiryState) bool {
			return strings.HasPrefix(i.Turn, ErasureTurn(run.PlanID, run.SystemID)+"/") && erasedThere(i.Outcome)
		})
		return run.Changed == 0 && run.State != storage.RunByHand && !there
	}), err
}

// nothingErased keeps a request by which something was erased from being ended as if nothing had been.
func (f *file) nothingErased(ctx context.Context) error {
	parts, err := f.erasedSoFar(ctx)
	if err != nil || len(parts) == 0 {
		return err
	}
	return &privacy.RuleError{Code: "erased_partly", Citation: privacy.Citation{Text: "Art. 12(3), 19 GDPR", Mark: privacy.Verified},
		Message: "some of it is erased already: have the plan carried out, with what is to be kept left out of it, so that the person and the recipients hear of both"}
}

// tellErasedSoFar says in which areas something is erased of whoever takes the request back, and has the recipients told of it.
func (f *file) tellErasedSoFar(ctx context.Context) (areas []string, err error) {
	runs, err := f.erasedSoFar(ctx)
	if err != nil {
		return nil, err
	}
	for _, run := range runs {
		if name := run.Part.Called(f.row.Language); !slices.Contains(areas, name) {
			areas = append(areas, name)
		}
		if err := f.oweRecipients(ctx, owing{purpose: privacy.InquireErase, plan: &run.PlanID}, []touched{touchedBy(run.Part)}); err != nil {
			return nil, err
		}
	}
	return areas, nil
}
