package privacy

import "slices"

// RefusalReason is why a request, or a part of it, is not met. Which of them a law knows, and under which article, is
// in its policy file.
type RefusalReason string

// The reason codes.
const (
	ManifestlyUnfounded  RefusalReason = "manifestly_unfounded"
	ManifestlyExcessive  RefusalReason = "excessive"
	Repetitive           RefusalReason = "repetitive"
	IdentityNotProven    RefusalReason = "identity_not_proven"
	NotIdentifiable      RefusalReason = "not_identifiable" // the controller can show that it cannot find the person
	AgentNotAuthorised   RefusalReason = "agent_not_authorised"
	AnothersRights       RefusalReason = "anothers_rights"
	LegalObligation      RefusalReason = "legal_obligation"
	PublicTask           RefusalReason = "public_task"
	FreedomOfExpression  RefusalReason = "freedom_of_expression"
	PublicHealth         RefusalReason = "public_health"
	ArchivingResearch    RefusalReason = "archiving_research"
	LegalClaims          RefusalReason = "legal_claims"
	LegalPrivilege       RefusalReason = "legal_privilege"
	TradeSecret          RefusalReason = "trade_secret"
	PublicSecurity       RefusalReason = "public_security"
	LawEnforcement       RefusalReason = "law_enforcement"
	StatutoryExemption   RefusalReason = "statutory_exemption"
	NoGround             RefusalReason = "no_ground" // no ground of the right applies
	BasisNotCovered      RefusalReason = "basis_not_covered"
	CompellingGrounds    RefusalReason = "compelling_grounds"
	DataAccurate         RefusalReason = "data_accurate"
	DataNotHeld          RefusalReason = "data_not_held"
	TransactionNeeded    RefusalReason = "transaction_needed"
	SecurityNeeded       RefusalReason = "security_needed"
	SensitiveIdentifier  RefusalReason = "sensitive_identifier"
	FraudBelief          RefusalReason = "fraud_belief"
	Disproportionate     RefusalReason = "disproportionate_effort"
	FeeNotAccepted       RefusalReason = "fee_not_accepted"
	SafetyOfOthers       RefusalReason = "safety_of_others"
	CommercialConfidence RefusalReason = "commercial_confidence"
	AlreadyAvailable     RefusalReason = "already_available"
	NotSolelyAutomated   RefusalReason = "not_solely_automated"  // a human took the decision, or had a real say in it
	NoSignificantEffect  RefusalReason = "no_significant_effect" // no legal effect, nor one that weighs as much
	AuthorisedByLaw      RefusalReason = "authorised_by_law"     // a law allows the decision, and has safeguards of its own
)

// RefusalReasons lists every reason code.
func RefusalReasons() []RefusalReason {
	return []RefusalReason{
		ManifestlyUnfounded, ManifestlyExcessive, Repetitive, IdentityNotProven, NotIdentifiable, AgentNotAuthorised,
		AnothersRights, LegalObligation, PublicTask, FreedomOfExpression, PublicHealth, ArchivingResearch, LegalClaims,
		LegalPrivilege, TradeSecret, PublicSecurity, LawEnforcement, StatutoryExemption, NoGround, BasisNotCovered,
		CompellingGrounds, DataAccurate, DataNotHeld, TransactionNeeded, SecurityNeeded, SensitiveIdentifier, FraudBelief,
		Disproportionate, FeeNotAccepted, SafetyOfOthers, CommercialConfidence, AlreadyAvailable,
		NotSolelyAutomated, NoSignificantEffect, AuthorisedByLaw,
	}
}

// Valid reports whether r is one of the reason codes.
func (r RefusalReason) Valid() bool { return slices.Contains(RefusalReasons(), r) }

// RefusalsFor lists the grounds that the regime knows for a right.
func (r *Regime) RefusalsFor(right Right) []Refusal {
	var out []Refusal
	for _, refusal := range r.Refusals {
		if len(refusal.Rights) == 0 || slices.Contains(refusal.Rights, right) {
			out = append(out, refusal)
		}
	}
	return out
}

// MayRefuse gives the citation for refusing a right on a ground, or a *RuleError when the regime knows no such ground.
func (r *Regime) MayRefuse(right Right, reason RefusalReason) (Citation, error) {
	for _, refusal := range r.RefusalsFor(right) {
		if refusal.Reason == reason {
			return refusal.Citation, nil
		}
	}
	return Citation{}, &RuleError{
		Code:    CodeReasonUnknown,
		Message: "the regime " + r.ID + " does not let a request for " + string(right) + " be refused as " + string(reason),
	}
}
