package api

import (
	"context"
	"slices"
	"strings"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// decision is one way to complete a task, told so that a screen can build the form for it.
type decision struct {
	Decision string  `json:"decision"`
	Command  string  `json:"command" doc:"The command that it is: who may give that may decide so."`
	Label    string  `json:"label"`
	Fields   []field `json:"fields"`

	// kind is the command that the workflow is given; "" where do is all there is to it, in the transaction that completes the task.
	kind contract.CommandKind
	do   func(ctx context.Context, desk *casework.Desk, tx *storage.Tx, c completion, ref contract.Ref, key string) error
	// read makes the command out of the fields.
	read func(taskFields) order
}

// field is one field of the form.
type field struct {
	Name      string   `json:"name"`
	Kind      string   `json:"kind" enum:"text,choice,plan" doc:"plan: the sha256 of what was read, as GET /v1/requests/{request_id}/erasure gives it of a plan, …/corrections of corrections and …/decision of a review; a screen fills in that of what it shows."`
	Label     string   `json:"label"`
	Required  bool     `json:"required"`
	MaxLength int      `json:"max_length,omitempty"`
	Choices   []string `json:"choices,omitempty"`
}

// taskFields are what was filled in.
type taskFields struct {
	Method      string `json:"method,omitempty" maxLength:"40" doc:"How the identity was checked."`
	AlsoProven  string `json:"also_proven,omitempty" maxLength:"40" doc:"What of the person was seen to be theirs beside the mailbox."`
	Compared    string `json:"compared,omitempty" maxLength:"2000" doc:"What was compared with what."`
	Reason      string `json:"reason,omitempty" maxLength:"2000"`
	Explanation string `json:"explanation,omitempty" maxLength:"10000" doc:"For the person: it is written into the letter."`
	Question    string `json:"question,omitempty" maxLength:"10000" doc:"For the person: it is written into the letter."`
	Answer      string `json:"answer,omitempty" maxLength:"10000"`
	Outcome     string `json:"outcome,omitempty" maxLength:"40" doc:"What came of an inquiry."`
	SHA256      string `json:"sha256,omitempty" maxLength:"64" pattern:"^[0-9a-f]{64}$" patternDescription:"a sha256, 64 hexadecimal digits" doc:"Of the plan that is approved, of the corrections that are written, or of the review that is the answer."`
}

func (f taskFields) named() map[string]string {
	return map[string]string{
		"method": f.Method, "also_proven": f.AlsoProven, "compared": f.Compared, "reason": f.Reason, "explanation": f.Explanation, "question": f.Question, "answer": f.Answer,
		"outcome": f.Outcome,
		"sha256":  f.SHA256,
	}
}

// checked is how an identity was checked, for the file.
func (f taskFields) checked() string { return "Checked by: " + f.Method + "\nCompared: " + f.Compared }

// checkMethods are the ways in which an identity is checked.
func checkMethods() []string {
	return []string{"document", "account", "records", "call_back", "in_person", "other"}
}

func textField(name, label string, required bool, length int) field {
	return field{Name: name, Kind: "text", Label: label, Required: required, MaxLength: length}
}

// decisionsOn gives the ways to complete a task of a kind.
func decisionsOn(kind string) []decision {
	switch kind {
	case storage.TaskReview:
		return reviewDecisions()
	case storage.TaskIdentityCheck:
		return identityDecisions()
	case storage.TaskCollectionFailed:
		return collectionDecisions()
	case storage.TaskMessage:
		return []decision{{
			Decision: "read", Command: "read-conversation", Label: "Say that it was read", Fields: []field{},
			read: func(taskFields) order { return order{} },
			do: func(ctx context.Context, desk *casework.Desk, tx *storage.Tx, _ completion, ref contract.Ref, _ string) error {
				return desk.ReadByStaff(ctx, tx, ref)
			},
		}}
	case storage.TaskInquiry:
		return inquiryDecisions()
	case storage.TaskPlanReview:
		return planDecisions()
	case storage.TaskApproval:
		return approvalDecisions()
	case storage.TaskErasureFailed:
		return erasureDecisions()
	case storage.TaskDecision:
		return limitDecisions()
	case storage.TaskAmendmentFailed:
		return amendmentDecisions()
	case storage.TaskCorrection:
		return correctionDecisions()
	case storage.TaskHumanReview:
		return humanReviewDecisions()
	default:
		return []decision{}
	}
}

// planDecisions are those on a plan of erasure: like those on what was collected, but that nobody approves alone.
func planDecisions() []decision {
	out := reviewDecisions()
	out[0] = decision{Decision: "propose", Command: "propose-plan", Label: "Lay the plan before somebody else", Fields: []field{}, kind: contract.ProposePlan,
		read: func(taskFields) order { return order{} }}
	out[1].Label = "Count once more and make the plan anew"
	out[1].Fields = []field{textField("reason", "Why it is counted once more", true, 2000)}
	return out
}

func approvalDecisions() []decision {
	return []decision{
		{Decision: "approve", Command: "approve-plan", Label: "Approve the plan: it is carried out", kind: contract.ApprovePlan,
			Fields: []field{{Name: "sha256", Kind: "plan", Label: "The SHA-256 of the plan that was read", Required: true, MaxLength: 64}},
			read:   func(f taskFields) order { return order{command: contract.Command{Plan: f.SHA256}} }},
		{Decision: "return", Command: "return-plan", Label: "Send the plan back", kind: contract.ReturnPlan,
			Fields: []field{textField("reason", "What is wrong with it", true, 2000)},
			read:   func(f taskFields) order { return order{note: f.Reason, noteKind: storage.NoteReason} }},
	}
}

// limitDecisions are those on a restriction or an objection.
func limitDecisions() []decision {
	refuse := reviewDecisions()
	return []decision{
		{Decision: "uphold", Command: "uphold-request", Label: "Grant it: the data is not used so any more", kind: contract.Uphold,
			Fields: []field{textField("reason", "Why, for the file", true, 2000)},
			read:   func(f taskFields) order { return order{note: f.Reason, noteKind: storage.NoteReason} }},
		refuse[len(refuse)-1],
	}
}

// correctionDecisions are those on what a person says is wrong: single corrections are accepted and refused before.
func correctionDecisions() []decision {
	out := reviewDecisions()
	out[0] = decision{Decision: "correct", Command: "correct-request", Label: "Write the accepted corrections", kind: contract.Correct,
		Fields: []field{{Name: "sha256", Kind: "plan", Label: "The SHA-256 of the corrections that were read", Required: true, MaxLength: 64}},
		read:   func(f taskFields) order { return order{command: contract.Command{Plan: f.SHA256}} }}
	out[1].Label = "Read the systems once more"
	out[1].Fields = []field{textField("reason", "Why they are read once more", true, 2000)}
	return out
}

// inquiryDecisions are those on what somebody else was asked.
func inquiryDecisions() []decision {
	outcomes := field{Name: "outcome", Kind: "choice", Label: "What came of it", Required: true, Choices: each(privacy.InquiryOutcomes(), func(o privacy.InquiryOutcome) string { return string(o) })}
	return []decision{
		{
			Decision: "answer", Command: "answer-inquiry", Label: "Enter what they answered", Fields: []field{outcomes, textField("answer", "What they said; needed where not all was done", false, 10000)},
			read: func(taskFields) order { return order{} },
			do: func(ctx context.Context, desk *casework.Desk, tx *storage.Tx, c completion, ref contract.Ref, key string) error {
				answer := casework.InquiryAnswer{Inquiry: *c.task.InquiryID, Outcome: privacy.InquiryOutcome(c.body.Fields.Outcome), Words: c.body.Fields.Answer}
				return desk.AnswerInquiry(ctx, tx, ref, key, answer)
			},
		},
		{
			Decision: "seen", Command: "answer-inquiry", Label: "Say that it is seen to", Fields: []field{},
			read: func(taskFields) order { return order{} },
			do: func(ctx context.Context, desk *casework.Desk, tx *storage.Tx, c completion, ref contract.Ref, _ string) error {
				return desk.SeenInquiry(ctx, tx, ref, c.task)
			},
		},
	}
}

// humanReviewDecisions are those on a decision that a person contests: the review is put on record before.
func humanReviewDecisions() []decision {
	others := reviewDecisions()[2:]
	return append([]decision{{Decision: "conclude", Command: "conclude-review", Label: "Answer with the review on record", kind: contract.ConcludeReview,
		Fields: []field{{Name: "sha256", Kind: "plan", Label: "The SHA-256 of the review that was read", Required: true, MaxLength: 64}},
		read:   func(f taskFields) order { return order{command: contract.Command{Plan: f.SHA256}} }}}, others...)
}

func erasureDecisions() []decision {
	return append(changeDecisions("Erase in the system again"), decision{
		Decision: "go_on", Command: "go-on-without", Label: "Go on without whoever was asked to erase there; the person is told", kind: contract.GoOnWithout,
		Fields: []field{textField("reason", "Why it goes on without them", true, 2000)},
		read:   func(f taskFields) order { return order{note: f.Reason, noteKind: storage.NoteReason} },
	})
}

func amendmentDecisions() []decision { return changeDecisions("Set it in the system again") }

// changeDecisions are those on a system that could not be changed.
func changeDecisions(again string) []decision {
	return []decision{
		{Decision: "retry", Command: "retry-system", Label: again, kind: contract.RetrySystem,
			Fields: []field{textField("reason", "What has changed", false, 2000)},
			read:   func(f taskFields) order { return order{note: f.Reason} }},
		{Decision: "done_by_hand", Command: "done-by-hand", Label: "Say that it was done by hand", kind: contract.DoneByHand,
			Fields: []field{textField("reason", "What was done, by whom and how it was checked", true, 2000)},
			read:   func(f taskFields) order { return order{note: f.Reason, noteKind: storage.NoteReason} }},
	}
}

func reviewDecisions() []decision {
	return []decision{
		{Decision: "approve", Command: "approve-request", Label: "Approve what was collected", Fields: []field{}, kind: contract.Approve,
			read: func(taskFields) order { return order{} }},
		{Decision: "recollect", Command: "recollect-request", Label: "Collect once more", kind: contract.Recollect,
			Fields: []field{textField("reason", "Why it is collected once more", true, 2000)},
			read:   func(f taskFields) order { return order{note: f.Reason} }},
		{Decision: "ask_clarification", Command: "ask-clarification", Label: "Ask the person what the request is about", kind: contract.AskClarity,
			Fields: []field{textField("question", "The question, for the letter", true, 10000)},
			read:   func(f taskFields) order { return order{note: f.Question, noteKind: storage.NoteClarification} }},
		{Decision: "refuse", Command: "refuse-request", Label: "Refuse on a ground of the law", kind: contract.Refuse,
			Fields: []field{
				textField("reason", "A ground that the regime knows; GET /v1/policies/{id} lists them", true, 60),
				textField("explanation", "The explanation, for the letter", false, 10000),
			},
			read: func(f taskFields) order {
				return order{command: contract.Command{Reason: f.Reason}, note: f.Explanation, noteKind: storage.NoteReason}
			}},
	}
}

// identityDecisions ask how the identity was checked and what was compared: the case's file says so for as long as there is one.
func identityDecisions() []decision {
	method := field{Name: "method", Kind: "choice", Label: "How the identity was checked", Required: true, Choices: checkMethods()}
	compared := textField("compared", "What was compared with what", true, 2000)
	also := field{Name: "also_proven", Kind: "choice", Label: "What else is proven, beside the mailbox: systems are searched by it", Choices: privacy.Provable()}
	return []decision{
		{Decision: "confirm", Command: "confirm-identity", Label: "Accept the proof of identity", Fields: []field{method, compared, also}, kind: contract.ConfirmIdentity,
			read: func(f taskFields) order {
				return order{command: contract.Command{AlsoProven: privacy.AlsoProven(f.AlsoProven)}, note: f.checked()}
			}},
		{Decision: "reject", Command: "reject-identity", Label: "Refuse because the proof does not hold", kind: contract.RejectIdentity,
			Fields: []field{method, compared, textField("explanation", "The explanation, for the letter", false, 10000)},
			read:   func(f taskFields) order { return order{note: f.Explanation, noteKind: storage.NoteReason} }},
	}
}

func collectionDecisions() []decision {
	return []decision{
		{Decision: "retry", Command: "retry-system", Label: "Read the system again", kind: contract.RetrySystem,
			Fields: []field{textField("reason", "What has changed", false, 2000)},
			read:   func(f taskFields) order { return order{note: f.Reason} }},
		{Decision: "exclude", Command: "exclude-system", Label: "Leave the system out of the answer; the cover says so", kind: contract.ExcludeSystem,
			Fields: []field{textField("reason", "Why it is left out", true, 2000)},
			read:   func(f taskFields) order { return order{note: f.Reason} }},
	}
}

// decided finds the decision, and holds the fields to its form: what is missing and what is not of it, all at once.
func decided(kind, name string, fields taskFields) (decision, error) {
	all := decisionsOn(kind)
	i := slices.IndexFunc(all, func(d decision) bool { return d.Decision == name })
	if i < 0 {
		known := each(all, func(d decision) string { return d.Decision })
		return decision{}, invalid("body.decision", "must be one of "+strings.Join(known, ", "))
	}
	d, p := all[i], invalid("", "")
	p.Errors = nil
	given := fields.named()
	for _, f := range d.Fields {
		value := strings.TrimSpace(given[f.Name])
		switch {
		case value == "" && f.Required:
			p.Errors = append(p.Errors, Fault{Location: "body.fields." + f.Name, Message: "is needed for this decision"})
		case value != "" && f.Kind == "choice" && !slices.Contains(f.Choices, value):
			p.Errors = append(p.Errors, Fault{Location: "body.fields." + f.Name, Message: "must be one of " + strings.Join(f.Choices, ", ")})
		case f.MaxLength > 0 && len([]rune(value)) > f.MaxLength:
			p.Errors = append(p.Errors, Fault{Location: "body.fields." + f.Name, Message: "is too long for this decision"})
		}
		delete(given, f.Name)
	}
	for _, name := range []string{"method", "also_proven", "compared", "reason", "explanation", "question", "answer", "outcome", "sha256"} {
		if given[name] != "" {
			p.Errors = append(p.Errors, Fault{Location: "body.fields." + name, Message: "is not of this decision; leave it out"})
		}
	}
	if len(p.Errors) > 0 {
		return d, p
	}
	return d, nil
}
