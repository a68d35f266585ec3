package client

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/privacy"
)

// Command is something to be done with a request by its workflow.
type Command interface{ verb() string }

// The commands. A Note is for the file; an Explanation and a Question are written into a letter to the person.
type (
	Approve struct {
		Note string `json:"note,omitempty"`
	}
	Recollect struct {
		Note string `json:"note,omitempty"`
	}
	Withdraw struct {
		Note string `json:"note,omitempty"`
	}
	Cancel struct {
		Note string `json:"note,omitempty"`
	}
	MarkSpam struct {
		Note string `json:"note,omitempty"`
	}
	ConfirmIdentity struct {
		Note       string `json:"note,omitempty"`
		AlsoProven string `json:"also_proven,omitempty"` // phone_number, customer_id or phone_number_and_customer_id
	}
	Refuse struct {
		Reason      string `json:"reason"`
		Explanation string `json:"explanation,omitempty"`
	}
	RejectIdentity struct {
		Explanation string `json:"explanation,omitempty"`
	}
	Extend struct {
		Reason string       `json:"reason"`
		Until  privacy.Date `json:"until,omitzero"`
	}
	Hold struct {
		Kind string `json:"kind"`
	}
	Resume struct {
		Kind string `json:"kind"`
	}
	AskClarification struct {
		Question string `json:"question"`
	}
	Clarified struct {
		Answer string `json:"answer,omitempty"`
	}
	RetrySystem struct {
		System string `json:"system"`
		Note   string `json:"note,omitempty"`
	}
	ExcludeSystem struct {
		System string `json:"system"`
		Note   string `json:"note,omitempty"`
	}
	ProposePlan struct {
		Note string `json:"note,omitempty"`
	}
	ApprovePlan struct {
		SHA256 string `json:"sha256"` // of the plan that was read, as Erasure gives it
		Note   string `json:"note,omitempty"`
	}
	ReturnPlan struct {
		Note string `json:"note"`
	}
	DoneByHand struct {
		System string `json:"system"`
		Note   string `json:"note"`
	}
	GoOnWithout struct {
		System string `json:"system"`
		Note   string `json:"note"`
	}
	Uphold struct {
		Note string `json:"note"`
	}
	Correct struct {
		SHA256 string `json:"sha256"` // of the accepted corrections, as Corrections gives it
		Note   string `json:"note,omitempty"`
	}
	Acknowledge struct {
		Obligation uuid.UUID `json:"obligation_id"`
	}
)

func (Approve) verb() string          { return "approve" }
func (ProposePlan) verb() string      { return "propose-plan" }
func (ApprovePlan) verb() string      { return "approve-plan" }
func (ReturnPlan) verb() string       { return "return-plan" }
func (DoneByHand) verb() string       { return "done-by-hand" }
func (GoOnWithout) verb() string      { return "go-on-without" }
func (Recollect) verb() string        { return "recollect" }
func (Withdraw) verb() string         { return "withdraw" }
func (Cancel) verb() string           { return "cancel" }
func (MarkSpam) verb() string         { return "mark-spam" }
func (ConfirmIdentity) verb() string  { return "confirm-identity" }
func (Refuse) verb() string           { return "refuse" }
func (RejectIdentity) verb() string   { return "reject-identity" }
func (Extend) verb() string           { return "extend" }
func (Hold) verb() string             { return "pause" }
func (Resume) verb() string           { return "resume" }
func (AskClarification) verb() string { return "ask-clarification" }
func (Clarified) verb() string        { return "clarified" }
func (RetrySystem) verb() string      { return "retry-system" }
func (ExcludeSystem) verb() string    { return "exclude-system" }
func (Uphold) verb() string           { return "uphold" }
func (Correct) verb() string          { return "correct" }
func (Acknowledge) verb() string      { return "acknowledge" }

// Command has a request's workflow do something, once per idempotency key, and gives the request as it then is.
func (c *Client) Command(ctx context.Context, once string, id uuid.UUID, command Command) (Request, error) {
	return ask[Request](ctx, c, call{method: http.MethodPost, path: requestPath(id, "/"+command.verb()), body: command, once: once})
}

// Assign gives a request to a member of staff; nil takes it from everyone.
func (c *Client) Assign(ctx context.Context, id uuid.UUID, staff *uuid.UUID) (Request, error) {
	body := map[string]*uuid.UUID{"staff_id": staff}
	return ask[Request](ctx, c, call{method: http.MethodPost, path: requestPath(id, "/assign"), body: body})
}

// Reopen takes a closed request up again.
func (c *Client) Reopen(ctx context.Context, once string, id uuid.UUID) (Request, error) {
	return ask[Request](ctx, c, call{method: http.MethodPost, path: requestPath(id, "/reopen"), body: nothing{}, once: once})
}

// Resend sends the person a new link to the package; the one before stops working.
func (c *Client) Resend(ctx context.Context, once string, id uuid.UUID) error {
	_, err := ask[nothing](ctx, c, call{method: http.MethodPost, path: requestPath(id, "/resend"), body: nothing{}, once: once})
	return err
}

type nothing struct{}

// Created is the id of what was added.
type Created struct {
	ID uuid.UUID `json:"id"`
}
