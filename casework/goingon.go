package casework

import (
	"context"
	"fmt"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// goOnWithout lets an erasure come to its end without the answer of whoever was asked to erase in a system. The person is told so, and whoever has not
// answered is asked on.
func (f *file) goOnWithout(ctx context.Context, c contract.Command) error {
	if c.System == nil {
		return fmt.Errorf("%s needs a system", c.Kind)
	}
	plan, err := f.tx.ErasurePlanState(ctx, f.row.ID)
	if err != nil {
		return err
	}
	all, err := f.tx.Inquiries(ctx, f.row.ID, f.subject)
	if err != nil {
		return err
	}
	newest, _ := ofTurn(all, ErasureTurn(plan.ID, *c.System))
	if newest == nil || !newest.Awaited || newest.State == storage.InquiryAnswered && newest.Outcome != privacy.InquiryRefused {
		return &privacy.RuleError{Code: "not_awaited", Message: "the request waits for nobody's answer about this system"}
	}
	if err := f.tx.FreeInquiry(ctx, *newest); err != nil {
		return err
	}
	return f.endSystemTask(ctx, c, "without")
}
