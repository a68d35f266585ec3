package contract

import (
	"fmt"
	"strings"

	"github.com/google/uuid"
)

// TaskQueue is where the worker takes its work from.
const TaskQueue = "docket"

// Registered names. They stand in histories, so they never change.
const (
	RequestWorkflow = "request"
	PackageWorkflow = "package"
	CheckWorkflow   = "check-system"
	ScanWorkflow    = "scan-system"
	// DeferredErasureWorkflow waits, for years if need be, for the end of what keeps some rows.
	DeferredErasureWorkflow = "deferred-erasure"
	// ReapplyWorkflow erases again in a restored system whoever was erased since its backup was made.
	ReapplyWorkflow = "reapply-erasures"
	// InquiryWorkflow sees to it that whoever was asked to do something answers.
	InquiryWorkflow = "inquiry"
	// TransmissionWorkflow sends a package to another controller.
	TransmissionWorkflow = "transmission"
	// ConsentImportWorkflow reads a list of consents, or writes it to the ledger.
	ConsentImportWorkflow = "consent-import"
	// ConsentDayWorkflow looks at the implied consents of a tenant that end.
	ConsentDayWorkflow = "consent-day"
	// SignUpsWorkflow has mailboxes confirm what people signed up for.
	SignUpsWorkflow = "sign-ups"
	// HandoverWorkflow tells another system whom it may write to no more, TestReceiverWorkflow sees whether it can be told.
	HandoverWorkflow     = "consent-handover"
	TestReceiverWorkflow = "test-receiver"

	CommandUpdate = "command"
	// SignalFacts tells a request's workflow that the register knows something new: read it.
	SignalFacts = "facts"
	// SignalInquiry starts the workflow of an inquiry, or has it look at the register.
	SignalInquiry = "inquiry"

	ActivityLoad      = "load-case"
	ActivityCommand   = "command"
	ActivityMilestone = "reach-milestone"
	ActivityRound     = "start-round"
	ActivityCollect   = "collect-system"
	ActivityFail      = "fail-system"
	ActivityPackage   = "build-package"
	ActivityTidy      = "tidy-case"
	ActivityDestroy   = "destroy-package"
	ActivityCheck     = "check-system"
	ActivityScan      = "scan-system"

	ActivityErasureRuns    = "erasure-runs"
	ActivityWarrant        = "find-for-erasure"
	ActivityErase          = "erase-system"
	ActivityErasureFail    = "fail-erasure"
	ActivityDefer          = "defer-erasure"
	ActivityDeferred       = "erase-deferred"
	ActivityDeferredFailed = "fail-deferred"
	ActivityReapply        = "reapply-erasures"
	ActivityReapplyFailed  = "fail-reapply"

	ActivityInquire            = "inquire"
	ActivityInquiryFailed      = "fail-inquiry"
	ActivityTransmit           = "transmit"
	ActivityTransmissionFailed = "fail-transmission"

	ActivityLookAtConsents = "look-at-consents"
	ActivityTellConsents   = "tell-consents-ending"
	ActivityLookAtSignUps  = "look-at-sign-ups"
	ActivityImportConsents = "import-consents"
	ActivityImportFailed   = "fail-consent-import"
	ActivityHandOver       = "hand-over-withdrawals"
	ActivityTestReceiver   = "test-receiver"

	ActivityAmendments    = "amendments"
	ActivityAmend         = "amend-system"
	ActivityAmendmentFail = "fail-amendment"
)

// Types of application error that activities answer with.
const (
	// ErrorRule is a command that the law or the state refuses; its details are a Refusal.
	ErrorRule = "rule"
	// ErrorSystem is a data system that cannot be read; its details are the code.
	ErrorSystem = "system"
	// ErrorReview is a package that cannot be built as it was reviewed; a note in the register says why.
	ErrorReview = "review"
	// ErrorAsked is a system that somebody else was asked about: the work goes on with the answer.
	ErrorAsked = "asked"
	// ErrorGone is a case or a key that no longer exists.
	ErrorGone = "gone"
	// ErrorReceiver is another controller that did not take a package; its details are the code, and what it answered.
	ErrorReceiver = "receiver"
)

// Refusal says why a command was refused, and under which rule.
type Refusal struct {
	Code     string `json:"code"`
	Message  string `json:"message"`
	Citation string `json:"citation,omitempty"`
}

// RequestID is the workflow id of a request: its case id, so that a second start is no second workflow.
func RequestID(caseID uuid.UUID) string { return caseID.String() }

// PackageID is the workflow id of a package's expiry.
func PackageID(id uuid.UUID) string { return "package/" + id.String() }

// DeferralID is the workflow id of what an erasure left to its time.
func DeferralID(id uuid.UUID) string { return "erasure/" + id.String() }

// InquiryID is the workflow id of an inquiry.
func InquiryID(id uuid.UUID) string { return inquiryPrefix + id.String() }

const inquiryPrefix = "inquiry/"

// InquiryOf is the inquiry that a workflow is of.
func InquiryOf(workflowID string) (uuid.UUID, error) {
	id, err := uuid.Parse(strings.TrimPrefix(workflowID, inquiryPrefix))
	if err != nil {
		return uuid.Nil, fmt.Errorf("workflow %q is of no inquiry: %w", workflowID, err)
	}
	return id, nil
}

// ReapplyID is the workflow id of a reapplication.
func ReapplyID(id uuid.UUID) string { return "reapply/" + id.String() }

// TransmissionID is the workflow id of a package's way to another controller.
func TransmissionID(id uuid.UUID) string { return "transmission/" + id.String() }
