package notify

// ExtensionReason says why an answer takes longer. The codes are those that the policy files allow per regime.
type ExtensionReason string

// Reasons for an extension. Art. 12(3) GDPR knows the first two.
const (
	// Complexity: the data lie in many systems or need a close look.
	Complexity ExtensionReason = "complexity"
	// NumberOfRequests: many requests, by the same person.
	NumberOfRequests ExtensionReason = "number_of_requests"
	// Consultations: others have to be asked (PIPEDA s. 8(4)).
	Consultations ExtensionReason = "consultations"
	// AlternativeFormat: the data must be put into another form (PIPEDA s. 8(4)).
	AlternativeFormat ExtensionReason = "alternative_format"
	// UnreasonableInterference: answering sooner would hinder the work too much (PIPEDA s. 8(4)).
	UnreasonableInterference ExtensionReason = "unreasonable_interference"
	// LargeQuantity: a large quantity must be searched (Privacy Act 2020 (NZ) s. 48).
	LargeQuantity ExtensionReason = "large_quantity"
	// NumberOfRecords: many records were asked for (PAIA ss. 26, 57).
	NumberOfRecords ExtensionReason = "number_of_records"
	// SearchElsewhere: another office must be searched (PAIA ss. 26, 57).
	SearchElsewhere ExtensionReason = "search_elsewhere"
	// NotPossibleInTime: the work cannot be done sooner (DSV 18(2); PDPA).
	NotPossibleInTime ExtensionReason = "not_possible_in_time"
	// JustCause: something prevents the answer for now (PIPA 35).
	JustCause ExtensionReason = "just_cause"
)

// ExtensionReasons lists them all.
func ExtensionReasons() []ExtensionReason {
	return []ExtensionReason{
		Complexity, NumberOfRequests, Consultations, AlternativeFormat, UnreasonableInterference, LargeQuantity,
		NumberOfRecords, SearchElsewhere, NotPossibleInTime, JustCause,
	}
}
