package casework

import (
	"context"
	"fmt"

	"github.com/google/uuid"

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
		work := fmt.Sprintf("collect/%d/%s", failure.Round, failure.System)
		return f.askAgent(ctx, storage.TaskCollectionFailed, work, failure.System, &notify.CollectionFailed{
			Notice: f.noticeFrame(), System: run.SystemName, Problem: failure.Problem, At: f.tx.Now(),
		})
	})
}

// askAgent puts work that failed in a system before a person, and tells whoever has the case, unless somebody is asked about it already. The
// key is counted on, for the same work may fail again once a task has ended.
func (f *file) askAgent(ctx context.Context, kind, work string, system uuid.UUID, letter notify.Letter) error {
	tasks, err := f.tx.CaseTasks(ctx, f.row.ID)
	if err != nil {
		return fmt.Errorf("read tasks: %w", err)
	}
	task := storage.NewTask{CaseID: f.row.ID, Key: fmt.Sprintf("%s/%d", work, len(tasks)), Kind: kind, Role: roleAgent, SystemID: &system}
	if openTaskFor(tasks, task) {
		return nil
	}
	if _, err := f.tx.AddTask(ctx, task); err != nil {
		return err
	}
	return f.notice(ctx, task.Key, []string{roleAssignee}, letter)
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
