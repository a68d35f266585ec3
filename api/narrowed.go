package api

import (
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/storage"
)

// Narrowed is what the list of requests and its export can be narrowed by, all of it at the same time.
type Narrowed struct {
	Assigned
	State          string    `query:"state" enum:"received,verifying,clarifying,collecting,reviewing,packaging,delivering,closed"`
	Right          string    `query:"right" enum:"access,portability,rectification,erasure,restriction,objection,automated_decision,opt_out,limit_use"`
	Regime         string    `query:"regime" maxLength:"40"`
	AssigneeID     uuid.UUID `query:"assignee_id" format:"uuid" doc:"As assignee."`
	Outcome        string    `query:"outcome" enum:"fulfilled,refused,withdrawn,cancelled,unverified"`
	Reason         string    `query:"reason" maxLength:"60" doc:"The code of the ground on which it was refused."`
	ReceivedFrom   time.Time `query:"received_from"`
	ReceivedBefore time.Time `query:"received_before"`
	ClosedFrom     time.Time `query:"closed_from"`
	ClosedBefore   time.Time `query:"closed_before"`
	OnTime         string    `query:"on_time" enum:"yes,no" doc:"Whether it was answered in time. What is not answered is neither."`
	Duplicates     string    `query:"duplicates" enum:"yes,no" doc:"yes: only those that were filed while another one of the mailbox was open. no: without them."`
	Open           string    `query:"open" enum:"yes,no" doc:"yes: what is not closed."`
	Extended       string    `query:"extended" enum:"yes,no" doc:"Whether the time to answer was extended."`
	Overdue        string    `query:"overdue" enum:"yes" doc:"yes: what is not answered and owes something that is past its date."`
}

// read gives the filter of the register.
func (n Narrowed) read(who *caller) (storage.CaseFilter, error) {
	f := storage.CaseFilter{
		State: n.State, Right: n.Right, Regime: n.Regime, Outcome: n.Outcome, Reason: n.Reason, Overdue: n.Overdue == "yes",
		OnTime: yes(n.OnTime), Duplicate: yes(n.Duplicates), Open: yes(n.Open), Extended: yes(n.Extended),
		Received: storage.Range{From: n.ReceivedFrom, Before: n.ReceivedBefore}, Closed: storage.Range{From: n.ClosedFrom, Before: n.ClosedBefore},
	}
	if n.State != "" && n.Open != "" {
		return f, invalid("query.open", "a state says already whether a request is open; leave one of the two out")
	}
	for place, at := range map[string]time.Time{
		"query.received_from": n.ReceivedFrom, "query.received_before": n.ReceivedBefore, "query.closed_from": n.ClosedFrom, "query.closed_before": n.ClosedBefore,
	} {
		if !at.IsZero() && !reckonable(at) {
			return f, invalid(place, "must lie in the years 1900 to 2199")
		}
	}
	var err error
	if f.Assignee, f.Nobody, err = n.Assigned.read(who); err != nil {
		return f, err
	}
	if n.AssigneeID == uuid.Nil {
		return f, nil
	}
	if n.Assignee != "" {
		return f, invalid("query.assignee_id", "say it once: as assignee")
	}
	f.Assignee = &n.AssigneeID
	return f, nil
}

// yes reads a filter that is yes, no or not given.
func yes(text string) *bool {
	if text == "" {
		return nil
	}
	is := text == "yes"
	return &is
}
