package api

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

type completeIn struct {
	TaskID
	Idempotent
	Body completeBody
}

type completeBody struct {
	Decision string     `json:"decision" maxLength:"40" doc:"One of the task's decisions; GET /v1/tasks tells each with its fields."`
	Fields   taskFields `json:"fields,omitzero"`
	Note     string     `json:"note,omitempty" maxLength:"10000" doc:"For the file."`
	// Attachments are named in the file.
	Attachments []uuid.UUID `json:"attachments,omitempty" maxItems:"20" doc:"Files beside the task that the decision rests on; the file names them."`
}

// completion is a task with the decision on it.
type completion struct {
	task     storage.Task
	decision decision
	body     completeBody
	order    order
}

// completeTask gives the workflow the command that the decision is, as the single command does, where it is one, and puts on file how it was decided.
// Each of the two happens once, however often the call comes.
func (s *server) completeTask(ctx context.Context, who *caller, in *completeIn) (*answered[requestDetail], error) {
	k, err := in.once(who, "complete-task/"+in.ID.String(), in.Body)
	if err != nil {
		return nil, err
	}
	c, before, err := s.beginCompletion(ctx, who, in, k)
	if err != nil {
		return nil, err
	}
	if before != nil {
		return replay[requestDetail](*before, false), nil
	}
	if c.decision.kind == "" {
		return s.completed(ctx, who, c, k)
	}
	single := k.of(in.ID)
	c.order.command.Key, c.order.command.Kind, c.order.command.Actor = single.command(), c.decision.kind, who.contractActor()
	if _, err := s.carryOut(ctx, who, c.task.CaseID, single, c.order); err != nil {
		return nil, err
	}
	return s.completed(ctx, who, c, k)
}

// beginCompletion reads the task and claims the key, in one transaction. What was taken up and not answered is gone on with, whatever the
// task has become by it.
func (s *server) beginCompletion(ctx context.Context, who *caller, in *completeIn, k keyed) (c completion, before *storage.Answer, err error) {
	err = s.db.Change(ctx, who.tenant.ID, who.actor, func(ctx context.Context, tx *storage.Tx) error {
		c.body = in.Body
		if c.task, err = tx.LockTask(ctx, in.ID); err != nil {
			return err
		}
		who.caseID = c.task.CaseID.String()
		if c.decision, err = decided(c.task.Kind, in.Body.Decision, in.Body.Fields); err != nil {
			return err
		}
		if refusal := s.allowed(who, s.known[c.decision.Command]); refusal != nil {
			return refusal
		}
		c.order = c.decision.read(in.Body.Fields)
		if c.task.SystemID != nil {
			system, err := tx.System(ctx, *c.task.SystemID)
			if err != nil {
				return err
			}
			c.order.system = system.Key
		}
		if before, err = k.claim(ctx, tx); err != nil || before != nil {
			if before != nil && before.Status == http.StatusProcessing {
				before = nil
			}
			return err
		}
		if _, err = openTask(ctx, tx, who, in.ID); err != nil {
			return err
		}
		if heldByOther(who, c.task.ClaimedBy) {
			return claimedByOther()
		}
		if err := mustBeAttached(ctx, tx, in.ID, in.Body.Attachments); err != nil {
			return err
		}
		_, err = k.keep(ctx, tx, http.StatusProcessing, struct{}{})
		return err
	})
	return c, before, err
}

// completed puts the decision on record and on file, and keeps how the request stands as the answer.
func (s *server) completed(ctx context.Context, who *caller, c completion, k keyed) (*answered[requestDetail], error) {
	var out *answered[requestDetail]
	err := s.db.Change(ctx, who.tenant.ID, who.actor, func(ctx context.Context, tx *storage.Tx) error {
		before, err := k.claim(ctx, tx)
		if err != nil {
			return err
		}
		if before != nil && before.Status != http.StatusProcessing { // another call with the key was quicker
			out = replay[requestDetail](*before, false)
			return nil
		}
		if c.decision.do != nil {
			if err := c.decision.do(ctx, s.Desk, tx, c, contract.Ref{Tenant: who.tenant.ID, Case: c.task.CaseID}, k.command()); err != nil {
				return err
			}
		}
		row, subject, err := fileOf(ctx, tx, c.task.CaseID)
		if err != nil {
			return err
		}
		if text := c.text(); text != "" {
			if _, err := tx.AddNote(ctx, row, subject, storage.NotePlain, text); err != nil {
				return err
			}
		}
		if err := tx.CompletedTask(ctx, c.task, c.decision.Decision, c.body.Fields.Method); err != nil {
			return err
		}
		detail, err := detailOf(ctx, tx, c.task.CaseID)
		if err != nil {
			return err
		}
		answer, err := k.keep(ctx, tx, http.StatusOK, detail)
		out = replay[requestDetail](answer, true)
		return err
	})
	return out, err
}

// text is what the file is told beside the command's own note: the note, and how an identity was checked.
func (c completion) text() string {
	var lines []string
	if c.body.Fields.Method != "" && c.order.note != c.body.Fields.checked() {
		lines = append(lines, c.body.Fields.checked())
	}
	if c.body.Note != "" {
		lines = append(lines, c.body.Note)
	}
	for _, id := range c.body.Attachments {
		lines = append(lines, "Attachment: "+id.String())
	}
	return strings.Join(lines, "\n")
}

// mustBeAttached refuses an attachment that is not the task's.
func mustBeAttached(ctx context.Context, tx *storage.Tx, task uuid.UUID, named []uuid.UUID) error {
	if len(named) == 0 {
		return nil
	}
	attached, err := tx.Attachments(ctx, task)
	if err != nil {
		return err
	}
	for _, id := range named {
		if !slices.ContainsFunc(attached, func(a storage.Attachment) bool { return a.ID == id }) {
			return invalid("body.attachments", "names a file that is not beside this task; GET /v1/tasks/{id}/attachments lists them")
		}
	}
	return nil
}
