package api

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/api/engine"
	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// The bodies of commands. Texts in them are sealed into the register; only their ids reach a workflow.
type (
	plainBody  struct{}
	refuseBody struct {
		Reason      string `json:"reason" maxLength:"60" doc:"A ground that the regime knows; GET /v1/policies/{id} lists them." example:"manifestly_unfounded"`
		Explanation string `json:"explanation,omitempty" maxLength:"10000" doc:"For the person: it is written into the letter."`
	}
	noteBody struct {
		Note string `json:"note,omitempty" maxLength:"10000" doc:"Why, for the file."`
	}
	reasonBody struct {
		Note string `json:"note" minLength:"1" maxLength:"10000" doc:"Why, for the file."`
	}
	confirmBody struct {
		Note       string `json:"note" minLength:"1" maxLength:"10000" doc:"How you made sure and what was compared with what, for the file."`
		AlsoProven string `json:"also_proven,omitempty" enum:"phone_number,customer_id,phone_number_and_customer_id" doc:"What of the person was seen to be theirs beside the mailbox: systems are searched by it. Without it only the mailbox counts."`
	}
	extendBody struct {
		Reason string       `json:"reason" enum:"complexity,number_of_requests,consultation,conversion" doc:"Why the answer takes longer, as the law words it."`
		Until  privacy.Date `json:"until,omitzero" doc:"The day named in the notice, for regimes whose extension has no cap."`
	}
	pauseBody struct {
		Kind string `json:"kind" enum:"identity,clarification,fee" doc:"What the clock waits for."`
	}
	questionBody struct {
		Question string `json:"question" minLength:"1" maxLength:"10000" doc:"For the person: it is written into the letter."`
	}
	answerBody struct {
		Answer string `json:"answer,omitempty" maxLength:"10000" doc:"What the person answered, when it came another way than through the page."`
	}
	rejectBody struct {
		Explanation string `json:"explanation,omitempty" maxLength:"10000" doc:"For the person: it is written into the letter."`
	}
	systemBody struct {
		System string `json:"system" maxLength:"63" doc:"The key of the system." example:"crm"`
		Note   string `json:"note,omitempty" maxLength:"10000" doc:"Why, for the file."`
	}
	excludeBody struct {
		System string `json:"system" maxLength:"63" doc:"The key of the system." example:"crm"`
		Note   string `json:"note" minLength:"1" maxLength:"10000" doc:"Why it is left out, for the file."`
	}
	approvePlanBody struct {
		SHA256 string `json:"sha256" minLength:"64" maxLength:"64" pattern:"^[0-9a-f]{64}$" patternDescription:"the sha256 of a plan, 64 hexadecimal digits" doc:"Of the plan that was read, as GET /v1/requests/{id}/erasure gives it: another plan is not approved by this."`
		Note   string `json:"note,omitempty" maxLength:"10000" doc:"Why, for the file."`
	}
	correctBody struct {
		SHA256 string `json:"sha256" minLength:"64" maxLength:"64" pattern:"^[0-9a-f]{64}$" patternDescription:"the sha256 of the corrections, 64 hexadecimal digits" doc:"Of the accepted corrections as they were read, as GET /v1/requests/{id}/corrections gives it: others are not written by this."`
		Note   string `json:"note,omitempty" maxLength:"10000" doc:"Why, for the file."`
	}
	concludeBody struct {
		SHA256 string `json:"sha256" minLength:"64" maxLength:"64" pattern:"^[0-9a-f]{64}$" patternDescription:"the sha256 of a review, 64 hexadecimal digits" doc:"Of the review that was read, as GET /v1/requests/{id}/decision gives it: another one is no answer by this."`
		Note   string `json:"note,omitempty" maxLength:"10000" doc:"Why, for the file."`
	}
	obligationBody struct {
		Obligation uuid.UUID `json:"obligation_id" format:"uuid"`
	}
)

// order is what a body asks for.
type order struct {
	command  contract.Command
	note     string
	noteKind string
	system   string
}

type commandIn[B any] struct {
	CaseID
	Idempotent
	Body B
}

