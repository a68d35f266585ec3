package storage

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/storage/internal/db"
)

// Rows of tasks as they are read.
type (
	// Task is a step that a person must do.
	Task = db.TaskRow
	// CaseTask is a task in its case.
	CaseTask = db.CaseTasksRow
	// OpenTask is a task in the list of what is to do.
	OpenTask = db.OpenTasksRow
)

// Kinds of task.
const (
	TaskReview           = "review"
	TaskIdentityCheck    = "identity_check"
	TaskCollectionFailed = "collection_failed"
	TaskMessage          = "message"
)

// NewTask is what a task is made of. Key makes it come once.
type NewTask struct {
	CaseID   uuid.UUID
	Key      string
	Kind     string
	Role     string
	SystemID *uuid.UUID
}

// AddTask adds a task; added is false when the key has been used before.
func (t *Tx) AddTask(ctx context.Context, n NewTask) (added bool, err error) {
	id := newID()
	rows, err := t.q.InsertTask(ctx, db.InsertTaskParams{
		ID: id, TenantID: t.tenant.ID, CaseID: n.CaseID, Key: n.Key, Kind: n.Kind, Role: n.Role, SystemID: n.SystemID,
		CreatedAt: t.now,
	})
	if err != nil {
		return false, fmt.Errorf("add the task: %w", err)
	}
	if rows == 0 {
		return false, nil
	}
	return true, t.Audit(ctx, audit.Event{
		Action: audit.TaskCreated, CaseID: n.CaseID.String(), Object: audit.Object{Kind: "task", ID: id.String()},
		Facts: map[audit.FactKey]string{audit.FactStep: n.Kind},
	})
}

// AnswerTask ends an open task with its result. ErrNotFound when it is not open.
func (t *Tx) AnswerTask(ctx context.Context, task Task, result string) error {
	err := one(t.q.EndTask(ctx, db.EndTaskParams{
		TenantID: t.tenant.ID, ID: task.ID, State: "done", EndedAt: &t.now, EndedBy: &t.actor.ID, Result: &result,
	}))
	if err != nil {
		return fmt.Errorf("answer the task: %w", err)
	}
	return t.Audit(ctx, audit.Event{
		Action: audit.TaskAnswered, CaseID: task.CaseID.String(), Object: audit.Object{Kind: "task", ID: task.ID.String()},
		Facts: map[audit.FactKey]string{audit.FactStep: task.Kind, audit.FactStatus: result},
	})
}

// EndTasks ends the open tasks of a case: of one kind as done with the result, or, with kind "", all as cancelled.
func (t *Tx) EndTasks(ctx context.Context, caseID uuid.UUID, kind, result string) error {
	state, action := "done", audit.TaskAnswered
	if kind == "" {
		state, action = "cancelled", audit.TaskCancelled
	}
	rows, err := t.q.EndCaseTasks(ctx, db.EndCaseTasksParams{
		TenantID: t.tenant.ID, CaseID: caseID, State: state, At: &t.now, By: &t.actor.ID, Result: &result, Kind: optional(kind),
	})
	if err != nil {
		return fmt.Errorf("end the tasks: %w", err)
	}
	if rows == 0 {
		return nil
	}
	return t.Audit(ctx, audit.Event{
		Action: action, CaseID: caseID.String(), Object: caseObject(caseID),
		Facts: map[audit.FactKey]string{audit.FactStatus: result},
	})
}

// Task reads one task.
func (t *Tx) Task(ctx context.Context, id uuid.UUID) (Task, error) {
	task, err := t.q.Task(ctx, t.tenant.ID, id)
	if err != nil {
		return Task{}, fmt.Errorf("task: %w", translate(err))
	}
	return task, nil
}

// CaseTasks lists the tasks of a case.
func (t *Tx) CaseTasks(ctx context.Context, caseID uuid.UUID) ([]CaseTask, error) {
	return t.q.CaseTasks(ctx, t.tenant.ID, caseID)
}

// OpenTasks lists what is to do, oldest first.
func (t *Tx) OpenTasks(ctx context.Context, kind string, after *Position, limit int32) ([]OpenTask, error) {
	row := db.OpenTasksParams{TenantID: t.tenant.ID, Kind: optional(kind), Wanted: limit}
	row.AfterAt, row.AfterID = after.split()
	tasks, err := t.q.OpenTasks(ctx, row)
	if err != nil {
		return nil, fmt.Errorf("list tasks: %w", err)
	}
	return tasks, nil
}
