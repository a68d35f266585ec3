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
	Inquiry   *uuid.UUID `json:"inquiry_id,omitempty" format:"uuid" doc:"What a task of the kind inquiry is about."`
	Addressee string     `json:"addressee,omitempty" doc:"Whom that inquiry asks."`
	Assignee  *uuid.UUID `json:"assignee_id,omitempty" format:"uuid"`
	NextDue   *time.Time `json:"next_due,omitempty" doc:"The soonest date of the request."`
	CreatedAt time.Time  `json:"created_at"`
	ClaimedBy string     `json:"claimed_by,omitempty" doc:"The member of staff, or the key, that has taken it on."`
	ClaimedAt *time.Time `json:"claimed_at,omitempty"`
	EndedAt   *time.Time `json:"ended_at,omitempty"`
	Result    string     `json:"result,omitempty"`
	Answers   []string   `json:"answers" doc:"The commands that answer the task: POST /v1/requests/{request_id}/{answer}."`
	Decisions []decision `json:"decisions" doc:"What POST /v1/tasks/{id}/complete takes, with the fields of each."`
}

type listTasks struct {
	Paging
	Kind    string `query:"kind" enum:"review,identity_check,collection_failed,message,plan_review,approval,erasure_failed,decision,amendment_failed,correction,appeal,human_review,inquiry,sent_document"`
	Role    string `query:"role" maxLength:"40" doc:"Only tasks for this role."`
	Claimed string `query:"claimed" enum:"me,nobody" doc:"Only what the caller, or nobody, has claimed."`
	Order   string `query:"order" enum:"oldest,due" default:"oldest" doc:"due: tasks of the request that is owed soonest first, overdue ones before all."`
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
	case storage.TaskSentDocument:
		return []string{"documents/{document}"}
	case storage.TaskPlanReview:
		return []string{"propose-plan", "recollect", "ask-clarification", "refuse"}
	case storage.TaskApproval:
		return []string{"approve-plan", "return-plan"}
	case storage.TaskErasureFailed:
		return []string{"retry-system", "done-by-hand", "go-on-without"}
	case storage.TaskAmendmentFailed:
		return []string{"retry-system", "done-by-hand"}
	case storage.TaskDecision:
		return []string{"uphold", "refuse"}
	case storage.TaskAppeal:
		return []string{"appeals/{appeal}/decide", "appeals/{appeal}/extend"}
	case storage.TaskInquiry:
		return []string{"inquiries/{inquiry}/answer", "inquiries/{inquiry}/again", "inquiries/{inquiry}/close", "go-on-without"}
	case storage.TaskCorrection:
		return []string{"correct", "recollect", "ask-clarification", "refuse"}
	case storage.TaskHumanReview:
		return []string{"conclude-review", "ask-clarification", "refuse"}
	default:
		return []string{}
	}
}

func (s *server) taskOperations() {
	register(s, operation{
		id: "list-tasks", method: http.MethodGet, path: "/v1/tasks", summary: "What is to be done by people, oldest or soonest owed first", tag: "tasks",
	}, s.tasks)
	register(s, operation{
		id: "list-case-tasks", method: http.MethodGet, path: "/v1/requests/{id}/tasks", summary: "The tasks of a request", tag: "tasks",
		errors: []int{http.StatusNotFound},
	}, s.caseTasks)
	none := []int{http.StatusNotFound, http.StatusConflict}
	register(s, operation{
		id: "claim-task", method: http.MethodPost, path: "/v1/tasks/{id}/claim", summary: "Take a task on; officers may take it over", tag: "tasks", errors: none,
	}, s.claimTask)
	register(s, operation{
		id: "release-task", method: http.MethodPost, path: "/v1/tasks/{id}/release", summary: "Give a task back to everyone", tag: "tasks", errors: none,
	}, s.releaseTask)
	register(s, operation{
		id: "complete-task", method: http.MethodPost, path: "/v1/tasks/{id}/complete", tag: "tasks",
		summary: "Decide on a task: its request's workflow is given the command that the decision is",
		errors:  []int{http.StatusNotFound, http.StatusConflict, http.StatusGone, http.StatusGatewayTimeout},
	}, s.completeTask)
	s.attachmentOperations()
}

// The lists that cursors are of.
const (
	taskList    = "tasks"
	taskDueList = "tasks by due"
)

func (s *server) tasks(ctx context.Context, who *caller, in *listTasks) (*page[taskView], error) {
	filter := storage.TaskFilter{Kind: in.Kind, Role: in.Role, Unclaimed: in.Claimed == "nobody", Limit: in.Limit}
	if in.Claimed == "me" {
		filter.ClaimedBy = who.actor.ID
	}
	name, list, placed := taskList, (*storage.Tx).OpenTasks, func(t storage.OpenTask) (time.Time, uuid.UUID) { return t.CreatedAt, t.ID }
	if in.Order == "due" {
		name, list = taskDueList, (*storage.Tx).OpenTasksByDue
		placed = func(t storage.OpenTask) (time.Time, uuid.UUID) { p := storage.PlaceByDue(t); return p.At, p.ID }
	}
	var err error
	if filter.After, err = readCursor(who, name, in.Cursor); err != nil {
		return nil, err
	}
	var rows []storage.OpenTask
	err = s.db.Read(ctx, who.tenant.ID, func(ctx context.Context, tx *storage.Tx) error {
		rows, err = list(tx, ctx, filter)
		return err
	})
	if err != nil {
		return nil, err
	}
	next, err := nextCursor(who, name, in.Limit, rows, placed)
	if err != nil {
		return nil, err
	}
	return newPage(each(rows, func(t storage.OpenTask) taskView {
		return taskView{
			ID: t.ID, Request: t.CaseID, Reference: t.Reference, Kind: t.Kind, State: "open", Role: t.Role, System: t.SystemID, Inquiry: t.InquiryID, Addressee: text(t.Addressee), Assignee: t.AssigneeID,
			CreatedAt: t.CreatedAt, NextDue: t.NextDue, ClaimedBy: text(t.ClaimedBy), ClaimedAt: t.ClaimedAt, Answers: answersTo(t.Kind),
			Decisions: decisionsOn(t.Kind),
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
	return newPage(each(rows, func(t storage.CaseTask) taskView { return taskOf(storage.Task(t)) }), ""), err
}

func taskOf(t storage.Task) taskView {
	return taskView{
		ID: t.ID, Request: t.CaseID, Kind: t.Kind, State: t.State, Role: t.Role, System: t.SystemID, Inquiry: t.InquiryID, Addressee: text(t.Addressee), CreatedAt: t.CreatedAt,
		ClaimedBy: text(t.ClaimedBy), ClaimedAt: t.ClaimedAt, EndedAt: t.EndedAt, Result: text(t.Result), Answers: answersTo(t.Kind),
		Decisions: decisionsOn(t.Kind),
	}
}
