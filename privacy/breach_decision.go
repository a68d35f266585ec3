package privacy

import (
	"fmt"
	"slices"
	"strings"
)

// BreachRisk is how likely and how grave the harm to people is.
type BreachRisk string

// The levels of GDPR Arts 33 and 34.
const (
	RiskUnlikely BreachRisk = "unlikely" // a risk is unlikely to result
	RiskPresent  BreachRisk = "risk"
	RiskHigh     BreachRisk = "high"
)

// BreachRisks lists the levels, the lowest first.
func BreachRisks() []BreachRisk { return []BreachRisk{RiskUnlikely, RiskPresent, RiskHigh} }

// Valid reports whether r is one of the levels.
func (r BreachRisk) Valid() bool { return slices.Contains(BreachRisks(), r) }

// reaches says whether the risk is as high as a threshold. One that nobody has assessed yet counts as a risk, not as a high one.
func (r BreachRisk) reaches(threshold BreachRisk) bool {
	if r == "" {
		r = RiskPresent
	}
	return slices.Index(BreachRisks(), r) >= slices.Index(BreachRisks(), threshold)
}

// ParseRisk reads a level; the words people use for the same thing are understood.
func ParseRisk(s string) (BreachRisk, error) {
	switch s {
	case "unlikely", "none", "no_risk", "unlikely_risk":
		return RiskUnlikely, nil
	case "risk", "low", "medium", "likely", "moderate":
		return RiskPresent, nil
	case "high", "high_risk":
		return RiskHigh, nil
	}
	return "", fmt.Errorf("risk %q is none of unlikely, risk, high", s)
}

// Exemption is a limb of Art 34(3) under which people need not be told one by one.
type Exemption string

// The exemptions of Art 34(3).
const (
	ExemptNone             Exemption = ""
	ExemptUnintelligible   Exemption = "a_unintelligible"
	ExemptRiskRemoved      Exemption = "b_risk_removed"
	ExemptDisproportionate Exemption = "c_disproportionate_effort"
)

// ParseExemption reads a limb by its letter: "a_unintelligible", "b", "34_3_c".
func ParseExemption(s string) (Exemption, error) {
	letter := strings.TrimPrefix(strings.TrimPrefix(s, "art"), "34_3_")
	switch head, _, _ := strings.Cut(letter, "_"); head {
	case "":
		return ExemptNone, nil
	case "a":
		return ExemptUnintelligible, nil
	case "b":
		return ExemptRiskRemoved, nil
	case "c":
		return ExemptDisproportionate, nil
	}
	return "", fmt.Errorf("exemption %q names no limb of Art 34(3): a, b or c", s)
}

// BreachDuties is what a breach obliges to.
type BreachDuties struct {
	Register            bool `json:"register"`             // Art 33(5), always
	NotifyAuthority     bool `json:"notify_authority"`     // Art 33(1)
	NotifySubjects      bool `json:"notify_subjects"`      // Art 34(1)
	PublicCommunication bool `json:"public_communication"` // Art 34(3)(c)
	NotifyController    bool `json:"notify_controller"`    // Art 33(2)
}

// BreachDutiesOf decides for a controller: the authority hears unless a risk is unlikely, the people at high risk and
// unless an exemption holds. Limb (c) replaces single messages by a public one; it does not end the duty.
func BreachDutiesOf(risk BreachRisk, exempt Exemption) BreachDuties {
	high := risk == RiskHigh
	return BreachDuties{
		Register:            true,
		NotifyAuthority:     risk != RiskUnlikely,
		NotifySubjects:      high && exempt == ExemptNone,
		PublicCommunication: high && exempt == ExemptDisproportionate,
	}
}

// ProcessorBreachDuties decides for a processor: it tells the controller and weighs no risk (Art 33(2)).
func ProcessorBreachDuties() BreachDuties {
	return BreachDuties{Register: true, NotifyController: true}
}
