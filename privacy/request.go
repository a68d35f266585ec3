package privacy

import (
	"fmt"
	"slices"
)

// RequestState is where a data-subject request stands. The register lets rows make the same transitions and
// no others, and the workflow obeys them.
type RequestState string

// The states of a request, in the order of the usual path.
const (
	// RequestReceived is accepted and on the clock (Art. 12(3) GDPR counts from here); no work has begun.
	RequestReceived RequestState = "received"
	// RequestVerifying waits for proof of identity (Art. 12(6) GDPR, 11 CCR 7060).
	RequestVerifying RequestState = "verifying"
	// RequestClarifying waits for the person to say what the request is about (recital 63 GDPR, Art. 12A(5) UK GDPR).
	RequestClarifying RequestState = "clarifying"
	// RequestCollecting reads every system that may hold the person.
	RequestCollecting RequestState = "collecting"
	// RequestReviewing waits for a person of the controller to review, redact and approve.
	RequestReviewing RequestState = "reviewing"
	// RequestPackaging builds and encrypts the answer.
	RequestPackaging RequestState = "packaging"
	// RequestDelivering hands the answer over.
	RequestDelivering RequestState = "delivering"
	// RequestApproving waits for a second person to approve what a first has prepared: nothing is erased by one alone.
	RequestApproving RequestState = "approving"
	// RequestScheduled is approved and waits for its time, in which the person can still take the request back.
	RequestScheduled RequestState = "scheduled"
	// RequestExecuting changes the systems. What has begun is brought to its end.
	RequestExecuting RequestState = "executing"
	// RequestClosed is the end, with an Outcome; only a reopening leaves it.
	RequestClosed RequestState = "closed"
)

// RequestStates lists every state.
func RequestStates() []RequestState {
	return []RequestState{
		RequestReceived, RequestVerifying, RequestClarifying, RequestCollecting,
		RequestReviewing, RequestPackaging, RequestDelivering, RequestApproving, RequestScheduled, RequestExecuting, RequestClosed,
	}
}

// RequestEvent is something that moves a request from one state to another.
type RequestEvent string

// The events of a request.
const (
	EventVerificationBegun RequestEvent = "verification_begun"
	EventIdentityProven    RequestEvent = "identity_proven"
	EventIdentityWaived    RequestEvent = "identity_waived" // the law lets nobody ask who it is, or there is no need to
	EventIdentityLapsed    RequestEvent = "identity_lapsed"
	EventClarificationSent RequestEvent = "clarification_sent"
	EventClarified         RequestEvent = "clarified"
	EventCollected         RequestEvent = "collected"
	EventRecollected       RequestEvent = "recollected"
	EventApproved          RequestEvent = "approved"
	EventPackaged          RequestEvent = "packaged"
	EventReturned          RequestEvent = "returned" // the package could not be built as reviewed, or is past its time
	EventDelivered         RequestEvent = "delivered"
	EventProposed          RequestEvent = "proposed"
	EventSentBack          RequestEvent = "sent_back" // to whoever prepared it
	EventScheduled         RequestEvent = "scheduled"
	EventExecutionBegun    RequestEvent = "execution_begun"
	EventMismatched        RequestEvent = "mismatched" // what remains is not what the plan kept
	EventSettled           RequestEvent = "settled"    // decided, and in force
	EventCorrectionBegun   RequestEvent = "correction_begun"
	EventExecuted          RequestEvent = "executed"
	EventRefused           RequestEvent = "refused"
	EventWithdrawn         RequestEvent = "withdrawn"
	EventCancelled         RequestEvent = "cancelled"
	EventReopened          RequestEvent = "reopened"
)

// Outcome says how a request ended.
type Outcome string

// The outcomes of a request.
const (
	OutcomeFulfilled  Outcome = "fulfilled"
	OutcomeRefused    Outcome = "refused"
	OutcomeWithdrawn  Outcome = "withdrawn"
	OutcomeCancelled  Outcome = "cancelled"
	OutcomeUnverified Outcome = "unverified"
)

// requestMove is one arrow of the state machine.
type requestMove struct {
	event RequestEvent
	from  []RequestState
	to    RequestState
}

