package casework

import (
	"context"
	"fmt"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// endInquiryTasks ends what staff were asked to do about an inquiry.
func (f *file) endInquiryTasks(ctx context.Context, i storage.Inquiry, result string) error {
	tasks, err := f.tx.CaseTasks(ctx, f.row.ID)
	if err != nil {
		return fmt.Errorf("read tasks: %w", err)
	}
	for _, task := range tasks {
		if task.State != "open" || !same(task.InquiryID, &i.ID) {
			continue
		}
		if err := f.tx.AnswerTask(ctx, storage.Task(task), result); err != nil {
			return err
		}
	}
	return nil
}

// inquiryTask is how the keys of the tasks about an inquiry begin.
func inquiryTask(i storage.Inquiry) string { return "inquiry/" + i.ID.String() }

// SeenInquiry ends a task about an inquiry that somebody has seen to. One that is to be asked by hand ends with its answer.
func (d *Desk) SeenInquiry(ctx context.Context, tx *storage.Tx, ref contract.Ref, task storage.Task) error {
	return d.within(ctx, tx, ref, func(ctx context.Context, f *file) error {
		i, err := f.inquiry(ctx, *task.InquiryID)
		if err != nil {
			return err
		}
		if task.Role == roleOfficer && f.tx.Actor().Role == roleAgent {
			return &privacy.RuleError{Code: "role", Message: "this is for a data protection officer or an administrator to see to"}
		}
		if i.Open() && i.Channel == storage.InquiryByHand {
			return &privacy.RuleError{Code: "inquiry_open", Message: "nobody else asks here: ask, and enter the answer; where none will come, close the inquiry with the reason"}
		}
		return f.tx.AnswerTask(ctx, task, "seen")
	})
}
