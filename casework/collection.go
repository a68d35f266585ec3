package casework

import (
	"context"
	"fmt"

	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// CollectionFailed records that a system could not be read, and asks a person: try again, or leave it out.
func (d *Desk) CollectionFailed(ctx context.Context, failure contract.Failure) error {
	return d.change(ctx, failure.Ref, System("collector"), func(ctx context.Context, f *file) error {
		if f.row.State != string(privacy.RequestCollecting) {
			return nil
		}
		run, err := f.tx.RunOn(ctx, f.row.ID, failure.Round, failure.System)
		if err != nil {
			return err
		}
		if run.State == storage.RunExcluded {
			return nil
		}
		if err := f.tx.FailRun(ctx, run, failure.Code, failure.Problem); err != nil {
			return err
		}
		tasks, err := f.tx.CaseTasks(ctx, f.row.ID)
		if err != nil {
			return fmt.Errorf("read tasks: %w", err)
		}
		task := storage.NewTask{
			CaseID: f.row.ID, Key: fmt.Sprintf("collect/%d/%s/%d", failure.Round, failure.System, len(tasks)),
			Kind: storage.TaskCollectionFailed, Role: roleAgent, SystemID: &failure.System,
		}
		if openTaskFor(tasks, task) {
			return nil
		}
		if _, err := f.tx.AddTask(ctx, task); err != nil {
			return err
		}
		return f.notice(ctx, task.Key, []string{roleAssignee}, &notify.CollectionFailed{
			Notice: f.noticeFrame(), System: run.SystemName, Problem: failure.Problem, At: f.tx.Now(),
		})
	})
}

// openTaskFor says whether somebody is asked about the system already.
func openTaskFor(tasks []storage.CaseTask, task storage.NewTask) bool {
	for _, t := range tasks {
		if t.State == "open" && t.Kind == task.Kind && same(t.SystemID, task.SystemID) {
			return true
		}
	}
	return false
}
