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
	TaskPlanReview       = "plan_review"
	TaskApproval         = "approval"
	TaskErasureFailed    = "erasure_failed"
	TaskDecision         = "decision"         // on a restriction or an objection
	TaskAmendmentFailed  = "amendment_failed" // something could not be set in a system
	TaskCorrection       = "correction"       // on what a person says is wrong
	TaskAppeal           = "appeal"           // on what a person says against the answer
	TaskInquiry          = "inquiry"          // somebody else is to be asked, or does not answer
	TaskHumanReview      = "human_review"     // of a decision that a machine took alone
	TaskSentDocument     = "sent_document"    // the person sent something to look at
)

// NewTask is what a task is made of. Key makes it come once.
type NewTask struct {
	CaseID   uuid.UUID
	Key      string
	Kind     string
	Role     string
	SystemID *uuid.UUID
	Inquiry  *uuid.UUID // what a TaskInquiry is about
}

// AddTask adds a task; added is false when the key has been used before.
func (t *Tx) AddTask(ctx context.Context, n NewTask) (added bool, err error) {
	id := newID()
	rows, err := t.q.InsertTask(ctx, db.InsertTaskParams{
		ID: id, TenantID: t.tenant.ID, CaseID: n.CaseID, Key: n.Key, Kind: n.Kind, Role: n.Role, SystemID: n.SystemID, InquiryID: n.Inquiry,
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

// TaskFilter narrows the list of what is to do. Zero fields do not narrow.
type TaskFilter struct {
	Kind      string
	Role      string
	ClaimedBy string // the id of the actor who has claimed it
	Unclaimed bool   // only what nobody has claimed
	After     *Position
	Limit     int32
}

func (f TaskFilter) unclaimed() *bool {
	if !f.Unclaimed {
		return nil
	}
	return &f.Unclaimed
}

// OpenTasks lists what is to do, oldest first.
func (t *Tx) OpenTasks(ctx context.Context, f TaskFilter) ([]OpenTask, error) {
	row := db.OpenTasksParams{
		TenantID: t.tenant.ID, Kind: optional(f.Kind), Role: optional(f.Role), ClaimedBy: optional(f.ClaimedBy), Unclaimed: f.unclaimed(), Wanted: f.Limit,
	}
	row.AfterAt, row.AfterID = f.After.split()
	tasks, err := t.q.OpenTasks(ctx, row)
	if err != nil {
		return nil, fmt.Errorf("list tasks: %w", err)
	}
	return tasks, nil
}

// OpenTasksByDue lists what is to do, that of the request which is owed soonest first: what is overdue comes before all else, and
// what belongs to a request that owes nothing at the end.
func (t *Tx) OpenTasksByDue(ctx context.Context, f TaskFilter) ([]OpenTask, error) {
	after := f.After.or(firstOfAll)
	rows, err := t.q.OpenTasksByDue(ctx, db.OpenTasksByDueParams{
		TenantID: t.tenant.ID, Kind: optional(f.Kind), Role: optional(f.Role), ClaimedBy: optional(f.ClaimedBy), Unclaimed: f.unclaimed(),
		Never: lastOfAll.At, AfterDue: after.At, AfterID: after.ID, Wanted: f.Limit,
	})
	if err != nil {
		return nil, fmt.Errorf("list tasks: %w", err)
	}
	tasks := make([]OpenTask, len(rows))
	for i, row := range rows {
		tasks[i] = OpenTask(row)
	}
	return tasks, nil
}

// PlaceByDue is where a task stands in OpenTasksByDue.
func PlaceByDue(task OpenTask) Position {
	if task.NextDue == nil {
		return Position{At: lastOfAll.At, ID: task.ID}
	}
	return Position{At: *task.NextDue, ID: task.ID}
}

// LockTask reads one task and keeps others from changing it until the transaction ends.
func (t *Tx) LockTask(ctx context.Context, id uuid.UUID) (Task, error) {
	row, err := t.q.LockTask(ctx, t.tenant.ID, id)
	if err != nil {
		return Task{}, fmt.Errorf("task: %w", translate(err))
	}
	return Task(row), nil
}

// ClaimTask makes an open task the actor's. It does nothing when it is that already.
func (t *Tx) ClaimTask(ctx context.Context, task Task) error {
	if task.ClaimedBy != nil && *task.ClaimedBy == t.actor.ID {
		return nil
	}
	if err := one(t.q.ClaimTask(ctx, t.tenant.ID, task.ID, &t.actor.ID, &t.now)); err != nil {
		return fmt.Errorf("claim the task: %w", err)
	}
	return t.auditTask(ctx, audit.TaskClaimed, task, nil)
}

// ReleaseTask makes an open task nobody's. It does nothing when it is that already.
func (t *Tx) ReleaseTask(ctx context.Context, task Task) error {
	if task.ClaimedBy == nil {
		return nil
	}
	if err := one(t.q.ClaimTask(ctx, t.tenant.ID, task.ID, nil, nil)); err != nil {
		return fmt.Errorf("release the task: %w", err)
	}
	return t.auditTask(ctx, audit.TaskReleased, task, nil)
}

// CompletedTask puts on record by which decision somebody completed a task. The command that it was ends the task.
func (t *Tx) CompletedTask(ctx context.Context, task Task, decision, method string) error {
	facts := map[audit.FactKey]string{audit.FactStatus: decision}
	if method != "" {
		facts[audit.FactMethod] = method
	}
	return t.auditTask(ctx, audit.TaskCompleted, task, facts)
}

func (t *Tx) auditTask(ctx context.Context, action audit.Action, task Task, facts map[audit.FactKey]string) error {
	if facts == nil {
		facts = map[audit.FactKey]string{}
	}
	facts[audit.FactStep] = task.Kind
	return t.Audit(ctx, audit.Event{
		Action: action, CaseID: task.CaseID.String(), Object: audit.Object{Kind: "task", ID: task.ID.String()}, Facts: facts,
	})
}
