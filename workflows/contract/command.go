package contract

import (
	"slices"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/privacy"
)

// CommandKind names what somebody wants done with a request.
type CommandKind string

// The commands of people.
const (
	Approve         CommandKind = "approve"
	Recollect       CommandKind = "recollect"
	Refuse          CommandKind = "refuse"
	Withdraw        CommandKind = "withdraw"
	Cancel          CommandKind = "cancel"
	Extend          CommandKind = "extend"
	Pause           CommandKind = "pause"
	Unpause         CommandKind = "resume"
	AskClarity      CommandKind = "ask_clarification"
	Clarified       CommandKind = "clarified"
	ConfirmIdentity CommandKind = "confirm_identity"
	RejectIdentity  CommandKind = "reject_identity"
	RetrySystem     CommandKind = "retry_system"
	ExcludeSystem   CommandKind = "exclude_system"
	Acknowledge     CommandKind = "acknowledge"
	// ProposePlan lays a plan of erasure before somebody else, who approves it or sends it back.
	ProposePlan CommandKind = "propose_plan"
	ApprovePlan CommandKind = "approve_plan"
	ReturnPlan  CommandKind = "return_plan"
	// DoneByHand says that a person has done, or will see to, what a system could not be made to do.
	DoneByHand CommandKind = "done_by_hand"
	// GoOnWithout ends the waiting of an erasure for somebody who was asked to erase: they have not answered, or have refused.
	GoOnWithout CommandKind = "go_on_without"
	// Uphold grants a restriction or an objection.
	Uphold CommandKind = "uphold"
	// Correct has the accepted corrections written.
	Correct CommandKind = "correct"
	// ConcludeReview answers with what a human came to who looked at an automated decision.
	ConcludeReview CommandKind = "conclude_review"
)

// The commands of the workflow itself.
const (
	Begin            CommandKind = "begin"
	RemindIdentity   CommandKind = "remind_identity"
	LapseIdentity    CommandKind = "lapse_identity"
	FinishCollection CommandKind = "finish_collection"
	FinishPackage    CommandKind = "finish_package"
	ReturnToReview   CommandKind = "return_to_review"
	Deliver          CommandKind = "deliver"
	BeginExecution   CommandKind = "begin_execution"
	FinishExecution  CommandKind = "finish_execution"
)

// Command is one thing to do with a request. Texts that people write are notes in the register; only their ids pass here.
type Command struct {
	// Key makes the command happen once.
	Key   string      `json:"key"`
	Kind  CommandKind `json:"kind"`
	Actor Actor       `json:"actor"`
	// Reason is a reason code of the law or of the extension rule.
	Reason     string            `json:"reason,omitempty"`
	Note       *uuid.UUID        `json:"note,omitempty"`
	PauseKind  privacy.PauseKind `json:"pause_kind,omitempty"`
	System     *uuid.UUID        `json:"system,omitempty"`
	Obligation *uuid.UUID        `json:"obligation,omitempty"`
	// AlsoProven is what a confirmed identity proves beside the mailbox.
	AlsoProven privacy.AlsoProven `json:"also_proven,omitempty"`
	// Until is the day named in the notice, for regimes whose extension has no cap.
	Until privacy.Date `json:"until,omitzero"`
	// Plan is the SHA-256, in hex, of the plan of erasure that an approval is for, of the corrections that are to be written, or of the review that is the answer.
	Plan string `json:"plan,omitempty"`
}

// Actor is who commands: an id within its kind, never a name.
type Actor struct {
	Kind string `json:"kind"`
	ID   string `json:"id"`
	Role string `json:"role,omitempty"`
	Key  string `json:"key,omitempty"` // the API key through which a person gave it
}

// CommandInput is a command on its way to the register.
type CommandInput struct {
	Ref
	Command Command `json:"command"`
}

