package privacy

// RestrictedOp is something one might do with restricted data.
type RestrictedOp string

// The operations that Art 18(2)-(3) lets through; every other one is blocked.
const (
	OpStore               RestrictedOp = "store"
	OpWithConsent         RestrictedOp = "use_with_consent"
	OpLegalClaim          RestrictedOp = "use_for_legal_claim"
	OpProtectPerson       RestrictedOp = "protect_other_person"
	OpPublicInterest      RestrictedOp = "important_public_interest"
	OpLift                RestrictedOp = "lift"
	OpEraseAfterRetention RestrictedOp = "erase_after_retention"
)

// ParseRestrictedOp maps the words of registers onto the operations; a word that names none of them stands for itself
// and is blocked.
func ParseRestrictedOp(s string) RestrictedOp {
	switch s {
	case "storage", "keep", "backup", "retain":
		return OpStore
	case "consent", "with_consent", "process_with_consent":
		return OpWithConsent
	case "legal_claim", "legal_claims", "use_for_legal_claims", "use_in_legal_claim":
		return OpLegalClaim
	case "protect_person", "protect_another_person", "protection_of_another_person", "use_to_protect_other_person",
		"use_to_protect_another_person", "protect_rights_of_another", "protect_rights_of_others":
		return OpProtectPerson
	case "public_interest", "use_for_public_interest", "use_for_important_public_interest":
		return OpPublicInterest
	case "lift_restriction", "unrestrict", "end_restriction":
		return OpLift
	}
	return RestrictedOp(s)
}

// RestrictedUse says whether an operation on restricted data may happen, and whether the person is told first.
type RestrictedUse struct {
	Allowed     bool `json:"allowed"`
	PriorNotice bool `json:"needs_prior_notice"` // Art 18(3)
}

// WhileRestricted applies Art 18(2)-(3): storing is always allowed; other use needs consent, a legal claim, another
// person's protection or an important public interest; ending the restriction needs a word to the person before it.
func WhileRestricted(op RestrictedOp) RestrictedUse {
	switch op {
	case OpStore, OpWithConsent, OpLegalClaim, OpProtectPerson, OpPublicInterest:
		return RestrictedUse{Allowed: true}
	case OpLift, OpEraseAfterRetention:
		return RestrictedUse{Allowed: true, PriorNotice: true}
	}
	return RestrictedUse{}
}