func (s *server) commandOperations() {
	command(s, contract.Approve, "approve-request", "Approve what was collected: the package is built and delivered", func(b noteBody) order { return order{note: b.Note} })
	command(s, contract.Recollect, "recollect-request", "Throw away what was collected and collect once more", func(b noteBody) order { return order{note: b.Note} })
	command(s, contract.Refuse, "refuse-request", "Refuse the request on a ground of the law", func(b refuseBody) order {
		return order{command: contract.Command{Reason: b.Reason}, note: b.Explanation, noteKind: storage.NoteReason}
	})
	command(s, contract.Withdraw, "withdraw-request", "End the request because the person took it back", func(b noteBody) order { return order{note: b.Note} })
	command(s, contract.Cancel, "cancel-request", "End the request without a decision: filed by mistake, or twice", func(b noteBody) order { return order{note: b.Note} })
	commandAt(s, "mark-spam", contract.Cancel, "mark-spam", "End a request that no person made, without a letter; not-spam undoes it", func(b noteBody) order {
		return order{command: contract.Command{Reason: casework.ReasonSpam}, note: b.Note}
	})
	command(s, contract.Extend, "extend-request", "Extend the deadline, once, and tell the person", func(b extendBody) order {
		return order{command: contract.Command{Reason: b.Reason, Until: b.Until}}
	})
	command(s, contract.Pause, "pause-request", "Stop the clock for a reason that the law accepts", func(b pauseBody) order {
		return order{command: contract.Command{PauseKind: privacy.PauseKind(b.Kind)}}
	})
	command(s, contract.Unpause, "resume-request", "Let the clock run again", func(b pauseBody) order {
		return order{command: contract.Command{PauseKind: privacy.PauseKind(b.Kind)}}
	})
	command(s, contract.AskClarity, "ask-clarification", "Ask the person what the request is about", func(b questionBody) order {
		return order{note: b.Question, noteKind: storage.NoteClarification}
	})
	command(s, contract.Clarified, "clarified", "Go on with what the person answered", func(b answerBody) order {
		return order{note: b.Answer, noteKind: storage.NoteClarification}
	})
	s.identityCommands()
}

func (s *server) identityCommands() {
	command(s, contract.ConfirmIdentity, "confirm-identity", "Accept the person's proof of identity; documents are destroyed", func(b confirmBody) order {
		return order{command: contract.Command{AlsoProven: privacy.AlsoProven(b.AlsoProven)}, note: b.Note}
	})
	command(s, contract.RejectIdentity, "reject-identity", "Refuse the request because the proof of identity does not hold", func(b rejectBody) order {
		return order{note: b.Explanation, noteKind: storage.NoteReason}
	})
	command(s, contract.RetrySystem, "retry-system", "Read a system again that could not be read", func(b systemBody) order { return order{system: b.System, note: b.Note} })
	command(s, contract.ExcludeSystem, "exclude-system", "Leave a system out of the answer; the cover says so", func(b excludeBody) order { return order{system: b.System, note: b.Note} })
	s.planCommands()
	command(s, contract.Uphold, "uphold-request", "Grant a restriction or an objection: what stood while it was weighed stands from now on", func(b reasonBody) order { return order{note: b.Note, noteKind: storage.NoteReason} })
	command(s, contract.Correct, "correct-request", "Write the accepted corrections in the systems; the person is told, and the request is closed", func(b correctBody) order {
		return order{command: contract.Command{Plan: b.SHA256}, note: b.Note}
	})
	command(s, contract.ConcludeReview, "conclude-review", "Answer with the review on record of an automated decision; the person is told, and the request is closed", func(b concludeBody) order {
		return order{command: contract.Command{Plan: b.SHA256}, note: b.Note}
	})
	command(s, contract.Acknowledge, "acknowledge-escalation", "Take an escalation over, which ends its repetition", func(b obligationBody) order {
		return order{command: contract.Command{Obligation: &b.Obligation}}
	})
}

func (s *server) planCommands() {
	command(s, contract.ProposePlan, "propose-plan", "Lay the plan of an erasure before somebody else", func(b noteBody) order { return order{note: b.Note} })
	command(s, contract.ApprovePlan, "approve-plan", "Approve the plan of an erasure, which is carried out; whoever prepared it can't", func(b approvePlanBody) order {
		return order{command: contract.Command{Plan: b.SHA256}, note: b.Note}
	})
	command(s, contract.ReturnPlan, "return-plan", "Send the plan of an erasure back, also after it was approved and before it is carried out", func(b reasonBody) order {
		return order{note: b.Note, noteKind: storage.NoteReason}
	})
	command(s, contract.DoneByHand, "done-by-hand", "Say that a person has erased in a system that could not be made to", func(b excludeBody) order {
		return order{system: b.System, note: b.Note, noteKind: storage.NoteReason}
	})
	command(s, contract.GoOnWithout, "go-on-without", "Have an erasure go on without the answer of whoever was asked to erase in a system; the person is told, and they are asked on", func(b excludeBody) order {
		return order{system: b.System, note: b.Note, noteKind: storage.NoteReason}
	})
}

// commandName is a command as it stands in addresses.
func commandName(kind contract.CommandKind) string { return strings.ReplaceAll(string(kind), "_", "-") }

