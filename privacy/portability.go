package privacy

import "slices"

// PortabilityFacts is what Art 20 turns on for one piece of data.
type PortabilityFacts struct {
	Basis     string // consent, explicit_consent, contract, legal_obligation, …
	Automated bool   // processed by automated means
	Origin    string // provided, observed, inferred, derived
}

// PortabilityDecision says whether Art 20 covers the data, and if not, why.
type PortabilityDecision struct {
	Applies bool   `json:"applies"`
	Reason  string `json:"reason,omitempty"`
}

// DecidePortability applies Art 20(1) and (3): consent or contract, automated means, and data that the person gave or
// that was observed of them; what the controller inferred or derived is its own (WP242 rev.01).
func DecidePortability(f PortabilityFacts) PortabilityDecision {
	switch {
	case !slices.Contains([]string{"consent", "explicit_consent", "contract", "6_1_a", "9_2_a", "6_1_b"}, f.Basis):
		return PortabilityDecision{Reason: "basis_not_consent_or_contract"}
	case !f.Automated:
		return PortabilityDecision{Reason: "not_automated"}
	case f.Origin != "provided" && f.Origin != "observed":
		return PortabilityDecision{Reason: "not_provided_by_subject"}
	}
	return PortabilityDecision{Applies: true}
}
