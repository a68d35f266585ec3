package notify

// ExtensionReason says why an answer takes longer. Art. 12(3) GDPR knows two: complexity and number of requests.
type ExtensionReason string

// Reasons for an extension.
const (
	// Complexity: the data lie in many systems or need a close look.
	Complexity ExtensionReason = "complexity"
	// Number: many requests, by the same person.
	Number ExtensionReason = "number_of_requests"
	// Consultation: others have to be asked (PIPEDA s. 8(4)).
	Consultation ExtensionReason = "consultation"
	// Conversion: the data must be put into another form (PIPEDA s. 8(4)).
	Conversion ExtensionReason = "conversion"
)

// ExtensionReasons lists them all.
func ExtensionReasons() []ExtensionReason {
	return []ExtensionReason{Complexity, Number, Consultation, Conversion}
}
