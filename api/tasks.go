package api

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/storage"
)

// taskView is a step that a person must do, with the commands that answer it.
type taskView struct {
	ID        uuid.UUID  `json:"id" format:"uuid"`
	Request   uuid.UUID  `json:"request_id" format:"uuid"`
	Reference string     `json:"reference,omitempty"`
	Kind      string     `json:"kind"`
	State     string     `json:"state" enum:"open,done,cancelled"`
	Role      string     `json:"role"`
	System    *uuid.UUID `json:"system_id,omitempty" format:"uuid"`
	Assignee  *uuid.UUID `json:"assignee_id,omitempty" format:"uuid"`
	NextDue   *time.Time `json:"next_due,omitempty" doc:"The soonest date of the request."`
	CreatedAt time.Time  `json:"created_at"`
	EndedAt   *time.Time `json:"ended_at,omitempty"`
	Result    string     `json:"result,omitempty"`
	Answers   []string   `json:"answers" doc:"The commands that answer the task: POST /v1/requests/{request_id}/{answer}."`
}

type listTasks struct {
	Paging
	Kind string `query:"kind" enum:"review,identity_check,collection_failed,message"`
}

// answersTo gives the commands that end a task of a kind.
func answersTo(kind string) []string {
	switch kind {
	case storage.TaskReview:
		return []string{"approve", "recollect", "ask-clarification", "refuse"}
	case storage.TaskIdentityCheck:
		return []string{"confirm-identity", "reject-identity"}
	case storage.TaskCollectionFailed:
		return []string{"retry-system", "exclude-system"}
	case storage.TaskMessage:
		return []string{"conversation/read", "conversation"}
	default:
		return []string{}
	}
}

func (s *server) taskOperations() {
	register(s, operation{
		id: "list-tasks", method: http.MethodGet, path: "/v1/tasks", summary: "What is to be done by people, oldest first", tag: "tasks",
	}, s.tasks)
	register(s, operation{
		id: "list-case-tasks", method: http.MethodGet, path: "/v1/requests/{id}/tasks", summary: "The tasks of a request", tag: "tasks",
		errors: []int{http.StatusNotFound},
	}, s.caseTasks)
}

const taskList = "tasks"

func (s *server) tasks(ctx context.Context, who *caller, in *listTasks) (*page[taskView], error) {
	after, err := readCursor(who, taskList, in.Cursor)
	if err != nil {
		return nil, err
	}
	var rows []storage.OpenTask
	err = s.db.Read(ctx, who.tenant.ID, func(ctx context.Context, tx *storage.Tx) error {
		rows, err = tx.OpenTasks(ctx, in.Kind, after, in.Limit)
		return err
	})
	if err != nil {
		return nil, err
	}
	next, err := nextCursor(who, taskList, in.Limit, rows, func(r storage.OpenTask) (time.Time, uuid.UUID) { return r.CreatedAt, r.ID })
	if err != nil {
		return nil, err
	}
	return newPage(each(rows, func(t storage.OpenTask) taskView {
		return taskView{
			ID: t.ID, Request: t.CaseID, Reference: t.Reference, Kind: t.Kind, State: "open", Role: t.Role, Assignee: t.AssigneeID,
			CreatedAt: t.CreatedAt, NextDue: t.NextDue, Answers: answersTo(t.Kind),
		}
	}), next), nil
}

func (s *server) caseTasks(ctx context.Context, who *caller, in *CaseID) (*page[taskView], error) {
	var rows []storage.CaseTask
	err := s.db.Read(ctx, who.tenant.ID, func(ctx context.Context, tx *storage.Tx) error {
		if _, err := tx.Case(ctx, in.ID); err != nil {
			return err
		}
		var err error
		rows, err = tx.CaseTasks(ctx, in.ID)
		return err
	})
	return newPage(each(rows, func(t storage.CaseTask) taskView {
		return taskView{
			ID: t.ID, Request: t.CaseID, Kind: t.Kind, State: t.State, Role: t.Role, System: t.SystemID, CreatedAt: t.CreatedAt,
			EndedAt: t.EndedAt, Result: text(t.Result), Answers: answersTo(t.Kind),
		}
	}), ""), err
}
