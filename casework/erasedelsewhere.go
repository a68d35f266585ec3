package casework

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
)

// ErasureTurn is the turn of the inquiries by which a system of a plan is erased in.
func ErasureTurn(plan, system uuid.UUID) string { return fmt.Sprintf("erase/%s/%s", plan, system) }

// ofErasure says that an inquiry has a system erased in that somebody else has.
func ofErasure(i storage.Inquiry) bool {
	return i.Purpose == privacy.InquireErase && i.System != nil && len(i.Body.Notices) == 0
}

// ErasureAnswers are how the inquiries stand at those who were asked to erase for a plan, by the key of the system; where a person did it instead there
// is none.
func ErasureAnswers(ctx context.Context, tx *storage.Tx, caseID, plan uuid.UUID) (map[string]storage.InquiryState, error) {
	all, err := tx.InquiryStates(ctx, caseID)
	if err != nil {
		return nil, err
	}
	runs, err := tx.ErasureRuns(ctx, plan)
	if err != nil {
		return nil, err
	}
	out := map[string]storage.InquiryState{}
	for _, i := range all { // the newest is the last, and what was answered counts until there is another answer
		if i.System == nil || !strings.HasPrefix(i.Turn, ErasureTurn(plan, *i.System)+"/") {
			continue
		}
		if before, known := out[i.SystemKey]; !known || i.Outcome != "" || before.Outcome == "" {
			out[i.SystemKey] = i
		}
	}
	for _, run := range runs {
		if run.State == storage.RunByHand {
			delete(out, run.SystemKey)
		}
	}
	return out, nil
}

// leftElsewhere says that somebody who was asked to erase has not, or not all.
func leftElsewhere(answers map[string]storage.InquiryState) bool {
	for _, i := range answers {
		if !i.Outcome.Settled() {
			return true
		}
	}
	return false
}

// toldByStaff says that a member of staff entered the answer, and not whoever was asked.
func toldByStaff(i storage.InquiryState) bool {
	return i.State == storage.InquiryAnswered && i.EndedBy != AddresseeActor(i.ID).ID && i.EndedBy != System("inquirer").ID
}

// Said is the answer of an inquiry as the certificate and the console have it.
func Said(i storage.InquiryState) string {
	if i.Outcome == "" {
		return "none"
	}
	return string(i.Outcome)
}

// newsOfErasure tells the person what came of the inquiry at somebody whose answer the erasure was not waiting for when it was answered.
func (f *file) newsOfErasure(ctx context.Context, i storage.Inquiry, news notify.Elsewhere) error {
	if f.row.ClosedAt == nil || !ofErasure(i) {
		return nil // what the request is answered with says it
	}
	plan, err := f.tx.ErasurePlan(ctx, f.subject, f.row.ID)
	if err != nil {
		return err
	}
	part, there := plan.Plan.System(i.SystemKey)
	if !there || !strings.HasPrefix(i.Turn, ErasureTurn(plan.ID, *i.System)+"/") {
		return nil
	}
	frame, err := f.frame(ctx)
	if err != nil {
		return err
	}
	news.Where = part.Called(f.row.Language)
	return f.write(ctx, "inquiry/"+i.ID.String(), &notify.ErasureAnswered{Frame: frame, News: []notify.Elsewhere{news}, Remedy: f.remedy()})
}

// erasedThere says that an answer tells of an erasure, of all or of a part.
func erasedThere(said privacy.InquiryOutcome) bool {
	return said == privacy.InquiryDone || said == privacy.InquiryPartly
}
