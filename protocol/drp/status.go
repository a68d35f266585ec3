package drp

import (
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/privacy"
)

// The states of a request (section 3.02).
const (
	Opened     = "open"
	InProgress = "in_progress"
	Fulfilled  = "fulfilled"
	Revoked    = "revoked"
	Denied     = "denied"
	Expired    = "expired"
)

// The reasons of a denial.
const (
	SuspectedFraud  = "suspected_fraud"
	InsufVerified   = "insuf_verification"
	NoMatch         = "no_match"
	ClaimNotCovered = "claim_not_covered"
	TooMany         = "too_many_requests"
	Other           = "other"
)

// Standing is how a case stands, as far as the protocol asks.
type Standing struct {
	State   privacy.RequestState
	Outcome privacy.Outcome
	// Reason is the code of a refusal or a cancellation.
	Reason string
	// Gone says that there was an answer to fetch and its time is over.
	Gone bool
}

// Status is the Exercise Status object (section 3.03).
type Status struct {
	ID         uuid.UUID  `json:"request_id"`
	AgentsName string     `json:"agent_request_id,omitempty"`
	Received   time.Time  `json:"received_at"`
	Expected   *time.Time `json:"expected_by,omitempty"`
	Details    string     `json:"processing_details,omitempty"`
	Status     string     `json:"status"`
	Reason     string     `json:"reason,omitempty"`
	ResultsURL string     `json:"results_url,omitempty"`
	ExpiresAt  *time.Time `json:"expires_at,omitempty"`
}

// StatusOf gives the protocol's state and reason for how a case stands, and the sentence that a denial needs.
func StatusOf(s Standing) (status, reason, details string) {
	if s.State == privacy.RequestReceived {
		return Opened, "", ""
	}
	if s.State != privacy.RequestClosed {
		return InProgress, "", ""
	}
	switch s.Outcome {
	case privacy.OutcomeFulfilled:
		if s.Gone {
			return Expired, "", ""
		}
		return Fulfilled, "", ""
	case privacy.OutcomeWithdrawn:
		return Revoked, "", ""
	case privacy.OutcomeUnverified:
		return Denied, InsufVerified, "The person did not prove in time who they are."
	case privacy.OutcomeRefused:
		return Denied, denial(privacy.RefusalReason(s.Reason)), "The request was refused. The person was told why, and where to turn. Ground: " + s.Reason + "."
	default:
		if s.Reason == "spam" {
			return Denied, SuspectedFraud, "The request was taken for one that no person made."
		}
		return Denied, Other, "The request was ended without a decision: filed by mistake, or twice."
	}
}

// denial gives a ground of refusal its word in the protocol.
func denial(r privacy.RefusalReason) string {
	switch r {
	case privacy.IdentityNotProven, privacy.AgentNotAuthorised:
		return InsufVerified
	case privacy.FraudBelief:
		return SuspectedFraud
	case privacy.NotIdentifiable, privacy.DataNotHeld:
		return NoMatch
	case privacy.ManifestlyExcessive, privacy.Repetitive:
		return TooMany
	case privacy.NoGround, privacy.BasisNotCovered, privacy.StatutoryExemption, privacy.LegalObligation, privacy.LegalClaims, privacy.LegalPrivilege,
		privacy.TransactionNeeded, privacy.SecurityNeeded, privacy.SensitiveIdentifier, privacy.FreedomOfExpression:
		return ClaimNotCovered
	default:
		return Other
	}
}
