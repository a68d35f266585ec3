package api

import (
	"context"
	"net/http"
	"slices"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// TaskID is the address of one task.
type TaskID struct {
	ID uuid.UUID `path:"id" format:"uuid"`
}

type claimIn struct {
	TaskID
	Body struct {
		Reason string `json:"reason,omitempty" maxLength:"2000" doc:"For officers: why it is taken over from whoever has claimed it. It goes to the file."`
	}
}

type releaseIn struct {
	TaskID
	Body plainBody
}

// mayTakeOver are the roles that may take a task from somebody.
func mayTakeOver(role Role) bool { return role == Admin || role == DPO }

func (s *server) claimTask(ctx context.Context, who *caller, in *claimIn) (*shown[taskView], error) {
	return s.changeTask(ctx, who, in.ID, func(ctx context.Context, tx *storage.Tx, task storage.Task) error {
		if heldByOther(who, task.ClaimedBy) {
			if err := takeOver(ctx, tx, who, task, in.Body.Reason); err != nil {
				return err
			}
		}
		return tx.ClaimTask(ctx, task)
	})
}

func (s *server) releaseTask(ctx context.Context, who *caller, in *releaseIn) (*shown[taskView], error) {
	return s.changeTask(ctx, who, in.ID, func(ctx context.Context, tx *storage.Tx, task storage.Task) error {
		if heldByOther(who, task.ClaimedBy) && !mayTakeOver(who.role) {
			return claimedByOther()
		}
		return tx.ReleaseTask(ctx, task)
	})
}

// changeTask changes an open task, and shows it as it stands then.
func (s *server) changeTask(ctx context.Context, who *caller, id uuid.UUID, do func(context.Context, *storage.Tx, storage.Task) error) (*shown[taskView], error) {
	out := &shown[taskView]{}
	err := s.db.Change(ctx, who.tenant.ID, who.actor, func(ctx context.Context, tx *storage.Tx) error {
		task, err := openTask(ctx, tx, who, id)
		if err != nil {
			return err
		}
		if err := do(ctx, tx, task); err != nil {
			return err
		}
		task, err = tx.Task(ctx, id)
		out.Body = taskOf(task)
		return err
	})
	return out, err
}

// openTask locks a task that is still to be done.
func openTask(ctx context.Context, tx *storage.Tx, who *caller, id uuid.UUID) (storage.Task, error) {
	task, err := tx.LockTask(ctx, id)
	if err != nil {
		return task, err
	}
	who.caseID = task.CaseID.String()
	if task.State != "open" {
		return task, taskEnded()
	}
	return task, nil
}

func taskEnded() *Problem {
	return refused(http.StatusConflict, "task-ended", "This task has been done or is no longer needed. Nothing was changed.")
}

func heldByOther(who *caller, claimedBy *string) bool {
	return claimedBy != nil && *claimedBy != who.actor.ID
}

func claimedByOther() *Problem {
	return refused(http.StatusConflict, "task-claimed", "Somebody else has claimed this task. Ask them to release it; a data protection officer or an administrator may take it over and say why.")
}

// unclaimed refuses a command that decides a task which somebody else has claimed: the single command is no way around the claim.
func unclaimed(ctx context.Context, tx *storage.Tx, who *caller, id uuid.UUID, kind contract.CommandKind) error {
	tasks, err := tx.CaseTasks(ctx, id)
	if err != nil {
		return err
	}
	for _, task := range tasks {
		decides := slices.ContainsFunc(decisionsOn(task.Kind), func(d decision) bool { return d.kind == kind })
		if task.State == "open" && decides && heldByOther(who, task.ClaimedBy) {
			return claimedByOther()
		}
	}
	return nil
}

// takeOver lets an officer take a task from whoever has it. Why stands in the file.
func takeOver(ctx context.Context, tx *storage.Tx, who *caller, task storage.Task, reason string) error {
	if !mayTakeOver(who.role) {
		return claimedByOther()
	}
	if reason == "" {
		return invalid("body.reason", "somebody else has claimed this task: say why it is taken over")
	}
	c, subject, err := fileOf(ctx, tx, task.CaseID)
	if err != nil {
		return err
	}
	_, err = tx.AddNote(ctx, c, subject, storage.NotePlain, reason)
	return err
}