// Event gives the step of the state machine that a command takes; ok is false for commands that take none.
func (k CommandKind) Event() (event privacy.RequestEvent, ok bool) {
	event, ok = map[CommandKind]privacy.RequestEvent{
		Approve: privacy.EventApproved, Recollect: privacy.EventRecollected, Refuse: privacy.EventRefused,
		Withdraw: privacy.EventWithdrawn, Cancel: privacy.EventCancelled, AskClarity: privacy.EventClarificationSent,
		Clarified: privacy.EventClarified, ConfirmIdentity: privacy.EventIdentityProven, RejectIdentity: privacy.EventRefused,
		LapseIdentity: privacy.EventIdentityLapsed, FinishCollection: privacy.EventCollected,
		FinishPackage: privacy.EventPackaged, ReturnToReview: privacy.EventReturned, Deliver: privacy.EventDelivered,
		ProposePlan: privacy.EventProposed, ApprovePlan: privacy.EventScheduled, ReturnPlan: privacy.EventSentBack,
		BeginExecution: privacy.EventExecutionBegun, FinishExecution: privacy.EventExecuted,
		Uphold: privacy.EventSettled, Correct: privacy.EventCorrectionBegun,
		ConcludeReview: privacy.EventSettled,
	}[k]
	return event, ok
}

// AllowedIn says whether the state lets the command happen, with the reason when not. It is the one answer to that
// question for the API, the workflow and the console.
func (k CommandKind) AllowedIn(state privacy.RequestState) error {
	if k == RejectIdentity && state != privacy.RequestVerifying || k == ConcludeReview && state != privacy.RequestReviewing {
		return &privacy.TransitionError{From: state, Event: privacy.RequestEvent(k)}
	}
	if event, ok := k.Event(); ok {
		_, err := state.Next(event)
		return err
	}
	if k == Begin && state == privacy.RequestReceived {
		return nil
	}
	if k == Acknowledge {
		return nil // the confirmation of receipt can be owed, and escalated, behind the end of the case
	}
	if !k.fitsSystems(state) {
		return &privacy.TransitionError{From: state, Event: privacy.RequestEvent(k)}
	}
	if state.Terminal() && k != RetrySystem && k != DoneByHand || k == Begin {
		return &privacy.TransitionError{From: state, Event: privacy.RequestEvent(k)}
	}
	return nil
}

// fitsSystems says of the commands about one system whether systems are worked on as they mean it.
func (k CommandKind) fitsSystems(state privacy.RequestState) bool {
	worked := slices.Contains([]privacy.RequestState{privacy.RequestVerifying, privacy.RequestCollecting, privacy.RequestExecuting, privacy.RequestClosed}, state)
	switch k {
	case RetrySystem:
		return worked
	case ExcludeSystem:
		return state == privacy.RequestCollecting
	case GoOnWithout:
		return state == privacy.RequestExecuting
	case DoneByHand:
		return worked
	default:
		return true
	}
}

// Fits says whether a command means anything for requests under a right.
func (k CommandKind) Fits(right privacy.Right) bool {
	switch k {
	case Uphold:
		return right.Limits()
	case Correct:
		return right == privacy.Rectification
	case ConcludeReview:
		return right == privacy.AutomatedDecision
	case Approve:
		return right == privacy.Access || right == privacy.Portability
	case Recollect, ExcludeSystem:
		return !right.Limits() && right != privacy.AutomatedDecision
	case AskClarity, Clarified:
		return !right.Limits()
	case ProposePlan, ApprovePlan, ReturnPlan, GoOnWithout:
		return right == privacy.Erasure
	case DoneByHand:
		return right.Limits() || right == privacy.Erasure || right == privacy.Rectification
	default:
		return true
	}
}

// PeopleCommands lists the commands that people may give.
func PeopleCommands() []CommandKind {
	return []CommandKind{
		Approve, Recollect, Refuse, Withdraw, Cancel, Extend, Pause, Unpause, AskClarity, Clarified, ConfirmIdentity,
		RejectIdentity, RetrySystem, ExcludeSystem, Acknowledge, ProposePlan, ApprovePlan, ReturnPlan, DoneByHand, GoOnWithout, Uphold, Correct, ConcludeReview,
	}
}

// ByPeople says whether people may give the command.
func (k CommandKind) ByPeople() bool { return slices.Contains(PeopleCommands(), k) }
