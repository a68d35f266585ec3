package privacy

import "fmt"

// Mark says how well a fact is known.
type Mark string

// The marks, from strongest to weakest. None of them means that a lawyer signed it off.
const (
	Verified  Mark = "verified"  // read in the source itself
	Secondary Mark = "secondary" // read in a law-firm note, tracker or the like
	Knowledge Mark = "knowledge" // from knowledge, not re-read
)

// Valid reports whether m is one of the marks.
func (m Mark) Valid() bool { return m == Verified || m == Secondary || m == Knowledge }

// Citation names where a rule comes from.
type Citation struct {
	Text string `json:"text"`
	Mark Mark   `json:"mark"`
}

// String gives the citation with its mark, as documents show it.
func (c Citation) String() string { return fmt.Sprintf("%s (%s)", c.Text, c.Mark) }

// RuleError says that a rule forbids what was asked for. Code is stable and meant for programs; Message is for people
// and names no person.
type RuleError struct {
	Code     RuleCode `json:"code"`
	Citation Citation `json:"citation"`
	Message  string   `json:"message"`
}

func (e *RuleError) Error() string {
	if e.Citation.Text == "" {
		return e.Message
	}
	return e.Message + " [" + e.Citation.Text + "]"
}

// RuleCode is the stable name of a refusal by a rule.
type RuleCode string

// The codes a RuleError may carry.
const (
	CodeRightUnknown       RuleCode = "right_not_in_regime"
	CodeZoneMissing        RuleCode = "zone_missing"
	CodeCalendarMissing    RuleCode = "calendar_missing"
	CodeCalendarUnknown    RuleCode = "calendar_unknown"
	CodeReceivedMissing    RuleCode = "received_missing"
	CodeFactsContradictory RuleCode = "facts_contradictory"
	CodeNoExtension        RuleCode = "extension_not_provided"
	CodeAlreadyExtended    RuleCode = "already_extended"
	CodeExtensionTooLate   RuleCode = "extension_notice_too_late"
	CodeExtensionReason    RuleCode = "extension_reason_not_in_regime"
	CodeExtensionDate      RuleCode = "extension_date_missing"
	CodeNoPause            RuleCode = "pause_not_provided"
	CodeAlreadyPaused      RuleCode = "already_paused"
	CodePauseTooLate       RuleCode = "pause_after_due"
	CodePauseTooEarly      RuleCode = "pause_before_receipt"
	CodeReasonUnknown      RuleCode = "refusal_reason_not_in_regime"
)