// command registers one command under its own name.
func command[B any](s *server, kind contract.CommandKind, id, summary string, read func(B) order) {
	commandAt(s, commandName(kind), kind, id, summary, read)
}

// commandAt registers a command, or one use of it, under a name of its own.
func commandAt[B any](s *server, name string, kind contract.CommandKind, id, summary string, read func(B) order) {
	register(s, operation{
		id: id, method: http.MethodPost, path: "/v1/requests/{id}/" + name, summary: summary, tag: "commands",
		errors: []int{http.StatusNotFound, http.StatusConflict, http.StatusGone, http.StatusServiceUnavailable, http.StatusGatewayTimeout},
	}, func(ctx context.Context, who *caller, in *commandIn[B]) (*answered[requestDetail], error) {
		k, err := in.once(who, id+"/"+in.ID.String(), in.Body)
		if err != nil {
			return nil, err
		}
		o := read(in.Body)
		if until := o.command.Until; !until.IsZero() && !reckonable(until.EndIn(time.UTC)) {
			return nil, invalid("body.until", "must lie in the years 1900 to 2199")
		}
		o.command.Key, o.command.Kind, o.command.Actor = k.command(), kind, who.contractActor()
		return s.carryOut(ctx, who, in.ID, k, o)
	})
}

// carryOut has the case's workflow do a command, once per key, however often it is sent and whatever dies between the
// steps: the note is sealed and the key claimed in one transaction, the workflow knows the command by the same key, and
// the answer is kept at the end.
func (s *server) carryOut(ctx context.Context, who *caller, id uuid.UUID, k keyed, o order) (*answered[requestDetail], error) {
	if err := s.exists(ctx, who, id); err != nil {
		return nil, err
	}
	if err := s.engine.Reach(ctx); err != nil {
		return nil, err
	}
	before, err := s.prepare(ctx, who, id, k, &o)
	if err != nil {
		return nil, err
	}
	if before != nil {
		return again[requestDetail](*before)
	}
	err = s.engine.Command(ctx, id, o.command)
	if errors.Is(err, engine.ErrNotRunning) {
		err = s.commandLate(ctx, who, id, o)
	}
	var told *engine.Refused
	if errors.As(err, &told) || errors.Is(err, engine.ErrNotRunning) || errors.Is(err, engine.ErrGone) {
		err = s.unlessTaken(ctx, who, id, o, err)
	}
	if errors.As(err, &told) || errors.Is(err, engine.ErrNotRunning) || errors.Is(err, engine.ErrGone) {
		return nil, s.undo(ctx, who, id, k, o, err)
	}
	if err != nil {
		return nil, err
	}
	return s.conclude(ctx, who, id, k)
}

// unlessTaken gives the refusal of a command, or nil when the register has its step: it was carried out before and its
// answer was lost, and what refuses it now is a workflow that has moved on or ended since.
func (s *server) unlessTaken(ctx context.Context, who *caller, id uuid.UUID, o order, refusal error) error {
	taken := false
	err := s.db.Read(ctx, who.tenant.ID, func(ctx context.Context, tx *storage.Tx) (err error) {
		taken, err = tx.StepTaken(ctx, id, o.command.Key)
		return err
	})
	if err != nil {
		return err
	}
	if taken {
		return nil
	}
	return refusal
}

// commandLate starts the workflow of an accepted case that the relay has not come to yet, and commands again.
func (s *server) commandLate(ctx context.Context, who *caller, id uuid.UUID, o order) error {
	var c storage.Case
	err := s.db.Read(ctx, who.tenant.ID, func(ctx context.Context, tx *storage.Tx) (err error) {
		c, err = tx.Case(ctx, id)
		return err
	})
	if err != nil {
		return err
	}
	if privacy.RequestState(c.State).Terminal() {
		return engine.ErrNotRunning
	}
	if err := s.engine.Start(ctx, contract.Ref{Tenant: who.tenant.ID, Case: id}, c.Run); err != nil {
		return errors.Join(engine.ErrPending, err)
	}
	return s.engine.Command(ctx, id, o.command)
}

// conclude reads how the case stands and keeps that as the answer.
func (s *server) conclude(ctx context.Context, who *caller, id uuid.UUID, k keyed) (*answered[requestDetail], error) {
	var out *answered[requestDetail]
	err := s.db.Change(ctx, who.tenant.ID, who.actor, func(ctx context.Context, tx *storage.Tx) error {
		detail, err := detailOf(ctx, tx, id)
		if err != nil {
			return err
		}
		answer, err := k.keep(ctx, tx, http.StatusOK, detail)
		out = replay[requestDetail](answer, true)
		return err
	})
	return out, err
}