// requestMoves is the whole machine. Refusal, withdrawal and cancellation are possible at any point before the end:
// Art. 12(4) and 12(5) GDPR set no stage for them. What is being carried out in the systems can't be taken back any more.
func requestMoves() []requestMove {
	unfinished := slices.DeleteFunc(RequestStates(), func(s RequestState) bool { return s == RequestExecuting || s == RequestClosed })
	return []requestMove{
		{EventVerificationBegun, []RequestState{RequestReceived}, RequestVerifying},
		{EventIdentityProven, []RequestState{RequestReceived, RequestVerifying}, RequestCollecting},
		{EventIdentityWaived, []RequestState{RequestReceived}, RequestCollecting},
		{EventIdentityLapsed, []RequestState{RequestVerifying}, RequestClosed},
		{EventClarificationSent, []RequestState{RequestCollecting, RequestReviewing}, RequestClarifying},
		{EventClarified, []RequestState{RequestClarifying}, RequestCollecting},
		{EventCollected, []RequestState{RequestCollecting}, RequestReviewing},
		{EventRecollected, []RequestState{RequestReviewing, RequestExecuting}, RequestCollecting},
		{EventApproved, []RequestState{RequestReviewing}, RequestPackaging},
		{EventPackaged, []RequestState{RequestPackaging}, RequestDelivering},
		{EventReturned, []RequestState{RequestPackaging, RequestDelivering}, RequestReviewing},
		{EventDelivered, []RequestState{RequestDelivering}, RequestClosed},
		{EventProposed, []RequestState{RequestReviewing}, RequestApproving},
		{EventSentBack, []RequestState{RequestApproving, RequestScheduled}, RequestReviewing},
		{EventScheduled, []RequestState{RequestApproving}, RequestScheduled},
		{EventExecutionBegun, []RequestState{RequestScheduled}, RequestExecuting},
		{EventCorrectionBegun, []RequestState{RequestReviewing}, RequestExecuting},
		{EventMismatched, []RequestState{RequestExecuting}, RequestCollecting},
		{EventExecuted, []RequestState{RequestExecuting}, RequestClosed},
		{EventSettled, []RequestState{RequestCollecting, RequestReviewing}, RequestClosed},
		{EventRefused, unfinished, RequestClosed},
		{EventWithdrawn, unfinished, RequestClosed},
		{EventCancelled, unfinished, RequestClosed},
		{EventReopened, []RequestState{RequestClosed}, RequestReceived},
	}
}

// TransitionError says that an event cannot happen in a state.
type TransitionError struct {
	From  RequestState
	Event RequestEvent
}

func (e *TransitionError) Error() string {
	if e.From == RequestClosed {
		return fmt.Sprintf("the request is closed, so it cannot become %q; reopen it first", e.Event)
	}
	return fmt.Sprintf("a request that is %q cannot become %q", e.From, e.Event)
}

// Next gives the state that follows from s when event happens, or a *TransitionError.
func (s RequestState) Next(event RequestEvent) (RequestState, error) {
	for _, move := range requestMoves() {
		if move.event == event && slices.Contains(move.from, s) {
			return move.to, nil
		}
	}
	return "", &TransitionError{From: s, Event: event}
}

// Terminal says whether the request has ended.
func (s RequestState) Terminal() bool { return s == RequestClosed }

// Transitions lists every permitted pair of states, sorted; the register's trigger holds the same pairs.
func Transitions() [][2]RequestState {
	var pairs [][2]RequestState
	for _, move := range requestMoves() {
		for _, from := range move.from {
			pair := [2]RequestState{from, move.to}
			if !slices.Contains(pairs, pair) {
				pairs = append(pairs, pair)
			}
		}
	}
	slices.SortFunc(pairs, func(a, b [2]RequestState) int {
		return slices.Compare(a[:], b[:])
	})
	return pairs
}

// Outcome gives the outcome that an event closes a request with; ok is false for events that do not close.
func (e RequestEvent) Outcome() (outcome Outcome, ok bool) {
	switch e {
	case EventDelivered, EventExecuted, EventSettled:
		return OutcomeFulfilled, true
	case EventRefused:
		return OutcomeRefused, true
	case EventWithdrawn:
		return OutcomeWithdrawn, true
	case EventCancelled:
		return OutcomeCancelled, true
	case EventIdentityLapsed:
		return OutcomeUnverified, true
	default:
		return "", false
	}
}
