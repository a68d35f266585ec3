package opendsr

import (
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/privacy"
)

// The states of a request in the protocol (section 8).
const (
	Pending    = "pending"
	InProgress = "in_progress"
	Completed  = "completed"
	Cancelled  = "cancelled"
)

// StatusOf gives the protocol's word for how a case stands. The protocol knows no refusal: completed is only what was fulfilled, so that nobody
// takes data for erased that is not. The outcome stands in the extension beside it.
func StatusOf(state privacy.RequestState, outcome privacy.Outcome) string {
	switch state {
	case privacy.RequestReceived, privacy.RequestVerifying:
		return Pending
	case privacy.RequestClosed:
		if outcome == privacy.OutcomeFulfilled {
			return Completed
		}
		return Cancelled
	default:
		return InProgress
	}
}

// Accepted answers a request that was taken in (section 7.3), and with fewer members one that was cancelled (section 9.2).
type Accepted struct {
	ControllerID string     `json:"controller_id"`
	Expected     *time.Time `json:"expected_completion_time,omitempty"`
	Received     time.Time  `json:"received_time"`
	Encoded      string     `json:"encoded_request,omitempty"`
	ID           uuid.UUID  `json:"subject_request_id"`
	APIVersion   string     `json:"api_version"`
}

// Status tells how a request stands (section 8.3), and is the body of callbacks with the address that is called (section 8.6).
type Status struct {
	ControllerID string     `json:"controller_id"`
	Expected     time.Time  `json:"expected_completion_time"`
	Callback     string     `json:"status_callback_url,omitempty"`
	ID           uuid.UUID  `json:"subject_request_id"`
	Status       string     `json:"request_status"`
	APIVersion   string     `json:"api_version"`
	ResultsURL   string     `json:"results_url,omitempty"`
	ResultsCount *int64     `json:"results_count,omitempty"`
	Extensions   Extensions `json:"extensions,omitempty"`
}

// Extensions has what a processor adds, by its domain (section 7.1.2).
type Extensions map[string]Extension

// ReasonKept is the reason that stands in the extension of an erasure of which something is kept: the protocol has no word for it.
const ReasonKept = "kept_under_exception"

// Extension is ours: what the four states of the protocol can't say.
type Extension struct {
	Reference string `json:"reference,omitempty"`
	Outcome   string `json:"outcome,omitempty"`
	Reason    string `json:"reason_code,omitempty"`
}

// Discovery says what a processor takes (section 6.3).
type Discovery struct {
	APIVersion  string      `json:"api_version"`
	Identities  []Supported `json:"supported_identities"`
	Types       []string    `json:"supported_subject_request_types"`
	Certificate string      `json:"processor_certificate"`
}

// Supported is an identity that people can be looked for by.
type Supported struct {
	Type   string `json:"identity_type"`
	Format string `json:"identity_format"`
}

// Discover fills in what is taken here.
func Discover(v Version, certificate string) Discovery {
	return Discovery{
		APIVersion: v.Number, Identities: []Supported{{Email, Raw}, {CustomerID, Raw}}, Types: []string{Access, Portability, Erasure}, Certificate: certificate,
	}
}

// ErrorBody is the answer to what was not taken (section 7.6).
func ErrorBody(status int, message, reason string) []byte {
	type detail struct {
		Domain  string `json:"domain"`
		Reason  string `json:"reason"`
		Message string `json:"message"`
	}
	type fault struct {
		Code    int      `json:"code"`
		Message string   `json:"message"`
		Errors  []detail `json:"errors"`
	}
	body, _ := json.Marshal(struct { // texts and numbers can always be written
		Error fault `json:"error"`
	}{fault{status, message, []detail{{"opendsr", reason, message}}}})
	return body
}
