package privacy

// Right is what a person may ask for.
type Right string

// The rights that requests are filed under; the laws' own names are mapped onto them in policies/regimes.
const (
	Access        Right = "access"
	Portability   Right = "portability"
	Rectification Right = "rectification"
	Erasure       Right = "erasure"
	Restriction   Right = "restriction"
	Objection     Right = "objection"
	// AutomatedDecision is the right to have a human look at a decision that a machine took alone (Art. 22(3) GDPR).
	AutomatedDecision Right = "automated_decision"
	OptOut            Right = "opt_out"
	LimitUse          Right = "limit_use"
)

// Rights lists every right in the order in which screens and documents show them.
func Rights() []Right {
	return []Right{Access, Portability, Rectification, Erasure, Restriction, Objection, AutomatedDecision, OptOut, LimitUse}
}

// Valid reports whether r is one of the rights.
func (r Right) Valid() bool {
	for _, known := range Rights() {
		if r == known {
			return true
		}
	}
	return false
}

// ObligationKind is what is owed under a deadline.
type ObligationKind string

// The kinds of obligation that Deadlines may return.
const (
	Acknowledge          ObligationKind = "acknowledge"           // confirm receipt to the person
	Verify               ObligationKind = "verify"                // finish checking who asks
	Respond              ObligationKind = "respond"               // answer the request
	ExtensionNotice      ObligationKind = "extension_notice"      // last day to tell the person of an extension
	RefusalNotice        ObligationKind = "refusal_notice"        // last day to give reasons for not acting
	Transfer             ObligationKind = "transfer"              // pass the request to the body that holds the data
	Inform               ObligationKind = "inform"                // say by when the answer will come
	FeeConfirmation      ObligationKind = "fee_confirmation"      // last day for the person to accept a fee
	AppealDecision       ObligationKind = "appeal_decision"       // decide an appeal made to the controller
	ComplaintAcknowledge ObligationKind = "complaint_acknowledge" // confirm receipt of a complaint
	ConfirmErasure       ObligationKind = "confirm_erasure"       // tell the person what was erased
)

// Valid reports whether k is one of the kinds.
func (k ObligationKind) Valid() bool {
	switch k {
	case Acknowledge, Verify, Respond, ExtensionNotice, RefusalNotice, Transfer, Inform, FeeConfirmation,
		AppealDecision, ComplaintAcknowledge, ConfirmErasure:
		return true
	}
	return false
}
