package privacy

import "fmt"

// ObjectionPurpose is what the processing objected to serves, or the basis it rests on.
type ObjectionPurpose string

// The purposes that Art 21 tells apart.
const (
	PurposeDirectMarketing    ObjectionPurpose = "direct_marketing"    // 21(2)-(3), absolute
	PurposeLegitimateInterest ObjectionPurpose = "legitimate_interest" // 21(1) with 6(1)(f)
	PurposePublicTask         ObjectionPurpose = "public_task"         // 21(1) with 6(1)(e)
	PurposeResearch           ObjectionPurpose = "research"            // 21(6)
	PurposeOther              ObjectionPurpose = "other"               // consent, contract, legal obligation, vital interests
)

// ParseObjectionPurpose maps the words of registers onto the purposes of Art 21.
func ParseObjectionPurpose(s string) (ObjectionPurpose, error) {
	switch s {
	case "direct_marketing", "marketing", "profiling_for_marketing", "direct_marketing_profiling", "marketing_profiling":
		return PurposeDirectMarketing, nil
	case "legitimate_interest", "legitimate_interests", "6_1_f", "profiling":
		return PurposeLegitimateInterest, nil
	case "public_task", "public_interest", "official_authority", "6_1_e":
		return PurposePublicTask, nil
	case "research", "statistics", "scientific_research", "historical_research", "archiving", "research_statistics":
		return PurposeResearch, nil
	case "contract", "consent", "legal_obligation", "vital_interests", "vital_interest", "explicit_consent", "other":
		return PurposeOther, nil
	}
	return "", fmt.Errorf("purpose %q is not one that Art 21 or Art 6 names", s)
}

// ObjectionFacts is what an objection turns on.
type ObjectionFacts struct {
	Purpose            ObjectionPurpose
	CompellingGrounds  bool // compelling legitimate grounds that override
	LegalClaims        bool // needed for legal claims
	PublicInterestTask bool // research for a task in the public interest
}

// ObjectionDecision is what follows from an objection.
type ObjectionDecision struct {
	Stop     bool   `json:"stop"`
	Restrict bool   `json:"restrict_during_check"` // Art 18(1)(d): blocked until the balancing is done
	Suppress bool   `json:"add_to_suppression"`
	Reason   string `json:"reason,omitempty"`
}

// ReasonObjectionOutOfScope says that the processing rests on a basis to which Art 21 gives no objection.
const ReasonObjectionOutOfScope = "art21_applies_only_to_6_1_e_f_or_marketing_or_research"

// DecideObjection applies Art 21.
func DecideObjection(f ObjectionFacts) ObjectionDecision {
	switch f.Purpose {
	case PurposeDirectMarketing:
		return ObjectionDecision{Stop: true, Suppress: true}
	case PurposeLegitimateInterest, PurposePublicTask:
		return ObjectionDecision{Stop: !f.CompellingGrounds && !f.LegalClaims, Restrict: true}
	case PurposeResearch:
		return ObjectionDecision{Stop: !f.PublicInterestTask}
	case PurposeOther:
	}
	return ObjectionDecision{Reason: ReasonObjectionOutOfScope}
}
